//! Filing the runbook's template as people paste it.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Client, TestDesk};

const FILLED: &str = "Title: Cannot pay with eSewa
Severity: High
Affected Users: Single user
Steps to Reproduce:
1. Fill the cart
2. Choose eSewa
3. Press Pay
Expected: The order is confirmed
Actual: The payment failed
Browser/Device: Chrome on Android
Screenshots:
";

async fn paste(client: &Client, text: &str) -> Answer {
    let text = text.to_owned();
    client
        .send_text(Method::POST, "/v1/tickets", "text/markdown", text)
        .await
}

#[tokio::test]
async fn the_filled_in_template_is_filed_like_json() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;

    let filed = paste(&shop, FILLED).await.is(201).json;

    assert_eq!(filed["kind"], "bug");
    assert_eq!(filed["title"], "Cannot pay with eSewa");
    assert_eq!(filed["severity"], "high");
    assert_eq!(filed["affected_users"], 1);
    let steps = json!(["Fill the cart", "Choose eSewa", "Press Pay"]);
    assert_eq!(filed["steps_to_reproduce"], steps);
    assert_eq!(filed["browser_device"], "Chrome on Android");
    assert_eq!(filed["classification"]["entry"], "payment-failed");
}

#[tokio::test]
async fn a_missing_field_is_named_with_its_line_and_nothing_is_stored() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;

    let text = FILLED.replace("Actual: The payment failed\n", "");
    let refused = paste(&shop, &text).await.refused(422, "invalid");
    assert_eq!(refused.faults(), ["/actual"]);
    assert_eq!(refused.json["errors"][0]["line"], 1, "{refused:?}");

    let text = FILLED.replace("Severity: High", "Severity: Dire");
    let refused = paste(&shop, &text).await.refused(422, "invalid");
    assert_eq!(refused.faults(), ["/severity"]);
    assert_eq!(refused.json["errors"][0]["line"], 2, "{refused:?}");

    let text = FILLED
        .replace("Severity: High", "Severity:")
        .replace("Affected Users: Single user", "Affected Users: none");
    let refused = paste(&shop, &text).await.refused(422, "invalid");
    assert_eq!(refused.faults(), ["/affected_users", "/severity"]);

    paste(&shop, "").await.is(422);
    let broken: &[u8] = b"Title: \xff";
    let refused = shop.send_text(Method::POST, "/v1/tickets", "text/markdown", broken);
    refused.await.refused(400, "malformed");
    let listed = desk.admin().get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 0);
}

#[tokio::test]
async fn a_feature_request_is_told_by_its_fields() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let text = "Title: Pay with Fonepay\nRequested By: Customer\nUse Case: Many have nothing else\n\
                Priority: Medium\nDetails: As in other shops\n";

    let filed = paste(&shop, text).await.is(201).json;

    assert_eq!(filed["kind"], "feature");
    assert_eq!(filed["requested_by"]["type"], "customer");
    assert_eq!(filed["priority"], "medium");
    assert_eq!(filed["details"], "As in other shops");
}

#[tokio::test]
async fn the_form_that_the_desk_gives_is_one_that_it_takes() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;

    let form = shop.get("/v1/templates/bug").await.is(200);
    assert_eq!(form.header("content-type"), "text/markdown; charset=utf-8");
    // Left as it is, it says nothing yet.
    paste(&shop, &form.text).await.is(422);
    let filled: String = form
        .text
        .lines()
        .map(|line| match line.split_once(':') {
            Some(("Title", _)) => "Title: Odd colours\n".to_owned(),
            Some(("Severity", _)) => "Severity: Low\n".to_owned(),
            Some(("Actual", _)) => "Actual: Everything is green\n".to_owned(),
            Some((field, _)) => format!("{field}:\n"),
            None => format!("{line}\n"),
        })
        .collect();
    let filed = paste(&shop, &filled).await.is(201).json;
    assert_eq!(filed["title"], "Odd colours");
    assert_eq!(filed["steps_to_reproduce"], json!([]));

    let schema = shop.with("accept", "application/schema+json");
    let schema = schema.get("/v1/templates/feature").await.is(200);
    let validator = jsonschema::validator_for(&schema.json).unwrap();
    assert!(validator.is_valid(&crate::harness::feature("Pay with Fonepay")));
    assert!(!validator.is_valid(&json!({"kind": "feature", "title": "x"})));
    shop.get("/v1/templates/wish")
        .await
        .refused(404, "not_found");
}
