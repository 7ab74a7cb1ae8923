//! Time zones by their IANA name in JSON, and instants of the wall clock.

use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(super) fn serialize<S: Serializer>(zone: &Tz, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(zone.name())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(from)?;
    name.parse().map_err(D::Error::custom)
}

/// The first instant at which the zone's wall clock shows that date and time or
/// has jumped over it: of a repeated hour the first, of a missing one its end.
pub(super) fn instant(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = date.and_time(time);
    let shown = zone.from_local_datetime(&local);
    if let Some(at) = shown.earliest() {
        return at.to_utc();
    }
    // Zone changes lie days apart, so two days off either side is clear of this one.
    let offset = |utc: DateTime<Utc>| {
        let fixed = zone.offset_from_utc_datetime(&utc.naive_utc()).fix();
        i64::from(fixed.local_minus_utc())
    };
    let (old, new) = (
        offset(local.and_utc() - TimeDelta::days(2)),
        offset(local.and_utc() + TimeDelta::days(2)),
    );
    let mut before = local.and_utc() - TimeDelta::seconds(new);
    let mut after = local.and_utc() - TimeDelta::seconds(old);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset(middle) == new {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}
