//! When a digest is due, and which period it is of.
//!
//! A period reaches from the day of one turn to the day of the next, in the
//! leads' zone: whatever the days are, periods meet without gap or overlap.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::{Cron, JobType, parser::CronParser};
use runbook::ChecklistPeriod;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    report::start_of,
    words::{UnknownWord, words},
};

words! {
    /// How often a digest is made.
    DigestPeriod {
        /// For the daily checks.
        Daily = "daily",
        /// For the weekly checks.
        Weekly = "weekly",
        /// For the monthly checks.
        Monthly = "monthly",
    }
}

/// When daily digests usually come.
pub const DAILY: &str = "0 8 * * *";
/// When weekly ones do: on Mondays, as the weeks of reports begin.
pub const WEEKLY: &str = "0 8 * * 1";
/// When monthly ones do.
pub const MONTHLY: &str = "0 8 1 * *";

/// A schedule: one time of day, on the days that a cron expression names.
#[derive(Clone, Debug)]
pub struct Turns {
    text: String,
    cron: Cron,
}

/// A text that is no such schedule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TurnsError {
    /// No cron expression.
    #[error("is no cron expression MINUTE HOUR DAY MONTH WEEKDAY: {0}")]
    Malformed(String),
    /// More than once a day.
    #[error("must name one minute and one hour")]
    Repeats,
    /// Such as on 30 February.
    #[error("names no day that there is")]
    Never,
}

/// When which digests are made.
#[derive(Clone, Debug)]
pub struct DigestPlan {
    /// The leads' zone: whose clock and whose days count.
    pub zone: Tz,
    /// None: there is no daily digest.
    pub daily: Option<Turns>,
    /// None: there is no weekly digest.
    pub weekly: Option<Turns>,
    /// None: there is no monthly digest.
    pub monthly: Option<Turns>,
}

/// One digest: its turn, and what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// How often there is one like it.
    pub period: DigestPeriod,
    /// When it is due.
    pub at: DateTime<Utc>,
    /// It is of what was filed from this instant on …
    pub from: DateTime<Utc>,
    /// … until before this one.
    pub to: DateTime<Utc>,
    /// Whose days these are.
    pub zone: Tz,
}

impl FromStr for Turns {
    type Err = TurnsError;

    fn from_str(text: &str) -> Result<Self, TurnsError> {
        let parsed = CronParser::new().parse(text);
        let cron = parsed.map_err(|error| TurnsError::Malformed(error.to_string()))?;
        if text.split_whitespace().count() != 5 {
            let why = "it has not five parts".to_owned();
            return Err(TurnsError::Malformed(why));
        }
        if cron.determine_job_type() != JobType::FixedTime {
            return Err(TurnsError::Repeats);
        }
        let turns = Self {
            text: text.to_owned(),
            cron,
        };
        let some = turns.next(Tz::UTC, DateTime::UNIX_EPOCH);
        some.map(|_| turns).ok_or(TurnsError::Never)
    }
}

impl fmt::Display for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Turns {
    /// The last turn at or before an instant. Where a change of the clock leaps
    /// over a turn it is at the change; where the clock shows it twice, at the
    /// first.
    #[must_use]
    pub fn latest(&self, zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let at = at.with_timezone(&zone).trunc_subsecs(0);
        let found = self.cron.find_previous_occurrence(&at, true).ok()?;
        Some(found.to_utc())
    }

    /// The first turn after an instant.
    #[must_use]
    pub fn next(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let after = after.with_timezone(&zone).trunc_subsecs(0);
        let found = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(found.to_utc())
    }
}

impl DigestPlan {
    /// The digests that are due, as of an instant: the latest of each kind.
    #[must_use]
    pub fn due(&self, now: DateTime<Utc>) -> Vec<Edition> {
        let edition = |period: &DigestPeriod| {
            let turns = self.turns(*period)?;
            self.edition_of(turns, *period, now)
        };
        DigestPeriod::ALL.iter().filter_map(edition).collect()
    }

    /// The latest digest as of an instant, also of a kind that is not mailed.
    #[must_use]
    pub fn edition(&self, period: DigestPeriod, at: DateTime<Utc>) -> Option<Edition> {
        match self.turns(period) {
            Some(turns) => self.edition_of(turns, period, at),
            None => self.edition_of(&period.usual().parse().ok()?, period, at),
        }
    }

    /// When the next digest is due after an instant.
    #[must_use]
    pub fn next_at(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = |period: &DigestPeriod| self.turns(*period)?.next(self.zone, after);
        DigestPeriod::ALL.iter().filter_map(next).min()
    }

    /// The schedule of a kind; none where there is no such digest.
    #[must_use]
    pub const fn turns(&self, period: DigestPeriod) -> Option<&Turns> {
        match period {
            DigestPeriod::Daily => self.daily.as_ref(),
            DigestPeriod::Weekly => self.weekly.as_ref(),
            DigestPeriod::Monthly => self.monthly.as_ref(),
        }
    }

    fn edition_of(
        &self,
        turns: &Turns,
        period: DigestPeriod,
        now: DateTime<Utc>,
    ) -> Option<Edition> {
        let zone = self.zone;
        let at = turns.latest(zone, now)?;
        let before = turns.latest(zone, at - TimeDelta::seconds(1))?;
        let day = |at: DateTime<Utc>| start_of(zone, at.with_timezone(&zone).date_naive());
        Some(Edition {
            period,
            at,
            from: day(before),
            to: day(at),
            zone,
        })
    }
}

impl Edition {
    /// What makes its letter unique. The same on every replica, and also when
    /// the hour of the schedule changes.
    #[must_use]
    pub fn cause(&self) -> String {
        format!("digest:{}:{}", self.period, day(self.at, self.zone))
    }

    /// The first day of its period.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        day(self.from, self.zone)
    }

    /// The last day of its period.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        day(self.to - TimeDelta::seconds(1), self.zone)
    }
}

fn day(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

impl DigestPeriod {
    /// The runbook's checks that go with it.
    #[must_use]
    pub const fn checks(self) -> ChecklistPeriod {
        match self {
            Self::Daily => ChecklistPeriod::Daily,
            Self::Weekly => ChecklistPeriod::Weekly,
            Self::Monthly => ChecklistPeriod::Monthly,
        }
    }

    const fn usual(self) -> &'static str {
        match self {
            Self::Daily => DAILY,
            Self::Weekly => WEEKLY,
            Self::Monthly => MONTHLY,
        }
    }
}
