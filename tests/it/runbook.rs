//! The active runbook over HTTP.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::harness::{TestDesk, bug_with};

#[tokio::test]
async fn the_default_runbook_is_active_with_all_its_parts() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;

    let active = shop.get("/v1/runbook").await.is(200).json;

    assert_eq!(active["revision"], 1);
    assert_eq!(
        active["entries"],
        json!({"issues": 5, "guides": 3, "questions": 10})
    );
    assert_eq!(active["levels"].as_array().unwrap().len(), 4);
    assert_eq!(active["sha256"].as_str().unwrap().len(), 64);
    let metrics: Vec<&str> = active["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| target["metric"].as_str().unwrap())
        .collect();
    assert_eq!(metrics.len(), 4, "{metrics:?}");
    let listed = shop.get("/v1/runbook/entries").await.is(200).json;
    let slugs: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["slug"].as_str().unwrap())
        .collect();
    assert_eq!(slugs.len(), 18);
    for slug in &slugs {
        let entry = shop
            .get(format!("/v1/runbook/entries/{slug}"))
            .await
            .is(200);
        assert_eq!(entry.json["slug"], *slug);
    }
    shop.get("/v1/runbook/entries/no-such-entry")
        .await
        .refused(404, "not_found");
    shop.get("/v1/runbook/entries/Not%20a%20slug")
        .await
        .refused(404, "not_found");
    let source = shop.get("/v1/runbook/source").await;
    assert!(source.status == 200 || source.status == 403, "{source:?}");
}

#[tokio::test]
async fn a_query_that_writes_is_shown_to_leads_and_admins_alone() {
    let desk = TestDesk::open().await;
    let path = "/v1/runbook/entries/product-shows-out-of-stock-but-available";
    for (client, may) in [
        (desk.tool("shop").await, false),
        (desk.agent("asha").await, false),
        (desk.lead("lata").await, true),
        (desk.admin(), true),
    ] {
        let entry = client.get(path).await.is(200);
        assert_eq!(
            entry.text.contains("UPDATE product_variants"),
            may,
            "{entry:?}"
        );
        let said =
            json!({"actual": "The page says out of stock but the vendor has the product in stock"});
        let filed = client.file(&bug_with("Out of stock", said)).await;
        assert_eq!(
            filed["suggestion"]["entry"],
            "product-shows-out-of-stock-but-available"
        );
        assert_eq!(
            filed["suggestion"]
                .to_string()
                .contains("UPDATE product_variants"),
            may
        );
    }
}

#[tokio::test]
async fn another_runbook_makes_another_desk() {
    let desk = TestDesk::on_runbook(
        &server::DEFAULT_RUNBOOK
            .replace("\"Payment Failed\"", "\"Parcel Lost\"")
            .replace(
                "Checkout fails, the payment is not processed",
                "The parcel is lost on its way",
            )
            .replace("< 2 hours", "< 1 hour"),
    )
    .await;
    let shop = desk.tool("shop").await;

    let said = json!({"actual": "The parcel is lost on its way"});
    let filed = shop.file(&bug_with("Parcel lost", said)).await;

    assert_eq!(filed["classification"]["entry"], "parcel-lost", "{filed:#}");
    assert_eq!(
        filed["sla"]["first_response"]["due_at"],
        "2026-11-22T11:00:00Z"
    );
}

/// The first user's own document, where it lies beside the project.
#[tokio::test]
async fn the_first_users_runbook_serves_as_the_default_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/runbook/kb-stylish.md");
    let Ok(markdown) = fs::read_to_string(&path) else {
        println!("skipped: ../shared/runbook/kb-stylish.md is not here");
        return;
    };
    let (original, default) = (
        TestDesk::on_runbook(&markdown).await,
        TestDesk::open().await,
    );
    let entries = |desk: &TestDesk| {
        let admin = desk.admin();
        async move {
            let listed = admin.get("/v1/runbook/entries").await.is(200).json;
            let items = listed["items"].as_array().unwrap().clone();
            items
                .iter()
                .map(|entry| entry["slug"].clone())
                .collect::<Vec<Value>>()
        }
    };
    assert_eq!(entries(&original).await, entries(&default).await);
    let report = bug_with(
        "Checkout is broken",
        json!({"actual": "payment gateway returns 502 for every customer"}),
    );
    let filed = original.admin().file(&report).await;
    assert_eq!(filed["level"], 3);
    assert_eq!(filed["classification"]["entry"], "payment-failed");
}
