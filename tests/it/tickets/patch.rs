//! Changing a ticket's fields, without losing anybody's update.

use serde_json::{Value, json};

use crate::harness::{TestDesk, bug_with, feature};

#[tokio::test]
async fn a_patch_needs_the_version_that_was_read() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let filed = shop.file(&bug_with("Odd", json!({}))).await;
    let path = format!("/v1/tickets/{}", filed["key"].as_str().unwrap());
    let patch = json!({"title": "Odder"});

    asha.patch(&path, &patch)
        .await
        .refused(428, "if_match_required");
    let done = asha
        .with("if-match", "\"1\"")
        .patch(&path, &patch)
        .await
        .is(200);
    let etag = done.header("etag").to_owned();
    assert_eq!(done.json["title"], "Odder");
    let stale = asha.with("if-match", "\"1\"").patch(&path, &patch).await;
    let stale = stale.refused(412, "stale");
    assert_eq!(stale.header("etag"), etag);
    assert_eq!(stale.json["current_etag"], etag);
    let never = asha
        .with("if-match", "\"banana\"")
        .patch(&path, &patch)
        .await;
    never.refused(412, "stale");
    asha.with("if-match", "W/\"1\"")
        .patch(&path, &patch)
        .await
        .refused(400, "malformed");

    // The same again changes nothing.
    let same = asha
        .with("if-match", &etag)
        .patch(&path, &patch)
        .await
        .is(200);
    assert_eq!(same.header("etag"), etag);
    shop.with("if-match", &etag)
        .patch(&path, &patch)
        .await
        .refused(403, "forbidden");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn null_takes_away_and_what_is_left_out_stays() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let filed = asha
        .file(&bug_with(
            "Odd",
            json!({"affected_users": 3, "tags": ["a"], "metadata": {"x": 1, "y": {"z": 2}},
                "reporter": {"name": "Sita", "phone": "1"}}),
        ))
        .await;
    let path = format!("/v1/tickets/{}", filed["key"].as_str().unwrap());
    let anyway = asha.with("if-match", "*");

    let patch = json!({"assignee": "asha", "severity": "high", "tags": ["b", "a"],
        "metadata": {"x": null, "y": {"w": 3}}, "reporter": {"phone": null}});
    let done = anyway.patch(&path, &patch).await.is(200).json;
    assert_eq!(done["assignee"], "asha");
    assert_eq!(done["severity"], "high");
    assert_eq!(done["affected_users"], 3);
    assert_eq!(done["tags"], json!(["a", "b"]));
    assert_eq!(done["metadata"], json!({"y": {"z": 2, "w": 3}}));
    assert_eq!(done["reporter"], json!({"name": "Sita"}));
    assert_eq!(done["status"], "open");

    let patch = json!({"assignee": null, "affected_users": null});
    let done = anyway.patch(&path, &patch).await.is(200).json;
    assert_eq!(done["assignee"], Value::Null);
    assert_eq!(done["affected_users"], Value::Null);
    assert_eq!(done["severity"], "high");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn status_can_only_be_set_to_open_or_pending() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let filed = asha.file(&bug_with("Odd", json!({}))).await;
    let key = filed["key"].as_str().unwrap();
    let path = format!("/v1/tickets/{key}");
    let anyway = asha.with("if-match", "*");
    let set = |status: &'static str| {
        let (anyway, path) = (anyway.clone(), path.clone());
        async move { anyway.patch(path, &json!({"status": status})).await }
    };

    let refused = set("resolved").await.refused(422, "invalid");
    assert_eq!(refused.faults(), ["/status"]);
    assert_eq!(set("pending").await.is(200).json["status"], "pending");
    assert_eq!(set("open").await.is(200).json["status"], "open");
    asha.act(key, "resolve", &json!({})).await;
    let refused = set("open").await.refused(409, "conflict");
    assert_eq!(refused.json["legal"], json!(["reopen", "close"]));
    desk.hold_ledger().await;
}

#[tokio::test]
async fn wrong_fields_are_all_named_and_a_kind_has_its_own() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let wish = asha.file(&feature("Pay with Fonepay")).await;
    let path = format!("/v1/tickets/{}", wish["key"].as_str().unwrap());
    let anyway = asha.with("if-match", "*");

    let wrong = json!({"level": 4, "severity": "dire", "reporter": {"email": "nobody", "x": 1}});
    let refused = anyway.patch(&path, &wrong).await.refused(422, "invalid");
    let faults = refused.faults();
    for pointer in ["/level", "/severity", "/reporter/x"] {
        assert!(faults.iter().any(|fault| fault == pointer), "{faults:?}");
    }
    let refused = anyway.patch(&path, &json!({"severity": "high"})).await;
    assert_eq!(refused.refused(422, "invalid").faults(), ["/severity"]);
    anyway
        .patch("/v1/tickets/T-9", &json!({}))
        .await
        .refused(404, "not_found");
    anyway
        .patch("/v1/tickets/nonsense", &json!({}))
        .await
        .refused(404, "not_found");
    let changed = anyway
        .patch(&path, &json!({"priority": "high"}))
        .await
        .is(200);
    assert_eq!(changed.json["urgency"], "high");
}
