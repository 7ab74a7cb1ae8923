use chrono::{DateTime, Utc};

use super::SegmentKind;
use crate::calendar::Calendar;
use crate::spec::CalendarSpec;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The segments of a period, one a line.
fn told(spec: &str, start: &str, end: &str) -> Vec<String> {
    let spec: CalendarSpec = serde_json::from_str(spec).unwrap();
    let calendar = Calendar::compile(&spec).unwrap();
    calendar
        .segments(at(start), at(end))
        .map(|segment| {
            let kind = match segment.kind {
                SegmentKind::Open => "open".to_owned(),
                SegmentKind::Closed => "closed".to_owned(),
                SegmentKind::Break => "break".to_owned(),
                SegmentKind::Holiday(holiday) => {
                    format!(
                        "{} {}",
                        holiday.date,
                        holiday.name.as_deref().unwrap_or("-")
                    )
                }
            };
            format!(
                "{} {} {kind}",
                segment.from.format("%dT%H:%M"),
                segment.to.format("%dT%H:%M")
            )
        })
        .collect()
}

#[test]
fn a_weekend_a_holiday_and_a_break_are_told_apart() {
    let day = r#"[["09:00","12:00"],["13:00","18:00"]]"#;
    let spec = format!(
        r#"{{"time_zone": "UTC",
            "hours": {{"thu": {day}, "fri": {day}, "mon": {day}, "tue": {day}}},
            "holidays": [{{"date": "2026-10-19", "name": "Dashain"}}, "2026-10-18"],
            "breaks": {{"2026-10-16": [["10:00","11:00"], ["17:00","23:00"], ["10:30","14:00"]]}}}}"#
    );
    assert_eq!(
        told(&spec, "2026-10-16T09:30:00Z", "2026-10-20T09:30:00Z"),
        [
            "16T09:30 16T10:00 open",
            "16T10:00 16T12:00 break",
            "16T12:00 16T13:00 closed",
            "16T13:00 16T14:00 break",
            "16T14:00 16T17:00 open",
            "16T17:00 16T18:00 break",
            "16T18:00 19T00:00 closed",
            "19T00:00 20T00:00 2026-10-19 Dashain",
            "20T00:00 20T09:00 closed",
            "20T09:00 20T09:30 open",
        ],
        "a holiday on a Sunday that is closed anyway changes nothing"
    );
}

#[test]
fn the_repeated_hour_is_one_segment_and_the_missing_one_is_none() {
    let spec = r#"{"time_zone": "Europe/London", "hours": {"sun": [["00:30","03:00"]]}}"#;
    assert_eq!(
        told(spec, "2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z"),
        [
            "24T22:00 24T23:30 closed",
            "24T23:30 25T03:00 open",
            "25T03:00 25T05:00 closed"
        ]
    );
    assert_eq!(
        told(spec, "2026-03-29T00:00:00Z", "2026-03-29T05:00:00Z"),
        [
            "29T00:00 29T00:30 closed",
            "29T00:30 29T02:00 open",
            "29T02:00 29T05:00 closed"
        ]
    );
}

#[test]
fn around_the_clock_a_holiday_and_a_break_still_part_the_time() {
    let all_day = r#"[["00:00","24:00"]]"#;
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let hours = days.map(|day| format!("\"{day}\": {all_day}")).join(",");
    let spec = format!(
        r#"{{"time_zone": "Europe/London", "hours": {{{hours}}}, "holidays": ["2026-10-25"],
            "breaks": {{"2026-10-27": [["12:00","13:00"]]}}}}"#
    );
    assert_eq!(
        told(&spec, "1990-10-20T00:00:00Z", "2090-10-29T00:00:00Z"),
        [
            "20T00:00 24T23:00 open",
            "24T23:00 26T00:00 2026-10-25 -",
            "26T00:00 27T12:00 open",
            "27T12:00 27T13:00 break",
            "27T13:00 29T00:00 open",
        ]
    );
}

#[test]
fn without_hours_and_around_the_clock_there_is_one_segment() {
    let never = r#"{"time_zone": "UTC", "hours": {}, "holidays": ["2026-01-01"]}"#;
    assert_eq!(
        told(never, "0001-01-01T00:00:00Z", "9999-12-02T00:00:00Z"),
        ["01T00:00 02T00:00 closed"]
    );
    let always = Calendar::always();
    let mut segments = always.segments(at("0001-01-01T00:00:00Z"), at("9999-12-02T00:00:00Z"));
    assert_eq!(segments.next().unwrap().kind, SegmentKind::Open);
    assert_eq!(segments.next(), None);
    assert_eq!(
        always
            .segments(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"))
            .next(),
        None
    );
}
