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

#[tokio::test]
async fn corrections_and_unanswered_tickets_show_what_the_runbook_lacks() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let lila = desk.lead("lila").await;
    let nothing = lila.get("/v1/runbook/gaps").await.is(200).json;
    assert_eq!(nothing, json!({"phrases": [], "entries": []}));

    // Three tickets in words of which the runbook knows nothing, corrected.
    let mut corrected = Vec::new();
    for said in [
        "the blorp is frozen when I buy",
        "blorp frozen again, what now",
        "it says blorp frozen after the pin",
    ] {
        let filed = shop.file(&bug_with("Hello", json!({"actual": said}))).await;
        let key = filed["key"].as_str().unwrap().to_owned();
        let path = format!("/v1/tickets/{key}/classification");
        asha.put(&path, &json!({"entry": "payment-failed"}))
            .await
            .is(200);
        corrected.push(key);
    }
    // Three that no entry answers, and one of another kind.
    let mut unanswered = Vec::new();
    for (title, said) in [
        ("Tax invoice", "I need a tax invoice with our PAN number"),
        (
            "invoice with PAN",
            "please send the tax invoice, PAN 301245678",
        ),
        ("PAN invoice", "where is the tax invoice with my PAN number"),
        ("CV", "Are you hiring designers? My CV is attached"),
    ] {
        let filed = shop.file(&bug_with(title, json!({"actual": said}))).await;
        assert_eq!(filed["classification"]["entry"], Value::Null, "{filed:#}");
        unanswered.push(filed["key"].as_str().unwrap().to_owned());
    }

    let gaps = lila.get("/v1/runbook/gaps").await.is(200).json;

    let lacking = &gaps["phrases"][0];
    assert_eq!(lacking["entry"], "payment-failed", "{gaps:#}");
    let phrase = &lacking["phrases"][0];
    assert_eq!(phrase["phrase"], "blorp frozen");
    assert_eq!(phrase["count"], 3);
    let named = phrase["tickets"].as_array().unwrap();
    assert_eq!(named.len(), 3);
    assert!(
        corrected.iter().all(|key| named.contains(&json!(key))),
        "{named:?}"
    );
    let line = lacking["customers_also_say"].as_str().unwrap();
    assert!(
        line.starts_with("**Customers Also Say**: blorp frozen"),
        "{line}"
    );
    let missing = gaps["entries"].as_array().unwrap();
    assert_eq!(missing.len(), 1, "{gaps:#}");
    assert_eq!(missing[0]["count"], 3);
    let words = missing[0]["words"].as_array().unwrap();
    assert!(words.contains(&json!("invoice")), "{words:?}");
    let tickets: Vec<&str> = unanswered
        .iter()
        .take(3)
        .rev()
        .map(String::as_str)
        .collect();
    assert_eq!(missing[0]["tickets"], json!(tickets));
    asha.get("/v1/runbook/gaps").await.refused(403, "forbidden");
}
