//! Instants as whole seconds since 1970, the unit in which this crate counts.

use chrono::{DateTime, Utc};

/// Seconds of a day that has no change of offset.
pub(crate) const DAY: i64 = 86_400;

/// 9999-12-31T23:59:59Z: the last second an RFC 3339 instant can name, and the
/// last that is answered as a due instant.
pub(crate) const HORIZON: i64 = 253_402_300_799;

/// The second that contains the instant.
pub(crate) fn second(at: DateTime<Utc>) -> i64 {
    at.timestamp()
}

/// The instant at which a second begins. Seconds come from instants or are
/// held below the horizon, so the fallback only bounds the unreachable.
pub(crate) fn instant(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
