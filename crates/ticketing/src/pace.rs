//! At which pace an escalation that nobody acknowledges is repeated.

use serde::{Deserialize, Serialize};

/// The pace in force when a level was raised: kept with the escalation, so
/// that its timers are a fold over the timeline whatever the settings say
/// later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Seconds between two tellings, at least 1.
    pub every_seconds: i64,
    /// How often it is repeated before it rises (level 2), ends (level 3) or
    /// slows down (level 4).
    pub repeats: u32,
    /// Seconds between two tellings at level 4 from then on.
    pub capped_seconds: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            every_seconds: 900,
            repeats: 3,
            capped_seconds: 3600,
        }
    }
}

impl Pace {
    /// After how many seconds the `n`-th step is due, from 1.
    pub(crate) fn seconds_to(&self, n: u32) -> i64 {
        let quick = i64::from(n.min(self.repeats));
        let slow = i64::from(n.saturating_sub(self.repeats));
        let capped = self.capped_seconds.max(self.every_seconds);
        quick
            .saturating_mul(self.every_seconds)
            .saturating_add(slow.saturating_mul(capped))
    }

    /// How many steps are due after that many seconds.
    pub(crate) fn steps_in(&self, seconds: i64) -> u32 {
        let every = self.every_seconds.max(1);
        let quick = (seconds / every).min(i64::from(self.repeats));
        let beyond = seconds - i64::from(self.repeats).saturating_mul(every);
        let slow = beyond.max(0) / self.capped_seconds.max(every);
        u32::try_from(quick.max(0) + slow).unwrap_or(u32::MAX)
    }

    /// The pace of levels that rise when the repeats are used up: the step
    /// after the last repeat is as far away as the others.
    pub(crate) const fn rising(self) -> Self {
        Self {
            capped_seconds: self.every_seconds,
            ..self
        }
    }
}
