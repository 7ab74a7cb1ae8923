//! A compiled calendar: elapsed and due in a few comparisons.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::compile::{self, CalendarFault};
use crate::instant::{HORIZON, instant, second};
use crate::segment::Segments;
use crate::spec::{CalendarSpec, Holiday, Weekday};
use crate::timeline::Timeline;

/// Which seconds are working seconds. Cheap to clone.
///
/// `elapsed` and `due` cost the same for a minute and for a century: both are
/// searches in sorted tables that [`Calendar::compile`] builds.
#[derive(Clone, Debug)]
pub struct Calendar(Arc<Compiled>);

#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) spec: CalendarSpec,
    pub(crate) holidays: Vec<Holiday>,
    pub(crate) timeline: Timeline,
    pub(crate) spans: Vec<Span>,
}

/// A stretch of constant offset from UTC and its place in the count of
/// working seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// First UTC second; `i64::MIN` for the first span.
    pub(crate) from: i64,
    /// Local minus UTC.
    pub(crate) offset: i64,
    /// What to add to the timeline's count to get the calendar's: the count
    /// goes on where the span before left it, whatever the local jump.
    shift: i64,
    /// The calendar's count at `from`; `i64::MIN` for the first span.
    worked: i64,
}

/// Why there is no due instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DueError {
    /// No weekday of the calendar has hours, so time never passes in it.
    #[error("the calendar has no opening hours, so nothing is ever due in it")]
    NeverOpen,
    /// The due instant lies after 9999-12-31T23:59:59Z.
    #[error("the due time lies after the year 9999")]
    BeyondHorizon,
    /// An explanation would have more than [`crate::MAX_SEGMENTS`] segments.
    #[error("the explanation would have more than {limit} segments; ask for a shorter time")]
    TooManySegments {
        /// The most that one explanation holds.
        limit: usize,
    },
}

impl Calendar {
    /// Checks a calendar and prepares it for counting.
    ///
    /// # Errors
    /// All faults at once (up to 100), each with a JSON pointer into the spec.
    pub fn compile(spec: &CalendarSpec) -> Result<Calendar, Vec<CalendarFault>> {
        let parts = compile::check(spec)?;
        let mut spans: Vec<Span> = Vec::with_capacity(parts.stretches.len());
        for stretch in parts.stretches.iter() {
            let span = match spans.last() {
                None => Span {
                    from: i64::MIN,
                    offset: stretch.offset,
                    shift: 0,
                    worked: i64::MIN,
                },
                Some(last) => {
                    let local = parts.timeline.worked(stretch.from + last.offset);
                    let worked = local + last.shift;
                    let shift = worked - parts.timeline.worked(stretch.from + stretch.offset);
                    Span {
                        from: stretch.from,
                        offset: stretch.offset,
                        shift,
                        worked,
                    }
                }
            };
            spans.push(span);
        }
        Ok(Calendar(Arc::new(Compiled {
            spec: spec.clone(),
            holidays: parts.holidays,
            timeline: parts.timeline,
            spans,
        })))
    }

    /// The calendar in which every second counts.
    #[must_use]
    pub fn always() -> Calendar {
        let all_day = || vec![("00:00".to_owned(), "24:00".to_owned())];
        let spec = CalendarSpec {
            time_zone: "UTC".to_owned(),
            hours: Weekday::ALL
                .into_iter()
                .map(|day| (day, all_day()))
                .collect(),
            holidays: Vec::new(),
            breaks: Default::default(),
        };
        let timeline = compile::nonstop();
        let spans = vec![Span {
            from: i64::MIN,
            offset: 0,
            shift: 0,
            worked: i64::MIN,
        }];
        Calendar(Arc::new(Compiled {
            spec,
            holidays: Vec::new(),
            timeline,
            spans,
        }))
    }

    /// The spec this calendar was compiled from.
    #[must_use]
    pub fn spec(&self) -> &CalendarSpec {
        &self.0.spec
    }

    /// Whether any weekday has hours; without, [`Calendar::due`] always answers
    /// [`DueError::NeverOpen`].
    #[must_use]
    pub fn has_hours(&self) -> bool {
        self.0.timeline.has_hours()
    }

    /// Working seconds in `[start, end)`; 0 when `end <= start`.
    #[must_use]
    pub fn elapsed(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
        self.0.elapsed(second(start), second(end))
    }

    /// The earliest instant at or after `start` by which `duration_s` working
    /// seconds have passed: `start` itself for 0 (or less), and the closing
    /// instant when the time runs out exactly at closing.
    ///
    /// # Errors
    /// [`DueError::NeverOpen`] without hours, [`DueError::BeyondHorizon`] after
    /// the year 9999.
    pub fn due(&self, start: DateTime<Utc>, duration_s: i64) -> Result<DateTime<Utc>, DueError> {
        self.0.due(second(start), duration_s).map(instant)
    }

    /// What each second of `[start, end)` is, as consecutive segments: open,
    /// closed, holiday or break. Empty when `end <= start`.
    #[must_use]
    pub fn segments(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> Segments<'_> {
        Segments::new(&self.0, second(start), second(end))
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.0
    }
}

/// Equal when they count alike by construction: the same spec.
impl PartialEq for Calendar {
    fn eq(&self, other: &Calendar) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.spec == other.0.spec
    }
}

impl Compiled {
    /// See [`Calendar::elapsed`].
    pub(crate) fn elapsed(&self, start: i64, end: i64) -> i64 {
        if end <= start {
            return 0;
        }
        self.worked(end) - self.worked(start)
    }

    /// See [`Calendar::due`].
    pub(crate) fn due(&self, start: i64, duration_s: i64) -> Result<i64, DueError> {
        if duration_s <= 0 {
            return Ok(start);
        }
        if !self.timeline.has_hours() {
            return Err(DueError::NeverOpen);
        }
        // No duration longer than the supported time can be worked off in it.
        if duration_s > HORIZON.saturating_sub(start) {
            return Err(DueError::BeyondHorizon);
        }
        let worked = self.worked(start) + duration_s;
        let after = self.spans.partition_point(|span| span.worked < worked);
        let span = after.checked_sub(1).and_then(|last| self.spans.get(last));
        let span = span.ok_or(DueError::NeverOpen)?;
        let local = self
            .timeline
            .reach(worked - span.shift)
            .ok_or(DueError::NeverOpen)?;
        let due = local - span.offset;
        if due > HORIZON {
            Err(DueError::BeyondHorizon)
        } else {
            Ok(due)
        }
    }

    /// The span that contains the second, and the first second after it.
    pub(crate) fn span(&self, at: i64) -> Option<(&Span, i64)> {
        let after = self.spans.partition_point(|span| span.from <= at);
        let span = self.spans.get(after.checked_sub(1)?)?;
        let end = self.spans.get(after).map_or(i64::MAX, |next| next.from);
        Some((span, end))
    }

    /// Working seconds before the second, counted from a fixed origin.
    fn worked(&self, at: i64) -> i64 {
        match self.span(at) {
            Some((span, _)) => self.timeline.worked(at + span.offset) + span.shift,
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests;
