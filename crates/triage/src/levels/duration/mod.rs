//! How long something has lasted already, as far as a text says: "for two hours
//! now", "since 8, it is past 11 now", "since this morning", "dui ghanta dekhi".

mod clock;
mod lengths;
mod words;

use crate::text::{Reading, Unit, lexicon::UNKNOWN};
use clock::between_clock_times;
use lengths::Stretch;
use words::{bit, words};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A duration and the words that say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lasting {
    pub(super) seconds: u64,
    pub(super) words: String,
}

/// The longest duration that a text names as lasting.
pub(super) fn longest(reading: &Reading<'_>) -> Option<Lasting> {
    let mut best: Option<Lasting> = None;
    let mut keep = |seconds: u64, words: &str| {
        if best.as_ref().is_none_or(|best| seconds > best.seconds) {
            best = Some(Lasting {
                seconds,
                words: words.to_owned(),
            });
        }
    };
    let mut overnight = None;
    for clause in &reading.clauses {
        let units = reading.units_of(clause);
        let stretch = Stretch {
            text: if clause.in_title {
                reading.title
            } else {
                reading.body
            },
            units,
        };
        let written = |first: usize, last: usize| {
            reading.words(clause.in_title, clause.first + first, clause.first + last)
        };
        for (at, unit) in (0..).zip(units) {
            // "Yesterday evening it died and it is still dead."
            match overnight {
                Some(told) if words().still.contains(&unit.key) => keep(8 * HOUR, told),
                None if since_yesterday(units, at) => overnight = Some(written(at, at)),
                _ => {}
            }
            if bit(unit.key) & words().telling == 0 && unit.role & UNKNOWN == 0 {
                continue;
            }
            let since = || since(units, at).filter(|_| !stretch.tells_of_a_parcel());
            if let Some((seconds, first, last)) = stretch.length(at).or_else(since) {
                keep(seconds, written(first, last));
            }
        }
        if clause.ends_sentence {
            overnight = None;
        }
    }
    if let Some((seconds, words)) = between_clock_times(reading) {
        keep(seconds, &words);
    }
    best
}

/// "since this morning", "since yesterday", "from last night", "began this
/// morning", "went down last night".
fn since(units: &[Unit], at: usize) -> Option<(u64, usize, usize)> {
    let words = words();
    let is = |at: usize, set: &[u64]| units.get(at).is_some_and(|unit| set.contains(&unit.key));
    let went_down = is(at, &words.went) && is(at + 1, &words.down);
    if !is(at, &words.since) && !is(at, &words.begun) && !went_down {
        return None;
    }
    let of = |place: usize| {
        let before = |set: &[u64]| place.checked_sub(1).is_some_and(|before| is(before, set));
        let seconds = if is(place, &words.morning) && !before(&words.good) {
            3 * HOUR
        } else if (is(place, &words.yesterday) || is(place, &words.weekdays))
            && !is(place + 1, &words.until)
            && !before(&words.until)
        {
            12 * HOUR
        } else if is(place, &words.last) && place > 0
            || is(place, &words.evening) && (before(&words.recently) || before(&words.yesterday))
        {
            6 * HOUR
        } else if is(place, &words.recent) {
            2 * HOUR
        } else if is(place, &words.evening) {
            // It may have just begun.
            HOUR
        } else {
            return None;
        };
        Some((seconds, at.min(place), at.max(place)))
    };
    let first = at.saturating_sub(2);
    (first..(first + 6).min(units.len())).find_map(of)
}

/// "Yesterday", "last night".
fn since_yesterday(units: &[Unit], at: usize) -> bool {
    let words = words();
    let key = |at: usize| units.get(at).map(|unit| unit.key);
    let last = at.checked_sub(1).and_then(key);
    key(at).is_some_and(|key| {
        words.yesterday.contains(&key)
            || words.last.contains(&key) && last.is_some_and(|last| words.recently.contains(&last))
    })
}

/// The number before the colon that a word stands right behind: 11 of "11:05".
fn number_before_colon(text: &str, unit: &Unit) -> Option<u32> {
    let place = usize::try_from(unit.at).ok()?;
    let before = text.get(..place)?.strip_suffix(':')?;
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    before.get(before.len() - digits.min(4)..)?.parse().ok()
}

#[cfg(test)]
mod tests;
