//! Classifying without filing, and correcting what was classified.

use serde_json::{Value, json};

use crate::harness::{TestDesk, bug_with};

#[tokio::test]
async fn what_triage_says_of_a_text_is_what_filing_it_would_do() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let texts = json!({"texts": [
        {"title": "Could not pay", "body": "At checkout my card was declined and the payment failed"},
        {"title": "Checkout", "body": "payment gateway returns 502 for every customer"},
        {"title": "Colours", "body": "Everything is green"},
        {"kind": "feature", "title": "Pay with Fonepay", "body": "Many have nothing else"},
    ]});

    let verdicts = shop.post("/v1/triage", &texts).await.is(200).json;

    for (index, text) in texts["texts"]
        .as_array()
        .unwrap()
        .iter()
        .take(3)
        .enumerate()
    {
        let report = bug_with(
            text["title"].as_str().unwrap(),
            json!({"actual": text["body"]}),
        );
        let filed = shop.file(&report).await;
        let verdict = &verdicts["results"][index];
        assert_eq!(verdict["level"], filed["level"], "{text}");
        assert_eq!(verdict["level_reasons"], filed["level_reasons"]);
        assert_eq!(
            verdict["classification"]["entry"],
            filed["classification"]["entry"]
        );
    }
    assert_eq!(
        verdicts["results"][0]["classification"]["entry"],
        "payment-failed"
    );
    assert_eq!(
        verdicts["results"][2]["classification"]["entry"],
        Value::Null
    );
    assert_eq!(verdicts["results"][3]["level"], 1);
    shop.post("/v1/triage", &json!({"texts": []}))
        .await
        .refused(422, "invalid");
    let wrong = json!({"texts": [{"title": " ", "colour": 1}]});
    shop.post("/v1/triage", &wrong)
        .await
        .refused(422, "invalid");
}

#[tokio::test]
async fn an_agent_corrects_or_confirms_a_classification() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let said = json!({"actual": "At checkout my card was declined and the payment failed"});
    let filed = shop.file(&bug_with("Could not pay", said)).await;
    let path = format!(
        "/v1/tickets/{}/classification",
        filed["key"].as_str().unwrap()
    );

    let ranked = shop.get(&path).await.is(200).json;
    assert_eq!(ranked["ranked"][0]["entry"], "payment-failed");
    assert!(
        !ranked["ranked"][0]["reasons"]
            .as_array()
            .unwrap()
            .is_empty(),
        "{ranked:#}"
    );
    let confirmed = asha
        .put(&path, &json!({"entry": "payment-failed"}))
        .await
        .is(200)
        .json;
    assert_eq!(confirmed["classification"]["method"], "confirmed");
    let corrected = asha
        .put(&path, &json!({"entry": "order-not-found"}))
        .await
        .is(200)
        .json;
    assert_eq!(corrected["classification"]["entry"], "order-not-found");
    assert_eq!(corrected["classification"]["method"], "corrected");
    let none = asha.put(&path, &json!({"entry": null})).await.is(200).json;
    assert_eq!(none["classification"]["entry"], Value::Null);
    let refused = asha.put(&path, &json!({"entry": "no-such-entry"})).await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["/entry"]);
    shop.put(&path, &json!({"entry": null}))
        .await
        .refused(403, "forbidden");
    let stale = asha
        .with("if-match", "\"1\"")
        .put(&path, &json!({"entry": null}))
        .await;
    stale.refused(412, "stale");
    desk.hold_ledger().await;
}
