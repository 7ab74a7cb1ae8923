//! What each second of a period is in a calendar, as consecutive segments.

use chrono::{DateTime, Utc};

use crate::calendar::Compiled;
use crate::instant::{DAY, instant};
use crate::spec::Holiday;

/// A part `[from, to)` of a period in which all seconds are of one kind.
#[derive(Clone, PartialEq, Debug)]
pub struct Segment<'a> {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub to: DateTime<Utc>,
    /// What its seconds are.
    pub kind: SegmentKind<'a>,
}

/// What a second is in a calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SegmentKind<'a> {
    /// It is worked.
    Open,
    /// Outside the weekday's hours.
    Closed,
    /// On a holiday whose weekday has hours; the whole local date is.
    Holiday(&'a Holiday),
    /// Inside the weekday's hours, but in a break.
    Break,
}

/// The segments of a period, in order and without holes; neighbours differ in
/// kind. See [`crate::Calendar::segments`].
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    calendar: &'a Compiled,
    at: i64,
    end: i64,
}

impl<'a> Segments<'a> {
    pub(crate) fn new(calendar: &'a Compiled, start: i64, end: i64) -> Segments<'a> {
        Segments {
            calendar,
            at: start,
            end,
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        if self.at >= self.end {
            return None;
        }
        let from = self.at;
        let (kind, mut to) = self.calendar.piece(from);
        while to < self.end {
            let (next, end) = self.calendar.piece(to);
            if next != kind {
                break;
            }
            to = end;
        }
        self.at = to.min(self.end);
        Some(Segment {
            from: instant(from),
            to: instant(self.at),
            kind,
        })
    }
}

impl Compiled {
    /// The kind of a second and the end of a piece of that kind: within the
    /// span of constant offset and, but around the clock, the local date, so
    /// not always the whole.
    fn piece(&self, at: i64) -> (SegmentKind<'_>, i64) {
        if !self.timeline.has_hours() {
            return (SegmentKind::Closed, i64::MAX);
        }
        let Some((span, span_end)) = self.span(at) else {
            return (SegmentKind::Closed, i64::MAX);
        };
        let local = at + span.offset;
        let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (kind, end) = match self.timeline.open_before(day) {
            Some(next) => (SegmentKind::Open, next.saturating_mul(DAY)),
            None => {
                let (kind, until) = self.reading(day, time);
                (kind, day * DAY + until.min(DAY))
            }
        };
        (kind, end.saturating_sub(span.offset).min(span_end))
    }

    /// What a reading of the wall clock is, and until which second of its day.
    fn reading(&self, day: i64, time: i64) -> (SegmentKind<'_>, i64) {
        let Some(week) = self.timeline.weekday(day).filter(|week| week.total() > 0) else {
            return (SegmentKind::Closed, DAY);
        };
        let special = self.timeline.special(day);
        if let Some(holiday) = special.and_then(|special| special.holiday) {
            return match self.holidays.get(holiday) {
                Some(holiday) => (SegmentKind::Holiday(holiday), DAY),
                None => (SegmentKind::Closed, DAY),
            };
        }
        let (usual, usual_until) = week.at(time);
        let (open, until) = special.map_or((usual, usual_until), |special| special.hours.at(time));
        let kind = match (open, usual) {
            (true, _) => SegmentKind::Open,
            (false, true) => SegmentKind::Break,
            (false, false) => SegmentKind::Closed,
        };
        (kind, until.min(usual_until))
    }
}

#[cfg(test)]
mod tests;
