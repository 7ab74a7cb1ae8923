//! When tickets come: more each month, less on Saturdays, much before the
//! festivals, in the evening rather than at night; and a few bad hours.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};

use super::chance::Chance;

/// The shop's clock: Nepal has kept +05:45 since 1986, without summer time.
const EAST: TimeDelta = TimeDelta::minutes(5 * 60 + 45);
/// How much of a day's tickets each hour brings, by the shop's clock.
const HOURS: [u32; 24] = [
    6, 3, 2, 1, 1, 3, 9, 18, 28, 38, 46, 50, 48, 44, 42, 44, 48, 54, 60, 66, 62, 46, 28, 14,
];
/// Support is there from this hour of the shop's clock to that one.
const SHIFT: (i64, i64) = (7, 23);
/// A day in so many has a bad hour.
const BAD_DAY: f64 = 1.0 / 45.0;
/// How long a bad hour is, in minutes.
const BAD_MINUTES: f64 = 75.0;

/// One day of a history.
#[derive(Clone, Debug)]
pub(super) struct Day {
    /// Which, from 0.
    pub(super) index: u64,
    /// Its first instant.
    pub(super) begin: DateTime<Utc>,
    /// How many tickets it brings.
    pub(super) tickets: usize,
    /// When something broke, if it did.
    pub(super) incident: Option<DateTime<Utc>>,
}

/// One ticket's arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrival {
    pub(super) at: DateTime<Utc>,
    /// Whether it is about what broke.
    pub(super) of_incident: bool,
}

/// Parts the tickets among the days up to `end`.
pub(super) fn days(end: DateTime<Utc>, count: u32, tickets: usize, seed: u64) -> Vec<Day> {
    let begin = end - TimeDelta::days(i64::from(count));
    let mut chance = Chance::new(seed, u64::MAX);
    let mut days = Vec::new();
    let mut weights = Vec::new();
    for index in 0..u64::from(count) {
        let begin = begin + TimeDelta::days(i64::try_from(index).unwrap_or(0));
        let bad = chance.once_in(BAD_DAY);
        let incident = bad.then(|| begin + TimeDelta::minutes(120 + chance.below(1000) as i64));
        let growth = 1.0 + 0.5 * index as f64 / f64::from(count);
        let noise = 0.85 + 0.3 * chance.unit();
        let bad = if bad { 1.25 } else { 1.0 };
        weights.push(growth * noise * bad * weekday(begin) * festival(begin));
        days.push(Day {
            index,
            begin,
            tickets: 0,
            incident,
        });
    }
    let whole: f64 = weights.iter().sum();
    let (mut so_far, mut given) = (0.0, 0);
    for (day, weight) in days.iter_mut().zip(weights) {
        so_far += weight;
        let until = (tickets as f64 * so_far / whole).round() as usize;
        day.tickets = until.saturating_sub(given);
        given = given.max(until);
    }
    days
}

fn weekday(at: DateTime<Utc>) -> f64 {
    match (at + EAST).weekday() {
        chrono::Weekday::Sat => 0.7,
        chrono::Weekday::Sun | chrono::Weekday::Mon => 1.15,
        _ => 1.0,
    }
}

fn festival(at: DateTime<Utc>) -> f64 {
    let there = at + EAST;
    match (there.month(), there.day()) {
        // People shop before Dashain and Tihar, and before the new year in spring.
        (9, 15..) | (10, _) => 1.6,
        (4, 1..=14) => 1.3,
        (12, 20..) => 1.2,
        _ => 1.0,
    }
}

impl Day {
    /// The day's arrivals in their order.
    pub(super) fn arrivals(&self, chance: &mut Chance) -> Vec<Arrival> {
        let whole: u32 = HOURS.iter().sum();
        let mut arrivals: Vec<Arrival> = (0..self.tickets)
            .map(|_| match self.incident {
                Some(broke) if chance.once_in(0.2) => Arrival {
                    at: broke + minutes(chance.unit() * chance.unit() * BAD_MINUTES),
                    of_incident: true,
                },
                _ => Arrival {
                    at: self.begin + ordinary(chance, whole, self.begin),
                    of_incident: false,
                },
            })
            .collect();
        arrivals.sort();
        arrivals
    }
}

/// How long after a day's begin an ordinary ticket comes: by the hours of the
/// shop's clock.
fn ordinary(chance: &mut Chance, whole: u32, begin: DateTime<Utc>) -> TimeDelta {
    let mut left = chance.unit() * f64::from(whole);
    let mut hour = 0.0;
    for weight in HOURS {
        if left < f64::from(weight) {
            break;
        }
        left -= f64::from(weight);
        hour += 1.0;
    }
    let of_day = minutes((hour + chance.unit()) * 60.0);
    let begun = (begin + EAST).time() - NaiveTime::MIN;
    let day = TimeDelta::days(1);
    // A day of the history begins at any hour of the shop's day.
    let ahead = of_day - begun;
    if ahead < TimeDelta::zero() {
        ahead + day
    } else if ahead >= day {
        ahead - day
    } else {
        ahead
    }
}

fn minutes(count: f64) -> TimeDelta {
    TimeDelta::microseconds((count * 60e6) as i64)
}

/// The instant after so much work, which rests at night.
pub(super) fn after_work(from: DateTime<Utc>, work: TimeDelta) -> DateTime<Utc> {
    let shift = TimeDelta::hours(SHIFT.1 - SHIFT.0);
    let begun = |at: DateTime<Utc>| {
        let midnight = at + EAST - ((at + EAST).time() - NaiveTime::MIN);
        midnight - EAST + TimeDelta::hours(SHIFT.0)
    };
    let mut today = begun(from);
    let mut at = from.max(today);
    if at >= today + shift {
        today += TimeDelta::days(1);
        at = today;
    }
    let shifts = work.num_seconds() / shift.num_seconds();
    let rest = work - shift * i32::try_from(shifts).unwrap_or(i32::MAX);
    let whole_days = TimeDelta::days(shifts);
    today += whole_days;
    at += whole_days + rest;
    if at >= today + shift {
        at += TimeDelta::days(1) - shift;
    }
    at
}

#[cfg(test)]
mod tests;
