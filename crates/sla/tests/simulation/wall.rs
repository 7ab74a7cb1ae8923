//! Which seconds are worked, by reading the wall clock for each.

use chrono::{DateTime, Datelike, Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use sla::{CalendarSpec, Weekday};

/// The seconds of a window, each worked or not.
#[derive(Clone, Debug)]
pub struct Seconds {
    from: i64,
    worked: Vec<bool>,
}

impl Seconds {
    pub fn new(spec: &CalendarSpec, from: i64, until: i64) -> Seconds {
        let zone: Tz = spec.time_zone.parse().unwrap();
        let mut worked = Vec::new();
        let mut at = from;
        while at < until {
            // All edges are whole minutes of the wall clock. Where its minutes
            // are those of UTC, one reading is good for sixty seconds.
            let offset_now = offset(zone, at);
            let aligned =
                at % 60 == 0 && offset_now % 60 == 0 && offset_now == offset(zone, at + 59);
            let length = if aligned { 60.min(until - at) } else { 1 };
            let reading = is_worked(spec, zone, at);
            worked.extend((0..length).map(|_| reading));
            at += length;
        }
        Seconds { from, worked }
    }

    pub fn until(&self) -> i64 {
        self.from + i64::try_from(self.worked.len()).unwrap()
    }

    pub fn is_worked(&self, at: i64) -> bool {
        self.worked[usize::try_from(at - self.from).unwrap()]
    }

    pub fn count(&self, start: i64, end: i64) -> i64 {
        (start..end).map(|at| i64::from(self.is_worked(at))).sum()
    }

    /// The earliest second of the window by which so many were worked.
    pub fn reach(&self, start: i64, duration_s: i64) -> Option<i64> {
        let mut left = duration_s;
        for at in start..self.until() {
            if left <= 0 {
                return Some(at);
            }
            left -= i64::from(self.is_worked(at));
        }
        (left <= 0).then(|| self.until())
    }
}

pub fn offset(zone: Tz, at: i64) -> i64 {
    let utc = DateTime::from_timestamp(at, 0).unwrap().naive_utc();
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}

fn is_worked(spec: &CalendarSpec, zone: Tz, at: i64) -> bool {
    let local = DateTime::from_timestamp(at, 0)
        .unwrap()
        .with_timezone(&zone)
        .naive_local();
    let weekday = Weekday::ALL[usize::try_from(local.weekday().num_days_from_sunday()).unwrap()];
    let reading = format!("{:02}:{:02}", local.hour(), local.minute());
    let is_in = |intervals: Option<&Vec<(String, String)>>| {
        let reading = reading.as_str();
        let is_between = |open: &str, close: &str| open <= reading && reading < close;
        intervals.is_some_and(|all| all.iter().any(|(open, close)| is_between(open, close)))
    };
    if !is_in(spec.hours.get(&weekday)) {
        return false;
    }
    let date = local.date().to_string();
    !spec.holidays.iter().any(|holiday| holiday.date() == date) && !is_in(spec.breaks.get(&date))
}
