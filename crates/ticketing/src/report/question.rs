//! What a report is asked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    report::facts::Facts,
    words::{Kind, Status, UnknownWord, Urgency, words},
};

words! {
    /// The reports there are.
    ReportName {
        /// Compliance and durations.
        Sla = "sla",
        /// How many tickets, and what became of them.
        Volume = "volume",
        /// How often, why and how fast levels were raised.
        Escalations = "escalations",
        /// The runbook's entries: the commonest issues, and what none covers.
        Entries = "entries",
        /// Who works on tickets.
        Agents = "agents",
        /// Targets beside their figures.
        Kpis = "kpis",
        /// What is open now.
        Backlog = "backlog",
    }
}

words! {
    /// Which tickets a period holds.
    Cohort {
        /// Those filed in it.
        Filed = "filed",
        /// Those whose last resolution lies in it and still stands.
        Resolved = "resolved",
        /// Those whose deadline lies in it: the resolution's, or the first
        /// response's where there is no resolution target.
        Due = "due",
    }
}

words! {
    /// By what the figures are told apart.
    Dimension {
        /// A calendar day.
        Day = "day",
        /// A week from Monday on.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Bug or feature.
        Kind = "kind",
        /// Critical to low.
        Urgency = "urgency",
        /// The runbook's entry.
        Entry = "entry",
        /// 1 to 4.
        Level = "level",
        /// Who works on it.
        Assignee = "assignee",
        /// Who filed it.
        Source = "source",
    }
}

words! {
    /// How a clock counts in a report.
    ClockOutcome {
        /// Stopped in time.
        Met = "met",
        /// Missed its target, or is open past its due instant.
        Breached = "breached",
        /// Not yet due.
        Open = "open",
        /// Of a cancelled or merged ticket.
        Cancelled = "cancelled",
        /// There is no such target.
        Without = "without",
    }
}

/// Which tickets a report is about, among those of its cohort; an absent part
/// matches all. The part of a list's filter that facts can answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// Statuses.
    pub status: Vec<Status>,
    /// Bug or feature.
    pub kind: Option<Kind>,
    /// Urgencies.
    pub urgency: Vec<Urgency>,
    /// Levels.
    pub level: Vec<u8>,
    /// Assigned to; the empty name means nobody.
    pub assignee: Option<String>,
    /// Classified as; the empty slug means no entry.
    pub entry: Option<String>,
    /// Filed by.
    pub source: Option<String>,
}

impl Only {
    /// Whether a ticket is one of them.
    #[must_use]
    pub fn admits(&self, facts: &Facts<'_>) -> bool {
        let bits = facts.bits;
        let named = |wanted: &Option<String>, name: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == name)
        };
        self.kind.is_none_or(|kind| kind == bits.kind())
            && (self.status.is_empty() || self.status.contains(&bits.status()))
            && (self.urgency.is_empty() || self.urgency.contains(&bits.urgency()))
            && (self.level.is_empty() || self.level.contains(&bits.level()))
            && named(&self.assignee, facts.assignee)
            && named(&self.entry, facts.entry)
            && named(&self.source, facts.source)
    }
}

/// A report's question.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which tickets.
    pub cohort: Cohort,
    /// From this instant.
    pub from: DateTime<Utc>,
    /// Until before this one.
    pub to: DateTime<Utc>,
    /// Whose days, weeks and months.
    pub zone: Tz,
    /// None, one or two.
    pub group_by: Vec<Dimension>,
    /// The instant at which open clocks are judged.
    pub as_of: DateTime<Utc>,
}

impl Question {
    /// Whether the instant, in microseconds, lies in the period.
    #[must_use]
    pub fn holds(&self, micros: i64) -> bool {
        self.from.timestamp_micros() <= micros && micros < self.to.timestamp_micros()
    }

    /// The as-of in whole seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.as_of.timestamp()
    }
}
