//! What counting business time costs: due and elapsed of one clock, around the
//! clock and in business hours with DST and holidays, over a day, a month and
//! a year; and judging a clock with events. The promise is 2 µs for a due.
//!
//! `cargo bench -p benches --bench sla`

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use divan::{Bencher, black_box};
use sla::{Calendar, CalendarSpec, Clock, ClockKind, DueError, Event, EventKind, Terms};

fn main() {
    divan::main();
}

/// Where time is counted.
#[derive(Clone, Copy)]
enum Hours {
    AroundTheClock,
    Kathmandu,
    NewYork,
}

/// How far.
#[derive(Clone, Copy)]
enum Span {
    Day,
    Month,
    Year,
}

const CASES: [Case; 9] = [
    Case(Hours::AroundTheClock, Span::Day),
    Case(Hours::AroundTheClock, Span::Month),
    Case(Hours::AroundTheClock, Span::Year),
    Case(Hours::Kathmandu, Span::Day),
    Case(Hours::Kathmandu, Span::Month),
    Case(Hours::Kathmandu, Span::Year),
    Case(Hours::NewYork, Span::Day),
    Case(Hours::NewYork, Span::Month),
    Case(Hours::NewYork, Span::Year),
];

#[divan::bench(args = CASES)]
fn due(bencher: Bencher<'_, '_>, case: &Case) {
    let calendar = case.0.calendar();
    let (start, end) = case.1.bounds();
    let worked = calendar.elapsed(start, end);
    bencher.bench_local(|| calendar.due(black_box(start), black_box(worked)));
}

#[divan::bench(args = CASES)]
fn elapsed(bencher: Bencher<'_, '_>, case: &Case) {
    let calendar = case.0.calendar();
    let (start, end) = case.1.bounds();
    bencher.bench_local(|| calendar.elapsed(black_box(start), black_box(end)));
}

/// A ticket's resolution clock: three pauses, resolved, reopened, re-targeted.
#[divan::bench(args = CASES)]
fn judge_nine_events(bencher: Bencher<'_, '_>, case: &Case) {
    let calendar = case.0.calendar();
    let (start, end) = case.1.bounds();
    let step = (end - start) / 10;
    let retarget = EventKind::Retarget(Terms {
        calendar: &calendar,
        target_s: 200_000,
    });
    let kinds = [
        EventKind::Pause,
        EventKind::Resume,
        EventKind::Pause,
        EventKind::Resume,
        retarget,
        EventKind::Pause,
        EventKind::Resume,
        EventKind::Stop,
        EventKind::Reopen,
    ];
    let mut at = start;
    let events = kinds.map(|kind| {
        at += step;
        Event { at, kind }
    });
    let terms = Terms {
        calendar: &calendar,
        target_s: 86_400,
    };
    let clock = Clock {
        kind: ClockKind::Resolution,
        start,
        terms,
        events: &events,
    };
    bencher
        .bench_local(|| -> Result<_, DueError> { sla::judge(black_box(&clock), black_box(end)) });
}

/// Compiling is not on a ticket's path, but a preview of many cases pays it.
#[divan::bench(args = [Case(Hours::Kathmandu, Span::Day), Case(Hours::NewYork, Span::Day)])]
fn compile(bencher: Bencher<'_, '_>, case: &Case) {
    let spec = case.0.calendar().spec().clone();
    bencher.bench_local(|| Calendar::compile(black_box(&spec)));
}

#[derive(Clone, Copy)]
struct Case(Hours, Span);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = match self.0 {
            Hours::AroundTheClock => "24x7",
            Hours::Kathmandu => "Kathmandu, 6 days of 9 h",
            Hours::NewYork => "New York, 5 split days, DST, holidays",
        };
        let span = match self.1 {
            Span::Day => "1 day",
            Span::Month => "30 days",
            Span::Year => "1 year",
        };
        write!(f, "{hours}; {span}")
    }
}

impl Hours {
    fn calendar(self) -> Calendar {
        match self {
            Hours::AroundTheClock => Calendar::always(),
            Hours::Kathmandu => {
                let days = ["sun", "mon", "tue", "wed", "thu", "fri"];
                compiled("Asia/Kathmandu", &days, r#"[["09:00","18:00"]]"#, "{}")
            }
            Hours::NewYork => {
                let days = ["mon", "tue", "wed", "thu", "fri"];
                let lunch = r#"{"2026-03-17": [["12:00","15:00"]]}"#;
                compiled(
                    "America/New_York",
                    &days,
                    r#"[["09:00","12:30"],["13:15","18:00"]]"#,
                    lunch,
                )
            }
        }
    }
}

fn compiled(zone: &str, days: &[&str], intervals: &str, breaks: &str) -> Calendar {
    let hours: Vec<String> = days
        .iter()
        .map(|day| format!("\"{day}\": {intervals}"))
        .collect();
    // A dozen holidays in each of twenty years.
    let holidays: Vec<String> = (2_020..2_040)
        .flat_map(|year| (1..=12).map(move |month| format!("\"{year}-{month:02}-14\"")))
        .collect();
    let text = format!(
        r#"{{"time_zone": "{zone}", "hours": {{{}}}, "holidays": [{}], "breaks": {breaks}}}"#,
        hours.join(","),
        holidays.join(",")
    );
    let spec: Result<CalendarSpec, _> = serde_json::from_str(&text);
    match spec.map(|spec| Calendar::compile(&spec)) {
        Ok(Ok(calendar)) => calendar,
        told => unreachable!("the calendars of this benchmark are sound: {told:?}"),
    }
}

impl Span {
    fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        // 2026-01-06T16:20:37Z, a working hour in both zones.
        let start = DateTime::from_timestamp(1_767_716_437, 0).unwrap_or_default();
        let days = match self {
            Span::Day => 1,
            Span::Month => 30,
            Span::Year => 365,
        };
        (start, start + TimeDelta::days(days))
    }
}
