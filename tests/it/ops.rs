//! What operators watch: `/metrics`, and the dashboard and alerts that read it.

use std::{collections::BTreeSet, fs, path::Path};

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use yaml_rust2::{Yaml, YamlLoader};

use crate::harness::{Setup, TestDesk, bug, bug_with};

/// What every name of the desk's metrics begins with.
const PREFIX: &str = "runbook_desk_";
/// What is counted by the loops of a serving process, which stories drive by hand.
const OF_LOOPS: [&str; 2] = ["runbook_desk_sweep_seconds", "runbook_desk_rounds_failed"];

#[tokio::test]
async fn metrics_say_how_the_desk_stands() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let urgent = json!({"severity": "critical", "affected_users": 40});
    let key = admin
        .file(&bug_with("Nobody can open the site", urgent))
        .await["key"]
        .clone();
    admin.file(&bug("A crooked picture")).await;

    let text = scrape(&desk).await;
    let level = admin.see(key.as_str().unwrap()).await["level"].clone();
    let open = format!("runbook_desk_open_tickets{{level=\"{level}\"}}");
    assert_eq!(figure(&text, &open), Some(1.0), "{text}");
    assert_eq!(
        figure(&text, "runbook_desk_open_tickets{level=\"1\"}"),
        Some(1.0)
    );
    let database = if desk.database.folder().is_some() {
        "sqlite"
    } else {
        "postgresql"
    };
    assert!(text.contains(&format!("database=\"{database}\"")), "{text}");
    assert!(text.contains("route=\"/v1/tickets\""), "{text}");
    let waiting = "runbook_desk_outbox_messages{lane=\"urgent\",medium=\"email\"}";
    assert!(
        figure(&text, waiting).is_some_and(|messages| messages > 0.0),
        "{text}"
    );

    // No ticket, person or address stands in it.
    for private in [key.as_str().unwrap(), "@", "crooked"] {
        assert!(!text.contains(private), "{private} in {text}");
    }

    desk.deliver().await;
    let text = scrape(&desk).await;
    assert_eq!(figure(&text, waiting), Some(0.0));
    assert_eq!(figure(&text, "runbook_desk_outbox_overdue"), Some(0.0));
    assert!(text.contains("runbook_desk_deliveries_total{medium=\"email\",outcome=\"sent\"}"));
}

#[tokio::test]
async fn the_auditor_tells_of_what_nobody_did() {
    let desk = TestDesk::open().await;
    desk.admin().file(&bug("Nobody sweeps")).await;
    assert_eq!(
        figure(&scrape(&desk).await, "runbook_desk_timers_overdue"),
        Some(0.0)
    );

    desk.clock.advance(TimeDelta::hours(48));
    let text = scrape(&desk).await;
    assert_eq!(figure(&text, "runbook_desk_timers_overdue"), Some(1.0));
    let ready = desk.stranger().get("/readyz").await.is(200).json["warnings"].to_string();
    assert!(ready.contains("timers of 1 tickets are overdue"), "{ready}");

    desk.sweep().await;
    let text = scrape(&desk).await;
    assert_eq!(figure(&text, "runbook_desk_timers_overdue"), Some(0.0));
    assert_eq!(
        figure(&text, "runbook_desk_tickets_without_timer"),
        Some(0.0)
    );
    assert_eq!(
        figure(&text, "runbook_desk_open_tickets_breached{level=\"1\"}"),
        Some(1.0)
    );
}

#[tokio::test]
async fn a_key_shuts_the_metrics() {
    let desk = TestDesk::with(Setup {
        env: vec![("DESK_METRICS_KEY", "scrapers-only-0123456789".to_owned())],
        ..Setup::default()
    })
    .await;
    assert_eq!(asked(&desk, None).await.0, 401);
    let (wrong, right) = ("scrapers-only-0123456780", "scrapers-only-0123456789");
    assert_eq!(asked(&desk, Some(wrong)).await.0, 401);
    assert_eq!(asked(&desk, Some(right)).await.0, 200);
}

#[tokio::test]
async fn dashboard_and_alerts_name_only_what_is_exposed() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let urgent = json!({"severity": "critical", "affected_users": 40});
    admin
        .file(&bug_with("Nobody can open the site", urgent))
        .await;
    desk.deliver().await;
    let text = scrape(&desk).await;
    let mut exposed: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .map(family)
        .collect();
    exposed.extend(OF_LOOPS.map(str::to_owned));

    let dashboard: Value = serde_json::from_str(&read("grafana-dashboard.json")).unwrap();
    let mut expressions = Vec::new();
    strings_of(&dashboard, &mut expressions);
    assert!(dashboard["panels"].as_array().unwrap().len() > 12);

    let alerts = YamlLoader::load_from_str(&read("alerts.yml")).unwrap();
    let rules = alerts[0]["groups"][0]["rules"].as_vec().unwrap();
    for rule in rules {
        for needed in ["alert", "expr"] {
            assert!(rule[needed].as_str().is_some(), "{rule:?} has no {needed}");
        }
        assert!(rule["labels"]["severity"].as_str().is_some(), "{rule:?}");
        assert!(
            rule["annotations"]["summary"].as_str().is_some(),
            "{rule:?}"
        );
        expressions.push(rule["expr"].as_str().unwrap().to_owned());
    }
    let named: BTreeSet<String> = expressions.iter().flat_map(|text| names(text)).collect();
    assert!(named.len() > 12, "{named:?}");
    let unknown: Vec<&String> = named.difference(&exposed).collect();
    assert!(
        unknown.is_empty(),
        "never exposed: {unknown:?}; there are {exposed:?}"
    );

    let scraping = YamlLoader::load_from_str(&read("prometheus.yml")).unwrap();
    assert_eq!(
        scraping[0]["rule_files"][0],
        Yaml::String("alerts.yml".to_owned())
    );
    assert_eq!(
        scraping[0]["scrape_configs"][0]["metrics_path"].as_str(),
        Some("/metrics")
    );
}

async fn scrape(desk: &TestDesk) -> String {
    let (status, text) = asked(desk, None).await;
    assert_eq!(status, 200);
    text
}

/// `/metrics` is no part of the API's document.
async fn asked(desk: &TestDesk, key: Option<&str>) -> (u16, String) {
    let mut request = desk.stranger().request(Method::GET, "/metrics");
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// The figure of one line, named with its labels.
fn figure(text: &str, name: &str) -> Option<f64> {
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("{name} ")))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// A metric's name without what Prometheus adds to histograms and counters.
fn family(name: &str) -> String {
    let parts = ["_bucket", "_count", "_sum", "_total"];
    let whole = parts.iter().find_map(|part| name.strip_suffix(part));
    whole.unwrap_or(name).to_owned()
}

/// The desk's metrics that an expression names.
fn names(expression: &str) -> Vec<String> {
    let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with(PREFIX))
        .map(family)
        .collect()
}

fn strings_of(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings_of(item, found)),
        Value::Object(members) => members.values().for_each(|item| strings_of(item, found)),
        _ => {}
    }
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../ops")
        .join(name);
    fs::read_to_string(path).unwrap()
}
