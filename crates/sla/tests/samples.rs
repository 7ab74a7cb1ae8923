//! Every sample case of calendars and clocks, against the public API.
//!
//! `data/*.jsonl` are facts: inputs and expected numbers, computed by
//! independent programs from the definitions that `docs/sla.md` repeats.

#![expect(
    clippy::unwrap_used,
    reason = "an expectation that fails is a test that fails"
)]

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sla::{Calendar, CalendarSpec, Clock, ClockKind, Event, EventKind, State, Terms};

#[test]
fn durations_and_spans_of_the_calendar_samples_are_exact() {
    for case in cases::<CalendarCase>(include_str!("data/calendar.dev.jsonl"), 833) {
        case.check(case.expected_due, case.expected_elapsed_s);
    }
}

#[test]
fn time_that_runs_out_at_a_closing_is_due_at_the_closing() {
    for case in cases::<CalendarCase>(include_str!("data/boundary.dev.jsonl"), 56) {
        case.check(case.expected_due_earliest, None);
    }
}

#[test]
fn an_edge_on_a_missing_or_repeated_reading_follows_the_wall_clock() {
    for case in cases::<CalendarCase>(include_str!("data/dst_policy.dev.jsonl"), 31) {
        match &case.expected_by_policy.as_ref().unwrap().wall_clock {
            WallClock::Due { earliest } => case.check(Some(*earliest), None),
            WallClock::Elapsed(seconds) => case.check(None, Some(*seconds)),
        }
    }
}

#[test]
fn clocks_with_pauses_stops_and_reopenings_are_judged_as_the_samples_say() {
    for case in cases::<ClockCase>(include_str!("data/sla.dev.jsonl"), 128) {
        case.check();
    }
}

#[derive(Deserialize, Debug)]
struct CalendarCase {
    id: String,
    op: Op,
    calendar: CalendarSpec,
    start: DateTime<Utc>,
    duration_s: Option<i64>,
    end: Option<DateTime<Utc>>,
    expected_due: Option<DateTime<Utc>>,
    expected_due_earliest: Option<DateTime<Utc>>,
    expected_elapsed_s: Option<i64>,
    expected_by_policy: Option<Policies>,
}

#[derive(Deserialize, Debug, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Op {
    AddDuration,
    Elapsed,
}

#[derive(Deserialize, Debug)]
struct Policies {
    wall_clock: WallClock,
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum WallClock {
    Due { earliest: DateTime<Utc> },
    Elapsed(i64),
}

impl CalendarCase {
    fn check(&self, due: Option<DateTime<Utc>>, elapsed_s: Option<i64>) {
        let calendar = Calendar::compile(&self.calendar).unwrap();
        match self.op {
            Op::AddDuration => {
                let got = calendar.due(self.start, self.duration_s.unwrap());
                assert_eq!(got, Ok(due.unwrap()), "{}", self.id);
            }
            Op::Elapsed => {
                let got = calendar.elapsed(self.start, self.end.unwrap());
                assert_eq!(got, elapsed_s.unwrap(), "{}", self.id);
            }
        }
    }
}

#[derive(Deserialize, Debug)]
struct ClockCase {
    id: String,
    clock: ClockKind,
    calendar: CalendarSpec,
    start: DateTime<Utc>,
    target_s: i64,
    events: Vec<EventCase>,
    as_of: DateTime<Utc>,
    expected: Expected,
}

#[derive(Deserialize, Debug)]
struct EventCase {
    at: DateTime<Utc>,
    r#type: EventType,
}

#[derive(Deserialize, Debug, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum EventType {
    Pause,
    Resume,
    Stop,
    Reopen,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Expected {
    state: State,
    elapsed_s: i64,
    remaining_s: i64,
    due_at: Option<DateTime<Utc>>,
    breached_at: Option<DateTime<Utc>>,
    due_if_running: Option<DateTime<Utc>>,
}

impl ClockCase {
    fn check(&self) {
        let calendar = Calendar::compile(&self.calendar).unwrap();
        let events: Vec<Event<'_>> = self.events.iter().map(EventCase::event).collect();
        let clock = Clock {
            kind: self.clock,
            start: self.start,
            terms: Terms {
                calendar: &calendar,
                target_s: self.target_s,
            },
            events: &events,
        };
        let judged = sla::judge(&clock, self.as_of).unwrap();
        let got = Expected {
            state: judged.state,
            elapsed_s: judged.elapsed_s,
            remaining_s: judged.remaining_s,
            due_at: judged.due_at,
            breached_at: judged.breached_at,
            due_if_running: judged.due_if_running,
        };
        assert_eq!(got, self.expected, "{}", self.id);

        let explained = sla::explain(&clock, self.as_of).unwrap();
        let counted = explained.iter().filter(|segment| segment.counted);
        let sum: i64 = counted.map(|segment| segment.seconds).sum();
        assert_eq!(
            sum, judged.elapsed_s,
            "{}: segments sum to elapsed",
            self.id
        );
    }
}

impl EventCase {
    fn event(&self) -> Event<'static> {
        let kind = match self.r#type {
            EventType::Pause => EventKind::Pause,
            EventType::Resume => EventKind::Resume,
            EventType::Stop => EventKind::Stop,
            EventType::Reopen => EventKind::Reopen,
        };
        Event { at: self.at, kind }
    }
}

fn cases<Case: DeserializeOwned + Debug>(lines: &str, count: usize) -> Vec<Case> {
    let cases: Vec<Case> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(cases.len(), count);
    cases
}
