//! Triage's verdict in ticketing's words (`domain.md` section 4).

use runbook::{Level, Slug};
use serde::{Deserialize, Serialize};

use crate::words::words;
use std::{fmt, str::FromStr};

use crate::words::UnknownWord;

/// What triage says of a text: the entry that answers it and the level.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The ranked entries and the decision.
    pub classification: Classification,
    /// The highest level any rule asks for; 1 when none does.
    pub level: Level,
    /// The rules that were met, highest first.
    pub level_reasons: Vec<LevelReason>,
    /// The text says that the site is down, and a clause of the runbook has
    /// an outage rise when it lasts.
    pub outage: Option<OutageRule>,
}

/// A clause such as "Major outage > 1 hour", and the words that say that
/// there is an outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageRule {
    /// The level that it calls for.
    pub level: Level,
    /// When it lasts longer than this.
    pub after_seconds: i64,
    /// The runbook's clause.
    pub clause: String,
    /// Its line in the runbook.
    pub line: Option<u32>,
    /// The words that say that there is an outage.
    pub evidence: String,
}

words! {
    /// How a classification came about.
    ClassificationMethod {
        /// Triage was sure enough to act alone.
        Auto = "auto",
        /// Triage offers entries; an agent picks.
        Offered = "offered",
        /// No entry is likely enough.
        None = "none",
        /// An agent corrected it.
        Corrected = "corrected",
        /// An agent confirmed it.
        Confirmed = "confirmed",
    }
}

/// The decision and what it was made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// The entry, or none.
    pub entry: Option<Slug>,
    /// The probability of the decision, 0 to 1.
    pub confidence: f64,
    /// How it came about.
    pub method: ClassificationMethod,
    /// The runbook revision that classified.
    pub runbook_revision: i64,
    /// The likeliest entries, best first.
    pub ranked: Vec<RankedEntry>,
    /// A topic outside the catalogue that argued for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
}

/// One entry with its probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankedEntry {
    /// Which.
    pub entry: Slug,
    /// Its probability, 0 to 1.
    pub confidence: f64,
    /// Its score: the sum of its reasons' weights.
    #[serde(default)]
    pub score: f64,
    /// The terms that decided, strongest first; the last ones stand for the rest.
    pub reasons: Vec<TermReason>,
}

/// What one term gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermReason {
    /// The term as the ticket has it.
    pub term: String,
    /// Where it was found.
    pub field: String,
    /// Which of the entry's fields has it; none: the general support vocabulary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_field: Option<String>,
    /// How much it gave.
    pub weight: f64,
    /// Whether a misspelled word was read as a known one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repaired: bool,
    /// Whether it stands in a clause that only dismisses its topic.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dismissed: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

words! {
    /// Which kind of rule asked for a level.
    LevelRule {
        /// An issue's escalation rule whose condition the text states.
        EntryRule = "entry_rule",
        /// A level's trigger that the text meets.
        LevelTrigger = "level_trigger",
        /// A trigger met by the ticket's fields.
        FieldTrigger = "field_trigger",
        /// The outage rule.
        Outage = "outage",
        /// A person.
        Manual = "manual",
        /// A breached clock.
        SlaBreach = "sla_breach",
        /// Nobody acknowledged.
        Unacknowledged = "unacknowledged",
        /// An incident's one escalation.
        Incident = "incident",
    }
}

/// Why a ticket has its level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelReason {
    /// The level that the rule asks for.
    pub level: Level,
    /// The kind of rule.
    pub rule: LevelRule,
    /// The runbook's clause.
    pub text: String,
    /// Its line in the runbook.
    pub line: Option<u32>,
    /// The words or fields that met it.
    pub evidence: String,
}
