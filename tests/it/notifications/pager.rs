//! Pages, and when whom not to disturb.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::rows;
use crate::harness::{HttpSink, Setup, SmtpSink, TestDesk, bug_with};

const RUNBOOK: &str = include_str!("../../../runbook/customer-support.md");
const TECHNICAL: &str = "technical@example.com";

fn urgent() -> Value {
    let fields = json!({"severity": "critical", "affected_users": 40});
    bug_with("Nothing works", fields)
}

async fn desk(env: Vec<(&'static str, String)>) -> TestDesk {
    TestDesk::with(Setup {
        env,
        ..Setup::default()
    })
    .await
}

fn actions(sink: &HttpSink) -> Vec<String> {
    let posted = sink.posted();
    let action =
        |one: &crate::harness::Posted| one.json()["event_action"].as_str().unwrap().to_owned();
    posted.iter().map(action).collect()
}

#[tokio::test]
async fn who_is_on_call_is_paged_and_sees_that_somebody_took_over() {
    assert!(RUNBOOK.contains("Page on-call engineer"));
    let sink = HttpSink::open().await;
    let desk = desk(vec![
        ("DESK_PAGER_URL", sink.url("/v2/enqueue")),
        ("DESK_PAGER_ROUTING_KEY", "key-0123456789".to_owned()),
    ])
    .await;
    let filed = desk.tool("shop").await.file(&urgent()).await;
    let key = filed["key"].as_str().unwrap();
    sink.answer("429 Slow down");
    desk.deliver().await;
    desk.clock.advance(TimeDelta::minutes(1));
    desk.deliver().await;
    let agent = desk.agent("maya").await;
    let path = format!("/v1/tickets/{key}/escalations/1/acknowledge");
    agent.post(path, &json!({})).await.is(200);
    desk.deliver().await;
    agent.act(key, "resolve", &json!({})).await;
    desk.deliver().await;

    assert_eq!(
        actions(&sink),
        ["trigger", "trigger", "acknowledge", "resolve"]
    );
    let posted = sink.posted();
    let trigger = posted[0].json();
    assert_eq!(posted[0].path, "/v2/enqueue");
    assert_eq!(trigger["routing_key"], "key-0123456789");
    assert_eq!(trigger["payload"]["severity"], "critical");
    let summary = trigger["payload"]["summary"].as_str().unwrap();
    assert!(summary.contains("Nothing works"), "{summary}");
    let id = filed["id"].as_str().unwrap();
    for one in &posted {
        assert_eq!(one.json()["dedup_key"], format!("{id}:escalation:1"));
    }
}

#[tokio::test]
async fn quiet_hours_hold_back_what_can_wait_and_nothing_else() {
    let sink = SmtpSink::open().await;
    let mut env = vec![
        ("DESK_SMTP_URL", sink.url()),
        ("DESK_MAIL_REPORTERS", "off".to_owned()),
        ("DESK_TIME_ZONE", "Asia/Kathmandu".to_owned()),
    ];
    // Stories begin at 15:45 on that clock.
    for name in [
        "DESK_QUIET_HOURS__TECH_SUPPORT_KBSTYLISH_COM",
        "DESK_QUIET_HOURS__ENGINEERING_KBSTYLISH_COM",
    ] {
        env.push((name, "15:00-16:00".to_owned()));
    }
    let desk = desk(env).await;
    let shop = desk.tool("shop").await;
    let agent = desk.agent("maya").await;
    shop.file(&urgent()).await;
    let calm = shop.file(&bug_with("Odd colours", json!({}))).await;
    let raised = json!({"to_level": 2, "reason": "Look at it"});
    let key = calm["key"].as_str().unwrap();
    agent.act(key, "escalations", &raised).await;

    assert_eq!(desk.deliver().await.sent, 1, "level 3 never waits");
    let waiting = rows(&desk, "state=pending").await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["due_at"], "2026-11-22T10:15:00Z");
    assert_eq!(waiting[0]["attempts"], 0);
    desk.clock.advance(TimeDelta::minutes(15));
    assert_eq!(desk.deliver().await.sent, 1);
}

#[tokio::test]
async fn beyond_the_ceiling_mails_are_bundled_and_then_wait() {
    let sink = SmtpSink::open().await;
    let desk = desk(vec![
        ("DESK_SMTP_URL", sink.url()),
        ("DESK_MAILS_PER_RECIPIENT", "3".to_owned()),
        ("DESK_REPLY_TO", TECHNICAL.to_owned()),
    ])
    .await;
    let shop = desk.tool("shop").await;
    let file = async |title: &str| {
        let reporter = json!({"reporter": {"email": "asha@example.org"}});
        shop.file(&bug_with(title, reporter)).await;
        desk.clock.advance(TimeDelta::seconds(1));
    };
    for title in ["One", "Two"] {
        file(title).await;
    }
    assert_eq!(desk.deliver().await.sent, 2);
    for title in ["Three", "Four", "Five"] {
        file(title).await;
    }
    let done = desk.deliver().await;
    assert_eq!((done.superseded, done.sent), (3, 1), "three as one");
    let mail = sink.received().pop().unwrap();
    assert_eq!(mail.header("Subject").unwrap(), "News of your messages (3)");
    for title in ["Three", "Four", "Five"] {
        assert!(mail.raw.contains(title), "{}", mail.raw);
    }
    file("Six").await;
    let done = desk.deliver().await;
    assert_eq!(
        (done.sent, rows(&desk, "state=pending").await.len()),
        (0, 1)
    );
    desk.clock.advance(TimeDelta::minutes(10));
    assert_eq!(desk.deliver().await.sent, 1);

    for _ in 0..5 {
        shop.file(&urgent()).await;
    }
    assert!(
        desk.deliver().await.sent >= 5,
        "levels 3 and 4 have no ceiling"
    );
}

#[tokio::test]
async fn no_name_or_title_carries_a_header_of_its_own() {
    let sink = SmtpSink::open().await;
    let desk = desk(vec![("DESK_SMTP_URL", sink.url())]).await;
    let shop = desk.tool("shop").await;
    let mut sent = 0;
    for hostile in [
        "x\r\nBcc: all@example.com",
        "x\u{0}y",
        "x\u{2028}Bcc: a@b",
        "\u{202e}x\ny",
    ] {
        let body = json!({"kind": "bug", "title": hostile, "severity": "low", "actual": hostile,
            "reporter": {"email": "asha@example.org", "name": hostile}});
        // What the API does not refuse must be harmless.
        if shop.post("/v1/tickets", &body).await.status == 201 {
            sent += 1;
        }
    }
    desk.deliver().await;
    let mails = sink.received();
    assert_eq!(mails.len(), sent);
    for mail in mails {
        assert_eq!(mail.header("Bcc"), None, "{}", mail.raw);
        let (head, _) = mail.raw.split_once("\r\n\r\n").unwrap();
        assert!(head.is_ascii() && !head.contains('\0'), "{head}");
        assert_eq!(mail.to, "asha@example.org");
    }
}
