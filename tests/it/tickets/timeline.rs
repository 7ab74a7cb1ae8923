//! The timeline: what happened, never what might have.

use serde_json::{Value, json};

use crate::harness::{TestDesk, bug};

#[tokio::test]
async fn every_change_is_one_event_with_who_when_what_old_and_new() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let key = shop.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    asha.act(&key, "assign", &json!({"assignee": "asha"})).await;
    let anyway = asha.with("if-match", "*");
    let patch = json!({"severity": "high", "title": "Odder"});
    anyway
        .patch(format!("/v1/tickets/{key}"), &patch)
        .await
        .is(200);
    asha.act(&key, "resolve", &json!({"note": "Done"})).await;

    let timeline = asha
        .get(format!("/v1/tickets/{key}/timeline"))
        .await
        .is(200)
        .json;

    let events = timeline["items"].as_array().unwrap();
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["filed", "status_changed", "assigned", "changed", "resolved"]
    );
    let numbers: Vec<i64> = events
        .iter()
        .map(|event| event["n"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(events[0]["by"], "shop");
    assert_eq!(events[1]["by"], "asha");
    assert_eq!(events[1]["data"], json!({"from": "new", "to": "open"}));
    assert_eq!(events[2]["data"], json!({"from": null, "to": "asha"}));
    let changes = events[3]["data"]["changes"].as_array().unwrap();
    let title = changes
        .iter()
        .find(|change| change["field"] == "title")
        .unwrap();
    assert_eq!(
        (&title["old"], &title["new"]),
        (&json!("Odd"), &json!("Odder"))
    );
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_timeline_is_read_in_pages() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = asha.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    for name in ["a", "b", "c", "d", "e", "f"] {
        asha.act(&key, "assign", &json!({"assignee": name})).await;
    }
    let mut seen = Vec::new();
    let mut after = json!(0);
    while after != Value::Null {
        let page = asha.get(format!("/v1/tickets/{key}/timeline?limit=3&after={after}"));
        let page = page.await.is(200).json;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["n"].as_i64().unwrap()),
        );
        after = page["next_after"].clone();
    }
    assert_eq!(seen, (1..=8).collect::<Vec<_>>());
}

#[tokio::test]
async fn no_route_changes_history() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let key = admin.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    for path in ["timeline", "comments", "escalations"] {
        let path = format!("/v1/tickets/{key}/{path}");
        admin.delete(&path).await.refused(405, "method_not_allowed");
        admin
            .put(&path, &json!({}))
            .await
            .refused(405, "method_not_allowed");
        admin
            .patch(&path, &json!({}))
            .await
            .refused(405, "method_not_allowed");
    }
    let refused = admin.delete(format!("/v1/tickets/{key}")).await;
    assert_eq!(refused.header("allow").matches("DELETE").count(), 0);
    refused.refused(405, "method_not_allowed");
}
