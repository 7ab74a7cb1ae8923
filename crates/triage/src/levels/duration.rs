//! How long something has lasted already, as far as a text says: "for two hours
//! now", "since 8, it is past 11 now", "since this morning", "dui ghanta dekhi".

use std::sync::OnceLock;

use crate::text::{
    Reading, Unit,
    lexicon::{NO_NUMBER, stem_key},
};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A duration and the words that say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lasting {
    pub(super) seconds: u64,
    pub(super) words: String,
}

struct Words {
    minute: Vec<u64>,
    hour: Vec<u64>,
    day: Vec<u64>,
    week: Vec<u64>,
    since: Vec<u64>,
    within: Vec<u64>,
    more: Vec<u64>,
    half: Vec<u64>,
    whole: Vec<u64>,
    now: Vec<u64>,
    morning: Vec<u64>,
    recent: Vec<u64>,
    evening: Vec<u64>,
    yesterday: Vec<u64>,
    last: Vec<u64>,
    noon: Vec<u64>,
    oclock: Vec<u64>,
    is: Vec<u64>,
    at: Vec<u64>,
    part: Vec<u64>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let keys = |text: &str| text.split_whitespace().map(stem_key).collect::<Vec<_>>();
        Words {
            minute: keys("minute min mins minutes"),
            hour: keys("hour hr hrs hours"),
            day: keys("day"),
            week: keys("week month"),
            since: keys("since from"),
            within: keys("within in every each"),
            more: keys("more over than past almost nearly about around last"),
            half: keys("half"),
            whole: keys("all whole entire full"),
            now: keys("now past almost already nearly still"),
            morning: keys("morning noon midnight dawn breakfast"),
            recent: keys("afternoon lunch"),
            evening: keys("evening"),
            yesterday: keys("yesterday monday tuesday wednesday thursday friday saturday sunday"),
            last: keys("night evening week"),
            noon: keys("noon midnight midday"),
            oclock: keys("oclock"),
            is: keys("is its"),
            at: keys("at around about"),
            part: keys("morning night afternoon evening"),
        }
    })
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
    for clause in &reading.clauses {
        let units = reading.units_of(clause);
        for at in 0..units.len() {
            if let Some((seconds, first, last)) = measured(units, at).or_else(|| since(units, at)) {
                let words =
                    reading.words(clause.in_title, clause.first + first, clause.first + last);
                keep(seconds, words);
            }
        }
    }
    if let Some((seconds, words)) = between_clock_times(reading) {
        keep(seconds, &words);
    }
    best
}

/// "two hours", "90 min", "over an hour", "for hours", "all day": seconds, and
/// the first and last unit.
fn measured(units: &[Unit], at: usize) -> Option<(u64, usize, usize)> {
    let words = words();
    let unit = units.get(at)?;
    let key_before = |back: usize| {
        at.checked_sub(back)
            .and_then(|at| units.get(at))
            .map(|unit| unit.key)
    };
    let number = (1..=3)
        .filter_map(|back| at.checked_sub(back))
        .filter_map(|place| units.get(place).map(|unit| (place, unit.number)))
        .find(|(_, number)| *number != NO_NUMBER);
    let has = |set: &[u64], reach: usize| {
        (1..=reach)
            .filter_map(key_before)
            .any(|key| set.contains(&key))
    };
    if words.part.contains(&unit.key) && has(&words.whole, 2) {
        return Some((3 * HOUR, at.saturating_sub(2), at));
    }
    let length = if words.minute.contains(&unit.key) {
        MINUTE
    } else if words.hour.contains(&unit.key) {
        HOUR
    } else if words.day.contains(&unit.key) {
        DAY
    } else if words.week.contains(&unit.key) {
        7 * DAY
    } else {
        return None;
    };
    let first = at.saturating_sub(3);
    // "within 2 hours", "every 5 minutes" say how fast, not how long.
    if has(&words.within, 3) && !has(&words.more, 2) && !has(&words.since, 4) {
        return None;
    }
    if has(&words.half, 2) && number.is_none() {
        return Some((length / 2, first, at));
    }
    let more = u64::from(has(&words.more, 3));
    if let Some((_, number)) = number {
        let half = if has(&words.half, 2) { length / 2 } else { 0 };
        return Some((
            u64::from(number.min(10_000)) * length + half + more,
            first,
            at,
        ));
    }
    if has(&words.whole, 2) && length == DAY {
        return Some((8 * HOUR, first, at));
    }
    if length == HOUR {
        // "an hour" is one; "hours" without a number are more than one.
        let plural = unit.end - unit.at == 5;
        return Some((if plural { 2 * HOUR } else { HOUR + more }, first, at));
    }
    None
}

/// "since this morning", "since yesterday", "from last night".
fn since(units: &[Unit], at: usize) -> Option<(u64, usize, usize)> {
    let words = words();
    if !words.since.contains(&units.get(at)?.key) {
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

/// "since 8 …, it is past 11 now": two clock times, the first behind "since".
fn between_clock_times(reading: &Reading<'_>) -> Option<(u64, String)> {
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
        if !words.since.contains(&unit.key) && !words.at.contains(&unit.key) {
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
    let (until, end) = reading
        .units
        .iter()
        .enumerate()
        .filter(|&(at, _)| at > place || at < from)
        .filter_map(|(at, _)| Some((at, clock(at)?)))
        .find(|&(at, _)| {
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
        })?;
    let minutes = (i64::from(end) - i64::from(start)).rem_euclid(12 * 60);
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
