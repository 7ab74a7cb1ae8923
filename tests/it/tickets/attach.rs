//! Attaching files, and reading them.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, TestDesk, bug};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

/// A body with one part per name, file name and content.
fn form(boundary: &str, parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: image/svg+xml\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

async fn send(client: &Client, key: &str, boundary: &str, body: Vec<u8>) -> Answer {
    let path = format!("/v1/tickets/{key}/attachments");
    let media_type = format!("multipart/form-data; boundary={boundary}");
    client
        .send_text(Method::POST, &path, &media_type, body)
        .await
}

async fn attach(client: &Client, key: &str, file: &str, content: &[u8]) -> Answer {
    send(client, key, "b0", form("b0", &[("file", file, content)])).await
}

async fn filed(client: &Client) -> String {
    let filed = client.file(&bug("Odd colours")).await;
    filed["key"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_kept_whole_and_comes_back_as_a_download_that_nothing_runs() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;
    // More than two chunks, none of them like another.
    let log: String = (0..60_000).map(|n| format!("line {n}\n")).collect();

    let attached = attach(&shop, &key, "../logs/बिल 1.log", log.as_bytes()).await;
    let attached = attached.is(201);

    assert_eq!(attached.json["name"], "बिल 1.log");
    assert_eq!(attached.json["media_type"], "text/plain");
    assert_eq!(attached.json["size"], log.len());
    assert_eq!(attached.header("etag"), "\"2\"");
    let found = shop.get(attached.header("location")).await.is(200);
    assert_eq!(found.text, log);
    assert_eq!(found.header("content-type"), "text/plain");
    assert_eq!(found.header("content-length"), log.len().to_string());
    assert_eq!(
        found.header("content-disposition"),
        "attachment; filename=\"___ 1.log\"; \
         filename*=UTF-8''%E0%A4%AC%E0%A4%BF%E0%A4%B2%201.log"
    );
    assert_eq!(found.header("x-content-type-options"), "nosniff");
    assert_eq!(
        found.header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    assert!(found.header("cache-control").starts_with("private"));
    let tag = format!("\"{}\"", attached.json["sha256"].as_str().unwrap());
    assert_eq!(found.header("etag"), tag);
    let again = shop.with("if-none-match", &tag);
    again.get(attached.header("location")).await.is(304);

    let listed = shop
        .get(format!("/v1/tickets/{key}/attachments"))
        .await
        .is(200);
    assert_eq!(listed.json["items"], json!([attached.json]));
    let timeline = shop
        .get(format!("/v1/tickets/{key}/timeline"))
        .await
        .is(200);
    assert_eq!(timeline.json["items"][1]["kind"], "attached");
    assert_eq!(timeline.json["items"][1]["by"], "shop");
}

#[tokio::test]
async fn what_a_file_is_its_content_says_and_programs_are_refused() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;

    let picture = attach(&shop, &key, "notes.txt", PNG).await.is(201);
    assert_eq!(picture.json["media_type"], "image/png");
    let page = attach(&shop, &key, "x.png", b"<script>alert(1)</script>").await;
    assert_eq!(page.is(201).json["media_type"], "text/plain");

    let program = attach(&shop, &key, "x.png", b"\x7fELF\x02\x01\x01\0\0\0\0\0").await;
    let program = program.refused(422, "invalid");
    assert!(program.text.contains("image/png"), "{program:?}");
    attach(&shop, &key, "x.png", b"")
        .await
        .refused(422, "invalid");
}

#[tokio::test]
async fn a_card_number_in_a_name_is_masked_everywhere() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;

    let attached = attach(&shop, &key, "card 4111111111111111.png", PNG)
        .await
        .is(201);

    assert!(!attached.text.contains("411111111111"), "{attached:?}");
    let timeline = shop
        .get(format!("/v1/tickets/{key}/timeline"))
        .await
        .is(200);
    assert!(!timeline.text.contains("411111111111"), "{timeline:?}");
    assert_eq!(shop.see(&key).await["masked"], json!(["card_number"]));
}

#[tokio::test]
async fn a_repeat_under_the_same_key_attaches_nothing_more() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;
    let keyed = shop.with("idempotency-key", "up-1");

    let first = attach(&keyed, &key, "a.png", PNG).await.is(201);
    let other_boundary = form("b1", &[("file", "a.png", PNG)]);
    let again = send(&keyed, &key, "b1", other_boundary).await.is(201);
    let reused = attach(&keyed, &key, "b.png", PNG).await;

    assert_eq!(again.json, first.json);
    assert_eq!(again.header("idempotent-replayed"), "true");
    reused.refused(422, "key_reused");
    assert_eq!(shop.see(&key).await["version"], 2);
}

#[tokio::test]
async fn a_ticket_takes_twenty_files_and_fifty_mebibytes() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let many = filed(&shop).await;
    for n in 0..20 {
        attach(&shop, &many, &format!("{n}.png"), PNG).await.is(201);
    }
    let refused = attach(&shop, &many, "21.png", PNG).await;
    let refused = refused.refused(422, "invalid");
    assert_eq!(refused.faults(), ["/file"]);
    let message = "the ticket has 20 attachments already, as many as it takes";
    assert_eq!(refused.json["errors"][0]["message"], message);

    let large = filed(&shop).await;
    let full = vec![b'x'; 10 << 20];
    for n in 0..5 {
        attach(&shop, &large, &format!("{n}.log"), &full)
            .await
            .is(201);
    }
    let refused = attach(&shop, &large, "one-more.log", b"x").await;
    let refused = refused.refused(422, "invalid");
    let message = refused.json["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("52428800"), "{message}");

    let larger = vec![b'x'; (10 << 20) + 1];
    let refused = attach(&shop, &filed(&shop).await, "large.log", &larger).await;
    refused.refused(413, "too_large");
}

#[tokio::test]
async fn bodies_of_another_form_are_refused() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;
    let path = format!("/v1/tickets/{key}/attachments");

    shop.post(&path, &json!({"file": "x"})).await.is(415);
    let none = send(&shop, &key, "b0", form("b0", &[])).await;
    assert!([400, 422].contains(&none.status), "{none:?}");
    let two: Vec<_> = [("file", "a.png", PNG), ("file", "b.png", PNG)].into();
    send(&shop, &key, "b0", form("b0", &two)).await.is(422);
    let other = send(&shop, &key, "b0", form("b0", &[("note", "a.png", PNG)])).await;
    assert_eq!(other.is(422).faults(), ["/note"]);
    let mut cut = form("b0", &[("file", "a.png", PNG)]);
    cut.truncate(cut.len() - 12);
    send(&shop, &key, "b0", cut).await.refused(400, "malformed");
    let gzip = shop.with("content-encoding", "gzip");
    attach(&gzip, &key, "a.png", PNG).await.is(415);
    assert_eq!(shop.see(&key).await["version"], 1);
}

#[tokio::test]
async fn attachments_of_another_tool_are_unknown_and_closed_tickets_take_none() {
    let desk = TestDesk::open().await;
    let (shop, app) = (desk.tool("shop").await, desk.tool("app").await);
    let key = filed(&shop).await;
    let place = attach(&shop, &key, "a.png", PNG).await.is(201);
    let place = place.header("location").to_owned();

    app.get(&place).await.refused(404, "not_found");
    app.get(format!("/v1/tickets/{key}/attachments"))
        .await
        .is(404);
    attach(&app, &key, "b.png", PNG)
        .await
        .refused(404, "not_found");
    let other = filed(&app).await;
    let id = place.rsplit('/').next().unwrap();
    let elsewhere = format!("/v1/tickets/{other}/attachments/{id}");
    app.get(&elsewhere).await.refused(404, "not_found");
    shop.get(format!("/v1/tickets/{key}/attachments/7"))
        .await
        .is(404);

    let asha = desk.agent("asha").await;
    asha.act(&key, "close", &json!({})).await;
    attach(&shop, &key, "b.png", PNG)
        .await
        .refused(409, "conflict");
}

#[tokio::test]
async fn content_that_was_never_attached_is_swept_after_an_hour_and_no_other() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;
    let kept = attach(&shop, &key, "a.png", PNG).await.is(201);
    let kept_id: uuid::Uuid = kept.json["id"].as_str().unwrap().parse().unwrap();
    let lost = ticketing::EventId::new(desk.clock.now(), [7; 10]).0;
    let large: &[u8] = &[b'x'; 600 << 10];
    desk.store().insert_content(lost, large).await.unwrap();

    desk.desk.tidy().await.unwrap();
    assert!(desk.store().find_chunk(lost, 2).await.unwrap().is_some());
    desk.clock.advance(TimeDelta::minutes(61));
    desk.desk.tidy().await.unwrap();

    for n in 0..3 {
        assert_eq!(desk.store().find_chunk(lost, n).await.unwrap(), None);
    }
    assert!(desk.store().find_chunk(kept_id, 0).await.unwrap().is_some());
    let Value::String(place) = json!(kept.header("location")) else {
        unreachable!()
    };
    shop.get(&place).await.is(200);
}
