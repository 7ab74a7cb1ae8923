//! A ticket's clocks through its life.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Client, Setup, TestDesk, bug, bug_with, feature};

/// The kinds of a ticket's events.
async fn kinds(client: &Client, key: &str) -> Vec<String> {
    let timeline = client
        .get(format!("/v1/tickets/{key}/timeline?limit=200"))
        .await;
    let timeline = timeline.is(200).json;
    let items = timeline["items"].as_array().unwrap().iter();
    items
        .map(|event| event["kind"].as_str().unwrap().to_owned())
        .collect()
}

async fn set(client: &Client, key: &str, patch: Value) -> Value {
    let anyway = client.with("if-match", "*");
    anyway
        .patch(format!("/v1/tickets/{key}"), &patch)
        .await
        .is(200)
        .json
}

#[tokio::test]
async fn at_risk_and_breached_fire_once_each_and_at_their_instants() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = desk.tool("shop").await.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let count = |kinds: &[String], kind: &str| kinds.iter().filter(|one| *one == kind).count();

    // First response: two hours; at risk from 96 minutes on.
    desk.pass(TimeDelta::seconds(5759)).await;
    assert_eq!(kinds(&asha, &key).await, ["filed"]);
    desk.pass(TimeDelta::seconds(1)).await;
    assert_eq!(kinds(&asha, &key).await, ["filed", "sla_at_risk"]);
    assert_eq!(
        asha.see(&key).await["sla"]["first_response"]["state"],
        "at_risk"
    );
    // At the due instant an answer would still be in time.
    desk.pass(TimeDelta::seconds(1440)).await;
    assert_eq!(kinds(&asha, &key).await, ["filed", "sla_at_risk"]);
    desk.pass(TimeDelta::seconds(1)).await;
    assert_eq!(
        kinds(&asha, &key).await,
        ["filed", "sla_at_risk", "sla_breached"]
    );
    let seen = asha.see(&key).await;
    assert_eq!(
        seen["sla"]["first_response"]["breached_at"],
        "2026-11-22T12:00:00Z"
    );
    for _ in 0..3 {
        assert_eq!(desk.sweep().await, 0);
    }

    desk.pass(TimeDelta::days(3)).await;
    let all = kinds(&asha, &key).await;
    // Each clock fires each once, also when both are long past.
    assert_eq!(count(&all, "sla_at_risk"), 2);
    assert_eq!(count(&all, "sla_breached"), 2);
    assert_eq!(
        asha.see(&key).await["level"],
        1,
        "a medium bug does not rise by a breach"
    );
    desk.hold_ledger().await;
    desk.hold_clocks().await;
}

#[tokio::test]
async fn after_days_of_silence_each_ticket_fires_what_it_missed_once() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let mut keys = Vec::new();
    for number in 0..120 {
        let severity = ["high", "low", "critical"][number % 3];
        let filed = shop
            .file(&bug_with("Odd", json!({"severity": severity})))
            .await;
        keys.push(filed["key"].as_str().unwrap().to_owned());
    }
    desk.pass(TimeDelta::days(9)).await;

    for (number, key) in keys.iter().enumerate() {
        let kinds = kinds(&asha, key).await;
        let count = |kind: &str| kinds.iter().filter(|one| *one == kind).count();
        assert_eq!(count("sla_breached"), 2, "{kinds:?}");
        assert_eq!(count("sla_at_risk"), 2, "{kinds:?}");
        let level = if number % 3 == 1 { 1 } else { 2 };
        assert_eq!(asha.see(key).await["level"], level, "{kinds:?}");
    }
    assert_eq!(desk.sweep().await, 0);
    desk.hold_ledger().await;
    desk.hold_clocks().await;
}

#[tokio::test]
async fn two_replicas_on_one_database_fire_each_timer_once() {
    let one = TestDesk::open().await;
    let two = TestDesk::with(Setup {
        database: Some(one.database.clone()),
        clock: Some(one.clock.clone()),
        ..Setup::default()
    })
    .await;
    let shop = one.tool("shop").await;
    for _ in 0..30 {
        shop.file(&bug("Odd")).await;
    }
    one.clock.advance(TimeDelta::hours(3));

    let swept = tokio::join!(one.sweep(), two.sweep());

    assert_eq!(swept.0 + swept.1, 30, "{swept:?}");
    for ticket in one.all_tickets().await {
        let events = one.events_of(&ticket).await;
        let names: Vec<&str> = events.iter().map(|event| event.kind.name()).collect();
        assert_eq!(names, ["filed", "sla_at_risk", "sla_breached"]);
    }
    // A key of one is good at the other.
    assert_eq!(
        shop.at(&two.url)
            .get("/v1/tickets?count=true&limit=1")
            .await
            .is(200)
            .json["total"],
        30
    );
}

#[tokio::test]
async fn a_pause_stops_resolution_but_never_the_first_response() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = desk.tool("shop").await.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.pass(TimeDelta::hours(1)).await;
    let paused = set(&asha, &key, json!({"status": "pending"})).await;
    assert_eq!(paused["sla"]["resolution"]["state"], "paused");
    assert_eq!(paused["sla"]["resolution"]["due_at"], Value::Null);
    assert_eq!(paused["sla"]["first_response"]["state"], "running");

    desk.pass(TimeDelta::hours(100)).await;
    let parked = asha.see(&key).await;
    assert_eq!(parked["sla"]["first_response"]["state"], "breached");
    assert_eq!(parked["sla"]["resolution"]["state"], "paused");
    let resumed = set(&asha, &key, json!({"status": "open"})).await;
    // 23 of 24 hours are left.
    assert_eq!(
        resumed["sla"]["resolution"]["due_at"],
        "2026-11-27T14:00:00Z"
    );
    desk.hold_ledger().await;
    desk.hold_clocks().await;
}

#[tokio::test]
async fn a_change_of_urgency_retargets_from_filing_on() {
    let desk = TestDesk::open().await;
    let asha = desk.agent("asha").await;
    let key = desk.tool("shop").await.file(&bug("Odd")).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = json!({"author": "agent", "visibility": "public", "text": "Hello"});
    asha.post(format!("/v1/tickets/{key}/comments"), &answer)
        .await
        .is(201);
    desk.pass(TimeDelta::hours(3)).await;

    // Critical: four hours, of which three are gone.
    let critical = set(&asha, &key, json!({"severity": "critical"})).await;
    assert_eq!(
        critical["sla"]["resolution"]["due_at"],
        "2026-11-22T14:00:00Z"
    );
    assert!(kinds(&asha, &key).await.contains(&"retargeted".to_owned()));
    let calm = set(&asha, &key, json!({"severity": "low"})).await;
    assert_eq!(calm["sla"]["resolution"]["due_at"], "2026-11-23T10:00:00Z");

    // A target that is overrun at the change is breached at the change, and
    // nothing un-breaches it.
    desk.pass(TimeDelta::hours(3)).await;
    let overrun = set(&asha, &key, json!({"severity": "critical"})).await;
    assert_eq!(
        overrun["sla"]["resolution"]["due_at"],
        "2026-11-22T14:00:00Z"
    );
    desk.pass(TimeDelta::seconds(1)).await;
    let overrun = asha.see(&key).await;
    assert_eq!(overrun["sla"]["resolution"]["state"], "breached");
    assert_eq!(
        overrun["sla"]["resolution"]["breached_at"],
        "2026-11-22T16:00:00Z"
    );
    let calm = set(&asha, &key, json!({"severity": "low"})).await;
    assert_eq!(calm["sla"]["resolution"]["state"], "breached");
    let done = asha.act(&key, "resolve", &json!({})).await;
    assert_eq!(done["sla"]["resolution"]["state"], "breached");
    assert_eq!(done["sla"]["first_response"]["state"], "met");
    desk.pass(TimeDelta::days(2)).await;
    let kinds = kinds(&asha, &key).await;
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "sla_breached").count(),
        1,
        "{kinds:?}"
    );
    desk.hold_ledger().await;
    desk.hold_clocks().await;
}

const OFFICE: &str = r#"
[[sla.policies]]
name = "office"
match = { kind = "bug" }
first_response_seconds = 7200
resolution_seconds = 36000
calendar = "kathmandu"

[sla.calendars.kathmandu]
time_zone = "Asia/Kathmandu"
holidays = ["2026-11-24"]
hours = { sun = [["09:00", "18:00"]], mon = [["09:00", "18:00"]], tue = [["09:00", "18:00"]], wed = [["09:00", "18:00"]], thu = [["09:00", "18:00"]], fri = [["09:00", "18:00"]] }
"#;

#[tokio::test]
async fn an_explanation_lists_every_segment_and_they_sum_to_what_elapsed() {
    let desk = TestDesk::with(Setup {
        file: OFFICE.to_owned(),
        ..Setup::default()
    })
    .await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    // Sunday 10:00Z is 15:45 in Kathmandu.
    let filed = shop.file(&bug("Odd")).await;
    let key = filed["key"].as_str().unwrap();
    assert_eq!(filed["sla"]["policy"], "office");
    assert_eq!(
        filed["sla"]["first_response"]["due_at"],
        "2026-11-22T12:00:00Z"
    );
    // Two hours and a quarter on Sunday, the rest on Monday until 16:45.
    assert_eq!(filed["sla"]["resolution"]["due_at"], "2026-11-23T11:00:00Z");

    desk.pass(TimeDelta::hours(20)).await;
    set(&asha, key, json!({"status": "pending"})).await;
    desk.pass(TimeDelta::hours(2)).await;
    set(&asha, key, json!({"status": "open"})).await;
    desk.pass(TimeDelta::minutes(30)).await;

    let sla = asha
        .get(format!("/v1/tickets/{key}/sla?explain=true"))
        .await
        .is(200)
        .json;
    let clock = &sla["resolution"];
    let segments = clock["segments"].as_array().unwrap();
    let sum: i64 = segments
        .iter()
        .filter(|one| one["counted"] == true && one["ahead"] == false)
        .map(|one| one["seconds"].as_i64().unwrap())
        .sum();
    assert_eq!(Some(sum), clock["elapsed_seconds"].as_i64(), "{clock:#}");
    for reason in ["counted", "closed", "paused", "holiday"] {
        assert!(
            segments.iter().any(|one| one["reason"] == reason),
            "{reason}: {clock:#}"
        );
    }
    assert_eq!(segments[0]["from"], "2026-11-22T10:00:00Z");
    for (one, next) in segments.iter().zip(segments.iter().skip(1)) {
        assert_eq!(one["to"], next["from"], "no second is left out");
    }
    assert_eq!(segments.last().unwrap()["to"], clock["due_at"], "{clock:#}");
    assert_eq!(sla["policy"], "office");
    assert_eq!(sla["calendar"], "kathmandu");

    let wish = shop.file(&feature("Pay with Fonepay")).await;
    let path = format!("/v1/tickets/{}/sla", wish["key"].as_str().unwrap());
    assert_eq!(shop.get(path).await.is(200).json["resolution"], Value::Null);
    desk.hold_ledger().await;
}

#[tokio::test]
async fn a_ticket_keeps_the_policies_it_was_judged_by() {
    let one = TestDesk::open().await;
    let shop = one.tool("shop").await;
    let old = shop.file(&bug("Old")).await;

    let two = TestDesk::with(Setup {
        database: Some(one.database.clone()),
        clock: Some(one.clock.clone()),
        file: OFFICE.to_owned(),
        ..Setup::default()
    })
    .await;
    let shop = shop.at(&two.url);
    let new = shop.file(&bug("New")).await;

    assert_eq!(new["sla"]["policy"], "office");
    let seen = shop.see(old["key"].as_str().unwrap()).await;
    assert_eq!(seen["sla"], old["sla"]);
    let sla = |key: &Value| {
        let (shop, path) = (
            shop.clone(),
            format!("/v1/tickets/{}/sla", key.as_str().unwrap()),
        );
        async move { shop.get(path).await.is(200).json }
    };
    let (of_old, of_new) = (sla(&old["key"]).await, sla(&new["key"]).await);
    assert!(of_old["policy_version"].as_i64() < of_new["policy_version"].as_i64());
    two.hold_ledger().await;
    two.hold_clocks().await;
}
