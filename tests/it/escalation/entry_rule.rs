//! The matched entry's rule, where the text states its condition.

use super::{ENGINEERING, cited, escalations, file, line_of, said, staffed};

#[tokio::test]
async fn a_text_that_states_the_condition_files_at_the_rules_level() {
    let (desk, mut mail) = staffed().await;
    let asha = desk.agent("asha").await;
    let gateway = said(
        "low",
        "My payment failed at checkout: payment gateway errors, it answers 502",
    );
    let key = file(&asha, &gateway).await;

    let made = escalations(&asha, &key).await;
    assert_eq!(made.len(), 1, "{made:#?}");
    assert_eq!(made[0]["trigger"], "entry_rule", "{made:#?}");
    assert_eq!(made[0]["rule"], "entry_rule");
    assert_eq!(
        (&made[0]["from_level"], &made[0]["to_level"]),
        (&1.into(), &3.into())
    );
    assert_eq!(made[0]["by"], "runbook-desk");
    let line = line_of("**Escalation**: Payment gateway");
    assert_eq!((cited(&made[0]).1, cited(&made[0]).2), (line, 1));
    let mails = mail.expects(&desk, &[(ENGINEERING, "escalated")]).await;
    assert!(mails[0].text().contains(&format!("line {line}")));
    desk.hold_ledger().await;
}
