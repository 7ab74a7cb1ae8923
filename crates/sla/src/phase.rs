//! The life of a clock as consecutive phases between its events.

use crate::clock::{Clock, ClockKind, Event, EventKind, State, Terms};
use crate::instant::second;

/// How a clock stands after some events.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Standing<'a> {
    pub(crate) state: State,
    pub(crate) terms: Terms<'a>,
    /// How many re-targetings there were.
    pub(crate) retargets: usize,
    /// The event that set the state, by its place in the list.
    pub(crate) cause: Option<usize>,
    pub(crate) first_stopped: Option<i64>,
    pub(crate) last_stopped: Option<i64>,
    pub(crate) cycle: u32,
}

/// A part `[from, to)` of a clock's life in which nothing happens. Events of
/// one second are taken together, so only the last phase can be empty.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Phase<'a> {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) standing: Standing<'a>,
    pub(crate) is_last: bool,
}

/// The phases of a clock up to an instant; there is always at least one.
#[derive(Clone, Debug)]
pub(crate) struct Phases<'a> {
    kind: ClockKind,
    events: &'a [Event<'a>],
    taken: usize,
    at: i64,
    until: i64,
    standing: Standing<'a>,
    is_over: bool,
}

impl<'a> Phases<'a> {
    /// An `until` before the start is taken as the start.
    pub(crate) fn new(clock: &Clock<'a>, until: i64) -> Phases<'a> {
        let start = second(clock.start);
        Phases {
            kind: clock.kind,
            events: clock.events,
            taken: 0,
            at: start,
            until: until.max(start),
            standing: Standing::at_start(clock),
            is_over: false,
        }
    }

    /// Takes the events up to a second; answers when the next one is.
    fn take_until(&mut self, from: i64) -> Option<i64> {
        while let Some(event) = self.events.get(self.taken) {
            let at = second(event.at);
            if at > self.until {
                return None;
            }
            if at > from {
                return Some(at);
            }
            self.standing.apply(self.kind, event, self.taken, from);
            self.taken += 1;
        }
        None
    }
}

impl<'a> Iterator for Phases<'a> {
    type Item = Phase<'a>;

    fn next(&mut self) -> Option<Phase<'a>> {
        if self.is_over {
            return None;
        }
        let from = self.at;
        let next = self.take_until(from);
        self.is_over = next.is_none();
        self.at = next.unwrap_or(self.until);
        Some(Phase {
            from,
            to: self.at,
            standing: self.standing,
            is_last: self.is_over,
        })
    }
}

impl<'a> Standing<'a> {
    pub(crate) fn at_start(clock: &Clock<'a>) -> Standing<'a> {
        Standing {
            state: State::Running,
            terms: clock.terms,
            retargets: 0,
            cause: None,
            first_stopped: None,
            last_stopped: None,
            cycle: 0,
        }
    }

    fn apply(&mut self, kind: ClockKind, event: &Event<'a>, index: usize, at: i64) {
        let state = match (event.kind, self.state) {
            (EventKind::Retarget(terms), _) => {
                self.terms = terms;
                self.retargets += 1;
                return;
            }
            (EventKind::Pause, State::Running) => State::Paused,
            (EventKind::Resume, State::Paused) => State::Running,
            (EventKind::Stop, State::Running | State::Paused) => {
                self.first_stopped = self.first_stopped.or(Some(at));
                self.last_stopped = Some(at);
                State::Stopped
            }
            (EventKind::Reopen, State::Stopped) if kind == ClockKind::Resolution => {
                self.cycle = self.cycle.saturating_add(1);
                State::Running
            }
            (EventKind::Pause | EventKind::Resume | EventKind::Stop | EventKind::Reopen, _) => {
                return;
            }
        };
        self.state = state;
        self.cause = Some(index);
    }
}
