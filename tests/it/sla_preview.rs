//! The SLA engine over HTTP, on the same samples as its own tests.

use serde_json::{Value, json};

use crate::harness::{Client, TestDesk};

const CLOCKS: &str = include_str!("../../crates/sla/tests/data/sla.dev.jsonl");
const CALENDARS: &str = include_str!("../../crates/sla/tests/data/calendar.dev.jsonl");
const BOUNDARIES: &str = include_str!("../../crates/sla/tests/data/boundary.dev.jsonl");

/// Sends all cases as they are, labels and all, and answers case and result.
async fn preview(client: &Client, samples: &str) -> Vec<(Value, Value)> {
    let cases: Vec<Value> = samples
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let body = json!({ "cases": cases });
    let answer = client.post("/v1/sla/preview", &body).await.is(200).json;
    let results = answer["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), cases.len());
    cases.into_iter().zip(results).collect()
}

#[tokio::test]
async fn clock_samples_get_the_answers_they_expect() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let mut held = 0;
    for (case, result) in preview(&shop, CLOCKS).await {
        for (field, expected) in case["expected"].as_object().unwrap() {
            assert_eq!(&result[field], expected, "{field} of {case:#}\n{result:#}");
            held += 1;
        }
        assert_eq!(result["id"], case["id"]);
    }
    assert!(held > 400, "{held}");
}

#[tokio::test]
async fn calendar_samples_get_the_answers_they_expect() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    for (case, result) in preview(&shop, CALENDARS).await {
        if case["op"] == "elapsed" {
            assert_eq!(result["elapsed_s"], case["expected_elapsed_s"], "{case:#}");
        } else {
            assert_eq!(result["due"], case["expected_due"], "{case:#}");
        }
    }
    for (case, result) in preview(&shop, BOUNDARIES).await {
        assert_eq!(result["due"], case["expected_due_earliest"], "{case:#}");
    }
}

#[tokio::test]
async fn one_bad_case_is_an_error_in_its_place() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let good: Value = serde_json::from_str(CLOCKS.lines().next().unwrap()).unwrap();
    let mut never = good.clone();
    never["calendar"] = json!({"time_zone": "UTC", "hours": {}});
    never["id"] = json!("never");
    let mut nowhere = good.clone();
    nowhere["calendar"]["time_zone"] = json!("Mars/Olympus");
    let cases = json!({"cases": [good, never, nowhere, {"id": "x"}, 7]});

    let answer = shop.post("/v1/sla/preview", &cases).await.is(200).json;

    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    assert!(results[0]["state"].is_string(), "{answer:#}");
    for wrong in &results[2..] {
        assert!(!wrong["error"].is_null(), "{wrong:#}");
    }
    let alone = shop.post("/v1/sla/preview", &good).await.is(200).json;
    assert_eq!(alone, results[0]);
    let many = json!({ "cases": vec![&good; 1001] });
    shop.post("/v1/sla/preview", &many)
        .await
        .refused(422, "invalid");
    shop.post("/v1/sla/preview", &json!({"cases": []}))
        .await
        .is(422);
}
