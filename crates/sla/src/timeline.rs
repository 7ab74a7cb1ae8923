//! Working seconds along a local wall clock that never jumps.
//!
//! A stretch of constant offset is a piece of this line, so counting on it
//! needs no zone: weeks are multiplied, the dates that differ from their week
//! (holidays, breaks) are sorted corrections. Nothing here walks days.

use crate::day::Day;
use crate::instant::DAY;

/// Sunday of the week of day 0: 1970-01-01 was a Thursday.
const THURSDAY: i64 = 4;

/// The week's hours and the dates that differ from them.
#[derive(Debug)]
pub(crate) struct Timeline {
    week: [Day; 7],
    /// Working seconds of the week before each weekday.
    before: [i64; 7],
    week_total: i64,
    specials: Vec<Special>,
}

/// A date whose hours differ from its weekday's.
#[derive(Debug)]
pub(crate) struct Special {
    /// Days since 1970-01-01.
    pub(crate) day: i64,
    /// The hours that are left of it.
    pub(crate) hours: Day,
    /// Which of the calendar's holidays it is; none for a date with breaks.
    pub(crate) holiday: Option<usize>,
    /// Sum of what this and all earlier specials add to their week's hours.
    correction: i64,
    /// The count of [`Timeline::worked`] at its midnight.
    worked: i64,
}

impl Timeline {
    /// Takes the week from Sunday on, and per date its hours and holiday in
    /// ascending order of dates.
    pub(crate) fn new(week: [Day; 7], dates: Vec<(i64, Day, Option<usize>)>) -> Timeline {
        let mut week_total = 0;
        let before = std::array::from_fn(|index| {
            let before = week_total;
            week_total += week.get(index).map_or(0, Day::total);
            before
        });
        let mut line = Timeline {
            week,
            before,
            week_total,
            specials: Vec::new(),
        };
        line.specials.reserve_exact(dates.len());
        let mut correction = 0;
        for (day, hours, holiday) in dates {
            let worked = line.regular(day) + correction;
            correction += hours.total() - line.weekday(day).map_or(0, Day::total);
            line.specials.push(Special {
                day,
                hours,
                holiday,
                correction,
                worked,
            });
        }
        line
    }

    /// Whether every week has hours.
    pub(crate) fn has_hours(&self) -> bool {
        self.week_total > 0
    }

    /// Working seconds before local second `at`, counted from a fixed origin;
    /// only differences mean anything.
    pub(crate) fn worked(&self, at: i64) -> i64 {
        let day = at.div_euclid(DAY);
        let passed = self.specials.partition_point(|special| special.day < day);
        let correction = match passed
            .checked_sub(1)
            .and_then(|last| self.specials.get(last))
        {
            Some(special) => special.correction,
            None => 0,
        };
        let hours = match self.specials.get(passed) {
            Some(special) if special.day == day => Some(&special.hours),
            _ => self.weekday(day),
        };
        let today = hours.map_or(0, |hours| hours.worked_before(at.rem_euclid(DAY)));
        self.regular(day) + correction + today
    }

    /// The earliest local second before which `worked` seconds were worked;
    /// none when there are no hours at all.
    pub(crate) fn reach(&self, worked: i64) -> Option<i64> {
        if self.week_total == 0 {
            return None;
        }
        let passed = self
            .specials
            .partition_point(|special| special.worked < worked);
        let special = passed
            .checked_sub(1)
            .and_then(|last| self.specials.get(last));
        if let Some(special) = special {
            let left = worked - special.worked;
            if left <= special.hours.total() {
                return Some(special.day * DAY + special.hours.reach(left));
            }
        }
        let regular = worked - special.map_or(0, |special| special.correction);
        // Weeks are counted so that 1..=week_total seconds are left for the
        // last one: time that runs out at a closing is reached at it.
        let weeks = (regular - 1).div_euclid(self.week_total);
        let left = regular - weeks * self.week_total;
        let index = self
            .before
            .partition_point(|before| *before < left)
            .saturating_sub(1);
        let before = self.before.get(index).copied().unwrap_or(0);
        let second = self
            .week
            .get(index)
            .map_or(0, |day| day.reach(left - before));
        let day = weeks * 7 + i64::try_from(index).unwrap_or(0) - THURSDAY;
        Some(day * DAY + second)
    }

    /// The date's own hours, when they differ from its weekday's.
    pub(crate) fn special(&self, day: i64) -> Option<&Special> {
        let index = self
            .specials
            .binary_search_by_key(&day, |special| special.day)
            .ok()?;
        self.specials.get(index)
    }

    /// Where the week is open around the clock and the day is no special one:
    /// the first day that is, `i64::MAX` for none.
    pub(crate) fn open_before(&self, day: i64) -> Option<i64> {
        if self.week_total != 7 * DAY {
            return None;
        }
        let passed = self.specials.partition_point(|special| special.day < day);
        let next = self
            .specials
            .get(passed)
            .map_or(i64::MAX, |special| special.day);
        (next != day).then_some(next)
    }

    /// The hours of the date's weekday.
    pub(crate) fn weekday(&self, day: i64) -> Option<&Day> {
        Timeline::weekday_of(&self.week, day)
    }

    /// The date's weekday in a week that begins with Sunday.
    pub(crate) fn weekday_of(week: &[Day; 7], day: i64) -> Option<&Day> {
        week.get(weekday_index(day))
    }

    /// Working seconds before the day if every week were like the next.
    fn regular(&self, day: i64) -> i64 {
        let weeks = (day + THURSDAY).div_euclid(7);
        let before = self.before.get(weekday_index(day)).copied().unwrap_or(0);
        weeks * self.week_total + before
    }
}

/// 0 for a Sunday.
fn weekday_index(day: i64) -> usize {
    usize::try_from((day + THURSDAY).rem_euclid(7)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
