//! Mails that want to do harm: a clear 422, never a 500.

use proptest::{
    prelude::{Strategy, any, prop},
    strategy::ValueTree,
    test_runner::TestRunner,
};

use super::{ASHA, filed, mail, post};
use crate::harness::TestDesk;

#[tokio::test]
async fn what_is_no_mail_is_refused_with_a_reason() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let deep: String = (0..50)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    let cases: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\r\n\r\n".to_vec(),
        b"hello".to_vec(),
        b"Subject: no sender\r\n\r\nhi".to_vec(),
        format!("From: {ASHA}\r\nX: {}\r\n\r\nhi", "y".repeat(400_000)).into_bytes(),
        format!("From: {ASHA}\n{deep}").into_bytes(),
        vec![0; 4096],
        vec![0xff; 4096],
    ];
    for raw in cases {
        let begin: Vec<u8> = raw.iter().take(60).copied().collect();
        let answer = post(&gateway, raw).await;
        assert_eq!(answer.status, 422, "{begin:?}: {answer:?}");
    }
    let json = gateway
        .send_text(
            reqwest::Method::POST,
            "/v1/inbound",
            "application/json",
            "{}",
        )
        .await;
    json.is(415);
    let large = vec![b'x'; (16 << 20) + 1];
    post(&gateway, large).await.is(413);
    assert_eq!(desk.all_tickets().await.len(), 0);

    // A million messages in messages end neither the mail nor the desk.
    let nested = format!(
        "From: {ASHA}\n{}",
        "Content-Type: message/rfc822\n\n".repeat(400_000)
    );
    assert_eq!(post(&gateway, nested).await.status, 200);
    desk.admin().get("/healthz").await.is(200);
}

#[tokio::test]
async fn no_mutation_of_a_mail_makes_the_desk_fail() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let ticket = filed(&desk).await;
    let (key, id) = (
        ticket["key"].as_str().unwrap(),
        ticket["id"].as_str().unwrap(),
    );
    let seeds = [
        mail(
            &format!("From: {ASHA}\nSubject: Re: {key}\nReferences: <ticket.{id}@x> <m@y>"),
            "Yes\n> no",
        ),
        mail(
            "From: =?utf-8?q?S=C3=ADta?= <s@example.com>\nSubject: =?utf-8?b?4pyT?=\nMessage-ID: <1@x>\n\
             Content-Type: multipart/mixed; boundary=b",
            "--b\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
             <p>a=E9</p>\n--b\nContent-Type: text/plain; name=\"a.txt\"\nContent-Transfer-Encoding: base64\n\n\
             aGVsbG8=\n--b--",
        ),
        mail(
            &format!("From: {ASHA}\nSubject: Bug"),
            "Title: Slow\nSeverity: High\nActual: a minute",
        ),
    ];
    let edit = (0.0..1.0f64, any::<u8>(), 0usize..40);
    let plan = (0usize..seeds.len(), prop::collection::vec(edit, 0..10));
    let mut runner = TestRunner::deterministic();
    for _ in 0..250 {
        let (seed, edits) = plan.new_tree(&mut runner).unwrap().current();
        let raw = mutated(&seeds[seed], &edits);
        let answer = post(&gateway, raw.clone()).await;
        let known = matches!(answer.status, 200 | 422);
        assert!(known, "{answer:?}\n{}", String::from_utf8_lossy(&raw));
    }
    desk.hold_ledger().await;
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place in a short text"
)]
fn mutated(text: &str, edits: &[(f64, u8, usize)]) -> Vec<u8> {
    let mut raw = text.as_bytes().to_vec();
    for &(place, byte, kind) in edits {
        let at = (place * raw.len() as f64) as usize;
        match kind {
            0..10 => raw.insert(at, byte),
            10..20 if at < raw.len() => {
                raw.remove(at);
            }
            20..30 if at < raw.len() => raw[at] = byte,
            30..33 => raw.truncate(at),
            _ => {
                let again = raw[at / 2..at].to_vec();
                raw.splice(at..at, again);
            }
        }
    }
    raw
}
