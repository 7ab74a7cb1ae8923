//! Mails that came back.

use serde_json::{Value, json};

use super::{comments, filed, mail, take, told};
use crate::harness::{Setup, SmtpSink, TestDesk};

const FALLBACK: &str = "duty@example.com";

fn bounce(id: &str, action: &str, message_id: &str) -> String {
    let headers = format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail\n\
         Message-ID: <{message_id}@mx.example.com>\nAuto-Submitted: auto-replied\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b"
    );
    let body = format!(
        "--b\nContent-Type: text/plain\n\nI am sorry.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; engineering@kbstylish.com\n\
         Action: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n--b\n\
         Content-Type: text/rfc822-headers\n\nMessage-ID: <{id}@desk.example>\nSubject: x\n--b--"
    );
    mail(&headers, &body)
}

#[tokio::test]
async fn a_bounce_marks_its_notification_and_somebody_else_hears_of_it() {
    let sink = SmtpSink::open().await;
    let desk = TestDesk::with(Setup {
        env: vec![
            ("DESK_SMTP_URL", sink.url()),
            ("DESK_FALLBACK_CONTACT", FALLBACK.to_owned()),
            ("DESK_MAIL_REPORTERS", "off".to_owned()),
        ],
        ..Setup::default()
    })
    .await;
    let gateway = desk.tool("mail").await;
    let key = filed(&desk).await["key"].as_str().unwrap().to_owned();
    assert_eq!(desk.deliver().await.sent, 1);
    let row = told(&desk, &key).await;
    assert_eq!(row["state"], "sent");
    let id = row["id"].as_str().unwrap();

    let late = take(&gateway, &bounce(id, "delayed", "b0")).await;
    assert_eq!(late["outcome"], "ignored", "{late}");

    let taken = take(&gateway, &bounce(id, "failed", "b1")).await;
    assert_eq!(taken["outcome"], "bounce");
    assert_eq!(taken["ticket"], json!(key));
    let dead = desk
        .admin()
        .get(format!("/v1/notifications/{id}"))
        .await
        .is(200)
        .json;
    let dead = &dead["notification"];
    assert_eq!(dead["state"], "dead", "{dead:#}");
    assert!(
        dead["last_reply"]
            .as_str()
            .unwrap()
            .contains("550 5.1.1 no such user"),
        "{dead:#}"
    );

    let notes = comments(&desk, &key).await;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0]["visibility"], "internal");
    assert!(
        notes[0]["text"]
            .as_str()
            .unwrap()
            .contains("engineering@kbstylish.com"),
        "{notes:#?}"
    );
    assert_eq!(
        desk.admin().see(&key).await["status"],
        "new",
        "a note is nobody's first act"
    );

    assert_eq!(desk.deliver().await.sent, 1);
    let mails = sink.received();
    let last = mails.last().unwrap();
    assert_eq!(last.to, FALLBACK, "not by the way that failed");
    assert!(
        last.header("Subject")
            .unwrap()
            .contains("a message came back"),
        "{last:?}"
    );

    // The same report, and another one of the same mail.
    assert_eq!(take(&gateway, &bounce(id, "failed", "b1")).await, taken);
    assert_eq!(
        take(&gateway, &bounce(id, "failed", "b2")).await["outcome"],
        "bounce"
    );
    assert_eq!(comments(&desk, &key).await.len(), 1);
    assert_eq!(desk.deliver().await.sent, 0);
    desk.hold_ledger().await;

    // What was wrong was mended: it can be sent once more.
    let path = format!("/v1/notifications/{id}/retry");
    desk.admin().post(path, &json!({})).await.is(200);
    assert_eq!(desk.deliver().await.sent, 1);
}

#[tokio::test]
async fn a_bounce_of_somebody_elses_mail_is_ignored() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let id = "0193e1a0-0000-7000-8000-000000000001";
    let taken = take(&gateway, &bounce(id, "failed", "b1")).await;
    assert_eq!(taken["outcome"], "ignored");
    assert_eq!(taken["ticket"], Value::Null);
}
