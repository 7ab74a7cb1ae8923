//! A ticket's two SLA clocks, derived from its marks by one pure function
//! (`domain.md` section 7). What is stored of them is a cache of [`derive`].

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sla::{ClockKind, Event as ClockEvent, EventKind as ClockEventKind, State, Terms};
use std::{fmt, str::FromStr};

use crate::{
    mark::{Mark, MarkKind},
    policy::{PolicyBook, Selected},
    stop::{Stop, stops},
    words::{UnknownWord, words},
};

words! {
    /// Which clock.
    ClockName {
        /// From filing to the first public answer by an agent.
        FirstResponse = "first_response",
        /// From filing to resolution, without the pauses.
        Resolution = "resolution",
    }
}

words! {
    /// How a clock stands, as of the ticket's last event.
    ClockState {
        /// Time counts.
        Running = "running",
        /// Time counts and 80 % of the target are used.
        AtRisk = "at_risk",
        /// Waiting for the customer.
        Paused = "paused",
        /// Stopped at or before its due instant.
        Met = "met",
        /// The target was missed; nothing undoes it.
        Breached = "breached",
        /// The ticket was cancelled or merged.
        Cancelled = "cancelled",
    }
}

/// One clock as of the ticket's last event. Nothing in it moves with time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// In counted seconds.
    pub target_seconds: i64,
    /// When elapsed reaches the target if the clock keeps running; none while
    /// it is paused or stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// How it stands.
    pub state: ClockState,
    /// When it was breached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<DateTime<Utc>>,
    /// When it last stopped, while it is stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<DateTime<Utc>>,
    /// How often it was reopened.
    #[serde(default, skip_serializing_if = "is_first")]
    pub cycle: u32,
    /// The next instant at which a timer of this clock fires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_timer_at: Option<DateTime<Utc>>,
    /// When it will be breached if nothing happens, where that is not `due_at`:
    /// its target was overrun by the very change it stands at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaks_at: Option<DateTime<Utc>>,
    /// The first answer or resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_stop: Option<Stop>,
    /// The last resolution, where it was not the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_stop: Option<Stop>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_first(cycle: &u32) -> bool {
    *cycle == 0
}

/// Both clocks and the policy that judges them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// The policy, its version and why it matched.
    pub selected: Selected,
    /// None where the policy has no such target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Clock>,
    /// None where the policy has no such target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Clock>,
}

impl Clocks {
    /// The clock of that name.
    #[must_use]
    pub const fn get(&self, name: ClockName) -> Option<&Clock> {
        match name {
            ClockName::FirstResponse => self.first_response.as_ref(),
            ClockName::Resolution => self.resolution.as_ref(),
        }
    }

    /// The earliest instant at which a timer fires.
    #[must_use]
    pub fn next_timer_at(&self) -> Option<DateTime<Utc>> {
        let timers = [&self.first_response, &self.resolution];
        timers
            .into_iter()
            .flatten()
            .filter_map(|clock| clock.next_timer_at)
            .min()
    }

    /// Whether a clock runs towards its due instant and nothing will notice
    /// when it gets there. Never so, unless the desk is broken.
    #[must_use]
    pub fn lacks_timer(&self) -> bool {
        let clocks = [&self.first_response, &self.resolution];
        clocks.into_iter().flatten().any(|clock| {
            matches!(clock.state, ClockState::Running | ClockState::AtRisk)
                && clock.due_at.is_some()
                && clock.next_timer_at.is_none()
        })
    }

    /// The earliest due instant of a clock that runs.
    #[must_use]
    pub fn next_due_at(&self) -> Option<DateTime<Utc>> {
        let clocks = [&self.first_response, &self.resolution];
        clocks
            .into_iter()
            .flatten()
            .filter_map(|clock| clock.due_at)
            .min()
    }
}

/// A timer that is due and has not fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTimer {
    /// Of which clock.
    pub clock: ClockName,
    /// In which cycle.
    pub cycle: u32,
    /// When it became due.
    pub instant: DateTime<Utc>,
    /// `true`: the target is missed; `false`: 80 % are used.
    pub breach: bool,
    /// The target.
    pub target_seconds: i64,
    /// When the clock is due.
    pub due_at: Option<DateTime<Utc>>,
}

/// What a derivation answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The clocks as of `now`.
    pub clocks: Clocks,
    /// What is due and has not fired, oldest first.
    pub due: Vec<DueTimer>,
}

/// Derives both clocks from the ticket's marks as of `now`.
///
/// The last `Start` or `Retarget` mark names the policy; a calendar that the
/// book does not know counts every second, which [`PolicyBook::add`] rules out.
#[must_use]
pub fn derive(marks: &[Mark], book: &PolicyBook, now: DateTime<Utc>) -> Option<Derived> {
    let first = marks.first()?;
    let MarkKind::Start { selected: at_start } = &first.what else {
        return None;
    };
    let mut selected = at_start;
    for mark in marks {
        if let MarkKind::Retarget { selected: later } = &mark.what {
            selected = later;
        }
    }
    let mut due = Vec::new();
    let mut judge = |name| judge(name, first.at, at_start, marks, book, now, &mut due);
    let first_response = judge(ClockName::FirstResponse);
    let resolution = judge(ClockName::Resolution);
    due.sort_by_key(|timer: &DueTimer| (timer.instant, timer.breach));
    let clocks = Clocks {
        selected: selected.clone(),
        first_response,
        resolution,
    };
    Some(Derived { clocks, due })
}

/// What the engine is given for one clock: the marks that reach it. A pause
/// does not reach the first-response clock, and it never restarts.
#[must_use]
pub fn clock_events<'a>(
    name: ClockName,
    marks: &'a [Mark],
    book: &'a PolicyBook,
) -> Vec<ClockEvent<'a>> {
    let resolution = name == ClockName::Resolution;
    let kind = |mark: &'a Mark| match &mark.what {
        MarkKind::Pause if resolution => Some(ClockEventKind::Pause),
        MarkKind::Resume if resolution => Some(ClockEventKind::Resume),
        MarkKind::Reopen if resolution => Some(ClockEventKind::Reopen),
        MarkKind::Respond if !resolution => Some(ClockEventKind::Stop),
        MarkKind::Stop | MarkKind::Cancel => Some(ClockEventKind::Stop),
        MarkKind::Retarget { selected } => {
            terms(name, selected, book).map(ClockEventKind::Retarget)
        }
        _ => None,
    };
    marks
        .iter()
        .filter_map(|mark| {
            Some(ClockEvent {
                at: mark.at,
                kind: kind(mark)?,
            })
        })
        .collect()
}

/// The terms a selected policy sets for a clock.
#[must_use]
pub fn terms<'a>(name: ClockName, selected: &Selected, book: &'a PolicyBook) -> Option<Terms<'a>> {
    let target_s = match name {
        ClockName::FirstResponse => selected.first_response_seconds,
        ClockName::Resolution => selected.resolution_seconds,
    }?;
    let calendar = book.calendar(selected.version, &selected.calendar)?;
    Some(Terms { calendar, target_s })
}

/// The engine's kind of a ticket's clock. A reopened ticket's first response
/// stays final.
#[must_use]
pub const fn engine_kind(name: ClockName) -> ClockKind {
    match name {
        ClockName::FirstResponse => ClockKind::FirstResponse,
        ClockName::Resolution => ClockKind::Resolution,
    }
}

fn judge(
    name: ClockName,
    start: DateTime<Utc>,
    at_start: &Selected,
    marks: &[Mark],
    book: &PolicyBook,
    now: DateTime<Utc>,
    due: &mut Vec<DueTimer>,
) -> Option<Clock> {
    let events = clock_events(name, marks, book);
    // A clock that the first policy did not have begins with the first policy
    // that has it, counted from filing.
    let first_terms = terms(name, at_start, book).or_else(|| {
        events.iter().find_map(|event| match &event.kind {
            ClockEventKind::Retarget(terms) => Some(*terms),
            _ => None,
        })
    })?;
    let target = |terms: &Terms<'_>| terms.target_s;
    let last_target = events
        .iter()
        .rev()
        .find_map(|event| match &event.kind {
            ClockEventKind::Retarget(terms) => Some(target(terms)),
            _ => None,
        })
        .unwrap_or(first_terms.target_s);
    let clock = sla::Clock {
        kind: engine_kind(name),
        start,
        terms: first_terms,
        events: &events,
    };
    // A clock over a calendar that never opens has no due time and never fires.
    let judged = sla::judge(&clock, now).ok()?;

    let cancelled = marks
        .iter()
        .rev()
        .find(|mark| matches!(mark.what, MarkKind::Cancel | MarkKind::Reopen))
        .is_some_and(|mark| mark.what == MarkKind::Cancel);
    let at_risk_fired = fired_at_risk(name, judged.cycle, marks);
    let breach_fired = marks
        .iter()
        .any(|mark| matches!(mark.what, MarkKind::BreachFired { clock } if clock == name));
    let state = match (cancelled, judged.breached_at, &judged.state) {
        (true, _, _) => ClockState::Cancelled,
        (false, Some(_), _) => ClockState::Breached,
        (false, None, State::Stopped) => ClockState::Met,
        (false, None, State::Paused) => ClockState::Paused,
        (false, None, State::Running) if at_risk_fired => ClockState::AtRisk,
        (false, None, State::Running) => ClockState::Running,
    };

    let timer = |instant, breach| DueTimer {
        clock: name,
        cycle: judged.cycle,
        instant,
        breach,
        target_seconds: last_target,
        due_at: judged.due_at,
    };
    let running = !cancelled && judged.state == State::Running;
    let mut next_timer_at = None;
    if let Some(at) = judged.breached_at {
        if !breach_fired && !cancelled {
            // After a long outage both are due: each fires once, in its order.
            let at_risk = judged.at_risk_in_cycle_at.filter(|_| !at_risk_fired);
            due.extend(at_risk.map(|at| timer(at, false)));
            due.push(timer(at, true));
            next_timer_at = Some(at);
        }
    } else if running {
        let at_risk = judged
            .at_risk_in_cycle_at
            .or(judged.next_at_risk)
            .filter(|_| !at_risk_fired);
        if let Some(at) = at_risk.filter(|at| *at <= now) {
            due.push(timer(at, false));
        }
        // A stop exactly at the due instant is still met, so the breach is
        // certain one second after it.
        let breach = judged.due_at.map(|at| at + TimeDelta::seconds(1));
        next_timer_at = [at_risk, breach].into_iter().flatten().min();
    } else if let Some(overrun) = judged.next_breach.filter(|_| !cancelled) {
        // Paused by or with the very change that overran the target.
        next_timer_at = Some(overrun + TimeDelta::seconds(1));
    }
    let (first_stop, last_stop) = stops(name, &clock, marks);
    let breaks_at = judged
        .next_breach
        .filter(|at| !cancelled && Some(*at) != judged.due_at);
    Some(Clock {
        breaks_at,
        first_stop,
        last_stop,
        target_seconds: last_target,
        due_at: if cancelled { None } else { judged.due_at },
        state,
        breached_at: judged.breached_at,
        stopped_at: if judged.state == State::Stopped {
            judged.last_stopped_at
        } else {
            None
        },
        cycle: judged.cycle,
        next_timer_at,
    })
}

/// Whether `at_risk` has fired for this cycle under the target in force.
fn fired_at_risk(name: ClockName, cycle: u32, marks: &[Mark]) -> bool {
    for mark in marks.iter().rev() {
        match &mark.what {
            MarkKind::AtRiskFired {
                clock,
                cycle: fired,
            } if *clock == name && *fired == cycle => {
                return true;
            }
            MarkKind::Retarget { .. } => return false,
            _ => {}
        }
    }
    false
}
