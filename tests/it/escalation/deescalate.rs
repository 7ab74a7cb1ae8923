//! A level is lowered by a person alone, with a reason.

use chrono::TimeDelta;
use serde_json::json;

use super::{ENGINEERING, escalations, file, site_down, staffed};

#[tokio::test]
async fn lowering_takes_a_reason_stops_the_reminders_and_tells_nobody() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &site_down()).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated")]).await;
    let path = format!("/v1/tickets/{key}/deescalate");
    let refused = asha
        .post(&path, &json!({"to_level": 2, "reason": " "}))
        .await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["/reason"]);

    let down = json!({"to_level": 2, "reason": "One customer's router"});
    assert_eq!(asha.act(&key, "deescalate", &down).await["level"], 2);
    desk.pass(TimeDelta::minutes(80)).await;
    mail.expects(&desk, &[]).await;
    let timeline = asha
        .get(format!("/v1/tickets/{key}/timeline"))
        .await
        .is(200);
    let events = timeline.json["items"].as_array().unwrap().clone();
    let lowered = events
        .iter()
        .find(|one| one["kind"] == "deescalated")
        .unwrap();
    assert_eq!(lowered["data"]["reason"], "One customer's router");
    assert_eq!(lowered["by"], "asha");

    // Up again: told and reminded as the first time.
    let up = json!({"to_level": 3, "reason": "No, the whole site is down"});
    asha.act(&key, "escalations", &up).await;
    mail.expects(&desk, &[(ENGINEERING, "escalated")]).await;
    desk.pass(TimeDelta::minutes(15)).await;
    mail.expects(&desk, &[(ENGINEERING, "still waits")]).await;
    assert_eq!(escalations(&asha, &key).await.len(), 2);
    desk.hold_ledger().await;
}
