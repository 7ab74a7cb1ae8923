//! `runbook-desk inbound`, as a mail server's pipe runs it.

use std::process::Output;

use super::{ASHA, mail};
use crate::harness::{TestDesk, binary};

async fn pipe(url: &str, key: &str, raw: String) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let (text, file) = (folder.path().join("mail"), folder.path().join("key"));
    std::fs::write(&text, raw).unwrap();
    std::fs::write(&file, format!("{key}\n")).unwrap();
    let url = format!("--url={url}");
    let key = format!("--key-file={}", file.display());
    let run = tokio::process::Command::new(binary("runbook-desk"))
        .args(["inbound", &url, &key])
        .env_clear()
        .stdin(std::fs::File::open(text).unwrap())
        .output();
    run.await.unwrap()
}

#[tokio::test]
async fn the_pipe_tells_the_mail_server_what_to_do_with_the_mail() {
    let desk = TestDesk::open().await;
    let key = desk.tool("mail").await.key().to_owned();
    let good = mail(
        &format!("From: {ASHA}\nSubject: Help\nMessage-ID: <p@example.org>"),
        "It broke",
    );

    let taken = pipe(
        &desk.url,
        &key,
        format!("From {ASHA} Mon Nov 23 2026\r\n{good}"),
    )
    .await;
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let said = String::from_utf8(taken.stdout).unwrap();
    assert!(said.starts_with("ticket T-"), "{said}");
    // The mail server's retry, after the answer was lost.
    let again = pipe(&desk.url, &key, good.clone()).await;
    assert_eq!(String::from_utf8(again.stdout).unwrap(), said);

    let bad = pipe(&desk.url, &key, "no mail".to_owned()).await;
    assert_eq!(bad.status.code(), Some(65), "{bad:?}");
    let away = pipe("http://127.0.0.1:1", &key, good.clone()).await;
    assert_eq!(away.status.code(), Some(75), "{away:?}");
    // A wrong key is the operator's fault: no customer's mail is returned for it.
    let wrong = pipe(&desk.url, "rd_wrong", good).await;
    assert_eq!(wrong.status.code(), Some(75), "{wrong:?}");
    assert_eq!(desk.all_tickets().await.len(), 1);
}
