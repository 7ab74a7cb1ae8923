//! New mails: tickets, and what no person wrote.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ASHA, comments, filed, mail, take, told};
use crate::harness::{Setup, TestDesk};

#[tokio::test]
async fn a_new_mail_is_a_ticket_of_its_writer() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let raw = mail(
        "From: =?utf-8?q?S=C3=ADta?= <sita@example.com>\nSubject: Fwd: Cannot pay with eSewa\n\
         Message-ID: <n1@example.com>\nContent-Type: text/html; charset=utf-8",
        "<p>The gateway returned <b>502</b>.</p><p>Card 4111 1111 1111 1111</p>",
    );
    let taken = take(&gateway, &raw).await;
    assert_eq!(taken["outcome"], "ticket");
    let ticket = desk.admin().see(taken["ticket"].as_str().unwrap()).await;
    assert_eq!(ticket["title"], "Cannot pay with eSewa");
    assert_eq!(ticket["kind"], "bug");
    assert_eq!(ticket["severity"], "medium");
    assert_eq!(ticket["source"], "mail");
    assert_eq!(ticket["reporter"]["email"], "sita@example.com");
    assert_eq!(ticket["reporter"]["name"], "Síta");
    assert_eq!(ticket["masked"], json!(["card_number"]));
    let actual = ticket["actual"].as_str().unwrap();
    assert!(
        actual.contains("The gateway returned 502.") && !actual.contains("4111 1111"),
        "{actual}"
    );
    assert_eq!(ticket["level"], 3, "{ticket:#}");
    assert_eq!(take(&gateway, &raw).await, taken);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn the_pasted_template_is_read() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let text = "Namaste,\n\nplease see below.\n\n**Title**: Checkout is slow\n**Severity**: High\n\
                **Affected Users**: 12\n**Actual**: It takes a minute\n";
    let taken = take(
        &gateway,
        &mail(&format!("From: {ASHA}\nSubject: Bug"), text),
    )
    .await;
    let ticket = desk.admin().see(taken["ticket"].as_str().unwrap()).await;
    assert_eq!(ticket["title"], "Checkout is slow", "{ticket:#}");
    assert_eq!(ticket["severity"], "high");
    assert_eq!(ticket["affected_users"], 12);
    assert_eq!(ticket["reporter"]["email"], ASHA);

    // A form with a fault is a text like any other.
    let text = "Title: Checkout\nSeverity: Dreadful\nActual: It takes a minute";
    let taken = take(
        &gateway,
        &mail(&format!("From: {ASHA}\nSubject: Odd"), text),
    )
    .await;
    let ticket = desk.admin().see(taken["ticket"].as_str().unwrap()).await;
    assert_eq!(ticket["title"], "Odd");
    assert_eq!(ticket["severity"], "medium");
}

#[tokio::test]
async fn what_no_person_wrote_is_let_be_and_said_so() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let key = filed(&desk).await["key"].as_str().unwrap().to_owned();
    let id = told(&desk, &key).await["id"].as_str().unwrap().to_owned();
    let ours = format!("Message-ID: <{id}@localhost>");
    for (header, why) in [
        ("Auto-Submitted: auto-replied", "Auto-Submitted"),
        ("Precedence: bulk", "Precedence"),
        ("X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress"),
        ("List-Id: <news.example.com>", "List-Id"),
        ("Return-Path: <>", "envelope sender"),
        (ours.as_str(), "of this desk"),
    ] {
        let raw = mail(
            &format!("{header}\nFrom: {ASHA}\nSubject: Re: {key}"),
            "I am away",
        );
        let taken = take(&gateway, &raw).await;
        assert_eq!(taken["outcome"], "ignored", "{header}");
        assert_eq!(taken["ticket"], Value::Null);
        assert!(taken["reason"].as_str().unwrap().contains(why), "{taken}");
    }
    assert_eq!(comments(&desk, &key).await.len(), 0);
    assert_eq!(desk.all_tickets().await.len(), 1);
}

#[tokio::test]
async fn files_are_attached_and_those_that_do_not_fit_are_named() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let part = |name: &str, content: &str| {
        format!(
            "--b\nContent-Type: application/octet-stream\n\
             Content-Disposition: attachment; filename=\"{name}\"\n\
             Content-Transfer-Encoding: base64\n\n{content}\n"
        )
    };
    let head = |extra: &str| {
        format!(
            "From: {ASHA}\nSubject: Files\n{extra}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
        )
    };
    // "hello", and the first bytes of an ELF program.
    let body = format!(
        "--b\n\nSee the files.\n{}{}--b--",
        part("../log.txt", "aGVsbG8="),
        part("run.exe", "f0VMRgIBAQAAAAAA")
    );
    let taken = take(&gateway, &mail(&head(""), &body)).await;
    let key = taken["ticket"].as_str().unwrap();
    let path = format!("/v1/tickets/{key}/attachments");
    let kept = desk.admin().get(&path).await.is(200).json;
    assert_eq!(kept["items"].as_array().unwrap().len(), 1, "{kept:#}");
    assert_eq!(kept["items"][0]["name"], "log.txt");
    let id = kept["items"][0]["id"].as_str().unwrap();
    let content = desk.admin().get(format!("{path}/{id}")).await.is(200);
    assert_eq!(content.text, "hello");
    let notes = comments(&desk, key).await;
    assert_eq!(notes[0]["visibility"], "internal");
    assert!(
        notes[0]["text"].as_str().unwrap().contains("run.exe"),
        "{notes:#?}"
    );

    // 19 more fit; of those that come with a reply the rest is named in it.
    let files: String = (0..22)
        .map(|n| part(&format!("f{n}.txt"), "aGVsbG8="))
        .collect();
    let body = format!("--b\n\nAnd more.\n{files}--b--");
    let reply = mail(
        &head(&format!("X-Note: {key}\n")).replace("Files", &format!("Re: {key}")),
        &body,
    );
    let taken = take(&gateway, &reply).await;
    assert_eq!(taken["outcome"], "comment");
    let kept = desk.admin().get(&path).await.is(200).json;
    assert_eq!(kept["items"].as_array().unwrap().len(), 20);
    let said = comments(&desk, key).await;
    let words = said[1]["text"].as_str().unwrap();
    assert!(
        words.starts_with("And more.") && words.contains("[File not kept: f21.txt"),
        "{words}"
    );
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_long_mail_is_kept_whole_beside_its_ticket() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let text = format!("{}\npassword: hunter2\nThe end", "word ".repeat(6000));
    let taken = take(
        &gateway,
        &mail(&format!("From: {ASHA}\nSubject: Long"), &text),
    )
    .await;
    let key = taken["ticket"].as_str().unwrap();
    let path = format!("/v1/tickets/{key}/attachments");
    let kept = desk.admin().get(&path).await.is(200).json;
    assert_eq!(kept["items"][0]["name"], "mail.txt", "{kept:#}");
    let id = kept["items"][0]["id"].as_str().unwrap();
    let whole = desk.admin().get(format!("{path}/{id}")).await.is(200).text;
    assert!(whole.contains("The end") && !whole.contains("hunter2"));
    let actual = desk.admin().see(key).await["actual"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(actual.ends_with("[The mail is longer: see mail.txt]"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_mail_by_two_replicas_at_once_is_one_ticket() {
    let desk = TestDesk::open().await;
    let other = TestDesk::with(Setup {
        database: Some(Arc::clone(&desk.database)),
        clock: Some(desk.clock.clone()),
        ..Setup::default()
    })
    .await;
    let gateway = desk.tool("mail").await;
    let there = gateway.at(&other.url);
    let mut all = tokio::task::JoinSet::new();
    for number in 0..30 {
        for gateway in [gateway.clone(), there.clone()] {
            let headers =
                format!("From: {ASHA}\nSubject: Help\nMessage-ID: <{number}@example.org>");
            all.spawn(async move { (number, take(&gateway, &mail(&headers, "It broke")).await) });
        }
    }
    let mut answers = all.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    for pair in answers.chunks(2) {
        assert_eq!(pair[0], pair[1], "both are answered the same");
    }
    assert_eq!(desk.all_tickets().await.len(), 30);
    desk.hold_ledger().await;
}
