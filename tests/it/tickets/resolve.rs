//! Resolving a ticket.

use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{TestDesk, bug};

#[tokio::test]
async fn resolving_names_the_entry_and_the_step_and_stops_both_clocks() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let key = shop.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.clock.advance(TimeDelta::hours(1));

    let resolution = json!({"entry": "payment-failed", "step": 2, "note": "It was the gateway"});
    let done = asha.act(&key, "resolve", &resolution).await;

    assert_eq!(done["status"], "resolved");
    assert_eq!(done["resolution"], resolution);
    assert_eq!(done["classification"]["entry"], "payment-failed");
    assert_eq!(done["classification"]["method"], "corrected");
    assert_eq!(done["sla"]["first_response"]["state"], "met");
    assert_eq!(done["sla"]["resolution"]["state"], "met");
    assert_eq!(done["resolved_at"], "2026-11-22T11:00:00Z");
    let path = format!("/v1/tickets/{key}/resolve");
    let refused = asha.post(&path, &json!({})).await.refused(409, "conflict");
    assert_eq!(refused.json["legal"], json!(["reopen", "close"]));
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_resolution_that_the_runbook_does_not_have_is_refused() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let key = shop.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/tickets/{key}/resolve");

    for (resolution, at) in [
        (json!({"entry": "no-such-entry"}), "/entry"),
        (json!({"entry": "Not a slug!"}), "/entry"),
        (json!({"entry": "payment-failed", "step": 99}), "/step"),
        (json!({"step": 1}), "/step"),
        (json!({"entry": "payment-failed", "step": 0}), "/step"),
    ] {
        let refused = asha.post(&path, &resolution).await.refused(422, "invalid");
        assert_eq!(refused.faults(), [at], "{resolution}");
    }
    shop.post(&path, &json!({})).await.refused(403, "forbidden");
    assert_eq!(asha.see(&key).await["version"], 1);
}
