//! Why a clock stands where it stands, segment by segment.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::calendar::DueError;
use crate::clock::{Clock, State};
use crate::instant::{instant, second};
use crate::phase::{Phase, Phases, Standing};
use crate::segment::SegmentKind;

/// The most segments of one explanation: over twenty years of days with a
/// break at noon. It bounds the memory of a hostile question.
pub const MAX_SEGMENTS: usize = 32_768;

/// A part of a clock's life and whether it counted.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct ExplainSegment {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub to: DateTime<Utc>,
    /// Its length.
    pub seconds: i64,
    /// Whether its seconds are part of the elapsed time.
    pub counted: bool,
    /// Why or why not.
    pub reason: Reason,
    /// The terms in force at the time: 0 for those at the start, `n` for those
    /// of the n-th [`crate::EventKind::Retarget`]. What counts is decided by
    /// the last ones for the whole life.
    pub terms: usize,
    /// The event of the clock (its place in the list) that paused, resumed,
    /// stopped or reopened it into the state of this segment.
    pub event: Option<usize>,
}

/// Why a segment counts or not.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Reason {
    /// Working time, and the clock runs.
    Counted,
    /// Outside the hours of the calendar.
    Closed,
    /// A holiday of the calendar.
    Holiday {
        /// Its local date.
        date: NaiveDate,
        /// What it is called, where known.
        name: Option<String>,
    },
    /// A one-off break of the calendar.
    Break,
    /// The clock was paused, whatever the calendar says.
    Paused,
    /// The clock was stopped, whatever the calendar says.
    Stopped,
}

/// Explains a clock from its start to an instant, from its events up to and
/// including it. The segments are consecutive, and the counted ones sum to
/// what [`crate::judge`] calls elapsed at that instant. Asked up to the due
/// instant of a running clock, they sum to its target.
///
/// # Errors
/// [`DueError::TooManySegments`].
pub fn explain(clock: &Clock<'_>, until: DateTime<Utc>) -> Result<Vec<ExplainSegment>, DueError> {
    let until = second(until);
    let mut last = Standing::at_start(clock);
    for phase in Phases::new(clock, until) {
        last = phase.standing;
    }
    let calendar = last.terms.calendar;
    let mut told = Told::default();
    for phase in Phases::new(clock, until).filter(|phase| phase.from < phase.to) {
        let (from, to) = (instant(phase.from), instant(phase.to));
        match phase.standing.state {
            State::Running => {
                for segment in calendar.segments(from, to) {
                    told.add(&phase, segment.from, segment.to, reason(segment.kind))?;
                }
            }
            State::Paused => told.add(&phase, from, to, Reason::Paused)?,
            State::Stopped => told.add(&phase, from, to, Reason::Stopped)?,
        }
    }
    Ok(told.0)
}

fn reason(kind: SegmentKind<'_>) -> Reason {
    match kind {
        SegmentKind::Open => Reason::Counted,
        SegmentKind::Closed => Reason::Closed,
        SegmentKind::Holiday(holiday) => Reason::Holiday {
            date: holiday.date,
            name: holiday.name.clone(),
        },
        SegmentKind::Break => Reason::Break,
    }
}

#[derive(Default)]
struct Told(Vec<ExplainSegment>);

impl Told {
    /// Adds a segment, or lengthens the last one where an event changed
    /// nothing.
    fn add(
        &mut self,
        phase: &Phase<'_>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        reason: Reason,
    ) -> Result<(), DueError> {
        let seconds = second(to) - second(from);
        let (terms, event) = (phase.standing.retargets, phase.standing.cause);
        if let Some(last) = self.0.last_mut()
            && (last.terms, last.event) == (terms, event)
            && last.reason == reason
        {
            last.to = to;
            last.seconds += seconds;
            return Ok(());
        }
        if self.0.len() >= MAX_SEGMENTS {
            return Err(DueError::TooManySegments {
                limit: MAX_SEGMENTS,
            });
        }
        let counted = reason == Reason::Counted;
        self.0.push(ExplainSegment {
            from,
            to,
            seconds,
            counted,
            reason,
            terms,
            event,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
