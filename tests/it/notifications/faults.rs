//! What each fault of a mail server is taken for, on the wire.

use std::time::Duration;

use chrono_tz::Tz;
use notify::{Channels, Look, Mailing, Message, Outcome, Page, Pager, Reach, Slack, Smtp};
use ticketing::{Medium, NotificationId, Recipient};

use crate::harness::{At, Fault, SmtpSink};

fn channels(url: &str) -> Channels {
    let server = Smtp::from_url(url).unwrap();
    let server = server.with_patience(Duration::from_millis(300), Duration::from_millis(300));
    Channels {
        mailing: Mailing::Server(Box::new(server)),
        slack: Slack::new(Default::default()),
        pager: Pager::new(String::new(), None),
        reach: Reach::Public,
        quiet: Default::default(),
        look: Look {
            from: "desk@example.com".to_owned(),
            reply_to: None,
            zone: Tz::UTC,
            public_url: None,
        },
    }
}

fn message(text: &str) -> Message {
    Message {
        id: NotificationId(uuid::Uuid::from_u128(7)),
        about: "T-1".to_owned(),
        subject: "[T-1] A test".to_owned(),
        text: text.to_owned(),
        html: "<p>A test</p>".to_owned(),
        message_id: "<7@example.com>".to_owned(),
        thread_id: Some("<ticket.1@example.com>".to_owned()),
        reply_to: None,
        link: None,
        page: Page::default(),
        at: "2026-11-22T10:00:00Z".parse().unwrap(),
    }
}

fn to(address: &str) -> Recipient {
    Recipient {
        medium: Medium::Email,
        address: address.to_owned(),
    }
}

async fn send(url: &str) -> Outcome {
    let channels = channels(url);
    let mut session = channels.session();
    session.send(&message("Hello"), &to("a@example.com")).await
}

#[tokio::test]
async fn every_fault_at_every_step_has_its_outcome() {
    let cases = [
        (At::Greeting, Fault::Say("421 4.3.2 busy"), "transient"),
        (At::Greeting, Fault::Say("554 5.0.0 no"), "misconfigured"),
        (At::Greeting, Fault::HangUp, "transient"),
        (At::Greeting, Fault::Silence, "transient"),
        (At::Greeting, Fault::Say("garbage"), "transient"),
        (At::Mail, Fault::Say("421 4.3.2 closing"), "transient"),
        (At::Mail, Fault::Silence, "transient"),
        (At::Mail, Fault::HangUp, "transient"),
        (At::Mail, Fault::Say("garbage"), "transient"),
        (At::Mail, Fault::Say("550 5.7.1 not you"), "permanent"),
        (At::Mail, Fault::Say("535 5.7.8 who?"), "misconfigured"),
        (At::Mail, Fault::Say("452 4.3.1 full"), "transient"),
        (
            At::Mail,
            Fault::Say("530 5.7.0 log in first"),
            "misconfigured",
        ),
        (
            At::Recipient,
            Fault::Say("450 4.2.1 greylisted"),
            "transient",
        ),
        (At::Recipient, Fault::Say("550 5.1.1 nobody"), "permanent"),
        (At::Recipient, Fault::Silence, "transient"),
        (At::Recipient, Fault::HangUp, "transient"),
        (At::Recipient, Fault::Say("421 4.3.2 closing"), "transient"),
        (At::Recipient, Fault::Say("452 4.5.3 too many"), "transient"),
        (At::Recipient, Fault::Say("\u{0}\u{7}garbage"), "transient"),
        (At::Data, Fault::Say("554 5.5.1 no"), "permanent"),
        (At::Data, Fault::Say("250 not yet"), "transient"),
        (At::Data, Fault::HangUp, "transient"),
        (At::Data, Fault::Silence, "transient"),
        (At::Data, Fault::Say("451 4.3.0 aborted"), "transient"),
        (At::Data, Fault::Say("garbage"), "transient"),
        (At::Dot, Fault::Say("451 4.3.0 aborted"), "transient"),
        (At::Dot, Fault::Say("421 4.3.2 closing"), "transient"),
        (At::Dot, Fault::Say("452 4.3.1 full"), "transient"),
        (At::Dot, Fault::Say("550 5.7.1 policy"), "permanent"),
        (At::Dot, Fault::Say("554 5.6.0 spam"), "permanent"),
        (At::Dot, Fault::Say("garbage"), "unknown"),
        (At::Dot, Fault::HangUp, "unknown"),
        (At::Dot, Fault::Silence, "unknown"),
    ];
    for (at, fault, expected) in cases {
        let sink = SmtpSink::open().await;
        sink.fail(at, fault.clone());
        let outcome = send(&sink.url()).await;
        assert_eq!(outcome.name(), expected, "{at:?} {fault:?}: {outcome:?}");
    }
    let outcome = send("smtp://127.0.0.1:1").await;
    assert_eq!(outcome.name(), "transient", "{outcome:?}");
    let outcome = send(&format!("{}?tls=required", SmtpSink::open().await.url())).await;
    assert_eq!(outcome.name(), "misconfigured", "{outcome:?}");
}

#[tokio::test]
async fn a_refused_login_is_the_desks_fault_and_not_the_recipients() {
    let sink = SmtpSink::open().await;
    sink.offer_auth();
    let url = format!("smtp://desk:p%40ss@127.0.0.1:{}", sink.port);
    for (fault, expected) in [
        (Fault::Say("535 5.7.8 wrong"), "misconfigured"),
        (Fault::Say("454 4.7.0 later"), "transient"),
        (Fault::Silence, "transient"),
        (Fault::HangUp, "transient"),
    ] {
        sink.fail(At::Auth, fault.clone());
        assert_eq!(send(&url).await.name(), expected, "{fault:?}");
    }
    assert_eq!(
        send(&url).await,
        Outcome::Sent("250 2.0.0 queued".to_owned())
    );
}

#[tokio::test]
async fn a_cancelled_send_never_answers_for_the_next_mail() {
    let sink = SmtpSink::open().await;
    let channels = channels(&sink.url());
    let mut session = channels.session();
    let good = session.send(&message("one"), &to("a@example.com")).await;
    assert_eq!(good.name(), "sent");

    // The caller gives up while the server is still thinking about RCPT.
    sink.fail(At::Recipient, Fault::Silence);
    let (first, second) = (message("two"), message("three"));
    let someone = to("b@example.com");
    let cancelled =
        tokio::time::timeout(Duration::from_millis(100), session.send(&first, &someone));
    assert!(cancelled.await.is_err());

    sink.fail(At::Recipient, Fault::Say("554 5.7.1 rejected"));
    let rejected = session.send(&second, &to("c@example.com")).await;
    assert_eq!(rejected.name(), "permanent", "{rejected:?}");
    assert_eq!(sink.received().len(), 1);
    assert_eq!(
        sink.connections(),
        2,
        "the half-used connection is not used again"
    );
}

#[tokio::test]
async fn mails_share_a_connection_and_dots_arrive_as_they_were() {
    let sink = SmtpSink::open().await;
    let channels = channels(&sink.url());
    let mut session = channels.session();
    for _ in 0..3 {
        let text = "first\n.\n..two dots\n.one";
        let outcome = session.send(&message(text), &to("a@example.com")).await;
        assert_eq!(outcome.name(), "sent");
    }
    session.close().await;
    assert_eq!(sink.connections(), 1);
    let raw = sink.received()[2].raw.clone();
    assert!(
        raw.contains("first\r\n.\r\n..two dots\r\n.one\r\n"),
        "{raw}"
    );
}

#[tokio::test]
async fn no_address_carries_a_header_of_its_own() {
    let sink = SmtpSink::open().await;
    let channels = channels(&sink.url());
    let mut session = channels.session();
    for address in [
        "a@example.com\r\nBcc: b@example.com",
        "\0@x",
        "",
        "größe@example.com",
    ] {
        let outcome = session.send(&message("x"), &to(address)).await;
        assert_eq!(outcome.name(), "permanent", "{address:?}");
    }
    assert_eq!(sink.connections(), 0);
}
