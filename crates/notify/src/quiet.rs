//! Quiet hours: when somebody is not to be disturbed with what can wait.

use std::str::FromStr;

use chrono::{
    DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, offset::LocalResult,
};
use chrono_tz::Tz;

/// A daily interval on somebody's clock; it may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: NaiveTime,
    to: NaiveTime,
    zone: Option<Tz>,
}

/// A text that is no quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHoursError;

impl FromStr for QuietHours {
    type Err = QuietHoursError;

    /// `22:00-07:00`, or with a zone `22:00-07:00 Asia/Kathmandu`.
    fn from_str(text: &str) -> Result<Self, QuietHoursError> {
        let (hours, zone) = match text.split_once(' ') {
            Some((hours, zone)) => (hours, Some(zone.trim().parse().or(Err(QuietHoursError))?)),
            None => (text, None),
        };
        let (from, to) = hours.split_once('-').ok_or(QuietHoursError)?;
        let time = |text| NaiveTime::parse_from_str(text, "%H:%M").or(Err(QuietHoursError));
        let (from, to) = (time(from)?, time(to)?);
        if from == to {
            return Err(QuietHoursError);
        }
        Ok(Self { from, to, zone })
    }
}

impl QuietHours {
    /// The same in a zone, where they name none themselves.
    #[must_use]
    pub fn or_in(mut self, zone: Tz) -> Self {
        self.zone = self.zone.or(Some(zone));
        self
    }

    /// When they end, while they last.
    #[must_use]
    pub fn until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let zone = self.zone.unwrap_or(Tz::UTC);
        let local = now.with_timezone(&zone).naive_local();
        let (date, time) = (local.date(), local.time());
        let end = if self.from < self.to {
            (self.from..self.to).contains(&time).then_some(date)
        } else if time >= self.from {
            date.checked_add_days(Days::new(1))
        } else {
            (time < self.to).then_some(date)
        };
        instant(zone, end?.and_time(self.to)).filter(|end| *end > now)
    }
}

/// The first instant at or after a wall clock's time: clocks that are set
/// forward skip some.
fn instant(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    let quarters = (0..=12).map(|n| wall + TimeDelta::minutes(15 * n));
    let mut found = quarters.filter_map(|wall| match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(_, at) => Some(at.to_utc()),
        LocalResult::None => None,
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::QuietHours;

    fn until(hours: &str, now: &str) -> Option<String> {
        let hours: QuietHours = hours.parse().unwrap();
        let end = hours.until(now.parse().unwrap());
        end.map(|end| end.format("%m-%d %H:%M").to_string())
    }

    #[test]
    fn they_end_on_the_readers_clock_also_over_midnight() {
        let night = "22:00-07:00 Asia/Kathmandu";
        // 22:00 there is 16:15 UTC.
        assert_eq!(until(night, "2026-11-22T16:14:59Z"), None);
        assert_eq!(until(night, "2026-11-22T16:15:00Z").unwrap(), "11-23 01:15");
        assert_eq!(until(night, "2026-11-22T20:00:00Z").unwrap(), "11-23 01:15");
        assert_eq!(until(night, "2026-11-23T01:15:00Z"), None);
        assert_eq!(
            until("12:00-13:00", "2026-11-22T12:30:00Z").unwrap(),
            "11-22 13:00"
        );
        assert_eq!(until("12:00-13:00", "2026-11-22T13:00:00Z"), None);
    }

    #[test]
    fn clocks_that_are_set_forward_skip_no_end() {
        // 02:30 does not exist on that night; the day goes on at 03:00.
        let end = until("22:00-02:30 Europe/Berlin", "2026-03-28T23:00:00Z");
        assert_eq!(end.unwrap(), "03-29 01:00");
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for wrong in [
            "",
            "22-7",
            "22:00",
            "22:00-22:00",
            "25:00-07:00",
            "22:00-07:00 Nowhere",
        ] {
            assert!(wrong.parse::<QuietHours>().is_err(), "{wrong}");
        }
    }
}
