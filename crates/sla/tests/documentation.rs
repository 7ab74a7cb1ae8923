//! The examples of `docs/sla.md`, run.

#![expect(
    clippy::unwrap_used,
    reason = "an expectation that fails is a test that fails"
)]

use chrono::{DateTime, Utc};
use sla::{Calendar, CalendarSpec, Clock, ClockKind, Event, EventKind, State, Terms, judge};

const PAGE: &str = include_str!("../../../docs/sla.md");

/// The calendar of the page.
fn calendar() -> Calendar {
    let (_, from) = PAGE.split_once("```json\n").unwrap();
    let (text, _) = from.split_once("```").unwrap();
    let spec: CalendarSpec = serde_json::from_str(text).unwrap();
    Calendar::compile(&spec).unwrap()
}

/// The rows of the table whose head begins so, each with its columns.
fn table(head: &str) -> Vec<Vec<&'static str>> {
    let rows = PAGE
        .lines()
        .skip_while(|line| !line.starts_with(head))
        .skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_due_times_of_the_page_are_right() {
    let rows = table("| start | local |");
    assert_eq!(rows.len(), 6);
    for row in rows {
        let [start, _, seconds, due, _] = row.as_slice() else {
            panic!("{row:?}")
        };
        let (start, due, seconds) = (at(start), at(due), seconds.parse().unwrap());
        assert_eq!(calendar().due(start, seconds), Ok(due), "{row:?}");
        assert_eq!(calendar().elapsed(start, due), seconds, "{row:?}");
    }
}

#[test]
fn the_clock_of_the_page_is_right() {
    let calendar = calendar();
    let events = [
        Event {
            at: at("2026-10-18T06:15:00Z"),
            kind: EventKind::Pause,
        },
        Event {
            at: at("2026-10-19T04:15:00Z"),
            kind: EventKind::Resume,
        },
    ];
    let clock = Clock {
        kind: ClockKind::Resolution,
        start: at("2026-10-18T04:00:00Z"),
        terms: Terms {
            calendar: &calendar,
            target_s: 86_400,
        },
        events: &events,
    };
    let rows = table("| as of |");
    assert_eq!(rows.len(), 3);
    for row in rows {
        let [as_of, state, elapsed, remaining, due] = row.as_slice() else {
            panic!("{row:?}")
        };
        let judged = judge(&clock, at(as_of)).unwrap();
        let told = if judged.state == State::Paused {
            "paused"
        } else {
            "running"
        };
        assert_eq!(told, *state);
        assert_eq!(judged.elapsed_s.to_string(), *elapsed);
        assert_eq!(judged.remaining_s.to_string(), *remaining);
        assert_eq!(judged.due_at, due.parse().ok());
    }
}
