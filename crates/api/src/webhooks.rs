//! `/webhooks`: where tools are told of their tickets.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use desk::{Desk, DeskError, NewWebhook, Webhook};
use serde::{Deserialize, Serialize};
use ticketing::TicketEventType;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::{
    answer::{respond, stored},
    auth::Principal,
    body::Valid,
    fault::Fault,
    headers::request_key,
    problem::{ApiError, Problem, Problems},
};

/// A webhook to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://shop.example/desk", "events": ["ticket.resolved"]}))]
pub(crate) struct CreateWebhook {
    /// Where events are posted: `https://`, to a public address.
    #[validate(length(min = 1, max = 2000, message = "must have 1 to 2000 characters"))]
    #[schema(min_length = 1, max_length = 2000)]
    url: String,
    /// Which types of events; empty or left out: all.
    #[serde(default)]
    #[validate(length(max = 30, message = "must have at most 30 items"))]
    #[schema(max_items = 30, example = json!(["ticket.resolved"]))]
    events: Vec<String>,
    /// Whether events of all tickets are told; leads and admins only.
    #[serde(default)]
    all_tickets: bool,
}

/// A webhook as it is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookView {
    /// Its identity.
    id: Uuid,
    /// The access key's name that made it.
    owner: String,
    /// Where events are posted.
    url: String,
    /// Which types of events; empty: all.
    events: Vec<String>,
    /// Whether events of all tickets are told, or only of the owner's own.
    all_tickets: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Since when nothing could be delivered; null when the last one was.
    failing_since: Option<DateTime<Utc>>,
    /// Since when nothing is sent any more.
    disabled_at: Option<DateTime<Utc>>,
    /// Why not.
    disabled_why: Option<String>,
}

/// A webhook that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedWebhook {
    /// What its calls are signed with (Standard Webhooks): shown this once.
    #[schema(example = "whsec_…")]
    secret: String,
    /// What is kept of it.
    webhook: WebhookView,
}

/// Webhooks, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookList {
    /// The webhooks.
    items: Vec<WebhookView>,
}

/// A test that is on its way.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookTested {
    /// The `webhook-id` of the test; its notification has this id.
    notification: Uuid,
}

/// Make a webhook
///
/// Each event is posted as JSON and signed (Standard Webhooks). The secret is
/// shown this once.
#[utoipa::path(
    tag = "webhooks",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
    ),
    request_body = CreateWebhook,
    responses(
        (status = 201, description = "The webhook and its secret", body = CreatedWebhook,
         headers(("Location" = String, description = "The webhook"))),
        (status = 409, description = "A request with this key is running", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/webhooks")]
pub(crate) async fn create_webhook(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    body: Valid<CreateWebhook>,
) -> Result<HttpResponse, ApiError> {
    let key = request_key(&request, &body.1)?;
    let CreateWebhook {
        url,
        events,
        all_tickets,
    } = body.0;
    let new = NewWebhook {
        url,
        events: types(&events)?,
        all_tickets,
    };
    let render = |made: &Webhook| {
        let location = format!("/v1/webhooks/{}", made.id);
        let view = CreatedWebhook {
            secret: made.secret.clone(),
            webhook: made.clone().into(),
        };
        stored(201, Some(location), None, &view)
    };
    let made = desk.create_webhook(&who.0, new, key.as_ref(), render);
    Ok(respond(made.await?))
}

/// List webhooks
///
/// One's own; leads and admins see all. Never their secrets.
#[utoipa::path(
    tag = "webhooks",
    responses(
        (status = 200, description = "The webhooks", body = WebhookList),
        Problems,
    )
)]
#[get("/webhooks")]
pub(crate) async fn list_webhooks(
    desk: Data<Desk>,
    who: Principal,
) -> Result<Json<WebhookList>, ApiError> {
    let found = desk.list_webhooks(&who.0).await?;
    Ok(Json(WebhookList {
        items: found.into_iter().map(WebhookView::from).collect(),
    }))
}

/// Show a webhook
///
/// With whether it fails, and since when.
#[utoipa::path(
    tag = "webhooks",
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 200, description = "The webhook", body = WebhookView),
        (status = 404, description = "No such webhook, or another tool's", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/webhooks/{id}")]
pub(crate) async fn find_webhook(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<WebhookView>, ApiError> {
    Ok(Json(desk.webhook(&who.0, id(&path)?).await?.into()))
}

/// Delete a webhook
///
/// What still waits for it is not sent.
#[utoipa::path(
    tag = "webhooks",
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such webhook, or another tool's", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[delete("/webhooks/{id}")]
pub(crate) async fn delete_webhook(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    desk.delete_webhook(&who.0, id(&path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Test a webhook
///
/// Posts an event of type `webhook.test`, delivered like any other.
#[utoipa::path(
    tag = "webhooks",
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 202, description = "It is on its way", body = WebhookTested),
        (status = 404, description = "No such webhook, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The webhook is disabled", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/webhooks/{id}/test")]
pub(crate) async fn test_webhook(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let row = desk.test_webhook(&who.0, id(&path)?).await?;
    Ok(HttpResponse::Accepted().json(WebhookTested {
        notification: row.0,
    }))
}

fn types(events: &[String]) -> Result<Vec<TicketEventType>, ApiError> {
    let mut types = Vec::new();
    let mut faults = Vec::new();
    for (index, event) in events.iter().enumerate() {
        match event.parse() {
            Ok(kind) => types.push(kind),
            Err(unknown) => {
                let unknown: ticketing::UnknownWord = unknown;
                let place = format!("/events/{index}");
                faults.push(Fault::new(place, "unknown_value", unknown.to_string()));
            }
        }
    }
    if faults.is_empty() {
        types.sort();
        types.dedup();
        Ok(types)
    } else {
        Err(ApiError::Invalid(faults))
    }
}

fn id(path: &str) -> Result<Uuid, DeskError> {
    path.parse()
        .map_err(|_source: uuid::Error| DeskError::NotFound {
            what: "webhook",
            id: path.chars().take(64).collect(),
        })
}

impl From<Webhook> for WebhookView {
    fn from(hook: Webhook) -> Self {
        let events = hook.events.iter();
        Self {
            id: hook.id,
            owner: hook.owner,
            url: hook.url,
            events: events.map(ToString::to_string).collect(),
            all_tickets: hook.all_tickets,
            created_at: hook.created_at,
            failing_since: hook.failing_since,
            disabled_at: hook.disabled_at,
            disabled_why: hook.disabled_why,
        }
    }
}
