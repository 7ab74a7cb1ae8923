//! A ticket's clocks: met, breached, at risk, re-targeted, reopened.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use ticketing::{
    ClockName, ClockState, CommentAuthor, Decided, EventKind, NewComment, Patch, Resolution,
    Severity, Status, Ticket, Visibility, Window, derive, tick,
};

use crate::support::{agent, at, book, scene, start, ticket};

const HOUR: i64 = 3600;

fn at_work(
    ticket: &Ticket,
    now: DateTime<Utc>,
    act: impl FnOnce(&Ticket, &ticketing::Scene<'_>) -> Decided,
) -> Decided {
    scene(&agent(), now, &book(), |scene| act(ticket, scene))
}

fn say(ticket: &Ticket, now: i64) -> Ticket {
    let new = NewComment {
        visibility: Visibility::Public,
        author: CommentAuthor::Agent,
        text: "on it".to_owned(),
        masked: Vec::new(),
    };
    at_work(ticket, at(now), |t, s| {
        ticketing::comment(t, new, s).unwrap()
    })
    .ticket
}

fn state(ticket: &Ticket, name: ClockName, now: i64) -> ClockState {
    derive(&ticket.marks, &book(), at(now))
        .unwrap()
        .clocks
        .get(name)
        .unwrap()
        .state
}

#[test]
fn an_answer_exactly_at_the_due_instant_is_met_and_a_second_later_it_is_not() {
    for (answered, expected) in [
        (2 * HOUR, ClockState::Met),
        (2 * HOUR + 1, ClockState::Breached),
    ] {
        let answered = say(&ticket(Severity::High), answered);
        assert_eq!(answered.clocks.first_response.unwrap().state, expected);
    }
}

#[test]
fn at_risk_and_breached_fire_once_each_also_after_days() {
    let filed = ticket(Severity::High);
    let fired = at_work(&filed, at(5 * 86_400), tick);
    let kinds: Vec<&str> = fired.events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(
        kinds,
        [
            "sla_at_risk",
            "sla_breached",
            "sla_at_risk",
            "sla_breached",
            "escalated"
        ]
    );
    // Whoever hears of the breaches need not hear that they were near.
    assert_eq!(fired.notices.len(), 3);
    assert_eq!(fired.ticket.level, runbook::Level::TECHNICAL);
    // Nobody acknowledges, but no clock fires again.
    let later = at_work(&fired.ticket, at(6 * 86_400), tick);
    let kinds: Vec<&str> = later.events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(kinds, ["escalated"]);
    assert_eq!(fired.ticket.clocks.next_timer_at(), None);
}

#[test]
fn at_risk_fires_at_80_percent_and_the_breach_after_the_due_instant() {
    let filed = ticket(Severity::High);
    assert_eq!(filed.clocks.next_timer_at(), Some(at(2 * HOUR * 8 / 10)));
    let near = at_work(&filed, at(2 * HOUR * 8 / 10), tick);
    assert_eq!(
        near.ticket.clocks.first_response.as_ref().unwrap().state,
        ClockState::AtRisk
    );
    assert_eq!(near.notices.len(), 1);
    assert!(at_work(&near.ticket, at(2 * HOUR), tick).is_unchanged());
    let missed = at_work(&near.ticket, at(2 * HOUR + 1), tick);
    let clock = missed.ticket.clocks.first_response.as_ref().unwrap();
    assert_eq!(
        (clock.state, clock.breached_at),
        (ClockState::Breached, Some(at(2 * HOUR)))
    );
}

#[test]
fn a_breach_is_a_fact_even_when_the_resolution_comes_before_the_sweep() {
    let late = at_work(&ticket(Severity::High), at(25 * HOUR), |t, s| {
        ticketing::resolve(t, Resolution::default(), s).unwrap()
    });
    let names: Vec<&str> = late.events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(names, ["sla_breached", "sla_breached", "resolved"]);
    assert!(at_work(&late.ticket, at(30 * HOUR), tick).is_unchanged());
}

#[test]
fn a_pause_holds_the_resolution_clock_but_not_the_first_response() {
    let pending = at_work(&ticket(Severity::High), at(HOUR), |t, s| {
        ticketing::patch(
            t,
            Patch {
                status: Some(Status::Pending),
                ..Patch::default()
            },
            s,
        )
        .unwrap()
    });
    assert_eq!(
        state(&pending.ticket, ClockName::Resolution, 90 * HOUR),
        ClockState::Paused
    );
    assert_eq!(
        state(&pending.ticket, ClockName::FirstResponse, 90 * HOUR),
        ClockState::Breached
    );
}

#[test]
fn raising_the_severity_retargets_from_filing_and_an_overrun_target_breaches_at_the_change() {
    let critical = Patch {
        severity: Some(Severity::Critical),
        ..Patch::default()
    };
    let answered = say(&ticket(Severity::High), HOUR);
    let raised = at_work(&answered, at(5 * HOUR), |t, s| {
        ticketing::patch(t, critical, s).unwrap()
    });
    let fired = at_work(&raised.ticket, at(5 * HOUR + 1), tick);
    let clock = fired.ticket.clocks.resolution.clone().unwrap();
    assert_eq!(clock.target_seconds, 4 * HOUR);
    assert_eq!(
        (clock.state, clock.breached_at),
        (ClockState::Breached, Some(at(5 * HOUR)))
    );
    assert_eq!(
        raised.ticket.clocks.first_response.unwrap().state,
        ClockState::Met
    );
    let retargeted = raised
        .events
        .iter()
        .any(|e| matches!(&e.kind, EventKind::Retargeted { selected } if selected.version == 1));
    assert!(retargeted);
}

#[test]
fn a_longer_target_is_not_at_risk_because_the_shorter_one_was() {
    let critical = say(&ticket(Severity::Critical), HOUR);
    let near = at_work(&critical, at(4 * HOUR * 8 / 10), tick);
    assert_eq!(near.events.len(), 1);
    let low = Patch {
        severity: Some(Severity::Low),
        ..Patch::default()
    };
    let lowered = at_work(&near.ticket, at(4 * HOUR * 8 / 10 + 60), |t, s| {
        ticketing::patch(t, low, s).unwrap()
    });
    let clock = lowered.ticket.clocks.resolution.clone().unwrap();
    assert_eq!(clock.state, ClockState::Running);
    assert_eq!(clock.next_timer_at, Some(at(24 * HOUR * 8 / 10)));
    assert!(at_work(&lowered.ticket, at(5 * HOUR), tick).is_unchanged());
}

#[test]
fn cancelled_clocks_neither_fire_nor_count() {
    let cancelled = at_work(&ticket(Severity::High), at(HOUR), |t, s| {
        ticketing::close(t, None, s).unwrap()
    });
    let clocks = &cancelled.ticket.clocks;
    assert_eq!(
        clocks.first_response.as_ref().unwrap().state,
        ClockState::Cancelled
    );
    assert_eq!(clocks.next_timer_at(), None);
    assert!(at_work(&cancelled.ticket, at(90 * HOUR), tick).is_unchanged());
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(i64),
    Say,
    Pending,
    Open,
    Resolve,
    Reopen,
    Severity(Severity),
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1_i64..20_000).prop_map(Step::Wait),
        Just(Step::Say),
        Just(Step::Pending),
        Just(Step::Open),
        Just(Step::Resolve),
        Just(Step::Reopen),
        proptest::sample::select(&[Severity::Critical, Severity::High, Severity::Low][..])
            .prop_map(Step::Severity),
        Just(Step::Tick),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Resolution second by second on the 24×7 calendar: which seconds count,
    /// and when the count reaches the target in force.
    #[test]
    fn any_history_agrees_with_a_second_by_second_count(steps in proptest::collection::vec(step(), 1..25)) {
        let mut now = 0;
        let mut held = ticket(Severity::High);
        // What the count needs from each change on: (second, status, target).
        let mut changes = vec![(0_i64, Status::New, 24 * HOUR)];
        let mut fired = 0;
        for step in steps {
            let before = held.clone();
            let done = scene(&agent(), at(now), &book(), |s| match step {
                Step::Wait(seconds) => { now += seconds; None }
                Step::Say => ticketing::comment(&before, NewComment { visibility: Visibility::Public, author: CommentAuthor::Agent, text: "x".into(), masked: vec![] }, s).ok(),
                Step::Pending => ticketing::patch(&before, Patch { status: Some(Status::Pending), ..Patch::default() }, s).ok(),
                Step::Open => ticketing::patch(&before, Patch { status: Some(Status::Open), ..Patch::default() }, s).ok(),
                Step::Resolve => ticketing::resolve(&before, Resolution::default(), s).ok(),
                Step::Reopen => ticketing::reopen(&before, None, Window(i64::MAX), s).ok(),
                Step::Severity(severity) => ticketing::patch(&before, Patch { severity: Some(severity), ..Patch::default() }, s).ok(),
                Step::Tick => Some(tick(&before, s)),
            });
            if let Some(done) = done {
                fired += done.events.iter().filter(|e| matches!(&e.kind, EventKind::SlaBreached { clock: ClockName::Resolution, .. })).count();
                held = done.ticket;
                let target = held.clocks.selected.resolution_seconds.unwrap();
                changes.push((now, held.status, target));
            }
        }
        let end = now;
        let (mut elapsed, mut breached, mut index) = (0, None, 0);
        for second in 0..end {
            while index + 1 < changes.len() && changes[index + 1].0 <= second { index += 1; }
            let (_, status, target) = changes[index];
            // A pause at the due instant does not save the clock; a stop does.
            if breached.is_none() && status.is_live() && elapsed >= target { breached = Some(second); }
            if matches!(status, Status::New | Status::Open) { elapsed += 1; }
        }
        let clock = derive(&held.marks, &book(), at(end)).unwrap().clocks.resolution.unwrap();
        let found = clock.breached_at.map(|at| (at - start()).num_seconds());
        prop_assert_eq!(found, breached);
        prop_assert!(fired <= 1, "fired {fired} times");
        if held.clocks.resolution.as_ref().is_some_and(|c| c.breached_at.is_some()) {
            prop_assert_eq!(clock.state, ClockState::Breached);
        }
    }
}
