//! Clock times: "since 8, it is past 11 now", "Started 06:00, checked 08:05".

use super::{MINUTE, words::words};
use crate::text::{Reading, Unit};

/// "since 8 …, it is past 11 now": two clock times, the first behind "since".
pub(super) fn between_clock_times(reading: &Reading<'_>) -> Option<(u64, String)> {
    let words = words();
    // "since 7, it is noon": noon is a clock time too.
    let clock = |place: usize| {
        let unit = reading.units.get(place)?;
        if words.noon.contains(&unit.key) {
            return Some(12 * 60);
        }
        let hour = Some(unit.number).filter(|number| (1..=24).contains(number));
        let hour = hour.filter(|_| !is_minutes(reading, place))?;
        let minutes = reading
            .units
            .get(place + 1)
            .filter(|_| is_minutes(reading, place + 1))
            .map_or(0, |unit| unit.number.min(59));
        Some(hour * 60 + minutes)
    };
    let (from, place, start) = reading.units.iter().enumerate().find_map(|(at, unit)| {
        let starts = [&words.since, &words.began, &words.at];
        if !starts.iter().any(|set| set.contains(&unit.key)) {
            return None;
        }
        let clock_at = |place: usize| Some((place, clock(place)?));
        // "7 baje dekhi": in Nepali the hour stands before it.
        let before = at
            .checked_sub(2)
            .filter(|_| {
                let between = reading.units.get(at - 1);
                between.is_some_and(|between| words.oclock.contains(&between.key))
            })
            .and_then(clock_at);
        let (place, hour) = before.or_else(|| (at + 1..at + 4).find_map(clock_at))?;
        Some((at.min(place), at.max(place), hour))
    })?;
    let says_now = |unit: &Unit| words.now.contains(&unit.key) || words.noon.contains(&unit.key);
    // What was said of the start may be said again: the time of writing is the
    // farthest of those that are called so.
    let lasting = |end: u32| (i64::from(end) - i64::from(start)).rem_euclid(12 * 60);
    let (until, minutes) = reading
        .units
        .iter()
        .enumerate()
        .filter(|&(at, _)| at > place || at < from)
        .filter_map(|(at, _)| Some((at, clock(at)?)))
        .filter(|&(at, _)| {
            let near = reading
                .units
                .get(at.saturating_sub(3)..(at + 3).min(reading.units.len()));
            // "It is 2 pm and from 11 …": the time of writing may stand first.
            let it_is = at
                .checked_sub(1)
                .and_then(|before| reading.units.get(before))
                .is_some_and(|before| words.is.contains(&before.key));
            let is_now = near.is_some_and(|near| near.iter().any(says_now));
            it_is || (at > place && is_now)
        })
        .map(|(at, end)| (at, lasting(end)))
        .max_by_key(|&(_, minutes)| minutes)?;
    let clause = reading
        .clauses
        .iter()
        .find(|clause| (clause.first..clause.end).contains(&from))?;
    let words = reading.words(clause.in_title, from.min(until), from.max(until));
    let seconds = u64::try_from(minutes).ok()? * MINUTE;
    (seconds > 0).then(|| (seconds, words.to_owned()))
}

/// Whether a number stands behind the colon of a time: "11:05".
fn is_minutes(reading: &Reading<'_>, place: usize) -> bool {
    let in_title = reading
        .clauses
        .iter()
        .find(|clause| (clause.first..clause.end).contains(&place))
        .is_some_and(|clause| clause.in_title);
    let text = if in_title {
        reading.title
    } else {
        reading.body
    };
    let at = reading.units.get(place).map_or(0, |unit| unit.at);
    usize::try_from(at)
        .ok()
        .and_then(|at| text.get(..at))
        .and_then(|before| before.strip_suffix(':'))
        .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
}
