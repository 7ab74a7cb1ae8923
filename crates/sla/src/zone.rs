//! When a zone's offset from UTC changes, found once per zone and process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::instant::DAY;

/// A stretch of constant offset, up to the next one's `from`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stretch {
    /// First UTC second; the first stretch of a zone begins at `i64::MIN`.
    pub(crate) from: i64,
    /// Local minus UTC, in seconds.
    pub(crate) offset: i64,
}

/// The zone data knows changes from 1844 to 2099; a test holds that.
const PROBE_FROM: i64 = -5_364_662_400; // 1800-01-01
const PROBE_UNTIL: i64 = 4_133_980_800; // 2101-01-01

/// Two changes of one zone are never closer than six days, so a step of three
/// cannot pass over a change and its reversal.
const STEP: i64 = 3 * DAY;

/// All stretches of a zone in order, from the beginning of time to its end.
pub(crate) fn stretches(zone: Tz) -> Arc<[Stretch]> {
    static KNOWN: LazyLock<Mutex<HashMap<Tz, Arc<[Stretch]>>>> = LazyLock::new(Mutex::default);

    // What a panicking holder left behind is whole: entries are only inserted.
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(stretches) = known().get(&zone) {
        return Arc::clone(stretches);
    }
    let probed: Arc<[Stretch]> = probe(zone).into();
    known().insert(zone, Arc::clone(&probed));
    probed
}

fn probe(zone: Tz) -> Vec<Stretch> {
    let mut offset = offset_at(zone, PROBE_FROM);
    let mut stretches = vec![Stretch {
        from: i64::MIN,
        offset,
    }];
    let mut at = PROBE_FROM;
    while at < PROBE_UNTIL {
        let next = at + STEP;
        let then = offset_at(zone, next);
        if then != offset {
            stretches.push(Stretch {
                from: change(zone, at, next),
                offset: then,
            });
            offset = then;
        }
        at = next;
    }
    stretches
}

/// The first second in `(before, after]` whose offset is that of `after`.
fn change(zone: Tz, mut before: i64, mut after: i64) -> i64 {
    let new = offset_at(zone, after);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset_at(zone, middle) == new {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}

fn offset_at(zone: Tz, second: i64) -> i64 {
    let utc = DateTime::from_timestamp(second, 0)
        .unwrap_or_default()
        .naive_utc();
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}

#[cfg(test)]
mod tests;
