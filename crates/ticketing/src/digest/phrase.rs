//! How a digest writes spans of time, shares and instants.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::report::Rate;

/// Seconds as hours and minutes. Never days: a working day has fewer hours than
/// another one.
pub(super) fn span(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

pub(super) fn spans(seconds: Option<u32>) -> String {
    seconds.map_or_else(none, |seconds| span(i64::from(seconds)))
}

/// "40 of 42 (95.2 %)"; of nothing there is no share.
pub(super) fn share(rate: Rate) -> String {
    match rate.share() {
        Some(share) => format!("{} of {} ({:.1} %)", rate.part, rate.of, share * 100.0),
        None => none(),
    }
}

pub(super) fn none() -> String {
    "-".to_owned()
}

/// "3 tickets"; one alone is "1 ticket".
pub(super) fn count(n: u64, one: &str) -> String {
    let end = if n == 1 { "" } else { "s" };
    format!("{n} {one}{end}")
}

/// "Mon 23 Nov 2026 08:00 +0545".
pub(super) fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    local.format("%a %d %b %Y %H:%M %z").to_string()
}

/// "Mon 23 Nov 2026".
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%a %d %b %Y").to_string()
}
