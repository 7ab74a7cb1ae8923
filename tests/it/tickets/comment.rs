//! Comments: an agent's and a reporter's words.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{TestDesk, bug};

fn words(author: &str, visibility: &str, text: &str) -> Value {
    json!({"author": author, "visibility": visibility, "text": text})
}

#[tokio::test]
async fn an_agents_first_public_comment_stops_the_first_response_clock() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let filed = shop.file(&bug("Odd")).await;
    let key = filed["key"].as_str().unwrap();
    let path = format!("/v1/tickets/{key}/comments");

    desk.clock.advance(TimeDelta::minutes(30));
    asha.post(&path, &words("agent", "internal", "Looking"))
        .await
        .is(201);
    let looked = asha.see(key).await;
    assert_eq!(looked["status"], "open");
    assert_eq!(looked["sla"]["first_response"]["state"], "running");

    desk.clock.advance(TimeDelta::minutes(30));
    let said = asha
        .post(&path, &words("agent", "public", "We are on it"))
        .await
        .is(201);
    assert_eq!(
        said.header("location"),
        format!("/v1/tickets/{}/comments", filed["id"].as_str().unwrap())
    );
    let clock = &said.json["ticket"]["sla"]["first_response"];
    assert_eq!(clock["state"], "met");
    assert_eq!(clock["due_at"], Value::Null);

    let agents = asha.get(&path).await.is(200).json;
    assert_eq!(agents["items"].as_array().unwrap().len(), 2);
    assert_eq!(agents["items"][1]["first_response"], true);
    let tools = shop.get(&path).await.is(200).json;
    assert_eq!(tools["items"].as_array().unwrap().len(), 1);
    assert_eq!(tools["items"][0]["text"], "We are on it");
    let tools = shop
        .get(format!("/v1/tickets/{key}/timeline"))
        .await
        .is(200);
    assert!(!tools.text.contains("Looking"), "{}", tools.text);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn the_reporters_words_take_up_a_pending_or_resolved_ticket() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let key = shop.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/tickets/{key}/comments");
    let reply = words("reporter", "public", "It still happens");

    let pending = asha.with("if-match", "*");
    pending
        .patch(format!("/v1/tickets/{key}"), &json!({"status": "pending"}))
        .await
        .is(200);
    let said = shop.post(&path, &reply).await.is(201);
    assert_eq!(said.json["ticket"]["status"], "open");

    asha.act(&key, "resolve", &json!({})).await;
    let said = shop.post(&path, &reply).await.is(201);
    assert_eq!(said.json["ticket"]["status"], "open");
    assert_eq!(said.json["ticket"]["sla"]["resolution"]["state"], "running");

    asha.act(&key, "close", &json!({})).await;
    let refused = shop.post(&path, &reply).await.refused(409, "conflict");
    assert_eq!(refused.json["legal"], json!(["reopen"]));
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_tool_cannot_speak_as_an_agent() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = shop.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/tickets/{key}/comments");

    shop.post(&path, &words("agent", "public", "Hello"))
        .await
        .refused(403, "forbidden");
    let refused = shop.post(&path, &words("agent", "secret", " ")).await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["/visibility"]);
    let refused = shop.post(&path, &words("reporter", "public", " ")).await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["/text"]);
}
