//! Merging and linking.

use serde_json::json;

use crate::harness::{TestDesk, bug};

#[tokio::test]
async fn a_merged_ticket_goes_on_in_the_other_and_refuses_all_changes_with_a_pointer() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let one = shop.file(&bug("One")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let two = shop.file(&bug("Two")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();

    let merged = asha
        .act(&one, "merge", &json!({"into": two, "reason": "The same"}))
        .await;

    assert_eq!(merged["status"], "closed");
    assert_eq!(merged["closed_as"], "merged");
    assert_eq!(merged["merged_into"], two);
    assert_eq!(merged["sla"]["resolution"]["state"], "cancelled");
    let target = asha.see(&two).await;
    assert_eq!(
        target["links"],
        json!([{"relation": "merged_from", "ticket": one}])
    );
    assert_eq!(target["status"], "new");

    let agent = json!({"author": "agent", "visibility": "public", "text": "Hello"});
    for (action, body) in [
        ("comments", agent),
        ("assign", json!({"assignee": "asha"})),
        ("resolve", json!({})),
        ("reopen", json!({})),
        ("close", json!({})),
        ("merge", json!({"into": two})),
        ("links", json!({"to": two, "relation": "related"})),
        ("escalations", json!({"to_level": 2, "reason": "Hot"})),
    ] {
        let refused = asha
            .post(format!("/v1/tickets/{one}/{action}"), &body)
            .await;
        let refused = refused.refused(409, "merged");
        assert_eq!(refused.json["merged_into"], two, "{action}");
    }
    let (anyway, path) = (asha.with("if-match", "*"), format!("/v1/tickets/{one}"));
    let refused = anyway.patch(&path, &json!({"title": "x"})).await;
    assert_eq!(refused.refused(409, "merged").json["merged_into"], two);
    let refused = asha
        .put(path + "/classification", &json!({"entry": null}))
        .await;
    refused.refused(409, "merged");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn merging_cannot_go_in_circles_or_into_nothing() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let mut keys = Vec::new();
    for title in ["One", "Two", "Three"] {
        keys.push(
            asha.file(&bug(title)).await["key"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    let path = |key: &str| format!("/v1/tickets/{key}/merge");

    asha.post(path(&keys[0]), &json!({"into": keys[0]}))
        .await
        .refused(409, "conflict");
    asha.act(&keys[0], "merge", &json!({"into": keys[1]})).await;
    asha.post(path(&keys[1]), &json!({"into": keys[0]}))
        .await
        .refused(409, "conflict");
    asha.post(path(&keys[1]), &json!({"into": "T-99999"}))
        .await
        .refused(404, "not_found");
    asha.post(path(&keys[1]), &json!({"into": "what"}))
        .await
        .is(422);
    asha.act(&keys[2], "close", &json!({})).await;
    asha.post(path(&keys[1]), &json!({"into": keys[2]}))
        .await
        .refused(409, "conflict");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_link_stands_on_the_ticket_that_was_linked() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let one = asha.file(&bug("One")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let two = asha.file(&bug("Two")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();

    let link = json!({"to": two, "relation": "duplicate"});
    let linked = asha.act(&one, "links", &link).await;
    assert_eq!(
        linked["links"],
        json!([{"relation": "duplicate", "ticket": two}])
    );
    let again = asha.act(&one, "links", &link).await;
    assert_eq!(again["version"], linked["version"]);
    assert_eq!(asha.see(&two).await["links"], json!([]));
    desk.hold_ledger().await;
}
