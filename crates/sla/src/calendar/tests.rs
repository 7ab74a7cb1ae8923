use chrono::{DateTime, Utc};

use super::{Calendar, DueError};
use crate::spec::CalendarSpec;

fn calendar(spec: &str) -> Calendar {
    let spec: CalendarSpec = serde_json::from_str(spec).unwrap();
    Calendar::compile(&spec).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Sunday to Friday, 9 to 18, without Tuesday 2026-10-20.
fn kathmandu() -> Calendar {
    let nine_to_six = r#"[["09:00","18:00"]]"#;
    calendar(&format!(
        r#"{{"time_zone": "Asia/Kathmandu", "holidays": ["2026-10-20"], "hours": {{
            "sun": {nine_to_six}, "mon": {nine_to_six}, "tue": {nine_to_six},
            "wed": {nine_to_six}, "thu": {nine_to_six}, "fri": {nine_to_six}}}}}"#
    ))
}

#[test]
fn the_worked_examples_of_kathmandu_hold() {
    let calendar = kathmandu();
    let cases = [
        ("2026-10-16T11:45:00Z", 7_200, "2026-10-18T04:45:00Z"),
        ("2026-10-16T11:45:00Z", 86_400, "2026-10-21T08:45:00Z"),
        ("2026-10-17T06:00:00Z", 7_200, "2026-10-18T05:15:00Z"),
        ("2026-10-18T10:15:00Z", 7_200, "2026-10-18T12:15:00Z"),
    ];
    for (start, duration_s, due) in cases {
        assert_eq!(
            calendar.due(at(start), duration_s),
            Ok(at(due)),
            "{start} + {duration_s}"
        );
        assert_eq!(calendar.elapsed(at(start), at(due)), duration_s);
    }
}

#[test]
fn around_the_clock_adds_seconds() {
    let always = Calendar::always();
    let start = at("2026-10-16T11:45:00Z");
    assert_eq!(always.due(start, 86_400), Ok(at("2026-10-17T11:45:00Z")));
    assert_eq!(always.elapsed(start, at("2026-10-17T11:45:00Z")), 86_400);
    assert_eq!(Calendar::compile(always.spec()).unwrap(), always);
}

#[test]
fn a_duration_of_nothing_is_due_at_once_even_when_closed() {
    let saturday = at("2026-10-17T06:00:00Z");
    assert_eq!(kathmandu().due(saturday, 0), Ok(saturday));
    assert_eq!(kathmandu().due(saturday, -5), Ok(saturday));
    assert_eq!(kathmandu().elapsed(saturday, at("2026-10-16T06:00:00Z")), 0);
}

#[test]
fn fractions_of_a_second_are_dropped() {
    let calendar = Calendar::always();
    let start = at("2026-10-16T11:45:00.999999Z");
    assert_eq!(calendar.due(start, 1), Ok(at("2026-10-16T11:45:01Z")));
    assert_eq!(
        calendar.elapsed(start, at("2026-10-16T11:45:01.000001Z")),
        1
    );
    let before_1970 = at("1969-12-31T23:59:59.5Z");
    assert_eq!(calendar.elapsed(before_1970, at("1970-01-01T00:00:00Z")), 1);
}

#[test]
fn a_calendar_without_hours_says_so_at_once() {
    let calendar = calendar(r#"{"time_zone": "UTC", "hours": {"mon": []}}"#);
    let start = at("2026-10-16T11:45:00Z");
    assert!(!calendar.has_hours());
    assert_eq!(calendar.due(start, 1), Err(DueError::NeverOpen));
    assert_eq!(calendar.due(start, 0), Ok(start));
    assert_eq!(calendar.elapsed(start, at("2027-10-16T11:45:00Z")), 0);
}

#[test]
fn a_due_time_after_the_year_9999_is_refused() {
    let minute_a_week = calendar(r#"{"time_zone": "UTC", "hours": {"mon": [["00:00","00:01"]]}}"#);
    let start = at("2026-10-16T11:45:00Z");
    for duration_s in [60 * 53 * 8_000, i64::MAX - 1, i64::MAX] {
        let due = minute_a_week.due(start, duration_s);
        assert_eq!(due, Err(DueError::BeyondHorizon), "{duration_s}");
    }
    assert_eq!(minute_a_week.due(start, 60), Ok(at("2026-10-19T00:01:00Z")));
    let last = at("9999-12-31T23:59:59Z");
    assert_eq!(
        Calendar::always().due(at("9999-12-31T23:59:58Z"), 1),
        Ok(last)
    );
    assert_eq!(
        Calendar::always().due(last, 1),
        Err(DueError::BeyondHorizon)
    );
}

#[test]
fn extreme_instants_are_counted_too() {
    let calendar = kathmandu();
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    assert!(calendar.elapsed(first, last) > 0);
    assert_eq!(calendar.due(last, 1), Err(DueError::BeyondHorizon));
    assert!(calendar.due(first, 1).is_ok());
}

#[test]
fn a_calendar_open_one_minute_a_year_is_due_years_ahead() {
    // Open on Mondays for a minute, but for one in fifty all are holidays.
    let mut holidays = Vec::new();
    let mut monday: chrono::NaiveDate = "2000-01-03".parse().unwrap();
    for week in 0..3_000 {
        if week % 50 != 0 {
            holidays.push(format!("\"{monday}\""));
        }
        monday += chrono::TimeDelta::weeks(1);
    }
    let calendar = calendar(&format!(
        r#"{{"time_zone": "UTC", "hours": {{"mon": [["00:00","00:01"]]}}, "holidays": [{}]}}"#,
        holidays.join(",")
    ));
    let due = calendar.due(at("2000-01-01T00:00:00Z"), 60 * 40).unwrap();
    assert_eq!(
        due,
        at("2000-01-03T00:01:00Z") + chrono::TimeDelta::weeks(50 * 39)
    );
}

#[test]
fn wall_clock_readings_decide_across_gap_and_overlap() {
    let two_to_three = r#"[["02:00","03:00"]]"#;
    let calendar = calendar(&format!(
        r#"{{"time_zone": "Europe/London", "hours": {{"sun": {two_to_three}, "mon": {two_to_three}}}}}"#
    ));
    // 01:00 to 02:00 does not occur on 2026-03-29 and occurs twice on
    // 2026-10-25; 02:00 to 03:00 is an hour on both.
    assert_eq!(
        calendar.elapsed(at("2026-03-29T00:00:00Z"), at("2026-03-29T23:00:00Z")),
        3_600
    );
    assert_eq!(
        calendar.elapsed(at("2026-10-24T23:00:00Z"), at("2026-10-26T00:00:00Z")),
        3_600
    );
    let one_to_two = r#"[["01:00","02:00"]]"#;
    let calendar = self::calendar(&format!(
        r#"{{"time_zone": "Europe/London", "hours": {{"sun": {one_to_two}}}}}"#
    ));
    assert_eq!(
        calendar.elapsed(at("2026-03-29T00:00:00Z"), at("2026-03-29T23:00:00Z")),
        0
    );
    assert_eq!(
        calendar.elapsed(at("2026-10-24T23:00:00Z"), at("2026-10-26T00:00:00Z")),
        7_200
    );
    assert_eq!(
        calendar.due(at("2026-10-24T23:00:00Z"), 7_200),
        Ok(at("2026-10-25T02:00:00Z"))
    );
}

#[test]
fn a_date_that_the_date_line_swallows_has_no_hours() {
    let all_day = r#"[["00:00","24:00"]]"#;
    let friday = calendar(&format!(
        r#"{{"time_zone": "Pacific/Apia", "hours": {{"fri": {all_day}}}}}"#
    ));
    // Friday 2011-12-30 never was.
    assert_eq!(
        friday.elapsed(at("2011-12-25T00:00:00Z"), at("2012-01-01T00:00:00Z")),
        0
    );
}
