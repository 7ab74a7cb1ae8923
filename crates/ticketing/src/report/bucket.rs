//! Days, weeks and months of a time zone as stretches of UTC.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// A calendar unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// A day.
    Day,
    /// A week from Monday on.
    Week,
    /// A month.
    Month,
}

/// Finds the unit an instant lies in. Facts come in the order of their filing,
/// so the last unit found is remembered.
#[derive(Clone, Debug)]
pub struct Buckets {
    zone: Tz,
    unit: TimeUnit,
    found: Option<(i64, i64, NaiveDate)>,
}

impl Buckets {
    /// Units of a zone's calendar.
    #[must_use]
    pub const fn new(zone: Tz, unit: TimeUnit) -> Self {
        Self {
            zone,
            unit,
            found: None,
        }
    }

    /// The first day of the unit that holds an instant, in microseconds.
    pub fn first_day(&mut self, micros: i64) -> NaiveDate {
        if let Some((from, to, day)) = self.found
            && from <= micros
            && micros < to
        {
            return day;
        }
        let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
        let day = self.unit.begin(at.with_timezone(&self.zone).date_naive());
        let (from, to) = self.bounds(day);
        self.found = Some((from.timestamp_micros(), to.timestamp_micros(), day));
        day
    }

    /// When the unit that begins with a day begins and ends.
    #[must_use]
    pub fn bounds(&self, first_day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        let after = self.unit.after(first_day);
        (start_of(self.zone, first_day), start_of(self.zone, after))
    }

    /// The first days of all units of a period, at most so many.
    #[must_use]
    pub fn within(&self, from: DateTime<Utc>, to: DateTime<Utc>, most: usize) -> Vec<NaiveDate> {
        let first = self.unit.begin(from.with_timezone(&self.zone).date_naive());
        let units = std::iter::successors(Some(first), |day| Some(self.unit.after(*day)));
        units
            .take_while(|day| start_of(self.zone, *day) < to)
            .take(most)
            .collect()
    }
}

impl TimeUnit {
    fn begin(self, day: NaiveDate) -> NaiveDate {
        let back = match self {
            Self::Day => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.day0(),
        };
        day.checked_sub_days(Days::new(u64::from(back)))
            .unwrap_or(day)
    }

    fn after(self, day: NaiveDate) -> NaiveDate {
        let next = match self {
            Self::Day => day.checked_add_days(Days::new(1)),
            Self::Week => day.checked_add_days(Days::new(7)),
            Self::Month => day.checked_add_months(Months::new(1)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }
}

/// The first instant at which a zone's calendar shows a date: midnight, or the
/// end of a change that leaps over it.
#[must_use]
pub fn start_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    if let Some(at) = zone.from_local_datetime(&midnight).earliest() {
        return at.to_utc();
    }
    // No offset is wider than a day: the change lies in between.
    let around = midnight.and_utc().timestamp();
    let (mut before, mut after) = (around - 86_400, around + 86_400);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        let at = DateTime::from_timestamp(middle, 0).unwrap_or_default();
        if at.with_timezone(&zone).date_naive() < day {
            before = middle;
        } else {
            after = middle;
        }
    }
    DateTime::from_timestamp(after, 0).unwrap_or_default()
}
