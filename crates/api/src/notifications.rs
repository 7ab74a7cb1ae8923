//! `/notifications`: what was told, what could not be, and trying again.

use actix_web::{
    get, post,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, Utc};
use desk::{Attempt, Desk, DeskError, Notification, NotificationFilter};
use serde::{Deserialize, Serialize};
use ticketing::{NotificationId, TicketRef};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::{
    auth::Principal,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

const STATES: [&str; 4] = ["pending", "sent", "dead", "superseded"];

/// One message to one recipient on one channel.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationView {
    /// Its identity; a mail's `Message-ID` begins with it.
    id: Uuid,
    /// The ticket's key; null for what belongs to no ticket, such as a bundle.
    #[schema(example = "T-1042")]
    ticket: Option<String>,
    /// `email`, `slack`, `webhook` or `page`.
    #[schema(example = "email")]
    channel: String,
    /// To whom.
    recipient: String,
    /// What it tells.
    #[schema(example = "escalated")]
    kind: String,
    /// At which level.
    #[schema(minimum = 1, maximum = 4)]
    level: i16,
    /// `pending`, `sent`, `dead` or `superseded`.
    #[schema(example = "sent")]
    state: String,
    /// How often it was tried.
    attempts: i32,
    /// When it is tried next, while it is pending.
    due_at: Option<DateTime<Utc>>,
    /// Whether an attempt ended without an answer, so that it may have been
    /// delivered twice, with one `Message-ID`.
    maybe_delivered: bool,
    /// The peer's last words, or what went wrong.
    last_reply: Option<String>,
    /// When it was caused.
    created_at: DateTime<Utc>,
    /// When it was sent, given up or superseded.
    settled_at: Option<DateTime<Utc>>,
}

/// A page of notifications.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationList {
    /// Newest first.
    items: Vec<NotificationView>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

/// A notification with its attempts.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationDetail {
    /// The notification.
    notification: NotificationView,
    /// Its attempts, oldest first.
    attempts: Vec<AttemptView>,
}

/// One attempt to deliver.
#[derive(Serialize, ToSchema)]
pub(crate) struct AttemptView {
    /// Which, from 1.
    n: i32,
    /// When it ended.
    at: DateTime<Utc>,
    /// `sent`, `transient`, `permanent`, `unknown`, `misconfigured` or `superseded`.
    outcome: String,
    /// The peer's words, or what went wrong.
    reply: String,
}

/// The filters of a list of notifications.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotificationQuery {
    /// `pending`, `sent`, `dead` or `superseded`.
    #[param(example = "dead")]
    state: Option<String>,
    /// A ticket's key.
    #[param(example = "T-1042")]
    ticket: Option<String>,
    /// 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List notifications
///
/// Newest first, in pages that stay stable under inserts.
#[utoipa::path(
    tag = "notifications",
    params(NotificationQuery),
    responses(
        (status = 200, description = "A page of notifications", body = NotificationList),
        (status = 422, description = "Wrong filters, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/notifications")]
pub(crate) async fn list_notifications(
    desk: Data<Desk>,
    who: Principal,
    query: Query<NotificationQuery>,
) -> Result<Json<NotificationList>, ApiError> {
    let (filter, limit) = filter(&query)?;
    let page = desk.list_notifications(&who.0, &filter, limit).await?;
    Ok(Json(NotificationList {
        items: page.items.into_iter().map(NotificationView::from).collect(),
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}

/// Show a notification
///
/// With every attempt to deliver it.
#[utoipa::path(
    tag = "notifications",
    params(("id" = String, Path, description = "The notification's id")),
    responses(
        (status = 200, description = "The notification", body = NotificationDetail),
        (status = 404, description = "No such notification", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/notifications/{id}")]
pub(crate) async fn find_notification(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<NotificationDetail>, ApiError> {
    let (found, attempts) = desk.notification(&who.0, id(&path)?).await?;
    Ok(Json(NotificationDetail {
        notification: found.into(),
        attempts: attempts.into_iter().map(AttemptView::from).collect(),
    }))
}

/// Try a dead notification again
///
/// For another day, beginning now; one that is not dead stays as it is.
#[utoipa::path(
    tag = "notifications",
    params(("id" = String, Path, description = "The notification's id")),
    responses(
        (status = 200, description = "The notification as it is now", body = NotificationView),
        (status = 404, description = "No such notification", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/notifications/{id}/retry")]
pub(crate) async fn retry_notification(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<NotificationView>, ApiError> {
    let found = desk.retry_notification(&who.0, id(&path)?).await?;
    Ok(Json(found.into()))
}

fn filter(query: &NotificationQuery) -> Result<(NotificationFilter, u64), ApiError> {
    let mut faults = Vec::new();
    let state = query.state.clone().filter(|state| !state.is_empty());
    if state
        .as_ref()
        .is_some_and(|state| !STATES.contains(&state.as_str()))
    {
        let allowed = format!("must be one of: {}", STATES.join(", "));
        faults.push(Fault::query("state", allowed));
    }
    let ticket = match query.ticket.as_deref().map(str::parse) {
        None => None,
        Some(Ok(TicketRef::Number(number))) => Some(number),
        Some(_) => {
            faults.push(Fault::query(
                "ticket",
                "must be a ticket's key such as T-1042",
            ));
            None
        }
    };
    let before = match query.cursor.as_deref().map(str::parse::<Uuid>) {
        None => None,
        Some(Ok(id)) => Some(NotificationId(id)),
        Some(Err(_)) => {
            faults.push(Fault::query("cursor", "must be next_cursor as it came"));
            None
        }
    };
    let limit = query.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        faults.push(Fault::query("limit", "must be 1 to 200"));
    }
    if !faults.is_empty() {
        return Err(ApiError::Invalid(faults));
    }
    let filter = NotificationFilter {
        state,
        ticket,
        before,
    };
    Ok((filter, limit))
}

fn id(path: &str) -> Result<NotificationId, DeskError> {
    let parsed = path.parse().map(NotificationId);
    parsed.map_err(|_source: uuid::Error| DeskError::NotFound {
        what: "notification",
        id: path.chars().take(64).collect(),
    })
}

impl From<Notification> for NotificationView {
    fn from(row: Notification) -> Self {
        Self {
            id: row.id.0,
            ticket: row.ticket.map(|ticket| ticket.to_string()),
            channel: row.medium,
            recipient: row.recipient,
            kind: row.kind,
            level: row.level,
            state: row.state,
            attempts: row.attempts,
            due_at: row.due_at,
            maybe_delivered: row.maybe_delivered,
            last_reply: row.last_reply,
            created_at: row.created_at,
            settled_at: row.settled_at,
        }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            n: attempt.n,
            at: attempt.at,
            outcome: attempt.outcome,
            reply: attempt.reply,
        }
    }
}
