mod retargeting;

use chrono::{DateTime, TimeDelta, Utc};

use super::judge;
use crate::calendar::{Calendar, DueError};
use crate::clock::{Clock, ClockKind, Event, EventKind, Judgement, State, Terms};
use crate::spec::CalendarSpec;

use ClockKind::{FirstResponse, Resolution};
use EventKind::{Pause, Reopen, Resume, Stop};

/// Seconds after the start of all clocks here.
fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

/// The second after the start.
fn of(instant: Option<DateTime<Utc>>) -> Option<i64> {
    instant.map(|instant| (instant - at(0)).num_seconds())
}

/// A clock around the clock with a target of 100 seconds, as of a second.
fn judged(kind: ClockKind, events: &[(i64, EventKind<'_>)], as_of: i64) -> Judgement {
    let always = Calendar::always();
    let events: Vec<Event<'_>> = events
        .iter()
        .map(|&(second, kind)| Event {
            at: at(second),
            kind,
        })
        .collect();
    let terms = Terms {
        calendar: &always,
        target_s: 100,
    };
    judge(
        &Clock {
            kind,
            start: at(0),
            terms,
            events: &events,
        },
        at(as_of),
    )
    .unwrap()
}

#[test]
fn a_clock_that_runs_is_due_when_its_target_is_used() {
    let judged = judged(Resolution, &[], 30);
    assert_eq!(judged.state, State::Running);
    assert_eq!((judged.elapsed_s, judged.remaining_s), (30, 70));
    assert_eq!(
        (of(judged.due_at), of(judged.due_if_running)),
        (Some(100), Some(100))
    );
    assert_eq!(
        (of(judged.next_at_risk), of(judged.next_breach)),
        (Some(80), Some(100))
    );
    assert_eq!(
        (judged.breached_at, judged.at_risk_at, judged.cycle),
        (None, None, 0)
    );
}

#[test]
fn at_the_due_instant_it_is_at_risk_but_not_yet_breached() {
    let due = judged(Resolution, &[], 100);
    assert_eq!((of(due.at_risk_at), of(due.breached_at)), (Some(80), None));
    assert_eq!(of(due.next_breach), Some(100));
    let after = judged(Resolution, &[], 101);
    assert_eq!((of(after.breached_at), after.remaining_s), (Some(100), -1));
    assert_eq!((after.next_breach, after.next_at_risk), (None, None));
    assert_eq!(of(judged(Resolution, &[], 80).at_risk_at), Some(80));
    assert_eq!(of(judged(Resolution, &[], 79).at_risk_at), None);
}

#[test]
fn a_stop_exactly_at_the_due_instant_is_met_and_its_reopening_breaches() {
    let met = judged(Resolution, &[(100, Stop)], 1_000);
    assert_eq!(
        (met.state, met.elapsed_s, met.breached_at),
        (State::Stopped, 100, None)
    );
    assert_eq!((met.due_at, of(met.due_if_running)), (None, Some(100)));
    assert_eq!((met.next_breach, met.next_at_risk), (None, None));
    let reopened = [(100, Stop), (700, Reopen)];
    assert_eq!(
        of(judged(Resolution, &reopened, 700).next_breach),
        Some(700)
    );
    let after = judged(Resolution, &reopened, 701);
    assert_eq!(
        (of(after.breached_at), of(after.due_at)),
        (Some(700), Some(100))
    );
    let again = judged(
        Resolution,
        &[(100, Stop), (700, Reopen), (700, Stop)],
        1_000,
    );
    assert_eq!(
        (again.breached_at, again.cycle),
        (None, 1),
        "it was never seen running"
    );
}

#[test]
fn a_pause_exactly_at_the_due_instant_saves_nothing() {
    assert_eq!(
        of(judged(Resolution, &[(100, Pause)], 100).next_breach),
        Some(100)
    );
    assert_eq!(
        of(judged(Resolution, &[(100, Pause)], 500).breached_at),
        Some(100)
    );
    let saved = judged(Resolution, &[(99, Pause)], 500);
    assert_eq!(
        (saved.breached_at, saved.next_breach, saved.due_at),
        (None, None, None)
    );
    assert_eq!(of(saved.due_if_running), Some(501));
}

#[test]
fn a_first_response_is_not_reopened() {
    let judged = judged(FirstResponse, &[(40, Stop), (50, Reopen), (60, Stop)], 500);
    assert_eq!(
        (judged.state, judged.elapsed_s, judged.cycle),
        (State::Stopped, 40, 0)
    );
    assert_eq!(
        (of(judged.first_stopped_at), of(judged.last_stopped_at)),
        (Some(40), Some(40))
    );
}

#[test]
fn resolved_twice_keeps_both_times_and_counts_the_cycles() {
    let events = [
        (40, Stop),
        (50, Reopen),
        (55, Reopen),
        (60, Stop),
        (65, Stop),
        (70, Reopen),
    ];
    let judged = judged(Resolution, &events, 75);
    assert_eq!((judged.elapsed_s, judged.cycle), (40 + 10 + 5, 2));
    assert_eq!(
        (of(judged.first_stopped_at), of(judged.last_stopped_at)),
        (Some(40), Some(60))
    );
}

#[test]
fn events_that_do_not_fit_the_state_or_lie_ahead_change_nothing() {
    let events = [
        (10, Resume),
        (20, Pause),
        (25, Pause),
        (30, Reopen),
        (40, Resume),
        (60, Stop),
    ];
    let judged = judged(Resolution, &events, 50);
    assert_eq!((judged.state, judged.elapsed_s), (State::Running, 30));
    assert_eq!(of(judged.due_at), Some(120));
}

#[test]
fn events_before_the_start_or_out_of_order_count_as_simultaneous_with_what_was() {
    let judged = judged(
        Resolution,
        &[(-50, Pause), (20, Resume), (10, Pause), (30, Resume)],
        40,
    );
    assert_eq!(judged.elapsed_s, 10);
    assert_eq!(self::judged(Resolution, &[], -20).elapsed_s, 0);
}

#[test]
fn the_worked_clock_of_kathmandu_holds() {
    let day = r#"[["09:00","18:00"]]"#;
    let days = ["sun", "mon", "tue", "wed", "thu", "fri"];
    let hours = days.map(|name| format!("\"{name}\": {day}")).join(",");
    let spec: CalendarSpec = serde_json::from_str(&format!(
        r#"{{"time_zone": "Asia/Kathmandu", "hours": {{{hours}}}, "holidays": ["2026-10-20"]}}"#
    ))
    .unwrap();
    let calendar = Calendar::compile(&spec).unwrap();
    let on = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let events = [
        Event {
            at: on("2026-10-18T06:15:00Z"),
            kind: Pause,
        },
        Event {
            at: on("2026-10-19T04:15:00Z"),
            kind: Resume,
        },
    ];
    let terms = Terms {
        calendar: &calendar,
        target_s: 86_400,
    };
    let clock = Clock {
        kind: Resolution,
        start: on("2026-10-18T04:00:00Z"),
        terms,
        events: &events,
    };
    let resumed = judge(&clock, on("2026-10-19T05:15:00Z")).unwrap();
    assert_eq!((resumed.state, resumed.elapsed_s), (State::Running, 11_700));
    assert_eq!((resumed.remaining_s, resumed.breached_at), (74_700, None));
    assert_eq!(resumed.due_at, Some(on("2026-10-22T08:00:00Z")));
    let paused = judge(&clock, on("2026-10-19T03:00:00Z")).unwrap();
    assert_eq!((paused.state, paused.elapsed_s), (State::Paused, 8_100));
    assert_eq!(paused.due_at, None);
}

#[test]
fn at_risk_comes_again_in_a_new_cycle_but_the_first_time_is_kept() {
    let judged = judged(Resolution, &[(85, Stop), (200, Reopen)], 205);
    assert_eq!(
        (of(judged.at_risk_at), of(judged.at_risk_in_cycle_at)),
        (Some(80), Some(200))
    );
    assert_eq!(
        (judged.next_at_risk, of(judged.next_breach)),
        (None, Some(215))
    );
}

#[test]
fn the_risk_threshold_is_rounded_up() {
    let always = Calendar::always();
    for (target_s, threshold) in [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 4),
        (6, 5),
        (7_200, 5_760),
    ] {
        let terms = Terms {
            calendar: &always,
            target_s,
        };
        let clock = Clock {
            kind: Resolution,
            start: at(0),
            terms,
            events: &[],
        };
        assert_eq!(
            of(judge(&clock, at(0)).unwrap().next_at_risk),
            Some(threshold),
            "{target_s}"
        );
    }
}

#[test]
fn terms_without_a_due_instant_are_an_error_in_any_state() {
    let spec: CalendarSpec = serde_json::from_str(r#"{"time_zone":"UTC","hours":{}}"#).unwrap();
    let never = Calendar::compile(&spec).unwrap();
    let always = Calendar::always();
    let cases = [
        (
            Terms {
                calendar: &never,
                target_s: 1,
            },
            DueError::NeverOpen,
        ),
        (
            Terms {
                calendar: &always,
                target_s: i64::MAX,
            },
            DueError::BeyondHorizon,
        ),
        (
            Terms {
                calendar: &always,
                target_s: 1 << 40,
            },
            DueError::BeyondHorizon,
        ),
    ];
    for (terms, error) in cases {
        for kind in [Pause, Stop, Resume] {
            let events = [Event { at: at(10), kind }];
            let clock = Clock {
                kind: Resolution,
                start: at(0),
                terms,
                events: &events,
            };
            assert_eq!(judge(&clock, at(20)), Err(error));
        }
    }
}

#[test]
fn a_target_of_nothing_is_used_up_at_the_start() {
    let always = Calendar::always();
    for target_s in [0, -7, i64::MIN] {
        let terms = Terms {
            calendar: &always,
            target_s,
        };
        let clock = Clock {
            kind: Resolution,
            start: at(0),
            terms,
            events: &[],
        };
        let judged = judge(&clock, at(0) + TimeDelta::seconds(3)).unwrap();
        assert_eq!(
            (of(judged.due_at), of(judged.breached_at)),
            (Some(0), Some(0))
        );
    }
}
