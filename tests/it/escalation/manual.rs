//! A person raises a level; the runbook is asked whether it would.

use chrono::TimeDelta;
use serde_json::json;

use super::{CEO, CTO, ENGINEERING, TECHNICAL, cited, escalations, file, line_of, said, staffed};
use crate::harness::feature;

#[tokio::test]
async fn the_contacts_of_the_new_level_are_told_and_the_clause_is_cited() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&desk.tool("shop").await, &said("low", "Odd")).await;
    mail.expects(&desk, &[]).await;

    let up = json!({"to_level": 3, "reason": "I looked: the whole site is down"});
    let risen = asha.act(&key, "escalations", &up).await;
    let escalation = &risen["escalations"][0];
    assert_eq!(escalation["trigger"], "manual");
    assert_eq!(escalation["rule"], "level_trigger", "{escalation:#}");
    let line = line_of("- Site down");
    assert_eq!(cited(escalation), ("Site down", line, 1));
    assert_eq!(
        escalation["rests_on"],
        format!("line {line} of runbook revision 1: Site down")
    );
    let mails = mail
        .expects(&desk, &[(ENGINEERING, "escalated to level 3")])
        .await;
    let text = mails[0].text();
    assert!(text.contains("the whole site is down"), "{text}");
    assert!(
        text.contains(&format!("Site down (runbook revision 1, line {line})")),
        "{text}"
    );
    desk.hold_ledger().await;
}

#[tokio::test]
async fn an_entrys_own_rule_comes_first_and_no_rule_is_said_to_be_none() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let declined = said(
        "low",
        "At checkout my card was declined and the payment failed",
    );
    let key = file(&asha, &declined).await;
    let up = json!({"to_level": 3, "reason": "Their gateway is dead"});
    asha.act(&key, "escalations", &up).await;
    let rested = &escalations(&asha, &key).await[0];
    assert_eq!(rested["rule"], "entry_rule");
    assert_eq!(cited(rested).1, line_of("**Escalation**: Payment gateway"));

    let key = file(&asha, &said("low", "Odd")).await;
    let up = json!({"to_level": 2, "reason": "I cannot find out what it is"});
    asha.act(&key, "escalations", &up).await;
    let bare = &escalations(&asha, &key).await[0];
    assert!(bare["clause"].is_null() && bare["line"].is_null() && bare["rule"].is_null());
    assert_eq!(bare["runbook_revision"], 1);
    let words = bare["rests_on"].as_str().unwrap();
    assert!(
        words.starts_with("no clause of runbook revision 1"),
        "{words}"
    );
    mail.expects(&desk, &[(ENGINEERING, "level 3"), (TECHNICAL, "level 2")])
        .await;
}

/// Levels may be passed over: whoever does says so, and only they are told.
#[tokio::test]
async fn a_person_may_take_a_feature_request_to_the_top_and_nothing_else_does() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let mut wish = feature("The site is down at night, hackers took the database");
    wish["priority"] = json!("high");
    let key = file(&asha, &wish).await;
    // The first-response target is missed, and nobody answers for days.
    desk.pass(TimeDelta::days(9)).await;
    assert_eq!(asha.see(&key).await["level"], 1);
    // Level 1 has no contacts: the lead alone hears of the breach.
    mail.expects(&desk, &[(super::LEAD, "missed")]).await;

    let up = json!({"to_level": 4, "reason": "The board asked for it"});
    assert_eq!(asha.act(&key, "escalations", &up).await["level"], 4);
    mail.expects(&desk, &[(CTO, "level 4"), (CEO, "level 4")])
        .await;
    desk.hold_ledger().await;
}
