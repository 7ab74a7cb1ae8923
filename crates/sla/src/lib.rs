//! Business time and the clocks that run in it: due, elapsed, breach, explain.
//!
//! Pure functions over values: no clock, no database, no zone file. The
//! definitions are those of the domain's section "SLA":
//!
//! * A [`Calendar`] says which seconds are *working*: those at which the wall
//!   clock of its zone reads a date and a time inside an interval, outside
//!   holidays and breaks. DST needs no rule of its own: readings that are
//!   skipped never occur, readings that repeat are judged twice.
//! * A [`Clock`] runs in a calendar from its start; [`judge`] says where it
//!   stands at an instant and [`explain`] says why, segment by segment.
//!
//! Instants are `DateTime<Utc>`. A fraction of a second is dropped everywhere
//! (floored): second `t` stands for `[t, t + 1)`. Durations are whole seconds.

mod calendar;
mod clock;
mod compile;
mod day;
mod explain;
mod ics;
mod instant;
mod judge;
mod phase;
mod segment;
mod spec;
mod timeline;
mod zone;

pub use calendar::{Calendar, DueError};
pub use clock::{Clock, ClockKind, Event, EventKind, Judgement, State, Terms};
pub use compile::CalendarFault;
pub use explain::{ExplainSegment, MAX_SEGMENTS, Reason, explain};
pub use ics::{EventProblem, IcsError, holidays_from_ics};
pub use judge::judge;
pub use segment::{Segment, SegmentKind, Segments};
pub use spec::{CalendarSpec, Holiday, HolidayEntry, NamedHoliday, Weekday};
