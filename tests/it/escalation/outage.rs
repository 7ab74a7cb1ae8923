//! An outage that lasts goes to the top.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    CEO, CTO, ENGINEERING, acknowledge, cited, escalations, file, line_of, said, site_down, staffed,
};
use crate::harness::TestDesk;

#[tokio::test]
async fn a_site_that_is_down_for_more_than_an_hour_goes_to_level_4() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &site_down()).await;
    // Somebody works on it: it lasts all the same.
    acknowledge(&asha, &key, 1).await;
    desk.pass(TimeDelta::hours(1)).await;
    mail.expects(&desk, &[]).await;
    assert_eq!(asha.see(&key).await["level"], 3);

    desk.pass(TimeDelta::seconds(1)).await;
    assert_eq!(asha.see(&key).await["level"], 4);
    mail.expects(&desk, &[(CTO, "level 4"), (CEO, "level 4")])
        .await;
    let made = escalations(&asha, &key).await;
    assert_eq!(made[1]["trigger"], "outage");
    assert_eq!(made[1]["rule"], "outage");
    let line = line_of("- Major outage");
    assert_eq!(cited(&made[1]), ("Major outage > 1 hour", line, 1));
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_text_that_says_it_has_lasted_longer_goes_there_at_once() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let lasting = said("high", "The site is down for everybody, for two hours now");
    let key = file(&asha, &lasting).await;
    assert_eq!(asha.see(&key).await["level"], 4);
    let made = escalations(&asha, &key).await;
    assert_eq!(made[0]["trigger"], "outage");
    assert_eq!(cited(&made[0]).1, line_of("- Major outage"));
    mail.expects(&desk, &[(CTO, "level 4"), (CEO, "level 4")])
        .await;
    desk.hold_ledger().await;
}

#[tokio::test]
async fn what_a_person_ended_or_lowered_does_not_rise() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let resolved = file(&asha, &site_down()).await;
    let lowered = file(&asha, &site_down()).await;
    mail.expects(&desk, &[(ENGINEERING, "level 3"), (ENGINEERING, "level 3")])
        .await;
    asha.act(&resolved, "resolve", &json!({})).await;
    let down = json!({"to_level": 1, "reason": "Only his router"});
    asha.act(&lowered, "deescalate", &down).await;

    desk.pass(TimeDelta::minutes(61)).await;
    mail.expects(&desk, &[]).await;
    assert_eq!(asha.see(&lowered).await["level"], 1);
    asha.act(&lowered, "resolve", &json!({})).await;

    // Down again: its hour begins anew.
    asha.act(&resolved, "reopen", &json!({})).await;
    desk.pass(TimeDelta::minutes(59)).await;
    assert_eq!(asha.see(&resolved).await["level"], 3);
    desk.pass(TimeDelta::minutes(2)).await;
    assert_eq!(asha.see(&resolved).await["level"], 4);
    mail.expects(&desk, &[(CTO, "level 4"), (CEO, "level 4")])
        .await;
    desk.hold_ledger().await;
}

/// The clause is the runbook's: another one, another hour; none, no rule.
#[tokio::test]
async fn the_rule_is_the_runbooks() {
    let built_in = include_str!("../../../runbook/customer-support.md");
    let quick = built_in.replace("- Major outage > 1 hour", "- Major outage > 10 minutes");
    let none = built_in.replace("- Major outage > 1 hour\n", "");
    for (runbook, level) in [(quick, 4), (none, 3)] {
        let desk = TestDesk::on_runbook(&runbook).await;
        let asha = desk.agent("asha").await;
        let key = file(&asha, &site_down()).await;
        desk.pass(TimeDelta::minutes(11)).await;
        assert_eq!(asha.see(&key).await["level"], level);
    }
}
