//! `POST` and `GET /tickets/{ticket}/comments`.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, Utc};
use desk::{Act, Changed, Desk};
use serde::{Deserialize, Serialize};
use ticketing::{CommentAuthor, Event, EventKind, NewComment, Visibility};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    checks,
    find::ticket_ref,
    timeline::AfterQuery,
    view::{TicketView, Viewer},
};
use crate::http::{
    answer::{respond, stored},
    auth::Principal,
    body::Valid,
    headers::{IfMatch, etag, request_key},
    problem::{ApiError, Problem, Problems},
};

/// A comment.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"visibility": "public", "author": "agent", "text": "Please try again now."}))]
pub(crate) struct AddComment {
    /// Who sees it.
    visibility: VisibilityWord,
    /// Whose words they are; a tool posts the reporter's.
    author: AuthorWord,
    /// The words.
    #[validate(custom(function = checks::filled_text))]
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
}

/// Who sees a comment.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VisibilityWord {
    /// The reporter too.
    Public,
    /// The team.
    Internal,
}

/// Whose words.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthorWord {
    /// The team's.
    Agent,
    /// The reporter's.
    Reporter,
}

/// A comment as it was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CommentView {
    /// The timeline's number of it.
    n: i64,
    /// When.
    at: DateTime<Utc>,
    /// The access key's name that made it.
    by: String,
    /// Who sees it.
    visibility: VisibilityWord,
    /// Whose words.
    author: AuthorWord,
    /// The words, masked.
    text: String,
    /// Kinds of sensitive data that were masked.
    masked: Vec<String>,
    /// Whether it stopped the first-response clock.
    first_response: bool,
}

/// A comment and the ticket after it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Commented {
    /// The ticket.
    ticket: TicketView,
}

/// Comments of a ticket, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommentPage {
    /// The comments.
    items: Vec<CommentView>,
    /// Pass it as `after` for more; null on the last page.
    next_after: Option<i64>,
}

impl CommentView {
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let EventKind::Commented(comment) = &event.kind else {
            return None;
        };
        Some(Self {
            n: event.n,
            at: event.at,
            by: event.actor.name.clone(),
            visibility: match comment.visibility {
                Visibility::Public => VisibilityWord::Public,
                Visibility::Internal => VisibilityWord::Internal,
            },
            author: match comment.author {
                CommentAuthor::Agent => AuthorWord::Agent,
                CommentAuthor::Reporter => AuthorWord::Reporter,
            },
            text: comment.text.clone(),
            masked: comment.masked.clone(),
            first_response: comment.first_response,
        })
    }
}

/// Comment on a ticket
///
/// An agent's first public comment stops the first-response clock. The
/// reporter's words reopen a pending or resolved ticket.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the ticket you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
    ),
    request_body = AddComment,
    responses(
        (status = 201, description = "Commented: the ticket after it", body = Commented,
         headers(("ETag" = String, description = "Its version"))),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is closed, or a request with this key is running", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It changed since you read it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/tickets/{ticket}/comments")]
pub(crate) async fn add_comment(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<String>,
    seen: IfMatch,
    body: Valid<AddComment>,
) -> Result<HttpResponse, ApiError> {
    let ticket = ticket_ref(&path)?;
    let key = request_key(&request, &body.1)?;
    let act = Act {
        actor: &who.0,
        ticket,
        seen: seen.0,
        request: key.as_ref(),
    };
    let viewer = Viewer::of(&who.0);
    let render = |changed: &Changed| {
        let view = Commented {
            ticket: TicketView::of(&changed.ticket, &viewer),
        };
        let location = format!("/v1/tickets/{}/comments", changed.ticket.id);
        stored(201, Some(location), Some(etag(changed.version)), &view)
    };
    Ok(respond(desk.add_comment(act, body.0.into(), render).await?))
}

/// List a ticket's comments
///
/// Oldest first. A tool sees the public ones.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        AfterQuery,
    ),
    responses(
        (status = 200, description = "The comments", body = CommentPage),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong parameters", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/comments")]
pub(crate) async fn list_comments(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
    query: Query<AfterQuery>,
) -> Result<Json<CommentPage>, ApiError> {
    let (after, limit) = query.page()?;
    let page = desk
        .comments(&who.0, ticket_ref(&path)?, after, limit)
        .await?;
    let full = u64::try_from(page.read).is_ok_and(|read| read == limit);
    let items = page.events.iter().filter_map(CommentView::of).collect();
    let next_after = page.last.filter(|_| full);
    Ok(Json(CommentPage { items, next_after }))
}

impl From<AddComment> for NewComment {
    fn from(body: AddComment) -> Self {
        Self {
            visibility: match body.visibility {
                VisibilityWord::Public => Visibility::Public,
                VisibilityWord::Internal => Visibility::Internal,
            },
            author: match body.author {
                AuthorWord::Agent => CommentAuthor::Agent,
                AuthorWord::Reporter => CommentAuthor::Reporter,
            },
            text: body.text,
            masked: Vec::new(),
        }
    }
}
