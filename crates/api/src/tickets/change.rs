//! The actions on a ticket: assign, resolve, reopen, close, merge, link.

use actix_web::{
    HttpRequest, HttpResponse, post,
    web::{Data, Path},
};
use desk::{Act, Changed, Desk, StoredAnswer};
use runbook::Slug;
use serde::Deserialize;
use ticketing::{Relation, Resolution};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    checks,
    find::ticket_ref,
    view::{TicketView, Viewer},
};
use crate::http::{
    answer::{respond, stored},
    auth::Principal,
    body::Valid,
    fault::Fault,
    headers::{IfMatch, etag, request_key},
    problem::{ApiError, Problem, Problems},
};

/// A change's answer: the ticket after it.
pub(crate) fn changed_answer(changed: &Changed, viewer: &Viewer) -> StoredAnswer {
    let view = TicketView::of(&changed.ticket, viewer);
    stored(200, None, Some(etag(changed.version)), &view)
}

/// Reads a slug of a body.
pub(crate) fn slug(text: &str, pointer: &str) -> Result<Slug, ApiError> {
    text.parse().map_err(|error: runbook::SlugError| {
        ApiError::Invalid(vec![Fault::new(pointer, "invalid", error.to_string())])
    })
}

/// Declares an action: its handler does the same in the same order as every
/// other, and only the call of the desk differs.
macro_rules! action {
    ($(#[$doc:meta])* $name:ident, $path:literal, $body:ident, |$desk:ident, $who:ident, $act:ident, $in:ident, $render:ident| $call:expr) => {
        $(#[$doc])*
        #[utoipa::path(
            tag = "tickets",
            params(
                ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
                ("If-Match" = Option<String>, Header, description = "The ETag of the ticket you read"),
                ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
            ),
            request_body = $body,
            responses(
                (status = 200, description = "The ticket after it", body = TicketView,
                 headers(("ETag" = String, description = "Its version"))),
                (status = 404, description = "No such ticket", body = Problem, content_type = "application/problem+json"),
                (status = 409, description = "Its state does not allow it; `legal` says what does", body = Problem, content_type = "application/problem+json"),
                (status = 412, description = "It changed since you read it", body = Problem, content_type = "application/problem+json"),
                (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
                (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
                (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
                Problems,
            )
        )]
        #[post($path)]
        pub(crate) async fn $name(
            desk: Data<Desk>,
            who: Principal,
            request: HttpRequest,
            path: Path<String>,
            seen: IfMatch,
            body: Valid<$body>,
        ) -> Result<HttpResponse, ApiError> {
            let ticket = ticket_ref(&path)?;
            let key = request_key(&request, &body.1)?;
            let $act = Act { actor: &who.0, ticket, seen: seen.0, request: key.as_ref() };
            let viewer = Viewer::of(&who.0);
            let $render = |changed: &Changed| changed_answer(changed, &viewer);
            let ($desk, $in) = (&desk, body.0);
            Ok(respond($call.await?))
        }
    };
}
pub(crate) use action;

/// Whom to give it to.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"assignee": "asha"}))]
pub(crate) struct AssignTicket {
    /// A name; null puts it down.
    #[validate(custom(function = checks::line))]
    #[schema(min_length = 1, max_length = 200)]
    assignee: Option<String>,
}

action! {
    /// Assign a ticket
    ///
    /// To someone, or with null to nobody.
    assign_ticket, "/tickets/{ticket}/assign", AssignTicket,
    |desk, who, act, body, render| desk.assign_ticket(act, body.assignee, render)
}

/// How it was resolved; every field is optional.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entry": "payment-failed", "step": 2, "note": "The gateway was back after ten minutes"}))]
pub(crate) struct ResolveTicket {
    /// The runbook entry that helped.
    #[serde(default)]
    entry: Option<String>,
    /// Which of its steps helped, from 1.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 4294967295_i64)]
    step: Option<u32>,
    /// In words.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    note: Option<String>,
}

action! {
    /// Resolve a ticket
    ///
    /// Naming the entry and the step that helped teaches the classifier.
    resolve_ticket, "/tickets/{ticket}/resolve", ResolveTicket,
    |desk, who, act, body, render| {
        let entry = body.entry.as_deref().map(|text| slug(text, "/entry")).transpose()?;
        let resolution = Resolution { entry, step: body.step, note: body.note };
        desk.resolve_ticket(act, resolution, render)
    }
}

/// Why.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = WithReason, example = json!({"reason": "The customer wrote again"}))]
pub(crate) struct Reason {
    /// In words.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    reason: Option<String>,
}

action! {
    /// Reopen a ticket
    ///
    /// A pending or resolved one; a closed one within the reopen window.
    reopen_ticket, "/tickets/{ticket}/reopen", Reason,
    |desk, who, act, body, render| desk.reopen_ticket(act, body.reason, render)
}

action! {
    /// Close a ticket
    ///
    /// A resolved one; a live one is closed as cancelled, its clocks with it.
    close_ticket, "/tickets/{ticket}/close", Reason,
    |desk, who, act, body, render| desk.close_ticket(act, body.reason, render)
}

/// Where it goes on.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"into": "T-1041"}))]
pub(crate) struct MergeTicket {
    /// Id or key of the ticket that goes on.
    into: String,
    /// Why.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    reason: Option<String>,
}

action! {
    /// Merge a ticket into another
    ///
    /// It is closed and linked, its clocks are cancelled; later changes of it
    /// are refused with a pointer to the other.
    merge_ticket, "/tickets/{ticket}/merge", MergeTicket,
    |desk, who, act, body, render| {
        let into = other(&body.into, "/into")?;
        desk.merge_ticket(act, into, body.reason, render)
    }
}

/// What it belongs to.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "T-1041", "relation": "related"}))]
pub(crate) struct LinkTicket {
    /// Id or key of the other ticket.
    to: String,
    /// How they belong together.
    relation: RelationWord,
}

/// How two tickets belong together.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RelationWord {
    /// See also.
    Related,
    /// Says the same.
    Duplicate,
}

action! {
    /// Link a ticket with another
    ///
    /// The other one stays as it is.
    link_ticket, "/tickets/{ticket}/links", LinkTicket,
    |desk, who, act, body, render| {
        let to = other(&body.to, "/to")?;
        let relation = match body.relation {
            RelationWord::Related => Relation::Related,
            RelationWord::Duplicate => Relation::Duplicate,
        };
        desk.link_ticket(act, relation, to, render)
    }
}

fn other(text: &str, pointer: &str) -> Result<ticketing::TicketRef, ApiError> {
    text.parse().map_err(|error: ticketing::TicketRefError| {
        ApiError::Invalid(vec![Fault::new(pointer, "invalid", error.to_string())])
    })
}
