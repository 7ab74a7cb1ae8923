//! A clock of one ticket: its terms, its events, and where it stands.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

/// Which promise a clock measures.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// From filing to the first answer; a stop is final.
    FirstResponse,
    /// From filing to the resolution; a reopening goes on where it stood.
    Resolution,
}

/// What a clock is measured by.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Terms<'a> {
    /// In which working seconds are counted.
    pub calendar: &'a Calendar,
    /// Working seconds allowed, at least 1.
    pub target_s: i64,
}

/// What may happen to a clock. Where an event does not fit the state (a
/// `Resume` of a running clock, the `Reopen` of a first response), it changes
/// nothing.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum EventKind<'a> {
    /// Running to paused.
    Pause,
    /// Paused to running.
    Resume,
    /// Running or paused to stopped.
    Stop,
    /// Stopped to running; resolution clocks only.
    Reopen,
    /// From now on measured by other terms, from filing on and with the same
    /// pauses; in any state.
    Retarget(Terms<'a>),
}

/// Something that happened to a clock.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Event<'a> {
    /// When; the event is in force from this second on.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind<'a>,
}

/// All facts about a clock.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Clock<'a> {
    /// Which promise it measures.
    pub kind: ClockKind,
    /// When it began to run.
    pub start: DateTime<Utc>,
    /// The terms it began with.
    pub terms: Terms<'a>,
    /// What happened, ascending by time; ties in the order of the list. One
    /// that is earlier than the start or than its forerunner counts as
    /// simultaneous with it.
    pub events: &'a [Event<'a>],
}

/// Whether a clock runs.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Working seconds count.
    Running,
    /// Nothing counts, but the promise is still open.
    Paused,
    /// Answered or resolved.
    Stopped,
}

/// Where a clock stands at an instant, the *as-of*. See [`crate::judge`].
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The state after all events up to and including the as-of.
    pub state: State,
    /// Counted seconds from the start to the as-of, by the terms in force.
    pub elapsed_s: i64,
    /// The target minus that; negative when overdue.
    pub remaining_s: i64,
    /// While running: the earliest instant by which the target is used up
    /// without further events. May be past.
    pub due_at: Option<DateTime<Utc>>,
    /// The earliest instant *before* the as-of at which the target was used up
    /// while the clock was not stopped. Never unset by later events.
    pub breached_at: Option<DateTime<Utc>>,
    /// The due instant if the clock ran from the as-of on.
    pub due_if_running: Option<DateTime<Utc>>,
    /// The earliest instant up to and including the as-of at which 80 % of the
    /// target (rounded up to the second) was used while the clock was not
    /// stopped. Never unset by later events.
    pub at_risk_at: Option<DateTime<Utc>>,
    /// The same within the present terms and cycle only: unset by a
    /// re-targeting to other terms and by a reopening, until it happens again.
    /// A notice that is sent once per target and cycle goes by this.
    pub at_risk_in_cycle_at: Option<DateTime<Utc>>,
    /// When the clock first stopped.
    pub first_stopped_at: Option<DateTime<Utc>>,
    /// When the clock last stopped.
    pub last_stopped_at: Option<DateTime<Utc>>,
    /// How many reopenings took effect.
    pub cycle: u32,
    /// When the clock gets at risk if it keeps its state, in this cycle and by
    /// these terms; none when it did already, is breached or does not run.
    pub next_at_risk: Option<DateTime<Utc>>,
    /// When the clock breaches if it keeps its state, at the earliest the
    /// as-of; none when it did already or would not. A breach shows in
    /// `breached_at` from the following second on.
    pub next_breach: Option<DateTime<Utc>>,
}
