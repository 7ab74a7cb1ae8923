//! Escalations of a ticket: list, escalate, acknowledge, de-escalate.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use desk::{Act, Changed, Desk};
use runbook::Level;
use serde::{Deserialize, Serialize};
use ticketing::Escalation;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    change::{action, changed_answer},
    checks,
    find::ticket_ref,
    view::{TicketView, Viewer},
};
use crate::http::{
    answer::respond,
    auth::Principal,
    body::Valid,
    fault::Fault,
    headers::{IfMatch, request_key},
    problem::{ApiError, Problem, Problems},
};

/// An escalation of a ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EscalationView {
    /// Which of the ticket's, from 1.
    n: u32,
    /// The level before.
    from_level: u8,
    /// The level after.
    to_level: u8,
    /// `manual`, `entry_rule`, `level_trigger`, `sla_breach`,
    /// `unacknowledged`, `outage` or `incident`.
    trigger: String,
    /// Why, in words.
    reason: String,
    /// The runbook's clause.
    clause: Option<String>,
    /// Its line.
    line: Option<u32>,
    /// The revision of clause and line.
    runbook_revision: i64,
    /// What kind of rule of the runbook asked for the level: `entry_rule`,
    /// `level_trigger`, `field_trigger` or `outage`; null where none did.
    rule: Option<String>,
    /// What it rests on, in words: the clause with revision and line, or that
    /// no clause asks for it.
    #[schema(
        example = "line 156 of runbook revision 1: Payment gateway errors → Engineering immediately"
    )]
    rests_on: String,
    /// Who.
    by: String,
    /// When.
    at: DateTime<Utc>,
    /// Who took responsibility.
    acknowledged_by: Option<String>,
    /// When.
    acknowledged_at: Option<DateTime<Utc>>,
    /// How often it was told again because nobody acknowledged.
    repeats: u32,
    /// When it was last told again.
    repeated_at: Option<DateTime<Utc>>,
}

/// Escalations, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EscalationList {
    /// The escalations.
    items: Vec<EscalationView>,
}

impl EscalationView {
    pub(crate) fn of(escalation: &Escalation) -> Self {
        Self {
            n: escalation.n,
            from_level: escalation.from.number(),
            to_level: escalation.to.number(),
            trigger: escalation.trigger.to_string(),
            reason: escalation.reason.clone(),
            clause: escalation.clause.clone(),
            line: escalation.line,
            runbook_revision: escalation.runbook_revision,
            rule: escalation.rule.map(|rule| rule.to_string()),
            rests_on: rests_on(escalation),
            by: escalation.by.clone(),
            at: escalation.at,
            acknowledged_by: escalation.acknowledged.as_ref().map(|who| who.by.clone()),
            acknowledged_at: escalation.acknowledged.as_ref().map(|who| who.at),
            repeats: escalation.repeats,
            repeated_at: escalation.repeated_at,
        }
    }
}

fn rests_on(escalation: &Escalation) -> String {
    let revision = escalation.runbook_revision;
    match (&escalation.clause, escalation.line) {
        (Some(clause), Some(line)) => {
            format!("line {line} of runbook revision {revision}: {clause}")
        }
        (Some(clause), None) => format!("runbook revision {revision}: {clause}"),
        (None, _) => format!(
            "no clause of runbook revision {revision} asks for level {} here: a person's own judgement",
            escalation.to
        ),
    }
}

/// List a ticket's escalations
///
/// Oldest first, each with the runbook's clause.
#[utoipa::path(
    tag = "escalation",
    params(("ticket" = String, Path, description = "Id or key", example = "T-1042")),
    responses(
        (status = 200, description = "The escalations", body = EscalationList),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/escalations")]
pub(crate) async fn list_escalations(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<EscalationList>, ApiError> {
    let ticket = desk.ticket(&who.0, ticket_ref(&path)?).await?;
    Ok(Json(EscalationList {
        items: ticket.escalations.iter().map(EscalationView::of).collect(),
    }))
}

/// A level and why.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to_level": 3, "reason": "The gateway answers 502 for every customer"}))]
pub(crate) struct ToLevel {
    /// 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    #[validate(range(min = 1, max = 4, message = "must be 1, 2, 3 or 4"))]
    to_level: u8,
    /// Why, in words.
    #[validate(custom(function = checks::filled_text))]
    #[schema(min_length = 1, max_length = 20000)]
    reason: String,
}

fn level(number: u8) -> Result<Level, ApiError> {
    Level::try_from(number).map_err(|error| {
        ApiError::Invalid(vec![Fault::new("/to_level", "invalid", error.to_string())])
    })
}

action! {
    /// Escalate a ticket
    ///
    /// To a higher level, with a reason; the contacts of that level are told.
    /// The reason and the ticket are checked against the runbook: the escalation
    /// says on which clause it rests, or that none asks for it.
    escalate_ticket, "/tickets/{ticket}/escalations", ToLevel,
    |desk, who, act, body, render| {
        let to = level(body.to_level)?;
        desk.escalate_ticket(act, to, body.reason, render)
    }
}

action! {
    /// De-escalate a ticket
    ///
    /// To a lower level, with a reason.
    deescalate_ticket, "/tickets/{ticket}/deescalate", ToLevel,
    |desk, who, act, body, render| {
        let to = level(body.to_level)?;
        desk.deescalate_ticket(act, to, body.reason, render)
    }
}

/// Acknowledge an escalation
///
/// Whoever acknowledges takes responsibility; it is not repeated any more and
/// does not rise by itself.
#[utoipa::path(
    tag = "escalation",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        ("n" = u32, Path, description = "Which escalation, from 1"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the ticket you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
    ),
    responses(
        (status = 200, description = "The ticket after it", body = TicketView,
         headers(("ETag" = String, description = "Its version"))),
        (status = 404, description = "No such ticket or escalation", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody did already", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It changed since you read it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The Idempotency-Key belongs to another request", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/tickets/{ticket}/escalations/{n}/acknowledge")]
pub(crate) async fn acknowledge_escalation(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<(String, u32)>,
    seen: IfMatch,
) -> Result<HttpResponse, ApiError> {
    let (ticket, n) = path.into_inner();
    let ticket = ticket_ref(&ticket)?;
    let key = request_key(&request, &[])?;
    let act = Act {
        actor: &who.0,
        ticket,
        seen: seen.0,
        request: key.as_ref(),
    };
    let viewer = Viewer::of(&who.0);
    let render = |changed: &Changed| changed_answer(changed, &viewer);
    Ok(respond(desk.acknowledge_escalation(act, n, render).await?))
}
