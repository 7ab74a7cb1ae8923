//! Taking a ticket up again.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Setup, TestDesk, bug};

#[tokio::test]
async fn a_reopened_tickets_clock_goes_on_where_it_stood() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.pass(TimeDelta::hours(1)).await;
    asha.act(&key, "resolve", &json!({})).await;
    desk.pass(TimeDelta::hours(10)).await;

    let again = asha
        .act(&key, "reopen", &json!({"reason": "It is back"}))
        .await;

    assert_eq!(again["status"], "open");
    assert_eq!(again["resolved_at"], Value::Null);
    // One hour was used: 23 are left from 21:00 on.
    assert_eq!(again["sla"]["resolution"]["due_at"], "2026-11-23T20:00:00Z");
    assert_eq!(again["sla"]["first_response"]["state"], "met");
    let sla = asha
        .get(format!("/v1/tickets/{key}/sla?explain=true"))
        .await
        .is(200)
        .json;
    assert_eq!(sla["resolution"]["elapsed_seconds"], 3600);
    assert_eq!(sla["resolution"]["cycle"], 1);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_closed_ticket_can_be_reopened_within_the_window_alone() {
    let desk = TestDesk::with(Setup {
        env: vec![("DESK_REOPEN_WINDOW_SECONDS", "3600".to_owned())],
        ..Setup::default()
    })
    .await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/tickets/{key}/reopen");
    let refused = asha.post(&path, &json!({})).await.refused(409, "conflict");
    assert_eq!(
        refused.json["legal"],
        json!(["open", "pending", "resolve", "close", "merge"])
    );

    asha.act(&key, "resolve", &json!({})).await;
    asha.act(&key, "close", &json!({})).await;
    desk.pass(TimeDelta::seconds(3600)).await;
    assert_eq!(asha.act(&key, "reopen", &json!({})).await["status"], "open");

    asha.act(&key, "close", &json!({"reason": "Gone"})).await;
    desk.pass(TimeDelta::seconds(3601)).await;
    asha.post(&path, &json!({})).await.refused(409, "conflict");
    desk.hold_ledger().await;
}
