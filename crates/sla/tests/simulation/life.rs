//! A clock's life, lived second by second.

use sla::{Calendar, Clock, ClockKind, Event, EventKind, Judgement, State, Terms};

use crate::instant;
use crate::random::{Scene, WINDOW};

/// A clock and what happens to it; seconds count from the window's beginning.
#[derive(Clone, Debug)]
pub struct Life {
    pub is_resolution: bool,
    pub start: i64,
    pub target_s: i64,
    pub events: Vec<Happening>,
    /// When to ask, besides around the events.
    pub random: Vec<i64>,
}

#[derive(Clone, Copy, Debug)]
pub struct Happening {
    pub at: i64,
    pub what: What,
    /// To happen exactly when the clock is due, where that lies ahead.
    pub is_at_due: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    Pause,
    Resume,
    Stop,
    Reopen,
    Retarget { calendar: usize, target_s: i64 },
}

/// The life is lived again for each.
const MOST_QUESTIONS: usize = 6;

/// What the simulation saw, in seconds since 1970.
#[derive(Debug)]
pub struct Lived {
    state: State,
    elapsed_s: i64,
    target_s: i64,
    breached: Option<i64>,
    at_risk: Option<i64>,
    at_risk_in_cycle: Option<i64>,
    first_stopped: Option<i64>,
    last_stopped: Option<i64>,
    cycle: u32,
    /// Within the window.
    pub due: Option<i64>,
    pub next_breach: Option<i64>,
    pub next_at_risk: Option<i64>,
    pub calendar_has_hours: bool,
}

impl Life {
    /// Moves the events that are to coincide with the due instant. That the
    /// engine says when it is makes them likely, and proves nothing.
    pub fn settle(&mut self, from: i64, calendars: &[Calendar]) {
        let mut last = self.start;
        for index in 0..self.events.len() {
            let at = self.events[index].at.max(last);
            self.events[index].at = at;
            if self.events[index].is_at_due {
                let events = self.events(from, calendars);
                let clock = self.clock(from, calendars, &events[..index]);
                let due = sla::judge(&clock, instant(from + last))
                    .ok()
                    .and_then(|j| j.due_at);
                let due = due.map(|due| due.timestamp() - from);
                let ahead = due.filter(|due| (last..WINDOW).contains(due));
                self.events[index].at = ahead.unwrap_or(at);
            }
            last = self.events[index].at;
        }
    }

    pub fn events<'a>(&self, from: i64, calendars: &'a [Calendar]) -> Vec<Event<'a>> {
        let event = |happening: &Happening| Event {
            at: instant(from + happening.at),
            kind: match happening.what {
                What::Pause => EventKind::Pause,
                What::Resume => EventKind::Resume,
                What::Stop => EventKind::Stop,
                What::Reopen => EventKind::Reopen,
                What::Retarget { calendar, target_s } => EventKind::Retarget(Terms {
                    calendar: &calendars[calendar],
                    target_s,
                }),
            },
        };
        self.events.iter().map(event).collect()
    }

    pub fn clock<'a>(
        &self,
        from: i64,
        calendars: &'a [Calendar],
        events: &'a [Event<'a>],
    ) -> Clock<'a> {
        Clock {
            kind: if self.is_resolution {
                ClockKind::Resolution
            } else {
                ClockKind::FirstResponse
            },
            start: instant(from + self.start),
            terms: Terms {
                calendar: &calendars[0],
                target_s: self.target_s,
            },
            events,
        }
    }

    /// Ascending, so that breaches can be watched to stay.
    pub fn questions(&self, from: i64) -> Vec<i64> {
        let around = self
            .events
            .iter()
            .flat_map(|event| [event.at, event.at + 1]);
        let mut seconds: Vec<i64> = around.chain(self.random.iter().copied()).collect();
        seconds.retain(|second| (self.start..WINDOW).contains(second));
        seconds.sort_unstable();
        seconds.dedup();
        let step = seconds.len().div_ceil(MOST_QUESTIONS).max(1);
        let seconds = seconds.into_iter().step_by(step);
        seconds.map(|second| from + second).collect()
    }

    /// Lives up to the as-of, and then on to the window's end as if nothing
    /// more happened.
    pub fn lived(&self, scene: &Scene, as_of: i64) -> Lived {
        let start = scene.from + self.start;
        let mut state = State::Running;
        let (mut calendar, mut target_s) = (0, self.target_s);
        let mut ran: Vec<bool> = Vec::new();
        let mut used = 0;
        let (mut breached, mut at_risk, mut at_risk_in_cycle) = (None, None, None);
        let (mut first_stopped, mut last_stopped, mut cycle) = (None, None, 0);
        let mut seen = None;
        let mut events = self.events.iter().peekable();
        for at in start..=scene.until {
            let before = (calendar, target_s, cycle);
            let mut changed = false;
            while let Some(event) = events.peek().copied()
                && scene.from + event.at <= at
                && at <= as_of
            {
                changed = true;
                events.next();
                match (event.what, state) {
                    (
                        What::Retarget {
                            calendar: to,
                            target_s: new,
                        },
                        _,
                    ) => {
                        (calendar, target_s) = (to, new);
                    }
                    (What::Pause, State::Running) => state = State::Paused,
                    (What::Resume, State::Paused) => state = State::Running,
                    (What::Stop, State::Running | State::Paused) => {
                        state = State::Stopped;
                        first_stopped = first_stopped.or(Some(at));
                        last_stopped = Some(at);
                    }
                    (What::Reopen, State::Stopped) if self.is_resolution => {
                        state = State::Running;
                        cycle += 1;
                    }
                    _ => {}
                }
            }
            let seconds = &scene.seconds[calendar];
            if changed {
                let was_counted = |(second, ran): (i64, &bool)| *ran && seconds.is_worked(second);
                used = (start..)
                    .zip(&ran)
                    .filter(|&pair| was_counted(pair))
                    .count();
                let same_hours = scene.specs[before.0] == scene.specs[calendar];
                if !same_hours || (before.1, before.2) != (target_s, cycle) {
                    at_risk_in_cycle = None;
                }
            }

            let is_open = state != State::Stopped;
            let used_s = i64::try_from(used).unwrap();
            if is_open && used_s * 5 >= target_s * 4 && breached.is_none() {
                at_risk = at_risk.or(Some(at));
                at_risk_in_cycle = at_risk_in_cycle.or(Some(at));
            }
            if at == as_of {
                seen = Some((used_s, breached, at_risk, at_risk_in_cycle));
            }
            if is_open && used_s >= target_s {
                breached = breached.or(Some(at));
            }
            let runs = state == State::Running;
            ran.push(runs);
            if at < scene.until && runs && seconds.is_worked(at) {
                used += 1;
            }
        }
        let (elapsed_s, breached_before, at_risk_before, in_cycle_before) = seen.unwrap();
        Lived {
            state,
            elapsed_s,
            target_s,
            breached: breached_before,
            at_risk: at_risk_before,
            at_risk_in_cycle: in_cycle_before,
            first_stopped,
            last_stopped,
            cycle,
            due: due(scene, calendar, target_s, start, &ran, as_of),
            next_breach: breached.filter(|_| breached_before.is_none()),
            next_at_risk: at_risk_in_cycle.filter(|_| in_cycle_before.is_none()),
            calendar_has_hours: !scene.specs[calendar].hours.is_empty(),
        }
    }
}

/// The earliest second by which the target is used, running from the as-of on.
fn due(
    scene: &Scene,
    calendar: usize,
    target_s: i64,
    start: i64,
    ran: &[bool],
    as_of: i64,
) -> Option<i64> {
    let seconds = &scene.seconds[calendar];
    let mut left = target_s;
    for (at, ran) in (start..scene.until).zip(ran) {
        if left <= 0 {
            return Some(at);
        }
        left -= i64::from((*ran || at >= as_of) && seconds.is_worked(at));
    }
    (left <= 0).then_some(scene.until)
}

impl Lived {
    /// The same as a judgement, but for what lies ahead.
    pub fn judgement(&self, due_if_running: Option<chrono::DateTime<chrono::Utc>>) -> Judgement {
        Judgement {
            state: self.state,
            elapsed_s: self.elapsed_s,
            remaining_s: self.target_s - self.elapsed_s,
            due_at: due_if_running.filter(|_| self.state == State::Running),
            breached_at: self.breached.map(instant),
            due_if_running,
            at_risk_at: self.at_risk.map(instant),
            at_risk_in_cycle_at: self.at_risk_in_cycle.map(instant),
            first_stopped_at: self.first_stopped.map(instant),
            last_stopped_at: self.last_stopped.map(instant),
            cycle: self.cycle,
            next_at_risk: None,
            next_breach: None,
        }
    }
}
