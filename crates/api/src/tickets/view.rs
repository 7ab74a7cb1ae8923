//! A ticket as the API shows it. Nothing in it moves with time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use desk::{Filed, Suggestion};
use serde::Serialize;
use serde_json::{Map, Value};
use ticketing::{Actor, Clock, Details, Relation, Ticket};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    comments::CommentView, escalations::EscalationView, sla::SlaView, timeline::EventView,
};

/// Who looks: decides what is shown.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    works_on_tickets: bool,
}

impl Viewer {
    pub(crate) fn of(actor: &Actor) -> Self {
        Self {
            works_on_tickets: actor.works_on_tickets(),
        }
    }
}

/// A ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TicketView {
    /// Its identity, a UUIDv7.
    id: Uuid,
    /// Its number.
    #[schema(example = 1042)]
    number: i64,
    /// Its number as people say it.
    #[schema(example = "T-1042")]
    key: String,
    /// `bug` or `feature`.
    #[schema(example = "bug")]
    kind: String,
    /// `new`, `open`, `pending`, `resolved` or `closed`.
    #[schema(example = "new")]
    status: String,
    /// `resolved`, `cancelled` or `merged` once it is closed.
    closed_as: Option<String>,
    /// The key of the ticket it was merged into.
    merged_into: Option<String>,
    /// Counts its events; the `ETag`.
    #[schema(example = 1)]
    version: i64,
    /// One line.
    title: String,
    /// A bug's severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    /// A feature's priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<String>,
    /// Severity or priority: the one scale that queues sort by.
    urgency: String,
    /// How many users a bug hits.
    #[serde(skip_serializing_if = "Option::is_none")]
    affected_users: Option<u32>,
    /// A bug's steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps_to_reproduce: Option<Vec<String>>,
    /// What should happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    /// What happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
    /// Browser and device.
    #[serde(skip_serializing_if = "Option::is_none")]
    browser_device: Option<String>,
    /// Links to pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    screenshots: Option<Vec<String>>,
    /// Who asked for a feature.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<RequestedByView>,
    /// Why a feature is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    use_case: Option<String>,
    /// A feature's description.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
    /// Further fields of the runbook's template.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extra: BTreeMap<String, String>,
    /// Who has the problem.
    reporter: ReporterView,
    /// Who filed it: the access key's name.
    source: String,
    /// The source's own name of it.
    external_ref: Option<String>,
    /// Who works on it.
    assignee: Option<String>,
    /// Labels.
    tags: Vec<String>,
    /// The source's own object.
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    /// Kinds of sensitive data that were masked in its texts.
    masked: Vec<String>,
    /// The escalation level, 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    level: u8,
    /// Why it has that level.
    level_reasons: Vec<LevelReasonView>,
    /// Which runbook entry answers it.
    classification: ClassificationView,
    /// Both clocks as of its last event; `/sla` has what moves with time.
    sla: TicketSlaView,
    /// How it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<ResolutionView>,
    /// Links to other tickets.
    links: Vec<LinkView>,
    /// What the runbook says to it; on filing and with `include=suggestion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suggestion: Option<SuggestionView>,
    /// Tickets that may say the same; on filing.
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicates: Option<Vec<DuplicateView>>,
    /// Its events; with `include=timeline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) timeline: Option<Vec<EventView>>,
    /// Its comments; with `include=comments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comments: Option<Vec<CommentView>>,
    /// The clocks as they stand now; with `include=sla`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sla_now: Option<SlaView>,
    /// Its escalations, oldest first.
    escalations: Vec<EscalationView>,
    /// When it was filed.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// When it was resolved.
    resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    closed_at: Option<DateTime<Utc>>,
}

/// Who has the problem.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReporterView {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
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
    /// What decided, strongest first.
    reasons: Vec<TermReasonView>,
}

/// What one term gave.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TermReasonView {
    /// The term.
    term: String,
    /// Where it was found.
    field: String,
    /// How much it gave.
    weight: f64,
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

impl TicketView {
    /// A ticket as it was just filed.
    pub(crate) fn filed(filed: &Filed, viewer: &Viewer) -> Self {
        let mut view = Self::of(&filed.ticket, viewer);
        view.suggestion = filed.suggestion.as_ref().map(SuggestionView::of);
        view.duplicates = Some(Vec::new());
        view
    }

    /// A ticket.
    pub(crate) fn of(ticket: &Ticket, viewer: &Viewer) -> Self {
        let mut view = Self::common(ticket);
        match &ticket.details {
            Details::Bug(bug) => {
                view.severity = Some(bug.severity.to_string());
                view.affected_users = bug.affected_users.map(|count| count.0);
                view.steps_to_reproduce = Some(bug.steps_to_reproduce.clone());
                view.expected.clone_from(&bug.expected);
                view.actual = Some(bug.actual.clone());
                view.browser_device.clone_from(&bug.browser_device);
                view.screenshots = Some(bug.screenshots.clone());
            }
            Details::Feature(feature) => {
                view.priority = Some(feature.priority.to_string());
                view.requested_by = feature.requested_by.as_ref().map(|by| RequestedByView {
                    requester: match by.requester {
                        ticketing::RequesterType::Customer => "customer".to_owned(),
                        ticketing::RequesterType::Internal => "internal".to_owned(),
                    },
                    name: by.name.clone(),
                });
                view.use_case = Some(feature.use_case.clone());
                view.details.clone_from(&feature.details);
            }
        }
        if !viewer.works_on_tickets {
            // A tool has no business with who works on what.
            view.assignee = None;
        }
        view
    }

    fn common(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id.0,
            number: ticket.number.0,
            key: ticket.number.to_string(),
            kind: ticket.kind().to_string(),
            status: ticket.status.to_string(),
            closed_as: ticket.closed_as.map(|word| word.to_string()),
            merged_into: ticket.merged_into.map(|into| into.to_string()),
            version: ticket.version,
            title: ticket.title.clone(),
            severity: None,
            priority: None,
            urgency: ticket.urgency().to_string(),
            affected_users: None,
            steps_to_reproduce: None,
            expected: None,
            actual: None,
            browser_device: None,
            screenshots: None,
            requested_by: None,
            use_case: None,
            details: None,
            extra: ticket.extra.clone(),
            reporter: ReporterView {
                name: ticket.reporter.name.clone(),
                email: ticket.reporter.email.clone(),
                phone: ticket.reporter.phone.clone(),
                locale: ticket.reporter.locale.clone(),
            },
            source: ticket.source.clone(),
            external_ref: ticket.external_ref.clone(),
            assignee: ticket.assignee.clone(),
            tags: ticket.tags.clone(),
            metadata: ticket.metadata.clone(),
            masked: ticket.masked.clone(),
            level: ticket.level.number(),
            level_reasons: ticket
                .level_reasons
                .iter()
                .map(LevelReasonView::of)
                .collect(),
            classification: ClassificationView::of(&ticket.classification),
            sla: TicketSlaView {
                policy: ticket.clocks.selected.policy.clone(),
                first_response: ticket.clocks.first_response.as_ref().map(ClockView::of),
                resolution: ticket.clocks.resolution.as_ref().map(ClockView::of),
            },
            resolution: ticket.resolution.as_ref().map(|resolution| ResolutionView {
                entry: resolution.entry.as_ref().map(ToString::to_string),
                step: resolution.step,
                note: resolution.note.clone(),
            }),
            links: ticket.links.iter().map(LinkView::of).collect(),
            suggestion: None,
            duplicates: None,
            timeline: None,
            comments: None,
            sla_now: None,
            escalations: ticket.escalations.iter().map(EscalationView::of).collect(),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            resolved_at: ticket.resolved_at,
            closed_at: ticket.closed_at,
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
            reasons: ranked
                .reasons
                .iter()
                .map(|reason| TermReasonView {
                    term: reason.term.clone(),
                    field: reason.field.clone(),
                    weight: round(reason.weight),
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
    fn of((relation, ticket): &(Relation, ticketing::TicketNumber)) -> Self {
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
