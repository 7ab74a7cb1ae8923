//! `GET /tickets/{ticket}/timeline`.

use actix_web::{
    get,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, Utc};
use desk::Desk;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ticketing::{Event, EventKind};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::find::ticket_ref;
use crate::http::{
    auth::Principal,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

/// Which part of a timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AfterQuery {
    /// Only what came after this number.
    #[serde(default)]
    #[param(value_type = i64, minimum = 0, maximum = 4294967295_i64, required = false)]
    after: u32,
    /// 1 to 200, 50 by default.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, required = false)]
    limit: u16,
}

fn fifty() -> u16 {
    50
}

impl AfterQuery {
    /// After which number, and how many.
    pub(crate) fn page(&self) -> Result<(i64, u64), ApiError> {
        if (1..=200).contains(&self.limit) {
            return Ok((i64::from(self.after), u64::from(self.limit)));
        }
        let fault = Fault::query("limit", "must be a number from 1 to 200");
        Err(ApiError::Invalid(vec![fault]))
    }
}

/// One event of a ticket's timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Its identity; ascending in time.
    id: Uuid,
    /// Which in the timeline, from 1 without gaps.
    n: i64,
    /// When.
    at: DateTime<Utc>,
    /// Who: the access key's name, or `runbook-desk`.
    by: String,
    /// What, such as `filed`, `commented`, `escalated`, `sla_breached`.
    #[schema(example = "status_changed")]
    kind: String,
    /// What in particular: old and new.
    #[schema(value_type = HashMap<String, serde_json::Value>)]
    data: Value,
}

/// Events of a ticket, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventPage {
    /// The events.
    items: Vec<EventView>,
    /// Pass it as `after` for more; null on the last page.
    next_after: Option<i64>,
}

impl EventView {
    pub(crate) fn of(event: &Event) -> Self {
        let mut data = match &event.kind {
            // The first state is the ticket's own; its facts in short.
            EventKind::Filed { ticket } => serde_json::json!({
                "title": ticket.title,
                "urgency": ticket.urgency(),
                "level": ticket.level,
                "entry": ticket.entry(),
                "policy": ticket.clocks.selected,
                "escalation": ticket.escalations.first(),
                "masked": ticket.masked,
            }),
            other => serde_json::to_value(other).unwrap_or_default(),
        };
        if let Value::Object(members) = &mut data {
            members.remove("kind");
        }
        Self {
            id: event.id.0,
            n: event.n,
            at: event.at,
            by: event.actor.name.clone(),
            kind: event.kind.name().to_owned(),
            data,
        }
    }
}

/// Read a ticket's timeline
///
/// Every change is one immutable event: who, when, what, old and new. A tool
/// does not see internal comments.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        AfterQuery,
    ),
    responses(
        (status = 200, description = "The events", body = EventPage),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong parameters", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/timeline")]
pub(crate) async fn list_events(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
    query: Query<AfterQuery>,
) -> Result<Json<EventPage>, ApiError> {
    let (after, limit) = query.page()?;
    let page = desk
        .timeline(&who.0, ticket_ref(&path)?, after, limit)
        .await?;
    let full = u64::try_from(page.read).is_ok_and(|read| read == limit);
    let items: Vec<EventView> = page.events.iter().map(EventView::of).collect();
    Ok(Json(EventPage {
        items,
        next_after: page.last.filter(|_| full),
    }))
}
