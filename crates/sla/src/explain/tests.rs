use chrono::{DateTime, Utc};

use super::{ExplainSegment, MAX_SEGMENTS, Reason, explain};
use crate::calendar::{Calendar, DueError};
use crate::clock::{Clock, ClockKind, Event, EventKind, Terms};
use crate::judge::judge;
use crate::spec::CalendarSpec;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn calendar(spec: &str) -> Calendar {
    let spec: CalendarSpec = serde_json::from_str(spec).unwrap();
    Calendar::compile(&spec).unwrap()
}

/// Monday to Friday 9 to 18 in UTC, without Tuesday 2026-10-20.
fn office() -> Calendar {
    let day = r#"[["09:00","18:00"]]"#;
    calendar(&format!(
        r#"{{"time_zone": "UTC", "hours": {{"mon": {day}, "tue": {day}, "wed": {day},
            "thu": {day}, "fri": {day}}},
            "holidays": [{{"date": "2026-10-20", "name": "Vijaya Dashami"}}]}}"#
    ))
}

fn told(segments: &[ExplainSegment]) -> Vec<String> {
    segments
        .iter()
        .map(|segment| {
            let reason = match &segment.reason {
                Reason::Counted => "counted".to_owned(),
                Reason::Closed => "closed".to_owned(),
                Reason::Holiday { date, name } => format!("{date} {}", name.as_deref().unwrap()),
                Reason::Break => "break".to_owned(),
                Reason::Paused => "paused".to_owned(),
                Reason::Stopped => "stopped".to_owned(),
            };
            let (from, to) = (
                segment.from.format("%dT%H:%M"),
                segment.to.format("%dT%H:%M"),
            );
            let event = segment
                .event
                .map_or("-".to_owned(), |event| event.to_string());
            format!(
                "{from} {to} {} {reason} terms {} event {event}",
                segment.seconds, segment.terms
            )
        })
        .collect()
}

#[test]
fn a_weekend_a_holiday_and_a_pause_are_each_listed_and_sum_to_the_target() {
    let office = office();
    let events = [
        Event {
            at: at("2026-10-19T10:00:00Z"),
            kind: EventKind::Pause,
        },
        Event {
            at: at("2026-10-19T11:30:00Z"),
            kind: EventKind::Pause,
        },
        Event {
            at: at("2026-10-19T12:00:00Z"),
            kind: EventKind::Resume,
        },
    ];
    let clock = Clock {
        kind: ClockKind::Resolution,
        start: at("2026-10-16T17:00:00Z"),
        terms: Terms {
            calendar: &office,
            target_s: 9 * 3_600,
        },
        events: &events,
    };
    let due = judge(&clock, at("2026-10-19T12:00:00Z"))
        .unwrap()
        .due_at
        .unwrap();
    assert_eq!(due, at("2026-10-21T10:00:00Z"));
    let segments = explain(&clock, due).unwrap();
    assert_eq!(
        told(&segments),
        [
            "16T17:00 16T18:00 3600 counted terms 0 event -",
            "16T18:00 19T09:00 226800 closed terms 0 event -",
            "19T09:00 19T10:00 3600 counted terms 0 event -",
            "19T10:00 19T12:00 7200 paused terms 0 event 0",
            "19T12:00 19T18:00 21600 counted terms 0 event 2",
            "19T18:00 20T00:00 21600 closed terms 0 event 2",
            "20T00:00 21T00:00 86400 2026-10-20 Vijaya Dashami terms 0 event 2",
            "21T00:00 21T09:00 32400 closed terms 0 event 2",
            "21T09:00 21T10:00 3600 counted terms 0 event 2",
        ]
    );
    let counted: i64 = segments
        .iter()
        .filter(|s| s.counted)
        .map(|s| s.seconds)
        .sum();
    assert_eq!(counted, clock.terms.target_s);
}

#[test]
fn after_a_retargeting_the_whole_life_is_told_by_the_new_calendar() {
    let (office, always) = (office(), Calendar::always());
    let retarget = EventKind::Retarget(Terms {
        calendar: &office,
        target_s: 3_600,
    });
    let events = [
        Event {
            at: at("2026-10-16T19:00:00Z"),
            kind: retarget,
        },
        Event {
            at: at("2026-10-16T20:00:00Z"),
            kind: EventKind::Stop,
        },
    ];
    let clock = Clock {
        kind: ClockKind::Resolution,
        start: at("2026-10-16T17:30:00Z"),
        terms: Terms {
            calendar: &always,
            target_s: 7_200,
        },
        events: &events,
    };
    let segments = explain(&clock, at("2026-10-16T21:00:00Z")).unwrap();
    assert_eq!(
        told(&segments),
        [
            "16T17:30 16T18:00 1800 counted terms 0 event -",
            "16T18:00 16T19:00 3600 closed terms 0 event -",
            "16T19:00 16T20:00 3600 closed terms 1 event -",
            "16T20:00 16T21:00 3600 stopped terms 1 event 1",
        ]
    );
    let judged = judge(&clock, at("2026-10-16T21:00:00Z")).unwrap();
    assert_eq!(judged.elapsed_s, 1_800);
}

#[test]
fn nothing_is_told_before_the_start() {
    let office = office();
    let clock = Clock {
        kind: ClockKind::FirstResponse,
        start: at("2026-10-16T17:00:00Z"),
        terms: Terms {
            calendar: &office,
            target_s: 60,
        },
        events: &[],
    };
    assert_eq!(explain(&clock, clock.start), Ok(Vec::new()));
    assert_eq!(explain(&clock, at("2020-01-01T00:00:00Z")), Ok(Vec::new()));
}

#[test]
fn a_question_over_centuries_is_refused_in_bounded_memory() {
    let office = office();
    let clock = Clock {
        kind: ClockKind::FirstResponse,
        start: at("1970-01-01T00:00:00Z"),
        terms: Terms {
            calendar: &office,
            target_s: 60,
        },
        events: &[],
    };
    let told = explain(&clock, at("9999-12-31T00:00:00Z"));
    assert_eq!(
        told,
        Err(DueError::TooManySegments {
            limit: MAX_SEGMENTS
        })
    );
}

#[test]
fn a_segment_is_written_with_its_reason() {
    let always = Calendar::always();
    let start = at("2026-10-16T17:00:00Z");
    let terms = Terms {
        calendar: &always,
        target_s: 60,
    };
    let clock = Clock {
        kind: ClockKind::FirstResponse,
        start,
        terms,
        events: &[],
    };
    let segments = explain(&clock, at("2026-10-16T17:00:05.9Z")).unwrap();
    assert_eq!(
        serde_json::to_value(&segments).unwrap(),
        serde_json::json!([{"from": "2026-10-16T17:00:00Z", "to": "2026-10-16T17:00:05Z",
            "seconds": 5, "counted": true, "reason": {"is": "counted"}, "terms": 0, "event": null}])
    );
}
