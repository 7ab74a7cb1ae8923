//! Replies: whose words they are, and which ticket they go to.

use chrono::TimeDelta;
use serde_json::json;

use super::{ASHA, comments, filed, mail, take, told};
use crate::harness::{TestDesk, bug};

#[tokio::test]
async fn a_reply_in_the_thread_is_the_reporters_comment_and_ends_the_pause() {
    let desk = TestDesk::open().await;
    let (agent, gateway) = (desk.agent("Maya").await, desk.tool("mail").await);
    let ticket = filed(&desk).await;
    let key = ticket["key"].as_str().unwrap();
    let seen = agent.get(&format!("/v1/tickets/{key}")).await.is(200);
    let etag = seen.header("etag").to_owned();
    let path = format!("/v1/tickets/{key}");
    let pending = agent.with("if-match", &etag);
    pending
        .patch(&path, &json!({"status": "pending"}))
        .await
        .is(200);

    let id = told(&desk, key).await["id"].as_str().unwrap().to_owned();
    let headers = format!(
        "From: Asha Rai <{}>\nTo: desk@localhost\nSubject: Re: hello\n\
         Message-ID: <r1@example.org>\nIn-Reply-To: <{id}@localhost>",
        ASHA.to_uppercase()
    );
    let text = "It works again, password: hunter2\n\nOn Mon, 23 Nov 2026, Desk <d@localhost> wrote:\n> How is it?\n";
    let taken = take(&gateway, &mail(&headers, text)).await;
    assert_eq!(
        taken,
        json!({"outcome": "comment", "ticket": key, "reason": null})
    );

    let said = comments(&desk, key).await;
    assert_eq!(said.len(), 1, "{said:#?}");
    assert_eq!(said[0]["author"], "reporter");
    assert_eq!(said[0]["visibility"], "public");
    let words = said[0]["text"].as_str().unwrap();
    assert!(words.starts_with("It works again"), "{words}");
    assert!(
        !words.contains("hunter2") && !words.contains("How is it"),
        "{words}"
    );
    assert_eq!(agent.see(key).await["status"], "open");

    // The same mail once more, at any time.
    let again = take(&gateway, &mail(&headers, text)).await;
    assert_eq!(again, taken);
    assert_eq!(comments(&desk, key).await.len(), 1);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn the_subjects_key_counts_from_the_reporter_alone() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let ticket = filed(&desk).await;
    let key = ticket["key"].as_str().unwrap();
    let from = |who: &str| {
        mail(
            &format!("From: {who}\nSubject: Re: [{key}] Nothing works"),
            "Still",
        )
    };

    let taken = take(&gateway, &from(ASHA)).await;
    assert_eq!(taken["outcome"], "comment");
    let taken = take(&gateway, &from("eve@example.net")).await;
    assert_eq!(taken["outcome"], "ticket");
    assert_ne!(taken["ticket"], json!(key));
    assert_eq!(comments(&desk, key).await.len(), 1);
}

#[tokio::test]
async fn whoever_else_is_in_the_thread_speaks_to_the_team() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let ticket = filed(&desk).await;
    let (key, id) = (
        ticket["key"].as_str().unwrap(),
        ticket["id"].as_str().unwrap(),
    );
    let headers = format!(
        "From: Eve <eve@example.net>\nSubject: Re: x\nReferences: <ticket.{id}@old.example>"
    );
    let taken = take(&gateway, &mail(&headers, "Please close it")).await;
    assert_eq!(taken["outcome"], "comment");
    assert!(
        taken["reason"]
            .as_str()
            .unwrap()
            .contains("not the ticket's reporter")
    );

    let said = comments(&desk, key).await;
    assert_eq!(said[0]["visibility"], "internal");
    assert_eq!(said[0]["author"], "agent");
    let words = said[0]["text"].as_str().unwrap();
    assert!(
        words.starts_with("By mail from Eve <eve@example.net>, who is not the reporter:"),
        "{words}"
    );
    // Nothing moved, and no clock was stopped.
    let seen = desk.admin().see(key).await;
    assert_eq!(seen["status"], "new");
    assert_eq!(seen["sla"]["first_response"]["state"], "running");
}

#[tokio::test]
async fn a_reply_reopens_what_was_closed_lately_and_later_files_anew() {
    let desk = TestDesk::open().await;
    let (agent, gateway) = (desk.agent("Maya").await, desk.tool("mail").await);
    let ticket = filed(&desk).await;
    let key = ticket["key"].as_str().unwrap();
    agent.act(key, "resolve", &json!({})).await;
    agent.act(key, "close", &json!({})).await;

    let reply = |text: &str| mail(&format!("From: {ASHA}\nSubject: Re: {key}"), text);
    desk.pass(TimeDelta::days(2)).await;
    let taken = take(&gateway, &reply("It broke again")).await;
    assert_eq!(taken["outcome"], "comment");
    assert_eq!(agent.see(key).await["status"], "open");

    agent.act(key, "resolve", &json!({})).await;
    agent.act(key, "close", &json!({})).await;
    desk.pass(TimeDelta::days(8)).await;
    let taken = take(&gateway, &reply("And again")).await;
    assert_eq!(taken["outcome"], "ticket");
    let new = taken["ticket"].as_str().unwrap();
    assert_ne!(new, key);
    assert!(taken["reason"].as_str().unwrap().contains(key));
    let seen = agent.see(new).await;
    assert_eq!(seen["links"][0]["ticket"], key, "{seen:#}");
    assert_eq!(agent.see(key).await["status"], "closed");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_reply_to_a_merged_ticket_goes_to_its_target_but_not_to_its_reporter() {
    let desk = TestDesk::open().await;
    let (agent, gateway) = (desk.agent("Maya").await, desk.tool("mail").await);
    let source = filed(&desk).await;
    let target = desk.tool("till").await.file(&bug("The same")).await;
    let (from, into) = (
        source["key"].as_str().unwrap(),
        target["key"].as_str().unwrap(),
    );
    agent.act(from, "merge", &json!({"into": into})).await;
    agent.act(into, "resolve", &json!({})).await;

    let taken = take(
        &gateway,
        &mail(&format!("From: {ASHA}\nSubject: {from}"), "Not fixed"),
    )
    .await;
    assert_eq!(taken["outcome"], "comment");
    assert_eq!(taken["ticket"], into);
    let said = comments(&desk, into).await;
    assert_eq!(said[0]["author"], "reporter");
    assert_eq!(said[0]["visibility"], "internal");
    assert_eq!(agent.see(into).await["status"], "open");
}

#[tokio::test]
async fn a_second_mail_of_the_same_writer_finds_the_first_ones_ticket() {
    let desk = TestDesk::open().await;
    let gateway = desk.tool("mail").await;
    let first = mail(
        &format!("From: {ASHA}\nSubject: Help\nMessage-ID: <m1@example.org>"),
        "It broke",
    );
    let key = take(&gateway, &first).await["ticket"]
        .as_str()
        .unwrap()
        .to_owned();
    let second = mail(
        &format!(
            "From: {ASHA}\nSubject: Help\nMessage-ID: <m2@example.org>\nIn-Reply-To: <m1@example.org>"
        ),
        "I forgot: since noon",
    );
    let taken = take(&gateway, &second).await;
    assert_eq!(taken["outcome"], "comment");
    assert_eq!(taken["ticket"], json!(key));
}
