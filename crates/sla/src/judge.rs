//! Where a clock stands: the one function all figures come from.

use chrono::{DateTime, Utc};

use crate::calendar::{Calendar, DueError};
use crate::clock::{Clock, Judgement, State};
use crate::instant::{instant, second};
use crate::phase::{Phase, Phases, Standing};

/// Judges a clock as of an instant, from its events up to and including it.
///
/// With `E(t)` the working seconds in `[start, t)` at which the clock ran,
/// counted by the terms in force at `t`: a breach is the earliest `t` before
/// the as-of with `E(t) >= target` while the clock was not stopped. So a stop
/// exactly at the due instant is met, a pause exactly at it saves nothing, and
/// a reopening or a re-targeting of an overrun clock breaches on the spot.
///
/// An `as_of` before the start is taken as the start.
///
/// # Errors
/// When the terms in force have no due instant, in whatever state the clock
/// is: [`DueError::NeverOpen`], [`DueError::BeyondHorizon`].
pub fn judge(clock: &Clock<'_>, as_of: DateTime<Utc>) -> Result<Judgement, DueError> {
    let until = second(as_of).max(second(clock.start));
    let mut tally = Tally::new(clock);
    for phase in Phases::new(clock, until) {
        tally.take(clock, &phase, until)?;
    }
    let Tally {
        standing,
        used,
        breached,
        at_risk,
        at_risk_in_cycle,
    } = tally;
    let target_s = standing.terms.target_s;
    let is_running = standing.state == State::Running;
    let calendar = standing.terms.calendar.compiled();
    let due = if used < target_s {
        calendar.due(until, target_s - used)?
    } else {
        used_up(clock, until, standing)?
    };

    let next_at_risk = if is_running && breached.is_none() && at_risk_in_cycle.is_none() {
        Some(calendar.due(until, risk_threshold(target_s) - used)?)
    } else {
        None
    };
    let next_breach = match standing.state {
        _ if breached.is_some() => None,
        State::Stopped => None,
        // Used up in this very second, or before it by a change made in it.
        State::Running | State::Paused if used >= target_s => Some(until),
        State::Running => Some(due),
        State::Paused => None,
    };
    Ok(Judgement {
        state: standing.state,
        elapsed_s: used,
        remaining_s: target_s.saturating_sub(used),
        due_at: is_running.then(|| instant(due)),
        breached_at: breached.map(instant),
        due_if_running: Some(instant(due)),
        at_risk_at: at_risk.map(instant),
        at_risk_in_cycle_at: at_risk_in_cycle.map(instant),
        first_stopped_at: standing.first_stopped.map(instant),
        last_stopped_at: standing.last_stopped.map(instant),
        cycle: standing.cycle,
        next_at_risk: next_at_risk.map(instant),
        next_breach: next_breach.map(instant),
    })
}

/// What is known of a clock up to the end of some phase.
struct Tally<'a> {
    standing: Standing<'a>,
    /// Counted seconds by the terms in force.
    used: i64,
    breached: Option<i64>,
    at_risk: Option<i64>,
    at_risk_in_cycle: Option<i64>,
}

impl<'a> Tally<'a> {
    fn new(clock: &Clock<'a>) -> Tally<'a> {
        Tally {
            standing: Standing::at_start(clock),
            used: 0,
            breached: None,
            at_risk: None,
            at_risk_in_cycle: None,
        }
    }

    fn take(&mut self, clock: &Clock<'a>, phase: &Phase<'a>, until: i64) -> Result<(), DueError> {
        let (before, now) = (self.standing, phase.standing);
        if before.terms != now.terms || before.cycle != now.cycle {
            self.at_risk_in_cycle = None;
        }
        if before.terms.calendar != now.terms.calendar {
            self.used = used_until(clock, phase.from, now.terms.calendar);
        }
        self.standing = now;
        let target_s = now.terms.target_s;
        let gained = gained(phase, now.terms.calendar);

        // A breached clock never fires again, so it gets at risk no more.
        if self.breached.is_none() {
            if self.at_risk_in_cycle.is_none() {
                self.at_risk_in_cycle =
                    reached(phase, self.used, gained, risk_threshold(target_s))?;
                self.at_risk = self.at_risk.or(self.at_risk_in_cycle);
            }
            self.breached = reached(phase, self.used, gained, target_s)?.filter(|at| *at < until);
        }
        self.used = self.used.saturating_add(gained);
        Ok(())
    }
}

/// 80 % of the target, rounded up to the second.
fn risk_threshold(target_s: i64) -> i64 {
    target_s - target_s.div_euclid(5)
}

/// The earliest second of the phase at which the counted time reaches the
/// threshold while the clock is not stopped. The phase's end belongs to the
/// next phase, where there is one.
fn reached(
    phase: &Phase<'_>,
    used: i64,
    gained: i64,
    threshold: i64,
) -> Result<Option<i64>, DueError> {
    match phase.standing.state {
        State::Stopped => Ok(None),
        State::Running | State::Paused if used >= threshold => Ok(Some(phase.from)),
        State::Running if used.saturating_add(gained) >= threshold => {
            let calendar = phase.standing.terms.calendar.compiled();
            let at = calendar.due(phase.from, threshold - used)?;
            Ok((phase.is_last || at < phase.to).then_some(at))
        }
        State::Running | State::Paused => Ok(None),
    }
}

/// Seconds that count in a phase.
fn gained(phase: &Phase<'_>, calendar: &Calendar) -> i64 {
    match phase.standing.state {
        State::Running => calendar.compiled().elapsed(phase.from, phase.to),
        State::Paused | State::Stopped => 0,
    }
}

/// Seconds that count from the start on, by a calendar that came later.
fn used_until(clock: &Clock<'_>, until: i64, calendar: &Calendar) -> i64 {
    Phases::new(clock, until)
        .map(|phase| gained(&phase, calendar))
        .sum()
}

/// The past instant at which the terms in force were used up.
fn used_up(clock: &Clock<'_>, until: i64, standing: Standing<'_>) -> Result<i64, DueError> {
    let calendar = standing.terms.calendar;
    let mut left = standing.terms.target_s;
    for phase in Phases::new(clock, until) {
        let gained = gained(&phase, calendar);
        if left <= gained {
            return calendar.compiled().due(phase.from, left);
        }
        left -= gained;
    }
    Ok(until)
}

#[cfg(test)]
mod tests;
