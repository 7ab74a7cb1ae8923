//! A ticket as the API shows it. Nothing in it moves with time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use desk::Filed;
use serde::Serialize;
use serde_json::{Map, Value};
use ticketing::{Actor, Details, Ticket};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    comments::CommentView,
    escalations::EscalationView,
    sla::SlaView,
    timeline::EventView,
    view_parts::{
        ClassificationView, DuplicateView, LevelReasonView, LinkView, ReporterView,
        RequestedByView, ResolutionView, SatisfactionView, SuggestionView, TicketSlaView,
    },
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
    /// The incident that it is part of.
    incident: Option<Uuid>,
    /// Labels.
    tags: Vec<String>,
    /// The source's own object.
    #[schema(value_type = HashMap<String, serde_json::Value>)]
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
    /// What the reporter last said of how it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    satisfaction: Option<SatisfactionView>,
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
    /// When the desk next repeats an escalation or raises the level by itself,
    /// unless somebody acknowledges or resolves before.
    next_step_at: Option<DateTime<Utc>>,
    /// When it was filed.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// When it was resolved.
    resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    closed_at: Option<DateTime<Utc>>,
}

impl TicketView {
    /// A ticket as it was just filed.
    pub(crate) fn filed(filed: &Filed, viewer: &Viewer) -> Self {
        let mut view = Self::of(&filed.ticket, viewer);
        view.suggestion = filed.suggestion.as_ref().map(SuggestionView::of);
        view.duplicates = Some(filed.duplicates.iter().map(DuplicateView::of).collect());
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
                view.requested_by = feature.requested_by.as_ref().map(RequestedByView::of);
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
            reporter: ReporterView::of(&ticket.reporter),
            source: ticket.source.clone(),
            external_ref: ticket.external_ref.clone(),
            assignee: ticket.assignee.clone(),
            incident: ticket.incident.map(|incident| incident.0),
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
            sla: TicketSlaView::of(ticket),
            resolution: ticket.resolution.as_ref().map(ResolutionView::of),
            satisfaction: ticket.satisfaction.as_ref().map(SatisfactionView::of),
            links: ticket.links.iter().map(LinkView::of).collect(),
            suggestion: None,
            duplicates: None,
            timeline: None,
            comments: None,
            sla_now: None,
            escalations: ticket.escalations.iter().map(EscalationView::of).collect(),
            next_step_at: ticket.next_step_at,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            resolved_at: ticket.resolved_at,
            closed_at: ticket.closed_at,
        }
    }
}
