//! Closing: by hand, by itself, as cancelled.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{TestDesk, bug};

#[tokio::test]
async fn a_resolved_ticket_closes_by_itself_after_three_days() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    asha.act(&key, "resolve", &json!({})).await;

    desk.pass(TimeDelta::hours(72) - TimeDelta::seconds(1))
        .await;
    assert_eq!(asha.see(&key).await["status"], "resolved");
    desk.pass(TimeDelta::seconds(1)).await;

    let closed = asha.see(&key).await;
    assert_eq!(closed["status"], "closed");
    assert_eq!(closed["closed_as"], "resolved");
    assert_eq!(closed["sla"]["resolution"]["state"], "met");
    assert_eq!(desk.sweep().await, 0);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_live_ticket_that_is_closed_is_cancelled_with_its_clocks() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();

    let closed = asha.act(&key, "close", &json!({"reason": "A test"})).await;

    assert_eq!(closed["closed_as"], "cancelled");
    for clock in ["first_response", "resolution"] {
        assert_eq!(closed["sla"][clock]["state"], "cancelled");
        assert_eq!(closed["sla"][clock]["due_at"], Value::Null);
    }
    desk.pass(TimeDelta::days(3)).await;
    let later = asha.see(&key).await;
    assert_eq!(
        later["version"], closed["version"],
        "nothing fires of what is over"
    );
    let path = format!("/v1/tickets/{key}/close");
    asha.post(&path, &json!({})).await.refused(409, "conflict");
    desk.hold_ledger().await;
}
