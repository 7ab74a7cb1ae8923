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
    let mut still = false;
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
            still |= words().still.contains(&unit.key);
            if overnight.is_none() && since_yesterday(units, at) {
                overnight = Some(written(at, at));
            }
            if bit(unit.key) & words().telling == 0 && unit.role & UNKNOWN == 0 {
                continue;
            }
            if let Some((seconds, first, last)) = stretch.length(at).or_else(|| since(units, at)) {
                keep(seconds, written(first, last));
            }
        }
    }
    // "Yesterday evening it died and it is still dead."
    if let Some(words) = overnight.filter(|_| still) {
        keep(8 * HOUR, words);
    }
    if let Some((seconds, words)) = between_clock_times(reading) {
        keep(seconds, &words);
    }
    best
}

/// "since this morning", "since yesterday", "from last night".
fn since(units: &[Unit], at: usize) -> Option<(u64, usize, usize)> {
    let words = words();
    let key = units.get(at)?.key;
    if !words.since.contains(&key) && !words.began.contains(&key) {
        return None;
    }
    units
        .iter()
        .enumerate()
        .skip(at.saturating_sub(2))
        .take(6)
        .find_map(|(place, unit)| {
            let before = place.checked_sub(1).and_then(|place| units.get(place));
            let seconds = if words.morning.contains(&unit.key) {
                3 * HOUR
            } else if words.yesterday.contains(&unit.key) {
                12 * HOUR
            } else if words.last.contains(&unit.key) && before.is_some() {
                6 * HOUR
            } else if words.recent.contains(&unit.key) {
                2 * HOUR
            } else if words.evening.contains(&unit.key) {
                // It may have just begun.
                HOUR
            } else {
                return None;
            };
            Some((seconds, at.min(place), at.max(place)))
        })
}

/// "Yesterday", "last night".
fn since_yesterday(units: &[Unit], at: usize) -> bool {
    let words = words();
    let key = |at: usize| units.get(at).map(|unit| unit.key);
    let last = at.checked_sub(1).and_then(key);
    key(at).is_some_and(|key| {
        words.yesterday.first() == Some(&key)
            || words.last.contains(&key) && last.is_some_and(|last| words.more.contains(&last))
    })
}

#[cfg(test)]
mod tests;
