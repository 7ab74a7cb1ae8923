//! Who is on call: a rotation and overrides per level, handed over at a time of
//! the wall clock.

mod fault;
mod ics;
mod shift;
mod zone;

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use runbook::Level;
use serde::{Deserialize, Serialize};

use crate::words::{UnknownWord, words};

pub use fault::OnCallFault;
pub use ics::shifts_as_ics;
pub use shift::Shift;

words! {
    /// How long a turn lasts, in days of the wall clock.
    Turn {
        /// Handed over every day.
        Day = "day",
        /// Handed over every week, on the weekday of the first day.
        Week = "week",
    }
}

/// Who is on call at which level. Leads replace it as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// Everybody that a schedule names.
    pub people: Vec<Person>,
    /// At most one per level.
    pub schedules: Vec<Schedule>,
}

/// Someone who takes turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name, unique.
    pub name: String,
    /// Where a mail reaches them.
    pub email: Option<String>,
    /// Their name at the pager; without one it is told `name`.
    pub page: Option<String>,
}

/// A level's rotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Which level it answers for.
    pub level: Level,
    /// Whose wall clock hands over.
    #[serde(with = "zone")]
    pub time_zone: Tz,
    /// How long a turn lasts.
    pub every: Turn,
    /// The time of day at which turns change.
    pub handover: NaiveTime,
    /// The day of the first handover; nobody is on call before it.
    pub starting_on: NaiveDate,
    /// Names in the order of their turns, again from the first after the last.
    pub rotation: Vec<String>,
    /// Somebody else for a while; of two at one instant the later one in the
    /// list stands.
    pub overrides: Vec<Override>,
}

/// Somebody else for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// From this instant,
    pub from: DateTime<Utc>,
    /// until just before this one.
    pub until: DateTime<Utc>,
    /// Who takes over.
    pub person: String,
}

impl OnCall {
    /// Someone by name.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// The schedule of a level.
    #[must_use]
    pub fn schedule(&self, level: Level) -> Option<&Schedule> {
        self.schedules
            .iter()
            .find(|schedule| schedule.level == level)
    }

    /// Each scheduled level with who is on call there at that instant.
    pub fn on_duty(&self, now: DateTime<Utc>) -> impl Iterator<Item = (Level, Option<&Person>)> {
        self.schedules.iter().map(move |schedule| {
            let shift = schedule.shift_at(now);
            let person = shift.and_then(|shift| self.person(&shift.person));
            (schedule.level, person)
        })
    }
}
