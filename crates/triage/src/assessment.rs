//! What triage answers: ranked entries with reasons, a decision, a level.

use runbook::{Level, Slug};
use serde::Serialize;

/// The whole answer for one ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assessment {
    /// The entry decided for; none when no entry is likely enough.
    pub entry: Option<Slug>,
    /// The calibrated probability that the decision is right, 0 to 1.
    pub confidence: f64,
    /// How the decision may be used.
    pub method: Method,
    /// The likeliest entries, best first, at most five.
    pub ranked: Vec<Ranked>,
    /// What argues for no entry at all, when something does.
    pub background: Option<Background>,
    /// The level at filing.
    pub level: Level,
    /// Every rule that was met, highest level first.
    pub level_reasons: Vec<LevelReason>,
    /// Set when the site-down trigger was met.
    pub outage: Option<Outage>,
}

/// How a decision may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Sure enough to act alone.
    Auto,
    /// An agent picks from the ranked entries.
    Offered,
    /// Abstained: nothing in the catalogue answers the ticket.
    #[serde(rename = "none")]
    None_,
}

/// An entry that may answer the ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The entry.
    pub entry: Slug,
    /// Its calibrated probability, 0 to 1.
    pub confidence: f64,
    /// The sum of the reasons' weights: a log-odds score against the average topic.
    pub score: f64,
    /// What speaks for and against it, heaviest first.
    pub reasons: Vec<Reason>,
}

/// One term that counts for or against an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The words of the ticket, or what the weight stands for.
    pub term: String,
    /// Where the words stand, and what of the entry they meet.
    pub field: Field,
    /// Its part of the score.
    pub weight: f64,
    /// Whether a misspelled word was read as a known one.
    pub repaired: bool,
    /// Whether the words stand in a clause that only dismisses its topic.
    pub dismissed: bool,
}

/// A field of the ticket and a field of the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Field {
    /// Of the ticket.
    pub ticket: TicketField,
    /// Of the entry.
    pub entry: EntryField,
}

/// A part of the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketField {
    /// The title.
    Title,
    /// The body.
    Body,
    /// Both together.
    Whole,
}

/// A part of an entry, or where else a weight comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryField {
    /// The title, with what stands behind it.
    Title,
    /// An issue's symptoms or a guide's problem.
    Symptoms,
    /// `**Customers Also Say**:`.
    AlsoSay,
    /// Causes.
    Causes,
    /// Steps, fix and workaround.
    Steps,
    /// A question's answer.
    Answer,
    /// The general support vocabulary.
    Vocabulary,
    /// The corrections and confirmations of agents.
    Learned,
}

/// A topic of support that the catalogue does not answer, such as "refund".
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Background {
    /// The topic's name.
    pub name: String,
    /// Its calibrated probability, 0 to 1.
    pub confidence: f64,
}

/// A rule of the runbook that the ticket meets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LevelReason {
    /// The level that it calls for.
    pub level: Level,
    /// What kind of rule.
    pub rule: LevelRule,
    /// The runbook's clause.
    pub text: String,
    /// The clause's line in the runbook.
    pub line: Option<u32>,
    /// The words or fields of the ticket that met it.
    pub evidence: String,
}

/// Kinds of level rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelRule {
    /// The matched entry's escalation rule, whose condition the text states.
    EntryRule,
    /// A level's trigger, met by the text.
    LevelTrigger,
    /// A level's trigger, met by the ticket's fields.
    FieldTrigger,
    /// A level's trigger, met by the guide that the ticket is matched to.
    Guide,
    /// A level's trigger for outages that last, met by how long the text says
    /// that this one has lasted.
    Outage,
}

/// The site is down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outage {
    /// The words that say so.
    pub evidence: String,
    /// The trigger for outages that last, if the runbook has one.
    pub rises: Option<OutageRule>,
    /// For how long at least, as far as the text says.
    pub lasting_seconds: Option<u64>,
}

/// A trigger such as "Major outage > 1 hour".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutageRule {
    /// The level that it calls for.
    pub level: Level,
    /// When the outage lasts longer than this.
    pub after_seconds: u64,
    /// The runbook's clause.
    pub text: String,
    /// The clause's line in the runbook.
    pub line: u32,
}
