//! The triggers under "Escalate When".

use serde_json::json;

use super::{CEO, CTO, ENGINEERING, TECHNICAL, cited, escalations, file, line_of, said, staffed};
use crate::harness::bug_with;

#[tokio::test]
async fn each_levels_trigger_tells_that_levels_contacts_and_cites_its_line() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let many = json!({"severity": "critical", "affected_users": 40, "actual": "Odd"});
    let told: [(_, &str, &[(&str, &str)]); 3] = [
        (
            super::data_trouble(),
            "Database issues",
            &[(TECHNICAL, "escalated to level 2")],
        ),
        (
            bug_with("Odd", many),
            "Critical bugs",
            &[(ENGINEERING, "escalated to level 3")],
        ),
        (
            said("low", "My lawyer will take legal action against you"),
            "Legal issues",
            &[(CTO, "escalated to level 4"), (CEO, "escalated to level 4")],
        ),
    ];
    for (body, clause, mails) in told {
        let key = file(&asha, &body).await;
        let made = escalations(&asha, &key).await;
        assert_eq!(made[0]["trigger"], "level_trigger", "{made:#?}");
        let (text, line, revision) = cited(&made[0]);
        assert!(text.starts_with(clause), "{text}");
        assert_eq!((line, revision), (line_of(&format!("- {clause}")), 1));
        mail.expects(&desk, mails).await;
    }
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_quiet_bug_tells_nobody() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let key = file(&asha, &said("low", "Odd")).await;
    assert!(escalations(&asha, &key).await.is_empty());
    assert!(asha.see(&key).await["next_step_at"].is_null());
    mail.expects(&desk, &[]).await;
}
