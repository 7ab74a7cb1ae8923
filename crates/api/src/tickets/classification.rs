//! `GET` and `PUT /tickets/{ticket}/classification`.

use actix_web::{
    HttpRequest, HttpResponse, get, put,
    web::{Data, Json, Path},
};
use desk::{Act, Changed, Desk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    change::{changed_answer, slug},
    extracted::ExtractedView,
    find::ticket_ref,
    view::{TicketView, Viewer},
    view_parts::ClassificationView,
};
use crate::http::{
    answer::respond,
    auth::Principal,
    body::Valid,
    headers::{IfMatch, request_key},
    problem::{ApiError, Problem, Problems},
};

/// What an agent says of the classification.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entry": "payment-failed"}))]
pub(crate) struct Classify {
    /// The entry's slug; null when no entry fits. The same as before confirms.
    entry: Option<String>,
}

/// Which entry answers a ticket, and what its text names.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketClassificationView {
    #[serde(flatten)]
    classification: ClassificationView,
    /// Order numbers, addresses and the like: what is filled into queries.
    extracted: ExtractedView,
}

/// Read a ticket's classification
///
/// The ranked entries with the terms that decided, and what the text names.
#[utoipa::path(
    tag = "triage",
    params(("ticket" = String, Path, description = "Id or key", example = "T-1042")),
    responses(
        (status = 200, description = "The classification", body = TicketClassificationView),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/classification")]
pub(crate) async fn ticket_classification(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<TicketClassificationView>, ApiError> {
    let ticket = desk.ticket(&who.0, ticket_ref(&path)?).await?;
    Ok(Json(TicketClassificationView {
        classification: ClassificationView::of(&ticket.classification),
        extracted: ExtractedView::of(desk::extracted(&ticket)),
    }))
}

/// Correct or confirm a ticket's classification
///
/// Kept as a labelled example.
#[utoipa::path(
    tag = "triage",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the ticket you read"),
    ),
    request_body = Classify,
    responses(
        (status = 200, description = "The ticket after it", body = TicketView,
         headers(("ETag" = String, description = "Its version"))),
        (status = 404, description = "No such ticket", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It was merged", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It changed since you read it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such entry", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[put("/tickets/{ticket}/classification")]
pub(crate) async fn classify_ticket(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<String>,
    seen: IfMatch,
    body: Valid<Classify>,
) -> Result<HttpResponse, ApiError> {
    let ticket = ticket_ref(&path)?;
    let key = request_key(&request, &body.1)?;
    let entry = body
        .0
        .entry
        .as_deref()
        .map(|text| slug(text, "/entry"))
        .transpose()?;
    let act = Act {
        actor: &who.0,
        ticket,
        seen: seen.0,
        request: key.as_ref(),
    };
    let viewer = Viewer::of(&who.0);
    let render = |changed: &Changed| changed_answer(changed, &viewer);
    Ok(respond(desk.classify_ticket(act, entry, render).await?))
}
