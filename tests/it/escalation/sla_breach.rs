//! A missed target is told to the level and the lead, and raises urgent bugs.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    ENGINEERING, LEAD, TECHNICAL, acknowledge, cited, escalations, file, line_of, said, staffed,
};

#[tokio::test]
async fn a_breach_raises_an_urgent_bug_by_one_and_never_above_3() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&desk.tool("shop").await, &said("high", "Odd")).await;
    desk.pass(TimeDelta::minutes(96)).await;
    // Nobody has it, and level 1 has no contacts: the fallback hears of it.
    mail.expects(&desk, &[(super::DUTY, "at risk")]).await;

    desk.pass(TimeDelta::minutes(24)).await;
    mail.expects(&desk, &[]).await;
    desk.pass(TimeDelta::seconds(1)).await;
    mail.expects(
        &desk,
        &[(LEAD, "missed"), (TECHNICAL, "escalated to level 2")],
    )
    .await;
    let made = escalations(&asha, &key).await;
    assert_eq!(made[0]["trigger"], "sla_breach");
    let (clause, line, revision) = cited(&made[0]);
    assert_eq!((clause, revision), ("First response < 2 h", 1));
    assert_eq!(line, line_of("- **First Response"));
    acknowledge(&asha, &key, 1).await;

    // The resolution target: a day.
    desk.pass(TimeDelta::hours(24)).await;
    mail.expects(
        &desk,
        &[
            (TECHNICAL, "missed"),
            (LEAD, "missed"),
            (ENGINEERING, "escalated to level 3"),
        ],
    )
    .await;
    assert_eq!(asha.see(&key).await["level"], 3);
    acknowledge(&asha, &key, 2).await;

    // Nothing is left that could be missed or raised.
    desk.pass(TimeDelta::days(30)).await;
    mail.expects(&desk, &[]).await;
    assert_eq!(asha.see(&key).await["level"], 3);
    desk.hold_ledger().await;
    desk.hold_clocks().await;
}

#[tokio::test]
async fn a_calm_bug_stays_where_it_is() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &said("medium", "Odd")).await;
    desk.pass(TimeDelta::hours(3)).await;
    mail.expects(&desk, &[(LEAD, "missed")]).await;
    assert_eq!(asha.see(&key).await["level"], 1);
}

/// Whoever acts in the second between the breach and the sweep changes nothing
/// about what follows from it.
#[tokio::test]
async fn an_agent_who_is_faster_than_the_sweep_does_not_hide_a_breach() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&desk.tool("shop").await, &said("critical", "Odd")).await;
    desk.clock
        .advance(TimeDelta::hours(2) + TimeDelta::seconds(1));
    let to = json!({"assignee": "asha"});
    asha.act(&key, "assign", &to).await;
    assert_eq!(asha.see(&key).await["level"], 2);
    assert_eq!(desk.sweep().await, 0);
    mail.expects(&desk, &[(LEAD, "missed"), (TECHNICAL, "escalated")])
        .await;
    desk.hold_ledger().await;
}
