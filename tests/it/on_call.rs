//! Who is on call is paged: at the instant of the cause, on every replica.

use std::sync::Arc;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Setup, SmtpSink, TestDesk, bug_with};

const ENGINEERING: &str = "engineering@kbstylish.com";
const FALLBACK: &str = "duty@example.com";

/// Asha and Bishnu, handed over daily at 16:00 in Kathmandu, 10:15 UTC; the
/// story begins at 10:00 on the first day.
fn rotation() -> Value {
    json!({
        "people": [
            {"name": "Asha Rai", "email": "asha@example.com", "page": null},
            {"name": "Bishnu Thapa", "email": "bishnu@example.com", "page": "bishnu"},
            {"name": "Chandra", "email": null, "page": null},
        ],
        "schedules": [{
            "level": 3, "time_zone": "Asia/Kathmandu", "every": "day", "handover": "16:00",
            "starting_on": "2026-11-21", "rotation": ["Asha Rai", "Bishnu Thapa"],
            "overrides": [],
        }],
    })
}

async fn mailing(sink: &SmtpSink) -> TestDesk {
    TestDesk::with(Setup {
        env: vec![
            ("DESK_SMTP_URL", sink.url()),
            ("DESK_FALLBACK_CONTACT", FALLBACK.to_owned()),
        ],
        ..Setup::default()
    })
    .await
}

/// Files at level 3 and answers whom that told, sorted.
async fn told_by_an_outage(desk: &TestDesk, sink: &SmtpSink, shop: &Client) -> Vec<String> {
    let fields = json!({"severity": "critical", "affected_users": 40});
    let filed = shop.file(&bug_with("Nothing works", fields)).await;
    assert_eq!(filed["level"], 3, "{filed:#}");
    desk.deliver().await;
    let key = filed["key"].as_str().unwrap();
    let ours = |subject: &str| subject.contains(key);
    let mails = sink.received();
    let mails = mails
        .iter()
        .filter(|mail| ours(&mail.header("Subject").unwrap()));
    let mut told: Vec<String> = mails.map(|mail| mail.to.clone()).collect();
    told.sort();
    told
}

#[tokio::test]
async fn a_page_goes_to_who_is_on_call_at_that_instant() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    let (shop, lila) = (desk.tool("shop").await, desk.lead("lila").await);
    let unset = desk.stranger().get("/readyz").await.is(200).text;
    assert!(
        unset.contains("has no schedule; see /v1/on-call"),
        "{unset}"
    );

    let none = lila.get("/v1/on-call").await.is(200);
    assert_eq!(none.json, json!({"people": [], "schedules": []}));
    let first = lila.with("if-match", none.header("etag"));
    let put = first.put("/v1/on-call", &rotation()).await.is(200);
    assert_eq!(put.json, rotation());
    assert_eq!(put.header("etag"), "\"1\"");

    // The handover of the 21st was at 10:15; the next one is in a quarter of an hour.
    assert_eq!(
        told_by_an_outage(&desk, &sink, &shop).await,
        ["asha@example.com", ENGINEERING]
    );
    let now = lila.get("/v1/on-call/now").await.is(200).json;
    assert_eq!(
        now["items"],
        json!([{"level": 3, "person": "Asha Rai", "until": "2026-11-22T10:15:00Z", "overridden": false}])
    );
    desk.clock
        .advance(TimeDelta::minutes(15) - TimeDelta::microseconds(1));
    assert_eq!(
        told_by_an_outage(&desk, &sink, &shop).await,
        ["asha@example.com", ENGINEERING]
    );
    desk.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(
        told_by_an_outage(&desk, &sink, &shop).await,
        ["bishnu@example.com", ENGINEERING]
    );
    let ready = desk.stranger().get("/readyz").await.is(200).text;
    assert!(!ready.contains("on call"), "{ready}");
}

#[tokio::test]
async fn a_gap_and_someone_unreachable_are_told_to_the_fallback_and_warned_of() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    let (shop, lila) = (desk.tool("shop").await, desk.lead("lila").await);
    let lila = lila.with("if-match", "*");
    for (from, warning) in [
        (
            "2026-11-22T09:00:00Z",
            "Chandra is on call at level 3 and cannot be reached",
        ),
        ("2026-11-22T11:00:00Z", "nobody is on call at level 3"),
    ] {
        let mut gap = rotation();
        gap["schedules"][0]["rotation"] = json!([]);
        gap["schedules"][0]["overrides"] =
            json!([{"person": "Chandra", "from": from, "until": "2026-11-22T12:00:00Z"}]);
        lila.put("/v1/on-call", &gap).await.is(200);
        assert_eq!(
            told_by_an_outage(&desk, &sink, &shop).await,
            [FALLBACK, ENGINEERING]
        );
        let ready = desk.stranger().get("/readyz").await.is(200).text;
        assert!(ready.contains(warning), "{ready}");
    }
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_refused_and_replicas_follow() {
    let one = TestDesk::open().await;
    let two = TestDesk::with(Setup {
        database: Some(Arc::clone(&one.database)),
        clock: Some(one.clock.clone()),
        ..Setup::default()
    })
    .await;
    let (lila, asha) = (one.lead("lila").await, one.agent("asha").await);
    lila.put("/v1/on-call", &rotation())
        .await
        .refused(428, "if_match_required");
    let lila = lila.with("if-match", "\"0\"");
    let second = lila.at(&two.url);
    let (here, there) = (rotation(), rotation());
    let answers = tokio::join!(
        lila.put("/v1/on-call", &here),
        second.put("/v1/on-call", &there)
    );
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let stale = lila.put("/v1/on-call", &here).await;
    assert_eq!(stale.json["current_etag"], "\"1\"");
    stale.refused(412, "stale");

    for desk in [&one, &two] {
        desk.desk.refresh_rules().await.unwrap();
        let rules = desk.desk.rules();
        let on_duty: Vec<_> = rules.on_call.on_call.on_duty(desk.clock.now()).collect();
        assert_eq!(on_duty[0].1.unwrap().name, "Asha Rai");
        let read = asha.at(&desk.url).get("/v1/on-call").await.is(200);
        assert_eq!(read.json, rotation());
        let known = asha.at(&desk.url).with("if-none-match", "\"1\"");
        known.get("/v1/on-call").await.is(304);
    }
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_whole() {
    let desk = TestDesk::open().await;
    let lila = desk.lead("lila").await.with("if-match", "*");
    let mut wrong = rotation();
    wrong["people"][1]["email"] = json!("no address");
    wrong["schedules"][0]["rotation"] = json!(["Asha Rai", "Nobody"]);
    let refused = lila.put("/v1/on-call", &wrong).await;
    assert_eq!(
        refused.faults(),
        ["/people/1/email", "/schedules/0/rotation/1"]
    );
    refused.refused(422, "invalid");

    let mut wrong = rotation();
    for (field, value) in [
        ("level", json!(5)),
        ("time_zone", json!("Nepal")),
        ("handover", json!("9 o'clock")),
    ] {
        wrong["schedules"][0][field] = value;
    }
    let refused = lila.put("/v1/on-call", &wrong).await;
    assert_eq!(
        refused.faults(),
        [
            "/schedules/0/handover",
            "/schedules/0/level",
            "/schedules/0/time_zone"
        ]
    );
    let nothing = lila.get("/v1/on-call").await.is(200);
    assert_eq!(nothing.json["people"], json!([]));
}

#[tokio::test]
async fn shifts_come_as_a_calendar() {
    let desk = TestDesk::open().await;
    let lila = desk.lead("lila").await;
    let put = lila.with("if-match", "*");
    put.put("/v1/on-call", &rotation()).await.is(200);

    let path = "/v1/on-call.ics?from=2026-11-21T00:00:00Z&days=3";
    let file = lila.get(path).await.is(200);
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    let starts: Vec<&str> = file
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("DTSTART:"))
        .collect();
    // Nobody before the first handover.
    assert_eq!(
        starts,
        ["20261121T101500Z", "20261122T101500Z", "20261123T101500Z"]
    );
    assert!(file.text.contains("Bishnu Thapa"), "{}", file.text);
    let elsewhere = lila.get(format!("{path}&level=2")).await.is(200);
    assert!(!elsewhere.text.contains("VEVENT"));
    let far = lila.get("/v1/on-call.ics?days=0&level=9").await;
    assert_eq!(far.faults(), ["days", "level"]);
    let never = lila
        .send(Method::GET, "/v1/on-call/now?at=yesterday", |r| r)
        .await;
    never.refused(422, "invalid");
}
