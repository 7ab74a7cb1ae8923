//! What reporters are mailed, and what they never are.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{FALLBACK, rows};
use crate::harness::{Received, Setup, SmtpSink, TestDesk, bug_with};

const ASHA: &str = "asha@example.org";
const REPLIES: &str = "support@desk.example";

async fn serving(sink: &SmtpSink, more: &[(&'static str, &str)]) -> TestDesk {
    let mut env = vec![
        ("DESK_SMTP_URL", sink.url()),
        ("DESK_FALLBACK_CONTACT", FALLBACK.to_owned()),
        ("DESK_PUBLIC_URL", "https://desk.example".to_owned()),
        ("DESK_REPLY_TO", REPLIES.to_owned()),
    ];
    env.extend(
        more.iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    TestDesk::with(Setup {
        env,
        ..Setup::default()
    })
    .await
}

fn from(address: &str) -> Value {
    let fields = json!({"actual": "My card 4111 1111 1111 1111 <b>was</b> refused",
        "reporter": {"name": "Asha Rai", "email": address}});
    bug_with("The colours look odd", fields)
}

fn text(mail: &Received) -> String {
    mail.raw.replace("=\r\n", "")
}

#[tokio::test]
async fn a_reporter_hears_of_receipt_answer_and_resolution_and_of_nothing_internal() {
    let sink = SmtpSink::open().await;
    let desk = serving(&sink, &[]).await;
    let filed = desk.tool("shop").await.file(&from(ASHA)).await;
    let key = filed["key"].as_str().unwrap();
    let agent = desk.agent("maya").await;
    let comments = format!("/v1/tickets/{key}/comments");
    for (visibility, words) in [
        ("internal", "The customer is angry"),
        ("public", "Please try\nagain <now>"),
    ] {
        desk.clock.advance(TimeDelta::seconds(1));
        let said = json!({"visibility": visibility, "author": "agent", "text": words});
        agent.post(&comments, &said).await.is(201);
    }
    desk.clock.advance(TimeDelta::seconds(1));
    let how = json!({"note": "Restarted the database"});
    agent.act(key, "resolve", &how).await;
    assert_eq!(desk.deliver().await.sent, 3);

    let mails = sink.received();
    let title = format!("[{key}] The colours look odd");
    let subjects: Vec<_> = mails.iter().map(|m| m.header("Subject").unwrap()).collect();
    let re = format!("Re: {title}");
    assert_eq!(subjects, [title, re.clone(), re]);
    for mail in &mails {
        assert_eq!(mail.to, ASHA);
        assert_eq!(mail.header("Reply-To").unwrap(), REPLIES);
        assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
        let thread = mail.header("In-Reply-To").unwrap();
        let id = filed["id"].as_str().unwrap();
        assert_eq!(thread, format!("<customer.{id}@desk.example>"));
        assert_eq!(mail.header("References").unwrap(), thread);
        let text = text(mail);
        assert!(text.contains("Hello Asha Rai,"), "{text}");
        for secret in ["4111 1111", "angry", "Restarted", "evel"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        let (_, html) = text.split_once("text/html").unwrap();
        assert!(!html.contains("<b>") && !html.contains("<now>"), "{html}");
    }
    assert!(
        text(&mails[0]).contains("My card"),
        "what they sent is quoted"
    );
    assert!(text(&mails[1]).contains("Please try\r\nagain <now>"));
    let asks = |mail: &Received| text(mail).contains("https://desk.example/v1/feedback/");
    assert_eq!(
        mails.iter().map(asks).collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[tokio::test]
async fn the_desk_never_mails_itself_or_who_it_tells() {
    let sink = SmtpSink::open().await;
    let desk = serving(&sink, &[("DESK_CONTACTS__CTO", "cto@example.com")]).await;
    let shop = desk.tool("shop").await;
    for own in [
        "Runbook-Desk@desk.example",
        REPLIES,
        FALLBACK,
        "cto@example.com",
        super::ENGINEERING,
    ] {
        shop.file(&from(own)).await;
    }
    assert!(rows(&desk, "").await.is_empty());
}

#[tokio::test]
async fn mails_to_reporters_can_be_switched_off() {
    let sink = SmtpSink::open().await;
    let desk = serving(&sink, &[("DESK_MAIL_REPORTERS", "off")]).await;
    desk.tool("shop").await.file(&from(ASHA)).await;
    assert!(rows(&desk, "").await.is_empty());
}

#[tokio::test]
async fn a_resolution_that_was_taken_back_is_not_told() {
    let sink = SmtpSink::open().await;
    let desk = serving(&sink, &[]).await;
    let key = desk.tool("shop").await.file(&from(ASHA)).await["key"].clone();
    let key = key.as_str().unwrap();
    assert_eq!(desk.deliver().await.sent, 1);
    let agent = desk.agent("maya").await;
    agent.act(key, "resolve", &json!({})).await;
    agent.act(key, "reopen", &json!({})).await;
    assert_eq!(desk.deliver().await.superseded, 1);
    desk.clock.advance(TimeDelta::minutes(1));
    agent.act(key, "resolve", &json!({})).await;
    assert_eq!(desk.deliver().await.sent, 1, "the second one is");
}
