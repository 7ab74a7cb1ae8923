//! Clock times: "since 8, it is past 11 now", "Started 06:00, checked 08:05".

use super::{MINUTE, number_before_colon, words::words};
use crate::text::{Reading, lexicon::NO_NUMBER};

const HOURS: u32 = 60;
/// So many words behind "since" a time may stand: "since about half past nine".
const REACH: usize = 5;

/// A time of day that a text names.
#[derive(Clone, Copy)]
struct Time {
    /// Where it stands, first and last unit.
    first: usize,
    last: usize,
    /// Minutes since midnight, or since noon.
    minute: u32,
    /// Whether it is more than a number that could count something.
    exact: bool,
    /// Whether it says which half of the day it is in.
    of_day: bool,
}

/// "since 8 …, it is past 11 now": two clock times, the first behind "since".
pub(super) fn between_clock_times(reading: &Reading<'_>) -> Option<(u64, String)> {
    let times = times(reading);
    let (from, start) = (0..reading.units.len()).find_map(|at| start(reading, &times, at))?;
    let ends = times
        .iter()
        .filter(|time| time.first > start.last && is_now(reading, time) || it_is(reading, time));
    let ends = ends.filter(|time| (time.first, time.last) != (start.first, start.last));
    // A number alone counts only where nothing is surely a time. What was said of the
    // start may be said again: the time of writing is the farthest of the rest.
    let any_exact = ends.clone().any(|time| time.exact);
    let (end, minutes) = ends
        .filter(|time| time.exact || !any_exact)
        .map(|time| (time, minutes_between(&start, time)))
        .max_by_key(|&(_, minutes)| minutes)?;
    let first = from.min(start.first).min(end.first);
    let last = start.last.max(end.last);
    let in_title = |place: usize| in_title(reading, place);
    let words = if in_title(first) == in_title(last) {
        reading.words(in_title(first), first, last).to_owned()
    } else {
        let start = reading.words(in_title(start.first), from.min(start.first), start.last);
        let end = reading.words(in_title(end.first), end.first, end.last);
        format!("{start} … {end}")
    };
    (minutes > 0).then(|| (u64::from(minutes) * MINUTE, words))
}

/// Minutes from one time to the next other one, within twelve hours unless both
/// say which half of the day they mean.
fn minutes_between(start: &Time, end: &Time) -> u32 {
    let half = 12 * HOURS;
    if start.of_day && end.of_day {
        return (2 * half + end.minute - start.minute) % (2 * half);
    }
    (half + end.minute % half - start.minute % half) % half
}

/// A time behind "since", "started" or "at", with the place of that word.
fn start(reading: &Reading<'_>, times: &[Time], at: usize) -> Option<(usize, Time)> {
    let words = words();
    let key = reading.units.get(at)?.key;
    let since = words.since.contains(&key);
    let is_at = words.at.contains(&key);
    let others = [&words.began, &words.around];
    if !since && !is_at && !others.iter().any(|set| set.contains(&key)) {
        return None;
    }
    // "7 baje dekhi": in Nepali the hour stands before it.
    let before = times
        .iter()
        .find(|time| since && time.exact && time.last + 1 == at);
    let mut behind = times
        .iter()
        .filter(|time| (at + 1..=at + REACH).contains(&time.first))
        .filter(|time| since || time.exact || is_at && time.first == at + 1);
    let time = before.or_else(|| behind.next())?;
    Some((at, *time))
}

/// Whether a time is told as that of writing: "now", "checked".
fn is_now(reading: &Reading<'_>, time: &Time) -> bool {
    let words = words();
    let near = time.first.saturating_sub(3)..(time.last + 3).min(reading.units.len());
    let mut near = reading.units.get(near).unwrap_or_default().iter();
    near.any(|unit| {
        words.now.contains(&unit.key)
            || words.noon.contains(&unit.key)
            || time.exact && words.noted.contains(&unit.key)
    })
}

/// "It is 2 pm and from 11 …", "it is quarter to one": the time of writing may
/// stand first.
fn it_is(reading: &Reading<'_>, time: &Time) -> bool {
    let words = words();
    let before = (1..=3).filter_map(|back| reading.units.get(time.first.checked_sub(back)?));
    let mut before = before.skip_while(|unit| words.about_hours.contains(&unit.key));
    before
        .next()
        .is_some_and(|unit| words.is.contains(&unit.key))
}

fn times(reading: &Reading<'_>) -> Vec<Time> {
    let mut times = Vec::new();
    let mut at = 0;
    let body = reading.clauses.iter().find(|clause| !clause.in_title);
    let body = body.map_or(usize::MAX, |body| body.first);
    while at < reading.units.len() {
        let time = time_at(reading, body, at);
        at = time.map_or(at, |time| time.last) + 1;
        times.extend(time);
    }
    times
}

fn in_title(reading: &Reading<'_>, place: usize) -> bool {
    let mut clauses = reading.clauses.iter();
    let body = clauses.find(|clause| !clause.in_title);
    body.is_none_or(|body| place < body.first)
}

/// "8", "08:05", "9.15", "8am", "9:05 pm", "7 baje", "noon"; `body` is the first unit
/// of the body.
fn time_at(reading: &Reading<'_>, body: usize, at: usize) -> Option<Time> {
    let words = words();
    let unit = reading.units.get(at)?;
    let title = at < body;
    let text = if title { reading.title } else { reading.body };
    let written = |at: usize| reading.words(title, at, at);
    let follows = |at: usize| at < reading.units.len() && (at < body) == title;
    // "Since 7, it is noon": noon is a clock time too.
    if words.noon.contains(&unit.key) {
        return Some(Time {
            first: at,
            last: at,
            minute: 12 * HOURS,
            exact: true,
            of_day: false,
        });
    }
    let word = written(at);
    if unit.number == NO_NUMBER && !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = word
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(word.len());
    let (hour, behind) = match word.split_at_checked(digits)? {
        // A number in letters.
        ("", _) => ("", ""),
        parts => parts,
    };
    let starts_with_zero = hour.starts_with('0');
    let hour: u32 = match hour.parse() {
        Ok(hour) => hour,
        Err(_) if unit.number != NO_NUMBER => unit.number,
        Err(_) => return None,
    };
    if hour > 24 || word.len() > 7 {
        return None;
    }
    let (mut last, mut minute, mut half) = (at, None, behind.to_ascii_lowercase());
    if let Some(minutes) = behind.strip_prefix('.') {
        minute = Some(minutes.parse().ok().filter(|_| minutes.len() == 2)?);
        half.clear();
    } else if follows(at + 1)
        && reading
            .units
            .get(at + 1)
            .is_some_and(|unit| number_before_colon(text, unit).is_some())
    {
        last = at + 1;
        let word = written(last);
        let minutes = word.get(..2)?;
        minute = Some(minutes.parse().ok()?);
        half = word.get(2..)?.to_ascii_lowercase();
    }
    let next = || written(last + 1).to_ascii_lowercase();
    if half.is_empty() && follows(last + 1) && matches!(next().as_str(), "am" | "pm") {
        last += 1;
        half = written(last).to_ascii_lowercase();
    }
    let oclock = |at: usize| {
        let unit = reading.units.get(at).filter(|_| follows(at));
        unit.is_some_and(|unit| words.oclock.contains(&unit.key))
    };
    let named = oclock(last + 1);
    if named {
        last += 1;
    }
    let hour = match (half.as_str(), hour) {
        ("am", 12) => 0,
        ("pm", 1..=11) => hour + 12,
        ("" | "am" | "pm", _) => hour,
        _ => return None,
    };
    let minute = minute.filter(|minute| *minute < 60);
    (hour > 0 || minute.is_some() || !half.is_empty()).then_some(Time {
        first: at,
        last,
        minute: hour % 24 * HOURS + minute.unwrap_or(0),
        exact: minute.is_some() || !half.is_empty() || named,
        of_day: hour > 12 || starts_with_zero || !half.is_empty(),
    })
}
