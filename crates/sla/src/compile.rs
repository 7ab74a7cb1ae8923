//! Checking a written calendar: every fault at once, each in its place.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use crate::day::Day;
use crate::instant::DAY;
use crate::spec::{CalendarSpec, Holiday, Weekday};
use crate::timeline::Timeline;
use crate::zone::{self, Stretch};

/// What is wrong at one place of a [`CalendarSpec`].
#[derive(Serialize, Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct CalendarFault {
    /// JSON pointer (RFC 6901) into the spec, such as `/hours/mon/0`.
    pub pointer: String,
    /// What stands there and what is allowed.
    pub message: String,
}

/// A fault list says enough after so many; a hostile spec must not make it
/// longer than itself.
const MOST_FAULTS: usize = 100;

/// What a sound spec is made of.
pub(crate) struct Parts {
    pub(crate) stretches: Arc<[Stretch]>,
    pub(crate) timeline: Timeline,
    pub(crate) holidays: Vec<Holiday>,
}

/// See [`crate::Calendar::compile`].
pub(crate) fn check(spec: &CalendarSpec) -> Result<Parts, Vec<CalendarFault>> {
    let mut faults = Faults::default();
    let zone = zone(&spec.time_zone, &mut faults);
    let week = Weekday::ALL.map(|weekday| hours(spec, weekday, &mut faults));
    let holidays = holidays(spec, &mut faults);
    let breaks = breaks(spec, &mut faults);
    let (Some(zone), true) = (zone, faults.0.is_empty()) else {
        return Err(faults.0);
    };

    let mut dates: Vec<(i64, Day, Option<usize>)> = Vec::new();
    for (index, holiday) in holidays.iter().enumerate() {
        dates.push((day_number(holiday.date), Day::default(), Some(index)));
    }
    for (date, breaks) in breaks {
        let day = day_number(date);
        let hours = Timeline::weekday_of(&week, day)
            .map_or_else(Day::default, |hours| hours.without(&breaks));
        dates.push((day, hours, None));
    }
    // The sort is stable, so that a holiday comes before the breaks of its
    // date, which then change nothing.
    dates.sort_by_key(|(day, _, _)| *day);
    dates.dedup_by_key(|(day, _, _)| *day);
    Ok(Parts {
        stretches: zone::stretches(zone),
        timeline: Timeline::new(week, dates),
        holidays,
    })
}

/// The timeline on which every second counts.
pub(crate) fn nonstop() -> Timeline {
    Timeline::new(
        std::array::from_fn(|_| Day::new(vec![(0, DAY)])),
        Vec::new(),
    )
}

fn zone(name: &str, faults: &mut Faults) -> Option<Tz> {
    let zone = name.parse().ok();
    if zone.is_none() {
        let name = shown(name);
        faults.add(
            "/time_zone",
            format_args!(
                "{name} is not an IANA time zone; write one such as \"Asia/Kathmandu\" or \"UTC\""
            ),
        );
    }
    zone
}

fn hours(spec: &CalendarSpec, weekday: Weekday, faults: &mut Faults) -> Day {
    let written = spec.hours.get(&weekday).map_or(&[][..], Vec::as_slice);
    let pointer = format!("/hours/{}", weekday.name());
    let mut read = intervals(written, &pointer, faults);
    read.sort_unstable_by_key(|interval| (interval.open, interval.close));
    for (first, second) in read.iter().zip(read.iter().skip(1)) {
        if second.open < first.close {
            let (later, earlier) = (first.index.max(second.index), first.index.min(second.index));
            faults.add(
                &format!("{pointer}/{later}"),
                format_args!(
                    "overlaps {pointer}/{earlier}; intervals of one day may touch but not overlap"
                ),
            );
        }
    }
    Day::new(
        read.iter()
            .map(|interval| (interval.open, interval.close))
            .collect(),
    )
}

/// The first naming of a date wins; a date given twice is one holiday.
fn holidays(spec: &CalendarSpec, faults: &mut Faults) -> Vec<Holiday> {
    let mut holidays: Vec<Holiday> = Vec::with_capacity(spec.holidays.len());
    for (index, entry) in spec.holidays.iter().enumerate() {
        match date(entry.date()) {
            Some(date) => holidays.push(Holiday {
                date,
                name: entry.name().map(str::to_owned),
            }),
            None => faults.date(&format!("/holidays/{index}"), entry.date()),
        }
    }
    holidays.sort_by_key(|holiday| (holiday.date, holiday.name.is_none()));
    holidays.dedup_by_key(|holiday| holiday.date);
    holidays
}

fn breaks(spec: &CalendarSpec, faults: &mut Faults) -> Vec<(NaiveDate, Day)> {
    let mut breaks = Vec::with_capacity(spec.breaks.len());
    for (key, written) in &spec.breaks {
        let pointer = format!("/breaks/{}", key.replace('~', "~0").replace('/', "~1"));
        let read = intervals(written, &pointer, faults);
        match date(key) {
            Some(date) => {
                let covered = read
                    .iter()
                    .map(|interval| (interval.open, interval.close))
                    .collect();
                breaks.push((date, Day::new(covered)));
            }
            None => faults.date(&pointer, key),
        }
    }
    breaks
}

/// An interval in seconds of the day, and where in its list it stands.
struct Interval {
    open: i64,
    close: i64,
    index: usize,
}

fn intervals(written: &[(String, String)], pointer: &str, faults: &mut Faults) -> Vec<Interval> {
    let mut read = Vec::with_capacity(written.len());
    for (index, (open_text, close_text)) in written.iter().enumerate() {
        let (open, close) = (time(open_text), time(close_text));
        for (place, text, missing) in [
            (0, open_text, open.is_none()),
            (1, close_text, close.is_none()),
        ] {
            if missing {
                let text = shown(text);
                faults.add(
                    &format!("{pointer}/{index}/{place}"),
                    format_args!(
                        "{text} is not a time; write \"HH:MM\" from \"00:00\" to \"24:00\""
                    ),
                );
            }
        }
        match (open, close) {
            (Some(open), Some(close)) if open < close => read.push(Interval { open, close, index }),
            (Some(_), Some(_)) => faults.add(
                &format!("{pointer}/{index}"),
                format_args!(
                    "{} does not come before {}; split a shift that passes midnight into two, the first up to \"24:00\"",
                    shown(open_text),
                    shown(close_text)
                ),
            ),
            _ => {}
        }
    }
    read
}

/// Seconds of the day for `HH:MM`, two digits each, `24:00` included.
fn time(text: &str) -> Option<i64> {
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let (hour, minute) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
    let allowed = (hour < 24 && minute < 60) || (hour == 24 && minute == 0);
    allowed.then_some(hour * 3_600 + minute * 60)
}

/// A date for exactly `YYYY-MM-DD`; chrono alone would also take signs and
/// single digits.
fn date(text: &str) -> Option<NaiveDate> {
    let form = text.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if form && text.len() == 10 {
        text.parse().ok()
    } else {
        None
    }
}

/// Days since 1970-01-01.
fn day_number(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// The text in quotes, cut so that a message stays a line.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() > MOST {
        let start: String = text.chars().take(MOST).collect();
        format!("{start:?}…")
    } else {
        format!("{text:?}")
    }
}

#[derive(Default)]
struct Faults(Vec<CalendarFault>);

impl Faults {
    fn add(&mut self, pointer: &str, message: fmt::Arguments<'_>) {
        if self.0.len() < MOST_FAULTS {
            self.0.push(CalendarFault {
                pointer: pointer.to_owned(),
                message: message.to_string(),
            });
        }
    }

    fn date(&mut self, pointer: &str, text: &str) {
        let text = shown(text);
        self.add(
            pointer,
            format_args!("{text} is not a date; write \"YYYY-MM-DD\""),
        );
    }
}

#[cfg(test)]
mod tests;
