//! Lengths of time: "two hours", "90 min", "2 h 14 min", "over an hour", "all
//! day".

use super::{DAY, HOUR, MINUTE, words::words};
use crate::text::{Unit, lexicon::NO_NUMBER};

/// One of something, in the thousandths that amounts are counted in.
const ONE: u64 = 1000;
/// Greater numbers are no amounts of time.
const MOST: u32 = 10_000;

/// A stretch of units, with the text that they stand in.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'t> {
    pub(super) text: &'t str,
    pub(super) units: &'t [Unit],
}

impl<'t> Stretch<'t> {
    pub(super) fn key(&self, at: usize) -> Option<u64> {
        self.units.get(at).map(|unit| unit.key)
    }

    /// A word as written.
    fn written(&self, at: usize) -> &'t str {
        let place = self.units.get(at).and_then(|unit| {
            let start = usize::try_from(unit.at).ok()?;
            let end = usize::try_from(unit.end).ok()?;
            self.text.get(start..end)
        });
        place.unwrap_or_default()
    }

    /// Whether one of some words stands at most `reach` places before.
    fn has_before(&self, at: usize, reach: usize, set: &[u64]) -> bool {
        (1..=reach)
            .filter_map(|back| at.checked_sub(back))
            .filter_map(|place| self.key(place))
            .any(|key| set.contains(&key))
    }

    /// The amount that a word says, in thousandths.
    fn amount(&self, at: usize) -> Option<u64> {
        let words = words();
        let unit = self.units.get(at)?;
        if words.one_and_a_half.contains(&unit.key) {
            return Some(ONE * 3 / 2);
        }
        if words.two_and_a_half.contains(&unit.key) {
            return Some(ONE * 5 / 2);
        }
        if unit.number != NO_NUMBER {
            let number = u64::from(unit.number.min(MOST));
            // "Ninety five": the tens stand before.
            let before = at.checked_sub(1).and_then(|at| self.units.get(at));
            let tens = before
                .map(|unit| unit.number)
                .filter(|tens| number < 10 && (20..=90).contains(tens) && tens.is_multiple_of(10));
            return Some(ONE * (number + u64::from(tens.unwrap_or(0))));
        }
        let (whole, part) = self.written(at).split_once('.')?;
        let whole: u64 = whole.parse::<u32>().ok()?.min(MOST).into();
        let tenths: u64 = part.get(..1)?.parse().ok()?;
        Some(ONE * whole + ONE / 10 * tenths)
    }

    /// The length of time that a word is a unit of.
    fn unit_of_time(&self, at: usize) -> Option<u64> {
        let words = words();
        let key = self.key(at)?;
        let behind_number = || at.checked_sub(1).and_then(|at| self.amount(at)).is_some();
        [
            (&words.minute, MINUTE),
            (&words.hour, HOUR),
            (&words.day, DAY),
            (&words.week, 7 * DAY),
        ]
        .into_iter()
        .find(|(set, _)| set.contains(&key))
        .or_else(|| {
            let short = [(&words.h, HOUR), (&words.m, MINUTE)];
            let mut short = short.into_iter().filter(|(set, _)| set.contains(&key));
            short.next().filter(|_| behind_number())
        })
        .map(|(_, length)| length)
    }

    /// "90min", "2hrs", "1h47m": number and unit without a blank.
    fn glued(&self, at: usize) -> Option<u64> {
        let mut rest = self.written(at);
        let mut sum = 0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let (number, behind) = rest.split_at_checked(digits)?;
            let number: u64 = number.parse::<u32>().ok()?.min(MOST).into();
            let end = behind
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(behind.len());
            let (unit, next) = behind.split_at_checked(end)?;
            let length = match unit.to_ascii_lowercase().as_str() {
                "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
                "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
                "d" | "day" | "days" => DAY,
                _ => return None,
            };
            sum += number * length;
            rest = next;
        }
        (sum > 0).then_some(sum)
    }

    /// What is added behind a length: "2 h *14 min*", "an hour *and a half*".
    fn added(&self, at: usize, length: u64) -> (u64, usize) {
        let words = words();
        let joined = self.key(at + 1).is_some_and(|key| words.and.contains(&key));
        let next = if joined { at + 2 } else { at + 1 };
        let half = joined
            && (next..next + 2)
                .filter_map(|place| self.key(place))
                .any(|key| words.half.contains(&key));
        if half {
            return (length / 2, next + 1);
        }
        if let Some(glued) = self.glued(next).filter(|glued| *glued < length) {
            return (glued, next);
        }
        let amount = self.amount(next);
        let shorter = self.unit_of_time(next + 1).filter(|unit| *unit < length);
        match (amount, shorter) {
            (Some(amount), Some(shorter)) => (amount * shorter / ONE, next + 1),
            _ => (0, at),
        }
    }

    /// The length of time that a word is the unit of: seconds, and the first
    /// and last unit.
    pub(super) fn length(&self, at: usize) -> Option<(u64, usize, usize)> {
        let words = words();
        let key = self.key(at)?;
        if words.day_long.contains(&key) {
            return Some((8 * HOUR, at, at));
        }
        let throughout = |at: usize| {
            self.key(at)
                .is_some_and(|key| words.throughout.contains(&key))
        };
        if words.part.contains(&key) && (self.has_before(at, 2, &words.whole) || throughout(at + 1))
        {
            return Some((3 * HOUR, at.saturating_sub(2), at));
        }
        if let Some(glued) = self.glued(at) {
            let (added, last) = self.added(at, glued);
            return Some((glued + added, at, last));
        }
        let length = self.unit_of_time(at)?;
        if length == DAY && throughout(at + 1) {
            return Some((8 * HOUR, at, at + 1));
        }
        let first = at.saturating_sub(3);
        let more = self.has_before(at, 3, &words.more);
        // "within 2 hours", "every 5 minutes" say how fast, not how long.
        if self.has_before(at, 3, &words.within)
            && !self.has_before(at, 2, &words.more)
            && !self.has_before(at, 4, &words.since)
        {
            return None;
        }
        let half = self.has_before(at, 2, &words.half);
        let reach = if half { 4 } else { 3 };
        let places = (1..=reach).filter_map(|back| at.checked_sub(back));
        let amount = places.clone().find_map(|place| self.amount(place));
        let ordinal = self
            .key(at.wrapping_sub(1))
            .and_then(|key| words.ordinals.iter().position(|ordinal| *ordinal == key));
        let (base, last) = match (amount, ordinal) {
            (_, Some(over)) => ((1 + u64::try_from(over).ok()?) * length + 1, at),
            (Some(amount), None) => {
                let half = if half { length / 2 } else { 0 };
                let (added, last) = self.added(at, length);
                (amount * length / ONE + half + added + u64::from(more), last)
            }
            (None, None) if half => (length / 2, at),
            (None, None) if length == DAY && self.has_before(at, 2, &words.whole) => (8 * HOUR, at),
            (None, None) if length == DAY && more => (DAY + 1, at),
            (None, None) if length == HOUR => {
                // "an hour" is one; "hours" without a number are more than one.
                let plural = self.written(at).len() == "hours".len();
                let (added, last) = self.added(at, length);
                let hours = if plural { 2 * HOUR } else { HOUR };
                (hours + added + u64::from(more && !plural), last)
            }
            _ => return None,
        };
        Some((base, first.min(at), last.max(at)))
    }
}
