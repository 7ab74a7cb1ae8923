//! Reports: every figure recomputed by brute force from raw events, groups that
//! sum, links that lead to the very tickets.

mod command_line;
mod digest;
mod hold;
mod known;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    harness::{TestDesk, bug, bug_with},
    histories::Play,
};
use hold::hold;
use known::{Known, seconds};

const QUESTIONS: &[(&str, &str)] = &[
    (
        "sla",
        "from=2026-11-01&tz=Asia/Kathmandu&group_by=day,urgency",
    ),
    (
        "sla",
        "from=2026-11-01&cohort=resolved&group_by=week&tz=America/New_York",
    ),
    (
        "sla",
        "from=2026-11-01&to=2027-06-01&cohort=due&group_by=month",
    ),
    (
        "sla",
        "from=2026-11-25T03:00:00Z&to=2026-12-20&kind=bug&urgency=critical,high",
    ),
    ("volume", "from=2026-11-01&group_by=level,kind"),
    ("volume", "from=2026-11-01&status=open&group_by=source"),
    ("escalations", "from=2026-11-01&group_by=entry"),
    ("entries", "from=2026-11-01"),
    ("agents", "from=2026-11-01&cohort=resolved"),
    ("sla", "from=2020-01-01&to=2020-02-01"),
];

#[tokio::test]
async fn every_figure_is_what_the_raw_events_say() {
    for seed in 100..104 {
        let mut play = Play::begin(seed).await;
        for _ in 0..70 {
            play.step().await;
        }
        // Open clocks past their due instants count as breached also before
        // the sweep says so.
        let lila = play.desk.lead("lila").await;
        let unswept = lila
            .get("/v1/reports/sla?from=2026-11-01")
            .await
            .is(200)
            .json;
        play.desk.sweep().await;
        let swept = lila
            .get("/v1/reports/sla?from=2026-11-01")
            .await
            .is(200)
            .json;
        for clock in ["/total/first_response", "/total/resolution"] {
            assert_eq!(unswept.pointer(clock), swept.pointer(clock), "seed {seed}");
        }

        let now = play.desk.clock.now();
        let mut tickets = Vec::new();
        for ticket in play.desk.all_tickets().await {
            let events = play.desk.events_of(&ticket).await;
            tickets.push(Known::of(&events, &play.desk.desk.rules().book, now));
        }
        for (name, query) in QUESTIONS {
            let path = format!("/v1/reports/{name}?{query}");
            let report = lila.get(&path).await.is(200).json;
            hold(
                &report,
                &tickets,
                query,
                now,
                &format!("seed {seed}, {path}"),
                &lila,
            )
            .await;
        }
    }
}

#[tokio::test]
async fn targets_stand_beside_their_figures_with_the_trend() {
    let desk = TestDesk::open().await;
    let (shop, asha, lila) = (
        desk.tool("shop").await,
        desk.agent("asha").await,
        desk.lead("lila").await,
    );
    for minutes in [10, 150, 20] {
        let filed = shop.file(&bug("a")).await;
        let key = filed["key"].as_str().unwrap();
        desk.pass(TimeDelta::minutes(minutes)).await;
        asha.act(key, "resolve", &json!({})).await;
        desk.pass(TimeDelta::hours(24)).await;
    }
    // The second ticket's day, and the first one's before it.
    let kpis = lila
        .get("/v1/reports/kpis?from=2026-11-23T09:00:00Z&to=2026-11-24T09:00:00Z")
        .await
        .is(200)
        .json;
    let kpi = |metric: &str| {
        let all = kpis["kpis"].as_array().unwrap();
        all.iter()
            .find(|kpi| kpi["metric"] == metric)
            .unwrap()
            .clone()
    };
    let first = kpi("first_response");
    assert_eq!(
        (&first["target"], &first["figure"]),
        (&json!(7200), &json!(9000.0))
    );
    assert_eq!(
        (&first["verdict"], &first["trend"]),
        (&json!("missed"), &json!("worse"))
    );
    assert_eq!(
        (&first["previous"], &first["change"]),
        (&json!(600.0), &json!(8400.0))
    );
    assert_eq!(kpi("resolution")["verdict"], "met");
    assert_eq!(kpi("critical_resolution")["origin"], "settings");
    assert_eq!(kpi("satisfaction")["verdict"], Value::Null);
    let behind = lila.get(first["link"].as_str().unwrap()).await.is(200).json;
    assert_eq!(behind["items"].as_array().unwrap().len(), 1);
    assert_eq!(kpi("escalation_rate")["n"], 1);
}

#[tokio::test]
async fn the_backlog_is_told_by_age_with_what_breaches_next() {
    let desk = TestDesk::open().await;
    let (shop, lila) = (desk.tool("shop").await, desk.lead("lila").await);
    shop.file(&bug("old")).await;
    desk.pass(TimeDelta::days(4)).await;
    shop.file(&bug("new")).await;
    let backlog = lila
        .get("/v1/reports/backlog?group_by=urgency")
        .await
        .is(200)
        .json;
    let total = &backlog["total"];
    assert_eq!((&total["n"], &total["unassigned"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&total["resolution_breached"], &total["oldest_seconds"]),
        (&json!(1), &json!(345_600))
    );
    let mut found = 0;
    for age in total["ages"].as_array().unwrap() {
        let listed = lila.get(age["link"].as_str().unwrap()).await.is(200).json;
        assert_eq!(
            age["count"],
            listed["items"].as_array().unwrap().len(),
            "{age}"
        );
        found += age["count"].as_u64().unwrap();
    }
    assert_eq!(found, 2);
    for (figure, link) in total["links"].as_object().unwrap() {
        let listed = lila.get(link.as_str().unwrap()).await.is(200).json;
        assert_eq!(
            total[figure.as_str()],
            listed["items"].as_array().unwrap().len(),
            "{figure}"
        );
    }
    let next: Vec<_> = backlog["next_breaches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|next| {
            (
                next["title"].as_str().unwrap(),
                next["clock"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(next, [("new", "first_response"), ("new", "resolution")]);
}

#[tokio::test]
async fn a_spreadsheet_gets_no_formula() {
    let desk = TestDesk::open().await;
    let (asha, lila) = (desk.agent("asha").await, desk.lead("lila").await);
    let filed = asha.file(&bug_with("a", json!({"severity": "low"}))).await;
    let key = filed["key"].as_str().unwrap();
    asha.act(key, "assign", &json!({"assignee": "=1+2\"x,y"}))
        .await;
    let by_suffix = lila.get("/v1/reports/agents.csv").await.is(200);
    assert_eq!(by_suffix.header("content-type"), "text/csv; charset=utf-8");
    let by_accept = lila
        .with("accept", "text/csv")
        .get("/v1/reports/agents")
        .await
        .is(200);
    assert_eq!(by_suffix.text, by_accept.text);
    let lines: Vec<&str> = by_suffix.text.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("scope,assignee,"), "{lines:?}");
    assert!(lines[1].starts_with("group,\"'=1+2\"\"x,y\","), "{lines:?}");
    assert!(lines[2].starts_with("total,,"), "{lines:?}");
    assert!(lines[1].contains(",filed,UTC,"), "{lines:?}");
}

#[tokio::test]
async fn wrong_questions_are_refused_and_every_fault_named() {
    let desk = TestDesk::open().await;
    let lila = desk.lead("lila").await;
    let wrong = "/v1/reports/sla?tz=Mars&group_by=day,day&cohort=born&from=soon&colour=red";
    let faults = lila.get(wrong).await.refused(422, "invalid").faults();
    assert_eq!(faults, ["cohort", "colour", "from", "group_by", "tz"]);
    for (wrong, status) in [
        ("sla?from=2026-11-02&to=2026-11-02", 422),
        ("kpis?group_by=day", 422),
        ("backlog?cohort=due", 422),
        ("weather", 404),
    ] {
        lila.get(format!("/v1/reports/{wrong}")).await.is(status);
    }
    desk.agent("asha")
        .await
        .get("/v1/reports/weather")
        .await
        .is(403);
}

#[tokio::test]
async fn tickets_filed_before_there_were_reports_are_filled_in() {
    use sea_orm_migration::sea_orm::{ConnectionTrait, Database};

    let mut play = Play::begin(7).await;
    for _ in 0..40 {
        play.step().await;
    }
    play.desk.sweep().await;
    let lila = play.desk.lead("lila").await;
    let path = "/v1/reports/sla?from=2026-11-01&group_by=urgency";
    let before = lila.get(path).await.is(200).json;
    let connection = Database::connect(play.desk.database.url()).await.unwrap();
    for statement in [
        "DELETE FROM ticket_facts",
        "INSERT INTO counters (name, next) VALUES ('facts', 0)",
    ] {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
    assert_eq!(lila.get(path).await.is(200).json["total"]["n"], 0);

    play.desk.desk.backfill_facts().await.unwrap();

    assert_eq!(lila.get(path).await.is(200).json, before);
    play.desk.hold_ledger().await;
}

#[tokio::test]
async fn filters_that_only_tickets_answer_narrow_a_report_too() {
    let desk = TestDesk::open().await;
    let (shop, lila) = (desk.tool("shop").await, desk.lead("lila").await);
    shop.file(&bug_with("esewa timeout", json!({"tags": ["vip"]})))
        .await;
    shop.file(&bug_with(
        "late parcel",
        json!({"reporter": {"email": "sita@example.com"}}),
    ))
    .await;
    for (filter, n) in [
        ("q=esewa", 1),
        ("q=nothing", 0),
        ("tag=vip", 1),
        ("reporter=sita%40example.com", 1),
        ("tag=vip&q=parcel", 0),
        ("first_response=open&escalated=false", 2),
        ("first_response=met", 0),
        ("created_to=2026-11-22T10:00:00Z", 0),
    ] {
        let report = lila
            .get(format!("/v1/reports/volume?{filter}"))
            .await
            .is(200)
            .json;
        assert_eq!(report["total"]["n"], n, "{filter}");
        let link = report["total"]["links"]["n"].as_str().unwrap();
        let listed = lila.get(link).await.is(200).json;
        assert_eq!(listed["items"].as_array().unwrap().len(), n, "{link}");
    }
}

#[test]
fn seconds_are_whole() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (from, to) = (at("2026-11-22T10:00:00.9Z"), at("2026-11-22T10:00:02.1Z"));
    assert_eq!(seconds(from, to), 2);
}
