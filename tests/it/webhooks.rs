//! Webhooks of tools: signed, of their own tickets, never inside, and disabled
//! when nobody answers for days.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Client, HttpSink, Posted, Setup, SmtpSink, TestDesk, bug, bug_with};

const LEAD: &str = "lead@example.com";

async fn inside(more: &[(&'static str, String)]) -> TestDesk {
    let mut env = vec![
        ("DESK_WEBHOOK_PRIVATE_TARGETS", "on".to_owned()),
        ("DESK_MAIL_REPORTERS", "off".to_owned()),
        ("DESK_CONTACTS__SUPPORT_LEAD", LEAD.to_owned()),
    ];
    env.extend(more.iter().cloned());
    TestDesk::with(Setup {
        env,
        ..Setup::default()
    })
    .await
}

async fn hooked(client: &Client, url: String, more: Value) -> Value {
    let mut body = json!({"url": url});
    for (name, value) in more.as_object().unwrap() {
        body[name.as_str()] = value.clone();
    }
    client.post("/v1/webhooks", &body).await.is(201).json
}

fn types(posted: &[Posted]) -> Vec<String> {
    let kind = |one: &Posted| one.json()["type"].as_str().unwrap().to_owned();
    posted.iter().map(kind).collect()
}

/// Holds the signature as a receiver would.
fn hold_signature(posted: &Posted, secret: &str) {
    let id = posted.header("webhook-id");
    let timestamp = posted.header("webhook-timestamp");
    let signed = notify::sign(secret, id, timestamp.parse().unwrap(), &posted.body);
    assert_eq!(posted.header("webhook-signature"), signed);
    assert_eq!(posted.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_tool_hears_of_its_own_tickets_signed_and_once() {
    let (sink, desk) = (HttpSink::open().await, inside(&[]).await);
    let shop = desk.tool("shop").await;
    let made = hooked(&shop, sink.url("/desk"), json!({})).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    desk.tool("app").await.file(&bug("Of another tool")).await;
    let fields = json!({"actual": "It looks odd since 4111 1111 1111 1111",
        "reporter": {"email": "asha@example.org"}});
    let filed = shop
        .file(&bug_with("Odd colours 4111 1111 1111 1111", fields))
        .await;
    let key = filed["key"].as_str().unwrap();
    let agent = desk.agent("maya").await;
    let path = format!("/v1/tickets/{key}/comments");
    for (visibility, text) in [("internal", "Between us"), ("public", "Soon")] {
        let said = json!({"visibility": visibility, "author": "agent", "text": text});
        agent.post(&path, &said).await.is(201);
    }
    agent.act(key, "resolve", &json!({})).await;
    desk.deliver().await;
    desk.deliver().await;

    let posted = sink.posted();
    let mut told = types(&posted);
    told.sort();
    let expected = [
        "ticket.changed",
        "ticket.commented",
        "ticket.filed",
        "ticket.resolved",
    ];
    assert_eq!(told, expected);
    for one in &posted {
        hold_signature(one, secret);
        assert_eq!(one.path, "/desk");
        assert_eq!(one.json()["data"]["ticket"]["key"], key);
        for hidden in ["Between us", "asha@example.org", "4111 1111"] {
            assert!(!one.body.contains(hidden), "{}", one.body);
        }
    }
    let mut ids: Vec<_> = posted.iter().map(|one| one.header("webhook-id")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn only_wanted_types_are_told_and_leads_may_hear_of_all_tickets() {
    let (sink, desk) = (HttpSink::open().await, inside(&[]).await);
    let (shop, lead) = (desk.tool("shop").await, desk.lead("lila").await);
    let all = json!({"all_tickets": true, "events": ["ticket.escalated"]});
    shop.post(
        "/v1/webhooks",
        &json!({"url": sink.url("/"), "all_tickets": true}),
    )
    .await
    .refused(403, "forbidden");
    hooked(&lead, sink.url("/lead"), all).await;
    shop.file(&bug("Nothing to see")).await;
    let urgent = json!({"severity": "critical", "affected_users": 40});
    shop.file(&bug_with("Nothing works", urgent)).await;
    desk.deliver().await;

    let posted = sink.posted();
    assert_eq!(types(&posted), ["ticket.escalated"]);
    assert_eq!(posted[0].json()["data"]["escalation"]["to"], 3);
}

#[tokio::test]
async fn a_failed_call_is_made_again_with_the_same_id() {
    let (sink, desk) = (HttpSink::open().await, inside(&[]).await);
    let shop = desk.tool("shop").await;
    let made = hooked(&shop, sink.url("/"), json!({"events": ["ticket.filed"]})).await;
    sink.answer("503 Busy");
    sink.answer("302 Found");
    shop.file(&bug("Odd colours")).await;
    assert_eq!(desk.deliver().await.again, 1);
    let path = format!("/v1/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    assert!(!shop.get(&path).await.is(200).json["failing_since"].is_null());
    desk.clock.advance(TimeDelta::hours(1));
    assert_eq!(desk.deliver().await.again, 1, "a redirect is not followed");
    desk.clock.advance(TimeDelta::hours(1));
    assert_eq!(desk.deliver().await.sent, 1);

    let posted = sink.posted();
    let id = posted[0].header("webhook-id").to_owned();
    assert!(posted.iter().all(|one| one.header("webhook-id") == id));
    assert_ne!(
        posted[0].header("webhook-timestamp"),
        posted[2].header("webhook-timestamp")
    );
    posted
        .iter()
        .for_each(|one| hold_signature(one, made["secret"].as_str().unwrap()));
    assert!(shop.get(&path).await.is(200).json["failing_since"].is_null());
}

#[tokio::test]
async fn after_three_days_of_failure_it_is_disabled_and_the_lead_is_told() {
    let (sink, mails) = (HttpSink::open().await, SmtpSink::open().await);
    let desk = inside(&[("DESK_SMTP_URL", mails.url())]).await;
    let shop = desk.tool("shop").await;
    let made = hooked(&shop, sink.url("/"), json!({"events": ["ticket.filed"]})).await;
    let path = format!("/v1/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    sink.always("500 Broken");
    for day in 0..=3 {
        assert!(mails.received().is_empty(), "day {day}");
        shop.file(&bug("Odd colours")).await;
        desk.deliver().await;
        desk.clock.advance(TimeDelta::days(1));
    }
    let hook = shop.get(&path).await.is(200).json;
    assert!(!hook["disabled_at"].is_null(), "{hook}");
    desk.deliver().await;
    let told = mails.received();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].to, LEAD);
    let before = sink.posted().len();
    shop.file(&bug("Odd colours")).await;
    desk.deliver().await;
    assert_eq!(sink.posted().len(), before, "nothing is sent any more");
    let test = format!("{path}/test");
    shop.post(&test, &json!({})).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_test_is_sent_like_any_event_and_a_deleted_hook_hears_nothing() {
    let (sink, desk) = (HttpSink::open().await, inside(&[]).await);
    let shop = desk.tool("shop").await;
    let made = hooked(&shop, sink.url("/"), json!({})).await;
    let path = format!("/v1/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    let test = shop
        .post(format!("{path}/test"), &json!({}))
        .await
        .is(202)
        .json;
    desk.deliver().await;
    let posted = sink.posted();
    assert_eq!(types(&posted), ["webhook.test"]);
    assert_eq!(posted[0].header("webhook-id"), test["notification"]);

    for other in [desk.tool("app").await, desk.agent("asha").await] {
        other.get(&path).await.refused(404, "not_found");
        other.delete(&path).await.refused(404, "not_found");
    }
    let listed = shop.get("/v1/webhooks").await.is(200);
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
    assert!(!listed.text.contains("whsec_"), "{listed:?}");
    shop.file(&bug("Odd colours")).await;
    shop.delete(&path).await.is(204);
    assert_eq!(desk.deliver().await.superseded, 1);
    assert_eq!(sink.posted().len(), 1);
}

#[tokio::test]
async fn a_repeat_under_one_key_makes_no_second_webhook() {
    let desk = inside(&[]).await;
    let shop = desk.tool("shop").await;
    let keyed = shop.with("idempotency-key", "hook-1");
    let body = json!({"url": "http://127.0.0.1:9/"});
    let first = keyed.post("/v1/webhooks", &body).await.is(201);
    let again = keyed.post("/v1/webhooks", &body).await.is(201);
    assert_eq!(again.json, first.json, "its secret too");
    assert_eq!(again.header("idempotent-replayed"), "true");
    let id = first.json["webhook"]["id"].as_str().unwrap();
    assert_eq!(first.header("location"), format!("/v1/webhooks/{id}"));

    let other = json!({"url": "http://127.0.0.1:9/other"});
    let other = keyed.post("/v1/webhooks", &other).await;
    other.refused(422, "key_reused");
    let listed = shop.get("/v1/webhooks").await.is(200);
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_webhook_leads_inside() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    for url in [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost:8080/",
        "https://user:password@example.com/",
        "ftp://example.com/",
        "",
    ] {
        let refused = shop.post("/v1/webhooks", &json!({"url": url})).await;
        assert_eq!(refused.refused(422, "invalid").faults(), ["/url"], "{url}");
    }
    let wrong = json!({"url": "https://example.com/", "events": ["ticket.filed", "ticket.lost"]});
    let refused = shop
        .post("/v1/webhooks", &wrong)
        .await
        .refused(422, "invalid");
    assert_eq!(refused.faults(), ["/events/1"]);
}

#[tokio::test]
async fn a_tool_whose_key_was_revoked_hears_nothing_more() {
    let (sink, desk) = (HttpSink::open().await, inside(&[]).await);
    let shop = desk.tool("shop").await;
    hooked(&shop, sink.url("/"), json!({})).await;
    shop.file(&bug("Odd colours")).await;
    let keys = desk.admin().get("/v1/access-keys").await.is(200).json;
    let key = keys["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["name"] == "shop");
    let path = format!("/v1/access-keys/{}", key.unwrap()["id"].as_str().unwrap());
    desk.admin().delete(path).await.is(204);
    desk.desk.refresh_webhooks().await.unwrap();
    assert_eq!(desk.deliver().await.superseded, 1);
    assert!(sink.posted().is_empty());
}
