//! What is told without a ticket.

use runbook::Level;
use ticketing::{Block, Letter, LetterKind, Medium, Recipient};

use super::{mailing, rows};
use crate::harness::{At, Fault, SmtpSink};

const LEAD: &str = "lead@example.com";

fn letter() -> Letter {
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    Letter {
        kind: LetterKind::Bundle,
        cause: "bundle:2026-W47".to_owned(),
        subject: "The week\r\nBcc: all@example.com".to_owned(),
        blocks: vec![
            Block::Heading("Figures".to_owned()),
            Block::Paragraph("Two tickets were <b>late</b>.\0".to_owned()),
            Block::Table {
                head: row(["Entry", "Tickets"]),
                rows: vec![row(["payment-failed", "12"]), row(["none", "3"])],
            },
            Block::List(vec!["T-1042 breached".to_owned()]),
            Block::Link {
                text: "All tickets".to_owned(),
                to: "/v1/tickets".to_owned(),
            },
        ],
    }
}

fn to(address: &str) -> Vec<Recipient> {
    vec![Recipient {
        medium: Medium::Email,
        address: address.to_owned(),
    }]
}

#[tokio::test]
async fn a_letter_is_mailed_once_and_belongs_to_no_ticket() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    for _ in 0..2 {
        let letter = letter();
        let posted = desk.desk.post_letter(&letter, Level::SUPPORT, to(LEAD));
        posted.await.unwrap();
    }
    assert_eq!(desk.deliver().await.sent, 1, "one cause, one letter");

    let mails = sink.received();
    let [mail] = mails.as_slice() else {
        panic!("{mails:?}")
    };
    assert_eq!(mail.to, LEAD);
    let subject = mail.header("Subject").unwrap();
    assert_eq!(subject, "The week Bcc: all@example.com");
    assert_eq!(mail.header("Bcc"), None);
    assert_eq!(mail.header("In-Reply-To"), None);
    let raw = mail.raw.replace("=\r\n", "");
    for part in [
        "FIGURES",
        "Entry           Tickets\r\n--------------  -------\r\npayment-failed  12\r\nnone            3",
        "- T-1042 breached",
        "All tickets: https://desk.example/v1/tickets",
        "<td>payment-failed</td><td>12</td>",
    ] {
        assert!(raw.contains(part), "{part} is not in {raw}");
    }
    let (text, html) = raw.split_once("text/html").unwrap();
    assert!(
        text.contains("<b>late</b>") && !html.contains("<b>"),
        "{raw}"
    );

    let row = &rows(&desk, "state=sent").await[0];
    assert!(row["ticket"].is_null(), "{row}");
    assert_eq!(row["kind"], "bundle");
}

#[tokio::test]
async fn an_urgent_letter_that_cannot_be_delivered_reaches_the_fallback() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    sink.fail(At::Recipient, Fault::Say("550 5.1.1 no such mailbox"));
    let letter = letter();
    let posted = desk.desk.post_letter(&letter, Level::ENGINEERING, to(LEAD));
    posted.await.unwrap();

    let done = desk.deliver().await;
    assert_eq!((done.dead, done.sent), (1, 1));
    let mail = &sink.received()[0];
    assert_eq!(mail.to, super::FALLBACK);
    let text = mail.raw.replace("=\r\n", "");
    let why = format!("{LEAD} could not be told by email");
    assert!(text.contains(&why), "{text}");
}
