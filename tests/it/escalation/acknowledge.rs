//! Somebody takes responsibility: it is quiet from then on.

use chrono::TimeDelta;
use serde_json::json;

use super::{ENGINEERING, TECHNICAL, acknowledge, data_trouble, escalations, file, staffed};

#[tokio::test]
async fn acknowledging_stops_the_reminders_in_the_same_instant() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &data_trouble()).await;
    mail.expects(&desk, &[(TECHNICAL, "escalated")]).await;
    assert_eq!(asha.see(&key).await["next_step_at"], "2026-11-22T10:15:00Z");
    desk.pass(TimeDelta::minutes(15)).await;
    // The reminder is written and waits for its turn: it is not sent any more.
    acknowledge(&asha, &key, 1).await;
    assert!(asha.see(&key).await["next_step_at"].is_null());
    mail.expects(&desk, &[]).await;
    desk.pass(TimeDelta::minutes(80)).await;
    mail.expects(&desk, &[]).await;
    let made = escalations(&asha, &key).await;
    assert_eq!(
        (made.len(), &made[0]["acknowledged_by"]),
        (1, &json!("asha"))
    );
    desk.hold_ledger().await;
}

#[tokio::test]
async fn resolving_closing_and_merging_stop_them_too_and_reopening_does_not_start_them() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let mut keys = Vec::new();
    for _ in 0..4 {
        keys.push(file(&asha, &data_trouble()).await);
    }
    mail.expects(&desk, &[(TECHNICAL, "escalated"); 4]).await;
    acknowledge(&asha, &keys[3], 1).await;
    asha.act(&keys[0], "resolve", &json!({})).await;
    asha.act(&keys[0], "reopen", &json!({})).await;
    asha.act(&keys[1], "close", &json!({})).await;
    asha.act(&keys[2], "merge", &json!({"into": keys[3]})).await;
    desk.pass(TimeDelta::minutes(80)).await;
    mail.expects(&desk, &[]).await;
    desk.hold_ledger().await;
}

/// A new escalation waits for an acknowledgement of its own.
#[tokio::test]
async fn acknowledging_the_old_level_does_not_quiet_the_new_one() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &data_trouble()).await;
    let up = json!({"to_level": 3, "reason": "Rows are gone"});
    asha.act(&key, "escalations", &up).await;
    acknowledge(&asha, &key, 1).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated to level 3")])
        .await;
    desk.pass(TimeDelta::minutes(15)).await;
    mail.expects(&desk, &[(ENGINEERING, "still waits")]).await;
}
