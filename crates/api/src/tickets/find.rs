//! `GET /tickets/{ticket}`.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Path, Query},
};
use desk::Desk;
use serde::Deserialize;
use ticketing::TicketRef;
use utoipa::IntoParams;

use super::{
    comments::CommentView,
    sla::SlaView,
    timeline::EventView,
    view::{TicketView, Viewer},
    view_parts::SuggestionView,
};
use crate::http::{
    auth::Principal,
    fault::Fault,
    headers::{etag, none_match},
    problem::{ApiError, Problem, Problems},
};

/// How many events or comments `include` shows; the rest by their own lists.
const INCLUDED_MAX: u64 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindQuery {
    /// What to add, comma-separated: `timeline`, `comments`, `sla`, `suggestion`.
    #[serde(default)]
    #[param(example = "suggestion,sla")]
    include: Option<String>,
}

/// Reads how a path names a ticket.
pub(crate) fn ticket_ref(text: &str) -> Result<TicketRef, ApiError> {
    // A name that cannot be a ticket's names none.
    text.parse().map_err(|_source: ticketing::TicketRefError| {
        desk::DeskError::NotFound {
            what: "ticket",
            id: text.chars().take(64).collect(),
        }
        .into()
    })
}

/// Read a ticket
///
/// By its id or its key such as `T-1042`. Answers carry an `ETag`, but with
/// `include`, and 304 when `If-None-Match` names it.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        FindQuery,
        ("If-None-Match" = Option<String>, Header, description = "The ETag you have"),
    ),
    responses(
        (status = 200, description = "The ticket", body = TicketView,
         headers(("ETag" = String, description = "Its version"))),
        (status = 304, description = "As you have it"),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something unknown to include", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}")]
pub(crate) async fn find_ticket(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<String>,
    query: Query<FindQuery>,
) -> Result<HttpResponse, ApiError> {
    let by = ticket_ref(&path)?;
    let ticket = desk.ticket(&who.0, by).await?;
    let viewer = Viewer::of(&who.0);
    let mut view = TicketView::of(&ticket, &viewer);
    let Some(include) = &query.include else {
        let tag = etag(ticket.version);
        if none_match(&request, &tag) {
            return Ok(HttpResponse::NotModified()
                .insert_header(("etag", tag))
                .finish());
        }
        return Ok(HttpResponse::Ok().insert_header(("etag", tag)).json(view));
    };
    for part in include
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        match part {
            "suggestion" => {
                view.suggestion = desk
                    .suggestion(&who.0, &ticket)
                    .as_ref()
                    .map(SuggestionView::of);
            }
            "timeline" => {
                let page = desk.timeline(&who.0, by, 0, INCLUDED_MAX).await?;
                view.timeline = Some(page.events.iter().map(EventView::of).collect());
            }
            "comments" => {
                let page = desk.comments(&who.0, by, 0, INCLUDED_MAX).await?;
                view.comments = Some(page.events.iter().filter_map(CommentView::of).collect());
            }
            "sla" => view.sla_now = Some(SlaView::of(&desk.sla(&ticket, false))),
            _ => {
                let message = "must be among: timeline, comments, sla, suggestion";
                return Err(ApiError::Invalid(vec![Fault::query("include", message)]));
            }
        }
    }
    Ok(HttpResponse::Ok().json(view))
}
