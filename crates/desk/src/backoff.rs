//! How long to wait between two attempts to deliver a notification, and rows
//! that go back without one.

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use store::{Claimed, Next, Settlement};

use crate::Desk;

/// The longest wait before the second attempt; it doubles from there.
pub(crate) const FIRST_WAIT: i64 = 15;
/// The longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 3600;
/// The same at levels 3 and 4, where somebody is needed now.
const LONGEST_URGENT_WAIT: i64 = 300;

impl Desk {
    /// Exponential backoff with full jitter: any time up to a ceiling that
    /// doubles with each attempt, so that what failed together does not come
    /// back together.
    pub(crate) fn wait_before_next(&self, attempt: i32, level: Level) -> TimeDelta {
        let longest = if level >= Level::ENGINEERING {
            LONGEST_URGENT_WAIT
        } else {
            LONGEST_WAIT
        };
        let doublings = u32::try_from(attempt.clamp(1, 20) - 1).unwrap_or(0);
        let ceiling = (FIRST_WAIT << doublings).min(longest);
        let random = self.entropy();
        let dice = random.iter().take(4);
        let dice = dice.fold(0_i64, |sum, &byte| sum * 256 + i64::from(byte));
        TimeDelta::seconds(1 + dice % ceiling)
    }
}

/// The row goes back as if it had not been leased.
pub(crate) fn untried(row: &Claimed, at: DateTime<Utc>) -> Settlement {
    Settlement {
        id: row.id,
        lease: row.lease,
        attempt: row.attempt,
        at,
        outcome: "untried",
        reply: String::new(),
        next: Next::Untried { at },
        instead: None,
    }
}
