//! `/incidents`: many tickets of one cause, told once.

use actix_web::{
    get, post,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, Utc};
use desk::{CountedIncident, Desk, DeskError};
use serde::{Deserialize, Serialize};
use ticketing::{IncidentId, IncidentStatus};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::{
    http::{
        auth::Principal,
        body::Valid,
        fault::Fault,
        problem::{ApiError, Problem, Problems},
    },
    tickets::{TicketView, Viewer, checks},
};

/// Many tickets of one cause.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentView {
    /// Its identity, a UUIDv7.
    id: Uuid,
    /// `open`, `acknowledged` or `closed`.
    #[schema(example = "open")]
    status: String,
    /// The entry that its tickets are classified as; null when no entry answers
    /// them.
    entry: Option<String>,
    /// The entry's title, or the words that its tickets share.
    #[schema(example = "Payment Failed")]
    title: String,
    /// How many distinct reporters opened it.
    reporters: u32,
    /// How many tickets are in it by now.
    tickets: u64,
    /// When it was opened.
    opened_at: DateTime<Utc>,
    /// When the last ticket joined.
    last_joined_at: DateTime<Utc>,
    /// The one escalation that tells of it.
    escalation: IncidentEscalationView,
    /// Who took responsibility.
    acknowledged_by: Option<String>,
    /// When.
    acknowledged_at: Option<DateTime<Utc>>,
    /// Who closed it; the desk itself when no further ticket came.
    closed_by: Option<String>,
    /// When.
    closed_at: Option<DateTime<Utc>>,
    /// Why.
    closed_reason: Option<String>,
    /// Until when no other incident of the same entry opens.
    quiet_until: Option<DateTime<Utc>>,
}

/// Where the escalation of an incident is found.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentEscalationView {
    /// The ticket's key.
    #[schema(example = "T-1042")]
    ticket: String,
    /// Which of its escalations, from 1.
    n: u32,
}

/// A page of incidents.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentList {
    /// Newest first.
    items: Vec<IncidentView>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

/// An incident with its tickets.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentDetail {
    /// The incident.
    incident: IncidentView,
    /// Its first 100 tickets; `GET /v1/tickets?incident=…` lists all of them.
    tickets: Vec<TicketView>,
}

/// The filters of a list of incidents.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncidentQuery {
    /// `open`, `acknowledged`, `closed`; several are separated by commas.
    #[param(example = "open,acknowledged")]
    status: Option<String>,
    /// 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Why an incident is over.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The gateway is back"}))]
pub(crate) struct CloseIncident {
    /// In words.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    reason: Option<String>,
}

/// List incidents
///
/// Newest first, in pages that stay stable under inserts.
#[utoipa::path(
    tag = "incidents",
    params(IncidentQuery),
    responses(
        (status = 200, description = "A page of incidents", body = IncidentList),
        (status = 422, description = "Wrong filters, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/incidents")]
pub(crate) async fn list_incidents(
    desk: Data<Desk>,
    who: Principal,
    query: Query<IncidentQuery>,
) -> Result<Json<IncidentList>, ApiError> {
    let (statuses, before, limit) = read(&query)?;
    let page = desk
        .list_incidents(&who.0, &statuses, before, limit)
        .await?;
    Ok(Json(IncidentList {
        items: page.items.iter().map(IncidentView::of).collect(),
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}

/// Show an incident
///
/// With its first tickets.
#[utoipa::path(
    tag = "incidents",
    params(("id" = String, Path, description = "The incident's id")),
    responses(
        (status = 200, description = "The incident", body = IncidentDetail),
        (status = 404, description = "No such incident", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/incidents/{id}")]
pub(crate) async fn find_incident(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<IncidentDetail>, ApiError> {
    let (found, tickets) = desk.incident(&who.0, id(&path)?).await?;
    let viewer = Viewer::of(&who.0);
    Ok(Json(IncidentDetail {
        incident: IncidentView::of(&found),
        tickets: tickets
            .iter()
            .map(|ticket| TicketView::of(ticket, &viewer))
            .collect(),
    }))
}

/// Acknowledge an incident
///
/// Whoever acknowledges takes responsibility, also for the escalation that
/// tells of it; tickets still join.
#[utoipa::path(
    tag = "incidents",
    params(("id" = String, Path, description = "The incident's id")),
    responses(
        (status = 200, description = "The incident after it", body = IncidentView),
        (status = 404, description = "No such incident", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody did already, or it is closed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/incidents/{id}/acknowledge")]
pub(crate) async fn acknowledge_incident(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<IncidentView>, ApiError> {
    let changed = desk.acknowledge_incident(&who.0, id(&path)?).await?;
    Ok(Json(IncidentView::of(&changed)))
}

/// Close an incident
///
/// Its tickets stay as they are. For the cool-down no other incident of the
/// same entry opens.
#[utoipa::path(
    tag = "incidents",
    params(("id" = String, Path, description = "The incident's id")),
    request_body = CloseIncident,
    responses(
        (status = 200, description = "The incident after it", body = IncidentView),
        (status = 404, description = "No such incident", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is closed already", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/incidents/{id}/close")]
pub(crate) async fn close_incident(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
    body: Valid<CloseIncident>,
) -> Result<Json<IncidentView>, ApiError> {
    let changed = desk
        .close_incident(&who.0, id(&path)?, body.0.reason)
        .await?;
    Ok(Json(IncidentView::of(&changed)))
}

/// Reads every parameter and names every fault.
fn read(query: &IncidentQuery) -> Result<(Vec<IncidentStatus>, Option<IncidentId>, u64), ApiError> {
    let mut faults = Vec::new();
    let words = query.status.as_deref().unwrap_or_default();
    let mut statuses = Vec::new();
    for word in words.split(',').filter(|word| !word.is_empty()) {
        match word.parse::<IncidentStatus>() {
            Ok(status) => statuses.push(status),
            Err(error) => faults.push(Fault::query("status", error.to_string())),
        }
    }
    let before = match query.cursor.as_deref().map(str::parse::<Uuid>) {
        None => None,
        Some(Ok(id)) => Some(IncidentId(id)),
        Some(Err(_)) => {
            faults.push(Fault::query("cursor", "must be next_cursor as it came"));
            None
        }
    };
    let limit = query.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        faults.push(Fault::query("limit", "must be 1 to 200"));
    }
    if faults.is_empty() {
        Ok((statuses, before, limit))
    } else {
        Err(ApiError::Invalid(faults))
    }
}

fn id(path: &str) -> Result<IncidentId, DeskError> {
    let parsed = path.parse().map(IncidentId);
    parsed.map_err(|_source: uuid::Error| DeskError::NotFound {
        what: "incident",
        id: path.chars().take(64).collect(),
    })
}

impl IncidentView {
    fn of(counted: &CountedIncident) -> Self {
        let incident = &counted.incident;
        let acknowledged = incident.acknowledged.as_ref();
        let closed = incident.closed.as_ref();
        Self {
            id: incident.id.0,
            status: incident.status().to_string(),
            entry: incident.entry.as_ref().map(ToString::to_string),
            title: incident.title.clone(),
            reporters: incident.reporters,
            tickets: counted.tickets,
            opened_at: incident.opened_at,
            last_joined_at: counted.last_joined_at,
            escalation: IncidentEscalationView {
                ticket: incident.lead.to_string(),
                n: incident.escalation,
            },
            acknowledged_by: acknowledged.map(|who| who.by.clone()),
            acknowledged_at: acknowledged.map(|who| who.at),
            closed_by: closed.map(|closing| closing.by.clone()),
            closed_at: closed.map(|closing| closing.at),
            closed_reason: closed.and_then(|closing| closing.reason.clone()),
            quiet_until: incident.quiet_until,
        }
    }
}
