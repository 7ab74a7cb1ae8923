//! The leads' digest: what a day, a week or a month was like, and the runbook's
//! checklist of it with what the desk can tick by itself.
//!
//! Its figures are those of [`crate::report`], handed in; here is decided when
//! one is due, which period it is of, why a target was missed, what of a
//! checklist is done, and how the letter reads.

mod breach;
mod check;
mod checklist;
mod collect;
mod letter;
mod phrase;
mod schedule;

pub use breach::{Breach, BreachReason, breach_reasons};
pub use check::{Asked, Check, check_of};
pub use checklist::{ChecklistItem, checklist};
pub use collect::{Collected, DigestCollector, Overrun};
pub use schedule::{DAILY, DigestPeriod, DigestPlan, Edition, MONTHLY, Turns, TurnsError, WEEKLY};

use chrono::{DateTime, NaiveDate, Utc};

use crate::report::{BacklogFigures, Figures, Kpi, NextBreach};

/// All that a digest tells. No person is named in it.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Of which period.
    pub edition: Edition,
    /// The instant at which open clocks are judged.
    pub as_of: DateTime<Utc>,
    /// Of the tickets filed in the period.
    pub figures: Figures,
    /// How many tickets filed by the end of the period nobody has touched.
    pub untouched: u64,
    /// The runbook's targets beside what was reached.
    pub kpis: Vec<Kpi>,
    /// The issues that most of these tickets have.
    pub commonest: Vec<CommonIssue>,
    /// How many clocks were breached in the period, whenever their tickets were
    /// filed.
    pub breached: u64,
    /// The first of them, most urgent first.
    pub breaches: Vec<Breach>,
    /// What is open now.
    pub backlog: BacklogFigures,
    /// What breaches next.
    pub next: Vec<Upcoming>,
    /// What the runbook lacks.
    pub gaps: Gaps,
    /// How often the runbook was replaced in the period.
    pub revisions: u64,
    /// The runbook's review date, where it has passed.
    pub review: Option<PassedReview>,
    /// The runbook's checks of such a period.
    pub checklist: Vec<ChecklistItem>,
}

/// An issue and how many tickets have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonIssue {
    /// The entry's slug; none: no entry answers them.
    pub entry: Option<String>,
    /// The entry's title.
    pub title: String,
    /// How many tickets.
    pub n: u64,
}

/// A clock that runs out, and its ticket's title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// Which clock, when.
    pub breach: NextBreach,
    /// Masked, as all texts of tickets are.
    pub title: String,
}

/// What would make the runbook answer more tickets, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Entries that are missing.
    pub entries: Vec<String>,
    /// Phrases that entries lack.
    pub phrases: Vec<String>,
    /// How many of both there are, those that are not listed included.
    pub count: usize,
}

/// A review that is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedReview {
    /// When it was due.
    pub due: NaiveDate,
    /// The runbook's line that says so.
    pub line: Option<u32>,
}

#[cfg(test)]
mod tests;
