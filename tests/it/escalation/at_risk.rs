//! Before a target is missed its assignee is told, where the settings know them.

use chrono::TimeDelta;
use serde_json::json;

use super::{ASHA, TECHNICAL, acknowledge, data_trouble, file, said, staffed};

#[tokio::test]
async fn at_risk_tells_the_assignee_or_else_the_levels_contacts() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let hers = file(&asha, &said("low", "Odd")).await;
    asha.act(&hers, "assign", &json!({"assignee": "Asha"}))
        .await;
    let nobodys = file(&asha, &data_trouble()).await;
    acknowledge(&asha, &nobodys, 1).await;
    let strangers = file(&asha, &data_trouble()).await;
    acknowledge(&asha, &strangers, 1).await;
    let to = json!({"assignee": "someone else"});
    asha.act(&strangers, "assign", &to).await;

    desk.pass(TimeDelta::minutes(96)).await;
    let at_risk = "SLA target at risk";
    mail.expects(
        &desk,
        &[(ASHA, at_risk), (TECHNICAL, at_risk), (TECHNICAL, at_risk)],
    )
    .await;
}
