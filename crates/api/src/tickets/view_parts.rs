//! The parts of a ticket as the API shows it.

use chrono::{DateTime, Utc};
use desk::Suggestion;
use serde::Serialize;
use ticketing::{Clock, Relation, Ticket};
use utoipa::ToSchema;

/// Who has the problem.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReporterView {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// Language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
}

/// Who asked for a feature.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RequestedByView {
    /// `customer` or `internal`.
    #[serde(rename = "type")]
    requester: String,
    /// Their name.
    name: Option<String>,
}

/// Why a ticket has its level.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LevelReasonView {
    /// The level that the rule asks for.
    level: u8,
    /// Which kind of rule.
    #[schema(example = "entry_rule")]
    rule: String,
    /// The runbook's clause.
    text: String,
    /// Its line in the runbook.
    line: Option<u32>,
    /// The words that met it.
    evidence: String,
}

/// Which entry answers the ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClassificationView {
    /// The entry's slug, or none.
    #[schema(example = "payment-failed")]
    entry: Option<String>,
    /// The probability of the decision.
    confidence: f64,
    /// `auto`, `offered`, `none`, `corrected` or `confirmed`.
    method: String,
    /// The runbook revision that classified.
    runbook_revision: i64,
    /// A topic outside the catalogue that argued for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<String>,
    /// The likeliest entries, best first.
    ranked: Vec<RankedView>,
}

/// One entry with its probability.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RankedView {
    /// The slug.
    entry: String,
    /// Its probability.
    confidence: f64,
    /// Its score: the sum of the reasons' weights.
    score: f64,
    /// What decided, strongest first; the last one may stand for the rest.
    reasons: Vec<TermReasonView>,
}

/// What one term gave.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TermReasonView {
    /// The term.
    term: String,
    /// Where it was found: `title`, `body`, or `whole` for what belongs to no
    /// single word.
    #[schema(example = "title")]
    field: String,
    /// Which of the entry's fields has it: `title`, `symptoms`, `also_say`,
    /// `causes`, `steps`, `answer`; `learned` from agents; absent for the general
    /// support vocabulary.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_field: Option<String>,
    /// How much it gave.
    weight: f64,
    /// Whether a misspelled word was read as a known one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    repaired: bool,
    /// Whether it stands in a clause that only dismisses its topic.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dismissed: bool,
}

/// Both clocks and their policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TicketSlaView {
    /// The policy's name.
    policy: String,
    /// None where the policy has no such target.
    first_response: Option<ClockView>,
    /// None where the policy has no such target.
    resolution: Option<ClockView>,
}

/// A clock as of the ticket's last event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClockView {
    /// In counted seconds.
    target_seconds: i64,
    /// When it is due if it keeps running; none while paused or stopped.
    due_at: Option<DateTime<Utc>>,
    /// `running`, `at_risk`, `paused`, `met`, `breached` or `cancelled`.
    #[schema(example = "running")]
    state: String,
    /// When the target was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    breached_at: Option<DateTime<Utc>>,
}

/// How a ticket was resolved.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ResolutionView {
    /// The entry that helped.
    entry: Option<String>,
    /// Which of its steps.
    step: Option<u32>,
    /// In words.
    note: Option<String>,
}

/// What the reporter said of how it went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SatisfactionView {
    /// From 1, poor, to 5, excellent.
    #[schema(minimum = 1, maximum = 5, example = 5)]
    score: u8,
    /// In their own words; masked.
    words: Option<String>,
}

/// A link to another ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LinkView {
    /// `related`, `duplicate` or `merged_from`.
    relation: String,
    /// The other ticket's key.
    #[schema(example = "T-1041")]
    ticket: String,
}

/// What the runbook says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SuggestionView {
    /// The entry's slug.
    entry: String,
    /// Its title.
    title: String,
    /// Steps in order; nested ones are indented.
    steps: Vec<String>,
    /// Diagnostic queries with the ticket's values filled in: shown, never run.
    queries: Vec<String>,
    /// What to do meanwhile.
    workaround: Option<String>,
    /// The fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
    /// A question's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// The entry's escalation rule, while its level is above the ticket's.
    escalate_when: Option<String>,
    /// The level it would go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    escalate_to: Option<u8>,
    /// Status pages and dashboards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<StatusLinkView>,
}

/// A status page or dashboard.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StatusLinkView {
    /// What it is.
    name: String,
    /// Where it is.
    target: String,
}

/// A ticket that may say the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DuplicateView {
    /// Its key.
    #[schema(example = "T-1041")]
    ticket: String,
    /// 0 to 1.
    score: f64,
    /// Why: `same_order`, `same_reporter_and_entry`, `near_copy` or `related`.
    reason: String,
}

impl ReporterView {
    pub(super) fn of(reporter: &ticketing::Reporter) -> Self {
        Self {
            name: reporter.name.clone(),
            email: reporter.email.clone(),
            phone: reporter.phone.clone(),
            locale: reporter.locale.clone(),
        }
    }
}

impl RequestedByView {
    pub(super) fn of(by: &ticketing::RequestedBy) -> Self {
        let requester = match by.requester {
            ticketing::RequesterType::Customer => "customer",
            ticketing::RequesterType::Internal => "internal",
        };
        Self {
            requester: requester.to_owned(),
            name: by.name.clone(),
        }
    }
}

impl TicketSlaView {
    pub(super) fn of(ticket: &Ticket) -> Self {
        Self {
            policy: ticket.clocks.selected.policy.clone(),
            first_response: ticket.clocks.first_response.as_ref().map(ClockView::of),
            resolution: ticket.clocks.resolution.as_ref().map(ClockView::of),
        }
    }
}

impl ResolutionView {
    pub(super) fn of(resolution: &ticketing::Resolution) -> Self {
        Self {
            entry: resolution.entry.as_ref().map(ToString::to_string),
            step: resolution.step,
            note: resolution.note.clone(),
        }
    }
}

impl SatisfactionView {
    pub(super) fn of(satisfaction: &ticketing::Satisfaction) -> Self {
        Self {
            score: satisfaction.score.number(),
            words: satisfaction.words.clone(),
        }
    }
}

impl DuplicateView {
    pub(super) fn of(duplicate: &desk::Duplicate) -> Self {
        Self {
            ticket: duplicate.ticket.to_string(),
            score: round(duplicate.score),
            reason: duplicate.reason.as_str().to_owned(),
        }
    }
}

impl LevelReasonView {
    pub(crate) fn of(reason: &ticketing::LevelReason) -> Self {
        Self {
            level: reason.level.number(),
            rule: reason.rule.to_string(),
            text: reason.text.clone(),
            line: reason.line,
            evidence: reason.evidence.clone(),
        }
    }
}

impl ClassificationView {
    pub(crate) fn of(classification: &ticketing::Classification) -> Self {
        let ranked = classification.ranked.iter().map(|ranked| RankedView {
            entry: ranked.entry.to_string(),
            confidence: round(ranked.confidence),
            score: ranked.score,
            reasons: ranked
                .reasons
                .iter()
                .map(|reason| TermReasonView {
                    term: reason.term.clone(),
                    field: reason.field.clone(),
                    entry_field: reason.entry_field.clone(),
                    weight: reason.weight,
                    repaired: reason.repaired,
                    dismissed: reason.dismissed,
                })
                .collect(),
        });
        Self {
            entry: classification.entry.as_ref().map(ToString::to_string),
            confidence: round(classification.confidence),
            method: classification.method.to_string(),
            runbook_revision: classification.runbook_revision,
            background: classification.background.clone(),
            ranked: ranked.collect(),
        }
    }
}

impl ClockView {
    fn of(clock: &Clock) -> Self {
        Self {
            target_seconds: clock.target_seconds,
            due_at: clock.due_at,
            state: clock.state.to_string(),
            breached_at: clock.breached_at,
        }
    }
}

impl LinkView {
    pub(super) fn of((relation, ticket): &(Relation, ticketing::TicketNumber)) -> Self {
        let relation = match relation {
            Relation::Related => "related",
            Relation::Duplicate => "duplicate",
            Relation::MergedFrom => "merged_from",
        };
        Self {
            relation: relation.to_owned(),
            ticket: ticket.to_string(),
        }
    }
}

impl SuggestionView {
    pub(crate) fn of(suggestion: &Suggestion) -> Self {
        let links = suggestion.links.iter();
        Self {
            entry: suggestion.entry.to_string(),
            title: suggestion.title.clone(),
            steps: suggestion.steps.clone(),
            queries: suggestion.queries.clone(),
            workaround: suggestion.workaround.clone(),
            fix: suggestion.fix.clone(),
            answer: suggestion.answer.clone(),
            escalate_when: suggestion.escalate_when.clone(),
            escalate_to: suggestion.escalate_to.map(|level| level.number()),
            links: links
                .map(|link| StatusLinkView {
                    name: link.name.clone(),
                    target: link.target.clone(),
                })
                .collect(),
        }
    }
}

/// Four digits say enough of a probability or a weight.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
