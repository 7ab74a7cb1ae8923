//! A calendar as it is written: the JSON form of settings, API and database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A calendar as people write it; [`crate::Calendar::compile`] checks it.
///
/// ```json
/// {"time_zone": "Asia/Kathmandu",
///  "hours": {"sun": [["09:00","18:00"]], "mon": [["22:00","24:00"]]},
///  "holidays": ["2026-10-20", {"date": "2026-10-21", "name": "Dashain"}],
///  "breaks": {"2026-10-22": [["12:00","13:00"]]}}
/// ```
///
/// A weekday that is absent has no hours.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// IANA name of the zone whose wall clock is read.
    pub time_zone: String,
    /// Opening intervals per weekday, each `["HH:MM", "HH:MM"]`, half-open.
    pub hours: BTreeMap<Weekday, Vec<(String, String)>>,
    /// Local dates without any hours.
    #[serde(default)]
    pub holidays: Vec<HolidayEntry>,
    /// Local dates (`YYYY-MM-DD`) with times that do not count.
    #[serde(default)]
    pub breaks: BTreeMap<String, Vec<(String, String)>>,
}

/// A day of the week, `"sun"` to `"sat"`.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Sun,
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
}

impl Weekday {
    /// The week from Sunday to Saturday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Sun,
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
    ];

    /// The name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Sun => "sun",
            Weekday::Mon => "mon",
            Weekday::Tue => "tue",
            Weekday::Wed => "wed",
            Weekday::Thu => "thu",
            Weekday::Fri => "fri",
            Weekday::Sat => "sat",
        }
    }
}

/// A holiday as it is written: its date alone, or with its name.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(
    untagged,
    expecting = "a holiday is \"YYYY-MM-DD\" or {\"date\": \"YYYY-MM-DD\", \"name\": \"…\"}"
)]
pub enum HolidayEntry {
    /// `"YYYY-MM-DD"`.
    Date(String),
    /// `{"date": "YYYY-MM-DD", "name": "Dashain"}`.
    Named(NamedHoliday),
}

/// The long form of a [`HolidayEntry`].
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct NamedHoliday {
    /// `YYYY-MM-DD`, in the calendar's zone.
    pub date: String,
    /// What the day is called.
    pub name: String,
}

impl HolidayEntry {
    /// The date as written.
    #[must_use]
    pub fn date(&self) -> &str {
        match self {
            HolidayEntry::Date(date) => date,
            HolidayEntry::Named(named) => &named.date,
        }
    }

    /// The name, if one is given.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            HolidayEntry::Date(_) => None,
            HolidayEntry::Named(named) => Some(&named.name),
        }
    }
}

/// A local date on which a calendar has no hours.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Holiday {
    /// The date in the calendar's zone.
    pub date: NaiveDate,
    /// What the day is called, where known.
    pub name: Option<String>,
}

impl From<Holiday> for HolidayEntry {
    fn from(holiday: Holiday) -> HolidayEntry {
        let date = holiday.date.format("%Y-%m-%d").to_string();
        match holiday.name {
            Some(name) => HolidayEntry::Named(NamedHoliday { date, name }),
            None => HolidayEntry::Date(date),
        }
    }
}
