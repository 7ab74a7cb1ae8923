//! `PATCH /tickets/{ticket}`.

use actix_web::{
    HttpRequest, HttpResponse, patch,
    web::{Data, Path},
};
use desk::{Act, Desk};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use ticketing::{AffectedUsers, Patch, ReporterPatch, Status};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    change::changed_answer,
    checks,
    find::ticket_ref,
    request::{AffectedUsersWord, PriorityWord, SeverityWord},
    view::{TicketView, Viewer},
};
use crate::http::{
    answer::respond,
    auth::Principal,
    body::Valid,
    headers::IfMatch,
    problem::{ApiError, Problem, Problems},
};

/// A JSON merge patch (RFC 7396): what is absent stays, `null` removes.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"severity": "critical", "assignee": "asha", "tags": ["checkout", "vip"]}))]
pub(crate) struct PatchTicket {
    /// `open` or `pending`; other statuses have actions of their own.
    #[serde(default)]
    status: Option<WorkStatus>,
    /// Who works on it; null puts it down.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    #[validate(custom(function = checks::line))]
    assignee: Option<Option<String>>,
    /// One line.
    #[serde(default)]
    #[validate(custom(function = checks::line))]
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// Of a bug.
    #[serde(default)]
    severity: Option<SeverityWord>,
    /// Of a feature.
    #[serde(default)]
    priority: Option<PriorityWord>,
    /// Of a bug.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<AffectedUsersWord>)]
    affected_users: Option<Option<AffectedUsersWord>>,
    /// All labels.
    #[serde(default)]
    #[validate(custom(function = checks::tags))]
    #[schema(max_items = 20)]
    tags: Option<Vec<String>>,
    /// Merged into the metadata.
    #[serde(default)]
    #[validate(custom(function = checks::metadata))]
    #[schema(value_type = Option<HashMap<String, serde_json::Value>>)]
    metadata: Option<Map<String, Value>>,
    /// Merged into the reporter.
    #[serde(default)]
    #[validate(nested)]
    reporter: Option<PatchReporter>,
}

/// Changes of the reporter; null removes.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatchReporter {
    /// Name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    #[validate(custom(function = checks::line))]
    name: Option<Option<String>>,
    /// Mail address.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 254)]
    #[validate(custom(function = checks::email))]
    email: Option<Option<String>>,
    /// Phone number.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    #[validate(custom(function = checks::line))]
    phone: Option<Option<String>>,
    /// Language tag.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    #[validate(custom(function = checks::line))]
    locale: Option<Option<String>>,
}

/// The statuses that are set by hand.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkStatus {
    /// Being worked on.
    Open,
    /// Waiting for the customer.
    Pending,
}

/// Tells `null` from absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Change a ticket
///
/// With `If-Match`, so that no update is lost: 428 without, 412 with the
/// current `ETag` when somebody else was first. `application/json` is taken for
/// the same.
#[utoipa::path(
    tag = "tickets",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        ("If-Match" = String, Header, description = "The ETag of the ticket you read, or `*`", example = "\"3\""),
    ),
    request_body(content = PatchTicket, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The ticket after it", body = TicketView,
         headers(("ETag" = String, description = "Its version"))),
        (status = 404, description = "No such ticket", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it; `legal` says what does", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It changed since you read it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[patch("/tickets/{ticket}")]
pub(crate) async fn patch_ticket(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    path: Path<String>,
    seen: IfMatch,
    body: Valid<PatchTicket>,
) -> Result<HttpResponse, ApiError> {
    let ticket = ticket_ref(&path)?;
    let seen = seen.required(&request)?;
    let act = Act {
        actor: &who.0,
        ticket,
        seen,
        request: None,
    };
    let viewer = Viewer::of(&who.0);
    let render = |changed: &_| changed_answer(changed, &viewer);
    Ok(respond(
        desk.patch_ticket(act, body.0.into(), render).await?,
    ))
}

impl From<PatchTicket> for Patch {
    fn from(patch: PatchTicket) -> Self {
        Self {
            status: patch.status.map(|status| match status {
                WorkStatus::Open => Status::Open,
                WorkStatus::Pending => Status::Pending,
            }),
            assignee: patch.assignee,
            title: patch.title,
            severity: patch.severity.map(Into::into),
            priority: patch.priority.map(Into::into),
            affected_users: patch
                .affected_users
                .map(|count| count.map(AffectedUsers::from)),
            tags: patch.tags,
            metadata: patch.metadata,
            reporter: patch.reporter.map(|reporter| ReporterPatch {
                name: reporter.name,
                email: reporter.email,
                phone: reporter.phone,
                locale: reporter.locale,
            }),
            masked: Vec::new(),
        }
    }
}
