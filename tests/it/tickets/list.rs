//! Finding tickets: filters, pages, words.

use serde_json::{Value, json};

use crate::harness::{Client, TestDesk, bug, bug_with, feature};

/// The titles of what a list answers.
async fn titles(client: &Client, query: &str) -> Vec<String> {
    let listed = client.get(format!("/v1/tickets?{query}")).await.is(200);
    let items = listed.json["items"].as_array().unwrap().iter();
    items
        .map(|ticket| ticket["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_filter_finds_what_it_says() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let a = json!({"severity": "critical", "affected_users": 5, "tags": ["vip", "app"],
        "reporter": {"email": "sita@example.com"}});
    let a = shop.file(&bug_with("a", a)).await;
    desk.clock.advance(chrono::TimeDelta::minutes(1));
    let b = asha
        .file(&bug_with("b", json!({"external_ref": "x-1"})))
        .await;
    desk.clock.advance(chrono::TimeDelta::minutes(1));
    shop.file(&feature("c")).await;
    let (a, b) = (a["key"].as_str().unwrap(), b["key"].as_str().unwrap());
    asha.act(a, "assign", &json!({"assignee": "asha"})).await;
    asha.act(b, "resolve", &json!({"entry": "payment-failed", "step": 1}))
        .await;

    for (query, found) in [
        ("", ["c", "b", "a"].as_slice()),
        ("sort=created", &["a", "b", "c"]),
        ("status=open", &["a"]),
        ("status=new,resolved", &["c", "b"]),
        ("kind=feature", &["c"]),
        ("urgency=critical,medium", &["c", "b", "a"]),
        ("urgency=critical", &["a"]),
        ("level=3", &["a"]),
        ("level=1,2", &["c", "b"]),
        ("assignee=asha", &["a"]),
        ("assignee=", &["c", "b"]),
        ("entry=payment-failed", &["b"]),
        ("entry=", &["c", "a"]),
        ("tag=vip", &["a"]),
        ("tag=none", &[]),
        ("source=shop", &["c", "a"]),
        ("reporter=sita%40example.com", &["a"]),
        ("external_ref=x-1", &["b"]),
        ("created_from=2026-11-22T10:01:00Z", &["c", "b"]),
        ("created_to=2026-11-22T10:01:00Z", &["a"]),
        ("breached=false", &["c", "b", "a"]),
        ("breached=true", &[]),
        ("sort=urgency", &["a", "b", "c"]),
        ("sort=-updated", &["c", "b", "a"]),
        ("limit=1", &["c"]),
        ("source=shop&kind=bug&tag=app", &["a"]),
    ] {
        assert_eq!(titles(&asha, query).await, found, "{query}");
    }
    assert_eq!(titles(&shop, "").await, ["c", "a"]);

    desk.pass(chrono::TimeDelta::hours(4)).await;
    assert_eq!(titles(&asha, "breached=true").await, ["c", "a"]);
    // What is overdue stays in the list; what has no due time is not in it.
    assert_eq!(titles(&asha, "sort=due").await, ["a", "c"]);
}

#[tokio::test]
async fn wrong_parameters_are_all_named() {
    let desk = TestDesk::open().await;
    let wrong = "/v1/tickets?status=gone&level=9&limit=0&colour=red&sort=size&created_from=now\
                 &cursor=zz&kind=bug&kind=bug";

    let refused = desk.admin().get(wrong).await.refused(422, "invalid");

    let named = [
        "colour",
        "created_from",
        "cursor",
        "kind",
        "level",
        "limit",
        "sort",
        "status",
    ];
    assert_eq!(refused.faults(), named);
}

#[tokio::test]
async fn pages_are_stable_while_tickets_arrive_and_change() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    for number in 0..25 {
        desk.clock.advance(chrono::TimeDelta::seconds(1));
        let severity = ["critical", "high", "medium", "low"][number % 4];
        shop.file(&bug_with(
            &format!("old {number}"),
            json!({"severity": severity}),
        ))
        .await;
    }
    for sort in ["-created", "created", "urgency", "due", "-updated"] {
        let mut seen: Vec<String> = Vec::new();
        let mut path = format!("/v1/tickets?sort={sort}&limit=4&tag=");
        path.truncate(path.len() - "&tag=".len());
        let mut next = Some(path.clone());
        while let Some(page) = next {
            let page = shop.get(page).await.is(200);
            for ticket in page.json["items"].as_array().unwrap() {
                let title = ticket["title"].as_str().unwrap();
                if title.starts_with("old") {
                    seen.push(title.to_owned());
                }
            }
            // What arrives in between moves nothing.
            shop.file(&bug(&format!("new while {sort}"))).await;
            let cursor = page.json["next_cursor"].as_str();
            next = cursor.map(|cursor| format!("{path}&cursor={cursor}"));
            let link = page.header("link");
            assert_eq!(link.contains("rel=\"next\""), cursor.is_some(), "{link}");
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((once.len(), seen.len()), (25, 25), "{sort}: {seen:?}");
    }
    let page = shop.get("/v1/tickets?limit=1").await.is(200);
    let cursor = page.json["next_cursor"].as_str().unwrap();
    // A cursor belongs to its list.
    let other = format!("/v1/tickets?limit=1&sort=created&cursor={cursor}");
    shop.get(other).await.refused(422, "invalid");
}

#[tokio::test]
async fn words_phrases_and_prefixes_find_what_tickets_say() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let said = [
        ("a", "The parcel never arrived in Pokhara", json!([])),
        (
            "b",
            "Arrived broken: the parcel was wet",
            json!(["fragile"]),
        ),
        ("c", "नमस्ते, the invoice has a wrong VAT number", json!([])),
        (
            "d",
            "Write to ops@example.com or see https://shop.example/faq?x=1, it is up-to-date",
            json!([]),
        ),
    ];
    for (title, actual, tags) in said {
        shop.file(&bug_with(title, json!({"actual": actual, "tags": tags})))
            .await;
    }
    for (query, found) in [
        ("q=parcel", ["b", "a"].as_slice()),
        ("q=PARCEL+arrived", &["b", "a"]),
        ("q=%22never+arrived%22", &["a"]),
        ("q=%22arrived+never%22", &[]),
        ("q=parc*", &["b", "a"]),
        ("q=parc", &[]),
        ("q=wet+parcel", &["b"]),
        ("q=invoice+-%22%27%29", &["c"]),
        ("q=invoice+OR+parcel", &[]),
        (
            "q=%E0%A4%A8%E0%A4%AE%E0%A4%B8%E0%A5%8D%E0%A4%A4%E0%A5%87",
            &["c"],
        ),
        ("q=%22%22", &[]),
        ("q=ops%40example.com", &["d"]),
        ("q=shop.example", &["d"]),
        ("q=faq", &["d"]),
        ("q=%22up+to+date%22", &["d"]),
        ("q=up-to-date", &["d"]),
        ("q=parcel&tag=fragile", &["b"]),
        ("q=parcel&limit=1", &["b"]),
    ] {
        assert_eq!(titles(&shop, query).await, found, "{query}");
    }
    let ranked = titles(&shop, "q=parcel+arrived&sort=relevance").await;
    assert_eq!(ranked.len(), 2);
    let first = shop
        .get("/v1/tickets?q=parcel&limit=1&count=true")
        .await
        .is(200);
    assert_eq!(first.json["total"], 2);
    let cursor = first.json["next_cursor"].as_str().unwrap();
    assert_eq!(
        titles(&shop, &format!("q=parcel&limit=1&cursor={cursor}")).await,
        ["a"]
    );
    shop.get("/v1/tickets?sort=relevance")
        .await
        .refused(422, "invalid");

    // A title that was changed is found by its new words alone.
    let agent = desk.agent("asha").await;
    let found = agent.get("/v1/tickets?q=invoice").await.is(200);
    let key = found.json["items"][0]["key"].as_str().unwrap();
    let patch = json!({"title": "Receipt trouble"});
    agent
        .with("if-match", "*")
        .patch(format!("/v1/tickets/{key}"), &patch)
        .await
        .is(200);
    assert_eq!(titles(&agent, "q=receipt").await, ["Receipt trouble"]);
    assert_eq!(titles(&agent, "q=%22c%22").await, Vec::<String>::new());
    assert_ne!(found.json["items"][0]["title"], Value::Null);
}
