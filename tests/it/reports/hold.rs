//! Holding a report against what is known of the tickets.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::known::Known;
use crate::harness::Client;

/// Holds each row, its sum and its links against the tickets.
pub(super) async fn hold(
    report: &Value,
    tickets: &[Known],
    query: &str,
    now: DateTime<Utc>,
    at: &str,
    lila: &Client,
) {
    let instant = |name: &str| -> DateTime<Utc> { report[name].as_str().unwrap().parse().unwrap() };
    let (from, to) = (instant("from"), instant("to"));
    let cohort = report["cohort"].as_str().unwrap();
    let zone: Tz = report["time_zone"].as_str().unwrap().parse().unwrap();
    let of_period: Vec<&Known> = tickets
        .iter()
        .filter(|ticket| asked_for(ticket, query))
        .filter(|ticket| {
            ticket
                .instant(cohort)
                .is_some_and(|held| from <= held && held < to)
        })
        .collect();

    hold_row(&report["total"], &of_period, now, at, lila).await;
    let rows = report["groups"].as_array().unwrap();
    let mut held = 0;
    for row in rows {
        let group = row["group"].as_object().unwrap();
        let members: Vec<&Known> = of_period
            .iter()
            .copied()
            .filter(|ticket| {
                let mut keys = group.iter();
                keys.all(|(name, key)| *key == key_of(ticket, name, cohort, zone))
            })
            .collect();
        held += members.len();
        hold_row(
            row,
            &members,
            now,
            &format!("{at}, {:?}", row["group"]),
            lila,
        )
        .await;
    }
    if report["group_by"]
        .as_array()
        .is_some_and(|by| !by.is_empty())
    {
        assert_eq!(
            held,
            of_period.len(),
            "{at}: groups do not sum to the whole"
        );
        let sum: u64 = rows.iter().map(|row| row["n"].as_u64().unwrap()).sum();
        assert_eq!(report["total"]["n"], sum, "{at}");
    }
}

async fn hold_row(row: &Value, tickets: &[&Known], now: DateTime<Utc>, at: &str, lila: &Client) {
    for (figure, link) in row["links"].as_object().unwrap() {
        if figure.starts_with("methods") {
            continue;
        }
        let expected: BTreeSet<&str> = tickets
            .iter()
            .filter(|ticket| ticket.is_in(figure))
            .map(|ticket| ticket.key.as_str())
            .collect();
        let count = match (
            row.pointer(&format!("/{}", figure.replace('.', "/"))),
            figure,
        ) {
            (Some(Value::Number(count)), _) => count.as_u64(),
            (Some(rate), _) if rate["count"].is_u64() => rate["count"].as_u64(),
            (Some(first), _) => first["working_seconds"]["n"].as_u64(),
            (None, _) => row["satisfied"]["n"].as_u64(),
        };
        assert_eq!(count, Some(expected.len() as u64), "{at}: {figure}");
        let link = link.as_str().unwrap();
        let listed = lila.get(format!("{link}&limit=200")).await.is(200).json;
        let listed: BTreeSet<&str> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ticket| ticket["key"].as_str().unwrap())
            .collect();
        assert_eq!(listed, expected, "{at}: {figure} by {link}");
    }
    let counted: Vec<&Known> = tickets
        .iter()
        .copied()
        .filter(|ticket| ticket.counted())
        .collect();
    for name in ["first_response", "resolution"] {
        let Some(clock) = row.get(name) else { continue };
        let of = |ticket: &Known, total: bool| {
            let clock = if name == "resolution" {
                &ticket.resolution
            } else {
                &ticket.first_response
            };
            let measured = if total { clock.total } else { clock.first };
            measured.filter(|_| clock.exists)
        };
        let met = counted
            .iter()
            .filter(|one| one.is_in(&format!("{name}.met")))
            .count();
        let breached = counted
            .iter()
            .filter(|one| one.is_in(&format!("{name}.breached")))
            .count();
        let share = (met + breached > 0).then(|| met as f64 / (met + breached) as f64);
        assert_eq!(clock["compliance"], json!(share), "{at}: {name}");
        for (which, total) in [("first", false), ("total", true)] {
            let Some(durations) = clock.get(which) else {
                continue;
            };
            let measured: Vec<_> = counted.iter().filter_map(|one| of(one, total)).collect();
            let working = measured.iter().map(|(working, _)| *working).collect();
            let wall = measured.iter().map(|(_, wall)| *wall).collect();
            hold_values(
                &durations["working_seconds"],
                working,
                &format!("{at}: {name} {which}"),
            );
            hold_values(
                &durations["wall_seconds"],
                wall,
                &format!("{at}: {name} {which} wall"),
            );
        }
    }
    if let Some(escalations) = row.get("escalations") {
        let waits = || counted.iter().flat_map(|ticket| &ticket.waits);
        assert_eq!(escalations["count"], waits().count(), "{at}");
        let open = waits().filter(|wait| wait.is_none()).count();
        assert_eq!(escalations["unacknowledged"], open, "{at}");
        hold_values(
            &escalations["acknowledged"],
            waits().filter_map(|wait| *wait).collect(),
            at,
        );
        for level in 1..=4_u8 {
            let stays = counted
                .iter()
                .filter_map(|ticket| ticket.at_level(level, now));
            let told = &escalations["at_level"][level.to_string()];
            hold_values(told, stays.collect(), &format!("{at}: at level {level}"));
        }
    }
}

fn hold_values(told: &Value, mut values: Vec<i64>, at: &str) {
    values.sort_unstable();
    assert_eq!(told["n"], values.len(), "{at}: {told}");
    for (name, percent) in [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99)] {
        // The least value that so many of them do not exceed.
        let enough = |value: &&i64| {
            let up_to = values.iter().filter(|one| one <= value).count();
            up_to * 100 >= percent * values.len()
        };
        assert_eq!(
            told[name],
            json!(values.iter().find(enough)),
            "{at}: {name} of {values:?}"
        );
    }
    let sum: i64 = values.iter().sum();
    let mean = (!values.is_empty()).then(|| sum as f64 / values.len() as f64);
    assert_eq!(told["mean"], json!(mean), "{at}");
}

fn asked_for(ticket: &Known, query: &str) -> bool {
    query.split('&').all(|pair| match pair {
        "kind=bug" => ticket.kind.as_str() == "bug",
        "urgency=critical,high" => ["critical", "high"].contains(&ticket.urgency.as_str()),
        "status=open" => ticket.status.as_str() == "open",
        _ => true,
    })
}

fn key_of(ticket: &Known, dimension: &str, cohort: &str, zone: Tz) -> Value {
    let day = || {
        ticket
            .instant(cohort)
            .unwrap()
            .with_timezone(&zone)
            .date_naive()
    };
    match dimension {
        "day" => json!(day().to_string()),
        "week" => {
            let back = u64::from(day().weekday().num_days_from_monday());
            json!((day() - chrono::Days::new(back)).to_string())
        }
        "month" => json!(day().format("%Y-%m").to_string()),
        "kind" => json!(ticket.kind.as_str()),
        "urgency" => json!(ticket.urgency.as_str()),
        "level" => json!(ticket.level.number()),
        "entry" => json!(ticket.entry),
        "assignee" => json!(ticket.assignee),
        "source" => json!(ticket.source),
        other => panic!("what is {other}?"),
    }
}
