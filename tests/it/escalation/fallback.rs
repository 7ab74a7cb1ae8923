//! A level that nobody can be told at is not skipped: somebody else is told.

use serde_json::json;

use super::{DUTY, file, said};
use crate::harness::{Mailbox, Setup, TestDesk};

#[tokio::test]
async fn the_fallback_is_told_and_told_why_and_readiness_warns() {
    let mut mail = Mailbox::open().await;
    let desk = TestDesk::with(Setup {
        env: vec![
            ("DESK_SMTP_URL", mail.sink.url()),
            ("DESK_FALLBACK_CONTACT", DUTY.to_owned()),
        ],
        ..Setup::default()
    })
    .await;
    let ready = desk.stranger().get("/readyz").await.is(200).text;
    assert!(
        ready.contains("level 4 has no reachable contact"),
        "{ready}"
    );

    let asha = desk.agent("asha").await;
    let key = file(&asha, &said("low", "Odd")).await;
    let up = json!({"to_level": 4, "reason": "They went to the newspapers"});
    asha.act(&key, "escalations", &up).await;
    let mails = mail.expects(&desk, &[(DUTY, "escalated to level 4")]).await;
    let text = mails[0].text();
    assert!(
        text.contains("nobody of level 4 can be reached, and so you are told"),
        "{text}"
    );
}
