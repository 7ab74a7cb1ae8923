//! Levels: up with a reason, taken over, down with a reason.

use serde_json::{Value, json};

use crate::harness::{TestDesk, bug, bug_with};

#[tokio::test]
async fn an_agent_escalates_acknowledges_and_deescalates_with_reasons() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let key = shop.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/tickets/{key}/escalations");

    let up = json!({"to_level": 3, "reason": "The gateway is down"});
    let risen = asha.act(&key, "escalations", &up).await;
    assert_eq!(
        (&risen["level"], &risen["status"]),
        (&json!(3), &json!("open"))
    );
    assert_eq!(risen["level_reasons"][0]["rule"], "manual");
    asha.post(&path, &up).await.refused(409, "conflict");
    asha.post(&path, &json!({"to_level": 2, "reason": "x"}))
        .await
        .refused(409, "conflict");
    let refused = asha
        .post(&path, &json!({"to_level": 9, "reason": ""}))
        .await;
    assert_eq!(
        refused.refused(422, "invalid").faults(),
        ["/reason", "/to_level"]
    );
    shop.post(&path, &up).await.refused(403, "forbidden");

    let bala = desk.agent("bala").await;
    let taken = format!("{path}/1/acknowledge");
    bala.post(&taken, &Value::Null).await.is(200);
    asha.post(&taken, &Value::Null)
        .await
        .refused(409, "conflict");
    asha.post(format!("{path}/2/acknowledge"), &Value::Null)
        .await
        .refused(404, "not_found");
    let listed = asha.get(&path).await.is(200).json;
    assert_eq!(listed["items"][0]["acknowledged_by"], "bala");
    assert_eq!(listed["items"][0]["trigger"], "manual");
    assert_eq!(listed["items"][0]["from_level"], 1);

    let down = json!({"to_level": 1, "reason": "A false alarm"});
    let lowered = asha.act(&key, "deescalate", &down).await;
    assert_eq!(lowered["level"], 1);
    let refused = asha
        .post(format!("/v1/tickets/{key}/deescalate"), &down)
        .await;
    refused.refused(409, "conflict");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn an_entrys_rule_is_offered_and_taken_with_its_clause() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let said = json!({"actual": "At checkout my card was declined and the payment failed"});
    let filed = asha.file(&bug_with("Could not pay", said)).await;
    assert_eq!(filed["level"], 1, "{filed:#}");
    assert_eq!(filed["suggestion"]["escalate_to"], 3, "{filed:#}");
    let clause = filed["suggestion"]["escalate_when"].as_str().unwrap();

    let up = json!({"to_level": 3, "reason": "The gateway is down"});
    let key = filed["key"].as_str().unwrap();
    asha.act(key, "escalations", &up).await;

    let listed = asha
        .get(format!("/v1/tickets/{key}/escalations"))
        .await
        .is(200)
        .json;
    assert_eq!(listed["items"][0]["clause"], clause, "{listed:#}");
    assert!(listed["items"][0]["line"].is_u64(), "{listed:#}");
    desk.hold_ledger().await;
}
