//! Repeats that do nothing twice.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{TestDesk, bug};

#[tokio::test]
async fn the_same_key_and_body_answers_the_first_answer_again() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let keyed = shop.with("idempotency-key", "order-7-failed");

    let first = keyed.post("/v1/tickets", &bug("Odd")).await.is(201);
    desk.clock.advance(TimeDelta::hours(1));
    let again = keyed.post("/v1/tickets", &bug("Odd")).await.is(201);

    assert_eq!(first.header("idempotent-replayed"), "");
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.text, first.text);
    for header in ["location", "etag", "content-type"] {
        assert_eq!(again.header(header), first.header(header));
    }
    let other_body = keyed.post("/v1/tickets", &bug("Odder")).await;
    other_body.refused(422, "key_reused");
    let other_route = keyed.post("/v1/tickets/batch", &json!([bug("Odd")])).await;
    other_route.refused(422, "key_reused");
    let app = desk
        .tool("app")
        .await
        .with("idempotency-key", "order-7-failed");
    let others = app.post("/v1/tickets", &bug("Odd")).await.is(201);
    assert_ne!(others.json["id"], first.json["id"]);
    let listed = desk.admin().get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 2);

    let broken = shop.with("idempotency-key", "with space");
    broken
        .post("/v1/tickets", &bug("Odd"))
        .await
        .refused(400, "malformed");
    let long = shop.with("idempotency-key", &"x".repeat(256));
    long.post("/v1/tickets", &bug("Odd"))
        .await
        .refused(400, "malformed");
}

#[tokio::test]
async fn refused_input_is_not_remembered() {
    let desk = TestDesk::open().await;
    let keyed = desk.tool("shop").await.with("idempotency-key", "k");

    keyed
        .post("/v1/tickets", &json!({"kind": "bug"}))
        .await
        .is(422);
    keyed.post("/v1/tickets", &bug("Odd")).await.is(201);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let desk = TestDesk::open().await;
    let keyed = desk.tool("shop").await.with("idempotency-key", "k");
    let first = keyed.post("/v1/tickets", &bug("Odd")).await.is(201);

    desk.clock.advance(TimeDelta::hours(23));
    assert_eq!(desk.desk.tidy().await.unwrap(), 0);
    desk.clock.advance(TimeDelta::hours(2));
    assert_eq!(desk.desk.tidy().await.unwrap(), 1);

    let later = keyed.post("/v1/tickets", &bug("Odd")).await.is(201);
    assert_ne!(later.json["id"], first.json["id"]);
}

#[tokio::test]
async fn a_repeated_action_answers_as_the_first_did_though_it_would_be_refused_by_now() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let one = shop.file(&bug("One")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let two = shop.file(&bug("Two")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let hello = json!({"author": "agent", "visibility": "public", "text": "Hello"});
    let mut n = 0;
    for (key, action, body) in [
        (&one, "comments", hello),
        (&one, "escalations", json!({"to_level": 2, "reason": "Hot"})),
        (&one, "escalations/1/acknowledge", Value::Null),
        (&one, "assign", json!({"assignee": "asha"})),
        (&one, "resolve", json!({})),
        (&one, "reopen", json!({})),
        (&one, "merge", json!({"into": two})),
        (&two, "close", json!({})),
    ] {
        n += 1;
        let keyed = asha.with("idempotency-key", &format!("act-{n}"));
        let path = format!("/v1/tickets/{key}/{action}");
        let first = keyed.post(&path, &body).await;
        assert!(first.status < 300, "{first:?}");
        let again = keyed.post(&path, &body).await;
        assert_eq!(again.header("idempotent-replayed"), "true", "{again:?}");
        assert_eq!((again.status, &again.text), (first.status, &first.text));
    }
    desk.hold_ledger().await;
}
