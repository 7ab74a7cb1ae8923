//! Secrets that people paste never reach the disk.

use std::fs;

use serde_json::json;

use crate::harness::{TestDatabase, TestDesk, bug};

const CARD: &str = "4111 1111 1111 1111";
const WORD: &str = "Hunter2TreeHouse";

#[tokio::test]
async fn card_numbers_and_passwords_are_masked_wherever_text_enters() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let secret = format!("my card {CARD} and password: {WORD}");
    let body = json!({
        "kind": "bug", "title": format!("Card {CARD}"), "severity": "low", "actual": secret,
        "steps_to_reproduce": [secret], "expected": secret, "browser_device": secret,
        "metadata": {"note": secret, "deep": [{"card": CARD}]}, "tags": [format!("password: {WORD}")],
        "extra": {"Note": secret}, "reporter": {"name": format!("Sita {CARD}")},
    });

    let answer = shop
        .with("idempotency-key", "k")
        .post("/v1/tickets", &body)
        .await
        .is(201);
    let key = answer.key().to_owned();
    assert_eq!(answer.json["masked"], json!(["card_number", "password"]));
    let said = json!({"author": "agent", "visibility": "internal", "text": secret});
    let said = asha
        .post(format!("/v1/tickets/{key}/comments"), &said)
        .await
        .is(201);
    let patch = json!({"title": format!("Again {CARD}"), "metadata": {"more": secret}});
    let patched = asha
        .with("if-match", "*")
        .patch(format!("/v1/tickets/{key}"), &patch)
        .await
        .is(200);
    let up = json!({"to_level": 2, "reason": secret});
    asha.act(&key, "escalations", &up).await;
    asha.act(&key, "resolve", &json!({"note": secret})).await;
    asha.act(&key, "reopen", &json!({"reason": secret})).await;
    asha.act(&key, "close", &json!({"reason": secret})).await;

    let everything = asha
        .get(format!(
            "/v1/tickets/{key}?include=timeline,comments,suggestion"
        ))
        .await;
    let found = asha.get("/v1/tickets?q=hunter2treehouse").await.is(200);
    assert_eq!(found.json["items"], json!([]));
    for answer in [&answer, &said, &patched, &everything, &found] {
        assert!(!answer.text.contains(WORD), "{answer:?}");
        assert!(!answer.text.contains("4111 1111"), "{answer:?}");
        assert!(!answer.text.contains("41111111"), "{answer:?}");
    }
    desk.hold_ledger().await;

    let mut told = false;
    for (file, bytes) in files(&desk.database) {
        for secret in [WORD, "hunter2treehouse", "4111 1111", "4111111111111111"] {
            assert!(!holds(&bytes, secret.as_bytes()), "{file} holds {secret}");
        }
        told |= holds(&bytes, b"card_number");
    }
    assert!(
        told || desk.database.folder().is_none(),
        "looked in the wrong place"
    );
}

#[tokio::test]
async fn order_numbers_and_phone_numbers_stay() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let actual = "Order ORD-20261018-41111 of +977 9841234567, amount 4111.11";

    let mut report = bug("Where is it");
    report["actual"] = actual.into();
    let filed = shop.file(&report).await;

    assert_eq!(filed["actual"], actual);
    assert_eq!(filed["masked"], json!([]));
}

/// SQLite's files with what the write-ahead log has not given back yet; on
/// PostgreSQL the answers above speak for the rows.
fn files(database: &TestDatabase) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = database.folder() else {
        return Vec::new();
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| fs::metadata(path).unwrap().len() > 0)
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}
