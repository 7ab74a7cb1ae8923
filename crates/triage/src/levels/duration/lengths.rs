//! Lengths of time: "two hours", "90 min", "2 h 14 min", "over an hour", "all
//! day".

use super::{DAY, HOUR, MINUTE, number_before_colon, words::words};
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

    fn is(&self, at: usize, set: &[u64]) -> bool {
        self.key(at).is_some_and(|key| set.contains(&key))
    }

    fn has(&self, set: &[u64]) -> bool {
        (0..self.units.len()).any(|at| self.is(at, set))
    }

    /// Whether what it says lasts may be the wait for a parcel.
    pub(super) fn tells_of_a_parcel(&self) -> bool {
        self.has(&words().parcel)
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
            if let Some(hours) = number_before_colon(self.text, unit) {
                // "1:30 hours".
                let minutes = u64::from(unit.number.min(59));
                return Some(ONE * u64::from(hours.min(MOST)) + ONE * minutes / 60);
            }
            return Some(ONE * self.spelled(at));
        }
        let (whole, part) = self.written(at).split_once('.')?;
        thousandths(whole, part)
    }

    /// "Ninety five", "two hundred", "one hundred twenty": the words together.
    fn spelled(&self, at: usize) -> u64 {
        let in_letters = |at: &usize| {
            let unit = self.units.get(*at);
            unit.is_some_and(|unit| unit.number != NO_NUMBER)
                && self
                    .written(*at)
                    .starts_with(|c: char| c.is_ascii_alphabetic())
        };
        let number = |at: usize| {
            let number = self.units.get(at).map_or(0, |unit| unit.number);
            u64::from(number.min(MOST))
        };
        if !in_letters(&at) {
            return number(at);
        }
        let mut first = at;
        while let Some(before) = first.checked_sub(1).filter(in_letters) {
            first = before;
        }
        let sum = (first..=at).map(number).fold(0_u64, |sum, number| {
            if number == 100 {
                sum.max(1).saturating_mul(100)
            } else {
                sum + number
            }
        });
        sum.min(MOST.into())
    }

    /// The amount before a unit, with nothing but small words between: not in
    /// "200 orders an hour".
    fn amount_before(&self, at: usize) -> Option<u64> {
        let words = words();
        let mut halves = false;
        let mut joined = false;
        for place in (1..=5).filter_map(|back| at.checked_sub(back)) {
            if let Some(amount) = self.amount(place) {
                return match (halves, joined) {
                    (false, _) => Some(amount),
                    // "One and a half", but not "error 502, half an hour ago".
                    (true, true) => Some(amount + ONE / 2),
                    (true, false) => None,
                };
            }
            if !self.is(place, &words.filler) {
                return None;
            }
            halves |= self.is(place, &words.half);
            joined |= self.is(place, &words.and);
        }
        None
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

    /// "90min", "2.5hrs", "1h47m", "2h30": number and unit without a blank.
    fn glued(&self, at: usize, behind_hours: bool) -> Option<u64> {
        let mut rest = self.written(at);
        let mut sum = 0;
        let mut hours = behind_hours;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
            let (number, behind) = rest.split_at_checked(digits.unwrap_or(rest.len()))?;
            let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
            let amount = thousandths(whole, part)?;
            let end = behind.find(|c: char| c.is_ascii_digit());
            let (unit, next) = behind.split_at_checked(end.unwrap_or(behind.len()))?;
            let length = match unit.to_ascii_lowercase().as_str() {
                "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
                "min" | "mins" | "minute" | "minutes" => MINUTE,
                // Not "10M views", and not "an hour, 20 callers".
                "m" if hours => MINUTE,
                "" if hours && sum > 0 => MINUTE,
                "day" | "days" => DAY,
                "week" | "weeks" => 7 * DAY,
                _ => return None,
            };
            hours = length == HOUR;
            sum += amount * length / ONE;
            rest = next;
        }
        (sum > 0).then_some(sum)
    }

    /// What is added behind a length: "2 h *14 min*", "an hour *and a half*".
    fn added(&self, at: usize, length: u64) -> (u64, usize) {
        let words = words();
        let joined = self.key(at + 1).is_some_and(|key| words.and.contains(&key));
        let next = if joined { at + 2 } else { at + 1 };
        let half = (next..next + 2).find(|place| self.is(*place, &words.half));
        if let Some(half) = half.filter(|_| joined) {
            return (length / 2, half);
        }
        if let Some(glued) = self
            .glued(next, length == HOUR)
            .filter(|glued| *glued < length)
        {
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
        let throughout = |at: usize| self.is(at, &words.throughout);
        if words.part.contains(&key) {
            let good = at.checked_sub(1).is_some_and(|at| self.is(at, &words.good));
            let whole = self.has_before(at, 2, &words.whole) && !good;
            return (whole || throughout(at + 1)).then_some((3 * HOUR, at.saturating_sub(2), at));
        }
        if let Some(glued) = self.glued(at, false) {
            let (added, last) = self.added(at, glued);
            return Some((glued + added, at, last));
        }
        let length = self.unit_of_time(at)?;
        let of_purchases = self.is(at + 1, &words.ago) && self.has(&words.purchases);
        if length >= DAY && (of_purchases || self.has(&words.promises)) {
            return None;
        }
        if length == DAY && throughout(at + 1) {
            return Some((8 * HOUR, at, at + 1));
        }
        // "Within 2 hours", "every 5 minutes" say how fast, "less than an hour" how
        // long at most.
        let lifted =
            self.has_before(at, 2, &words.recently) || self.has_before(at, 4, &words.since);
        if self.has_before(at, 4, &words.within) && !lifted || self.has_before(at, 4, &words.less) {
            return None;
        }
        let first = at.saturating_sub(3);
        let more = u64::from(self.has_before(at, 4, &words.more));
        let plural = self.written(at).ends_with('s');
        let ordinal = at
            .checked_sub(1)
            .and_then(|at| self.key(at))
            .and_then(|key| words.ordinals.iter().position(|ordinal| *ordinal == key));
        if let Some(over) = ordinal.filter(|_| length >= HOUR) {
            return Some(((1 + u64::try_from(over).ok()?) * length + 1, first, at));
        }
        let (added, last) = self.added(at, length);
        if let Some(amount) = self.amount_before(at) {
            return Some((amount * length / ONE + added + more, first, last));
        }
        if self.has_before(at, 2, &words.half) {
            return Some((length / 2, first, at));
        }
        let alone = match length {
            // "An hour" is one; "hours" without a number are more than one.
            HOUR if plural => 2 * HOUR,
            HOUR => HOUR + more,
            DAY if self.has_before(at, 2, &words.whole) => 8 * HOUR,
            _ if plural && self.has_before(at, 1, &words.during) => 2 * length,
            DAY if more > 0 || added > 0 => DAY + more,
            _ => return None,
        };
        Some((alone + added, first, last))
    }
}

/// "2" and "5" of "2.5" as thousandths.
fn thousandths(whole: &str, part: &str) -> Option<u64> {
    let whole: u64 = whole.parse::<u32>().ok()?.min(MOST).into();
    let tenths: u64 = part.get(..1)?.parse().ok()?;
    Some(ONE * whole + ONE / 10 * tenths)
}
