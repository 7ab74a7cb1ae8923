//! Filing many at once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{TestDesk, bug, bug_with, feature};

fn statuses(answer: &Value) -> Vec<u64> {
    let results = answer["results"].as_array().unwrap().iter();
    results.map(|one| one["status"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn each_item_gets_its_own_result_in_order() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let known = bug_with("Known", json!({"external_ref": "k"}));
    let there = shop.file(&known).await;
    let items = json!([bug("a"), {"kind": "bug", "title": ""}, feature("b"), known, 7,
        bug_with("c", json!({"external_ref": "n"})), bug_with("d", json!({"external_ref": "n"}))]);

    let answer = shop.post("/v1/tickets/batch", &items).await.is(200).json;

    assert_eq!(statuses(&answer), [201, 422, 201, 200, 422, 201, 200]);
    assert_eq!(answer["results"][3]["ticket"]["id"], there["id"]);
    assert_eq!(
        answer["results"][6]["ticket"]["id"],
        answer["results"][5]["ticket"]["id"]
    );
    assert_eq!(answer["results"][0]["ticket"]["title"], "a");
    let listed = shop.get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 4);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn atomic_files_all_or_none() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let known = bug_with("Known", json!({"external_ref": "k"}));
    shop.file(&known).await;
    let path = "/v1/tickets/batch?atomic=true";

    let wrong = shop
        .post(path, &json!([bug("a"), {"kind": "bug"}, bug("b")]))
        .await;
    let wrong = wrong.refused(422, "invalid");
    assert!(
        wrong.faults().iter().all(|at| at.starts_with("/1/")),
        "{wrong:?}"
    );
    let taken = shop
        .post(path, &json!([bug("a"), known]))
        .await
        .refused(422, "invalid");
    assert_eq!(taken.faults(), ["/1/external_ref"]);
    let listed = shop.get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 1);
    let done = shop
        .post(path, &json!([bug("a"), bug("b")]))
        .await
        .is(200)
        .json;
    assert_eq!(statuses(&done), [201, 201]);
}

#[tokio::test]
async fn a_thousand_lines_are_filed_in_one_call() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let lines: String = (0..1000)
        .map(|number| format!("{}\n", bug(&format!("Line {number}"))))
        .collect();
    let send = |lines: String| {
        let shop = shop.clone();
        async move {
            let kind = "application/x-ndjson";
            shop.send_text(Method::POST, "/v1/tickets/batch", kind, lines)
                .await
        }
    };

    let answer = send(lines.clone()).await.is(200).json;

    assert_eq!(statuses(&answer), [201; 1000]);
    assert_eq!(answer["results"][999]["ticket"]["title"], "Line 999");
    let listed = shop.get("/v1/tickets?count=true&limit=1").await.is(200);
    assert_eq!(listed.json["total"], 1000);
    send(lines + "{}\n").await.refused(422, "invalid");
    send(String::new()).await.refused(422, "invalid");
    shop.post("/v1/tickets/batch", &json!({}))
        .await
        .refused(400, "malformed");
}
