//! What load balancers, operators and lost clients ask.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Setup, TestDesk, document};

#[tokio::test]
async fn readiness_warns_of_levels_that_nobody_can_be_told_at() {
    let desk = TestDesk::open().await;
    let stranger = desk.stranger();

    assert_eq!(stranger.get("/healthz").await.is(200).json["status"], "ok");
    let ready = stranger.get("/readyz").await.is(200).json;
    assert_eq!(ready["status"], "ready");
    let warnings = ready["warnings"].to_string();
    assert!(warnings.contains("level 4"), "{warnings}");

    let desk = TestDesk::with(Setup {
        env: vec![
            ("DESK_CONTACTS__CTO", "cto@example.com".to_owned()),
            ("DESK_CONTACTS__CEO", "ceo@example.com".to_owned()),
        ],
        ..Setup::default()
    })
    .await;
    let ready = desk.stranger().get("/readyz").await.is(200).json;
    assert!(
        !ready["warnings"].to_string().contains("level 4"),
        "{ready:#}"
    );
}

#[tokio::test]
async fn the_document_and_its_pages_are_served_without_a_key() {
    let desk = TestDesk::open().await;
    let stranger = desk.stranger();
    for (path, status, kind) in [
        ("/openapi.json", 200, "application/json"),
        ("/docs", 308, ""),
        ("/docs/", 200, "text/html"),
    ] {
        let answer = stranger.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let media_type = answer.headers().get("content-type").cloned();
        let media_type = media_type.map(|value| value.to_str().unwrap().to_owned());
        assert!(media_type.unwrap_or_default().starts_with(kind), "{path}");
        let text = answer.text().await.unwrap();
        assert!(
            path != "/docs/" || !text.contains("https://"),
            "works offline"
        );
        if path == "/openapi.json" {
            let served: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(&served, document());
        }
    }
}

#[tokio::test]
async fn unknown_paths_methods_and_keys_are_told_apart() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();

    admin.get("/v1/nothing").await.refused(404, "not_found");
    admin.get("/nothing").await.refused(404, "not_found");
    let refused = admin.delete("/v1/tickets").await;
    assert_eq!(refused.header("allow"), "GET, HEAD, POST");
    refused.refused(405, "method_not_allowed");
    let refused = desk.stranger().get("/v1/tickets").await;
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    refused.refused(401, "unauthorized");
    // Who has no key is not told what is wrong with the rest.
    let refused = desk
        .stranger()
        .post("/v1/tickets", &json!({"kind": 1}))
        .await;
    refused.refused(401, "unauthorized");
    let wrong = desk.stranger().with("authorization", "Bearer rd_wrong");
    wrong.get("/v1/tickets").await.refused(401, "unauthorized");
    let basic = desk.stranger().with("authorization", "Basic YTpi");
    basic.get("/v1/tickets").await.refused(401, "unauthorized");
}

#[tokio::test]
async fn a_request_keeps_its_id_and_a_strange_one_gets_another() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();

    let named = admin
        .with("x-request-id", "order-7")
        .get("/v1/tickets/T-9")
        .await;
    assert_eq!(named.header("x-request-id"), "order-7");
    assert_eq!(named.json["request_id"], "order-7");
    let strange = admin.with("x-request-id", &"x".repeat(2000));
    let strange = strange.get("/v1/tickets/T-9").await.is(404);
    assert!(strange.header("x-request-id").len() < 200);
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let desk = TestDesk::with(Setup {
        env: vec![
            ("DESK_RATE_LIMIT_PER_SECOND", "1".to_owned()),
            ("DESK_RATE_LIMIT_BURST", "3".to_owned()),
        ],
        ..Setup::default()
    })
    .await;
    let (shop, app) = (desk.tool("shop").await, desk.tool("app").await);
    let mut answers = Vec::new();
    for _ in 0..20 {
        answers.push(shop.get("/v1/templates/bug").await);
    }
    assert!(
        answers[0].header("ratelimit").contains("r=2"),
        "{:?}",
        answers[0].headers
    );
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    refused.clone().refused(429, "too_many_requests");
    app.get("/v1/templates/bug").await.is(200);
}
