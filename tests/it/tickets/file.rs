//! Filing a ticket.

use serde_json::{Value, json};

use crate::harness::{TestDesk, bug, bug_with, feature};

#[tokio::test]
async fn the_catalogues_issues_in_plain_words_get_entry_level_steps_and_due_times() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let said = [
        (
            "I can't get into my account",
            "When I log in it says my password is wrong, but I did not change it",
            "i-cant-login",
        ),
        (
            "My basket is empty",
            "I put four things into my cart yesterday and today the cart is empty",
            "my-cart-is-empty",
        ),
        (
            "Where is my order",
            "I enter my number on the track order page and it says order not found",
            "order-not-found",
        ),
        (
            "Could not pay",
            "At checkout my card was declined and the payment failed",
            "payment-failed",
        ),
        (
            "Shoes cannot be bought",
            "The page says out of stock but the vendor told me that the product is available",
            "product-shows-out-of-stock-but-available",
        ),
    ];
    for (title, actual, entry) in said {
        let filed = shop.file(&bug_with(title, json!({"actual": actual}))).await;

        assert_eq!(filed["classification"]["entry"], entry, "{filed:#}");
        let level = filed["level"].as_u64().unwrap();
        let expected = if entry == "i-cant-login" {
            1..=2
        } else {
            1..=1
        };
        assert!(expected.contains(&level), "{filed:#}");
        assert_eq!(filed["suggestion"]["entry"], entry);
        let steps = filed["suggestion"]["steps"].as_array().unwrap();
        assert!(steps.len() >= 4, "{filed:#}");
        let queries = filed["suggestion"]["queries"].as_array().unwrap();
        assert!(!queries.is_empty(), "{filed:#}");
        let sla = &filed["sla"];
        assert_eq!(sla["first_response"]["due_at"], "2026-11-22T12:00:00Z");
        assert_eq!(sla["resolution"]["due_at"], "2026-11-23T10:00:00Z");
        assert_eq!(sla["resolution"]["state"], "running");
    }
}

#[tokio::test]
async fn a_gateway_that_fails_for_everyone_goes_to_engineering_with_both_reasons() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let actual = json!({"actual": "payment gateway returns 502 for every customer"});

    let filed = shop.file(&bug_with("Checkout is broken", actual)).await;

    assert_eq!(filed["level"], 3, "{filed:#}");
    assert_eq!(filed["classification"]["entry"], "payment-failed");
    let rules = words(&filed["level_reasons"], "rule");
    assert!(rules.contains(&"entry_rule"), "{filed:#}");
    assert!(rules.contains(&"level_trigger"), "{filed:#}");
    for reason in filed["level_reasons"].as_array().unwrap() {
        assert!(
            reason["line"].is_u64() && reason["evidence"] != "",
            "{reason}"
        );
    }

    let key = filed["key"].as_str().unwrap();
    let escalations = shop
        .get(format!("/v1/tickets/{key}/escalations"))
        .await
        .is(200);
    assert_eq!(escalations.json["items"][0]["to_level"], 3);
    assert_eq!(escalations.json["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_feature_request_is_level_1_without_entry_and_without_a_resolution_target() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;

    let filed = shop
        .file(&feature(
            "Pay with Fonepay when the payment gateway is down",
        ))
        .await;

    assert_eq!(filed["level"], 1);
    assert_eq!(filed["level_reasons"], json!([]));
    assert_eq!(filed["classification"]["entry"], Value::Null);
    assert_eq!(filed["urgency"], "medium");
    assert_eq!(
        filed["sla"]["first_response"]["due_at"],
        "2026-11-22T12:00:00Z"
    );
    assert_eq!(filed["sla"]["resolution"], Value::Null);
    assert_eq!(filed["suggestion"], Value::Null);
}

#[tokio::test]
async fn a_critical_bug_of_several_users_is_level_3_and_due_in_four_hours() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let critical = |users: Value| {
        bug_with(
            "Pages look odd",
            json!({"severity": "critical", "affected_users": users}),
        )
    };

    let many = shop.file(&critical(json!(2))).await;
    let one = shop.file(&critical(json!("single user"))).await;

    assert_eq!(many["level"], 3, "{many:#}");
    assert_eq!(many["sla"]["resolution"]["due_at"], "2026-11-22T14:00:00Z");
    assert_eq!(one["level"], 1, "{one:#}");
    assert_eq!(one["affected_users"], 1);
}

#[tokio::test]
async fn the_answer_says_where_the_ticket_is_and_reads_the_same_there() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let full = json!({
        "kind": "bug",
        "title": "Cannot pay with eSewa",
        "severity": "high",
        "affected_users": 3,
        "steps_to_reproduce": ["Fill the cart", "Choose eSewa", "Press Pay"],
        "expected": "The order is confirmed",
        "actual": "Nothing happens after pressing Pay",
        "browser_device": "Chrome on Android",
        "screenshots": ["https://example.com/1.png"],
        "reporter": {"name": "Sita", "email": "sita@example.com", "phone": "+977 9800000000", "locale": "ne-NP"},
        "external_ref": "web-77",
        "tags": ["checkout", "app", "checkout"],
        "metadata": {"build": 7, "nested": {"deep": [1, 2]}},
        "extra": {"Shop": "Pokhara"},
    });

    let answer = shop.post("/v1/tickets", &full).await.is(201);

    let place = answer.header("location").to_owned();
    assert_eq!(
        place,
        format!("/v1/tickets/{}", answer.json["id"].as_str().unwrap())
    );
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(answer.key(), format!("T-{}", answer.json["number"]));
    let found = shop.get(&place).await.is(200);
    assert_eq!(found.header("etag"), "\"1\"");
    assert_eq!(shop.see(answer.key()).await, found.json);
    for field in [
        "title",
        "severity",
        "affected_users",
        "steps_to_reproduce",
        "expected",
        "actual",
        "browser_device",
        "screenshots",
        "reporter",
        "external_ref",
        "metadata",
        "extra",
    ] {
        assert_eq!(found.json[field], full[field], "{field}");
        assert_eq!(answer.json[field], full[field], "{field}");
    }
    assert_eq!(found.json["tags"], json!(["app", "checkout"]));
    assert_eq!(found.json["source"], "shop");
    assert_eq!(found.json["created_at"], "2026-11-22T10:00:00Z");

    let unchanged = shop
        .with("if-none-match", "\"1\"")
        .get(&place)
        .await
        .is(304);
    assert_eq!(unchanged.text, "");
    let with_more = shop.get(format!("{place}?include=timeline,suggestion,sla,comments"));
    let with_more = with_more.await.is(200);
    assert_eq!(with_more.header("etag"), "");
    assert_eq!(with_more.json["timeline"][0]["kind"], "filed");
}

#[tokio::test]
async fn every_fault_is_named_at_once_and_nothing_is_stored() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let wrong = json!({
        "kind": "bug",
        "severity": "dire",
        "affected_users": 0,
        "actual": " ",
        "steps_to_reproduce": "none",
        "reporter": {"email": "nobody", "nickname": "x"},
        "colour": "red",
    });

    let refused = shop
        .post("/v1/tickets", &wrong)
        .await
        .refused(422, "invalid");

    let faults = refused.faults();
    for pointer in [
        "/title",
        "/severity",
        "/affected_users",
        "/steps_to_reproduce",
        "/reporter/nickname",
        "/colour",
    ] {
        assert!(
            faults.iter().any(|fault| fault == pointer),
            "{pointer}: {refused:?}"
        );
    }
    assert_eq!(refused.json["request_id"], refused.header("x-request-id"));

    let wrong = json!({"kind": "bug", "title": "x".repeat(201), "severity": "low", "actual": " ",
        "reporter": {"email": "nobody"}, "tags": [""]});
    let refused = shop
        .post("/v1/tickets", &wrong)
        .await
        .refused(422, "invalid");
    assert_eq!(
        refused.faults(),
        ["/actual", "/reporter/email", "/tags", "/title"]
    );

    let listed = desk.admin().get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 0);
}

#[tokio::test]
async fn a_body_that_is_no_filing_at_all_is_refused_by_its_kind() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let post = |media_type: &'static str, body: &'static str| {
        let shop = shop.clone();
        async move {
            let method = reqwest::Method::POST;
            shop.send_text(method, "/v1/tickets", media_type, body)
                .await
        }
    };

    post("application/json", "{\"kind\": ")
        .await
        .refused(400, "malformed");
    post("application/json", "[]").await.is(422);
    post("application/json", "{}").await.is(422);
    post("application/json", "{\"kind\": \"wish\"}")
        .await
        .is(422);
    post("application/json", "{\"kind\": \"bug\", \"kind\": \"bug\"}")
        .await
        .is(422);
    post("text/plain", "hello")
        .await
        .refused(415, "unsupported_media_type");
    let compressed = shop.with("content-encoding", "gzip");
    compressed
        .post("/v1/tickets", &bug("x"))
        .await
        .refused(415, "unsupported_media_type");
    let large = "x".repeat((1 << 20) + 1);
    let method = reqwest::Method::POST;
    let large = shop
        .send_text(method, "/v1/tickets", "application/json", large)
        .await;
    large.refused(413, "too_large");
}

#[tokio::test]
async fn an_external_reference_files_once() {
    let desk = TestDesk::open().await;
    let (shop, app) = (desk.tool("shop").await, desk.tool("app").await);
    let report = bug_with("Odd colours", json!({"external_ref": "web-77"}));

    let first = shop.file(&report).await;
    let again = shop.post("/v1/tickets", &report).await.is(200);
    let other_tool = app.file(&report).await;

    assert_eq!(again.json["id"], first["id"]);
    assert_ne!(other_tool["id"], first["id"]);
    let found = shop.get("/v1/tickets?external_ref=web-77").await.is(200);
    assert_eq!(
        words(&found.json["items"], "id"),
        [first["id"].as_str().unwrap()]
    );
}

#[tokio::test]
async fn another_tools_ticket_is_unknown_to_a_tool() {
    let desk = TestDesk::open().await;
    let (shop, app) = (desk.tool("shop").await, desk.tool("app").await);
    let filed = shop.file(&bug("Odd colours")).await;
    let key = filed["key"].as_str().unwrap();

    for path in [
        "",
        "/timeline",
        "/comments",
        "/sla",
        "/classification",
        "/escalations",
    ] {
        let refused = app.get(format!("/v1/tickets/{key}{path}")).await;
        refused.refused(404, "not_found");
    }
    let comment = json!({"author": "reporter", "visibility": "public", "text": "Hello"});
    let refused = app
        .post(format!("/v1/tickets/{key}/comments"), &comment)
        .await;
    refused.refused(404, "not_found");
    let listed = app.get("/v1/tickets").await.is(200);
    assert_eq!(listed.json["items"], json!([]));
    assert_eq!(desk.agent("asha").await.see(key).await["id"], filed["id"]);
}

fn words<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.filter_map(|one| one[member].as_str()).collect()
}
