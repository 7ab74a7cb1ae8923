//! Errors as `application/problem+json` (RFC 9457), from one total match.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use desk::DeskError;
use serde::Serialize;
use ticketing::Refusal;
use utoipa::{IntoResponses, ToSchema};

use super::{fault::Fault, limit::Refused, trace::request_id};

/// A problem, RFC 9457.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable URI of the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "https://runbook-desk.example/problems/invalid")]
    pub kind: String,
    /// The kind of problem in words.
    #[schema(example = "The request has wrong values")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// A stable word for programs.
    #[schema(example = "invalid")]
    pub code: String,
    /// What happened this time.
    pub detail: String,
    /// The request's id, as in the log.
    pub request_id: String,
    /// Every fault of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// What the ticket's state allows: statuses and actions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal: Option<Vec<String>>,
    /// The key of the ticket that this one was merged into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// The resource's current `ETag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_etag: Option<String>,
}

/// The problems that any operation can answer with.
#[derive(IntoResponses)]
pub enum Problems {
    /// The request is malformed: not JSON, not UTF-8, a bad header.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// No valid access key.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// The key's role does not allow it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Too many requests with this key; see `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(Problem),
    /// The desk failed; nothing was written. The request id finds it in the log.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The database is away or overloaded; try again after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// Why a request is not answered as asked.
#[derive(Debug)]
pub enum ApiError {
    /// Not well-formed.
    Malformed(String),
    /// Well-formed with wrong values; every fault.
    Invalid(Vec<Fault>),
    /// No valid key.
    Unauthorized,
    /// Too many requests with one key.
    TooManyRequests(Refused),
    /// No such path.
    NoSuchPath,
    /// The path has no such method.
    MethodNotAllowed(String),
    /// Not the media type that is asked for.
    UnsupportedMediaType(String),
    /// Larger than allowed, in bytes.
    TooLarge(usize),
    /// The body did not arrive in time.
    TooSlow,
    /// `If-Match` is needed.
    PreconditionRequired,
    /// The desk refused or failed.
    Desk(DeskError),
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem().detail)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let problem = self.problem();
        if problem.status >= 500 && problem.status != 503 {
            tracing::error!(error = ?self, "a request failed");
        }
        let status = StatusCode::from_u16(problem.status);
        let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        response.content_type("application/problem+json");
        match self {
            Self::Unauthorized => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"runbook-desk\""));
            }
            Self::MethodNotAllowed(allowed) if !allowed.is_empty() => {
                response.insert_header((header::ALLOW, allowed.clone()));
            }
            _ => {}
        }
        if problem.status == 503 {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        if let Some(etag) = &problem.current_etag {
            response.insert_header((header::ETAG, etag.clone()));
        }
        let mut response = response.json(problem);
        if let Self::TooManyRequests(refused) = self {
            refused.write_headers(response.headers_mut());
        }
        response
    }
}

/// Status, code and title of a kind of problem.
type Kind = (u16, &'static str, &'static str);

const MALFORMED: Kind = (400, "malformed", "The request is malformed");
const UNAUTHORIZED: Kind = (401, "unauthorized", "An access key is needed");
const FORBIDDEN: Kind = (
    403,
    "forbidden",
    "The access key's role does not allow this",
);
const NOT_FOUND: Kind = (404, "not_found", "There is no such thing");
const METHOD: Kind = (405, "method_not_allowed", "The path has no such method");
const TIMEOUT: Kind = (408, "request_timeout", "The body did not arrive in time");
const CONFLICT: Kind = (409, "conflict", "The ticket's state does not allow this");
const KEY_RUNNING: Kind = (409, "request_running", "A request with this key is running");
const NAME_TAKEN: Kind = (409, "name_taken", "The name is taken");
const STALE: Kind = (412, "stale", "The ticket changed since you read it");
const TOO_LARGE: Kind = (413, "too_large", "The body is too large");
const MEDIA_TYPE: Kind = (
    415,
    "unsupported_media_type",
    "The body's media type is not taken here",
);
const INVALID: Kind = (422, "invalid", "The request has wrong values");
const KEY_REUSED: Kind = (
    422,
    "key_reused",
    "The Idempotency-Key belongs to another request",
);
const IF_MATCH: Kind = (428, "if_match_required", "If-Match is needed");
const RATE: Kind = (429, "too_many_requests", "Too many requests");
const INTERNAL: Kind = (500, "internal", "The desk failed");
const UNAVAILABLE: Kind = (503, "unavailable", "The desk cannot do this now");

impl ApiError {
    /// The problem that a client sees: nothing of the inside.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Malformed(detail) => Problem::new(MALFORMED, detail.clone()),
            Self::Invalid(errors) => {
                let mut problem = Problem::new(INVALID, invalid_detail(errors));
                problem.errors.clone_from(errors);
                problem
            }
            Self::Unauthorized => Problem::new(
                UNAUTHORIZED,
                "send a valid, unexpired key as `Authorization: Bearer rd_…`",
            ),
            Self::TooManyRequests(refused) => {
                Problem::new(RATE, format!("try again in {} s", refused.seconds))
            }
            Self::NoSuchPath => Problem::new(NOT_FOUND, "no such path; see /openapi.json"),
            Self::MethodNotAllowed(allowed) => Problem::new(METHOD, format!("allowed: {allowed}")),
            Self::UnsupportedMediaType(detail) => Problem::new(MEDIA_TYPE, detail.clone()),
            Self::TooLarge(limit) => {
                Problem::new(TOO_LARGE, format!("at most {limit} bytes are taken here"))
            }
            Self::TooSlow => Problem::new(TIMEOUT, "the body did not arrive in time"),
            Self::PreconditionRequired => Problem::new(
                IF_MATCH,
                "send the ETag of the ticket you read as If-Match, so that no update is lost",
            ),
            Self::Desk(error) => desk_problem(error),
        }
    }
}

fn desk_problem(error: &DeskError) -> Problem {
    match error {
        DeskError::NotFound { .. } => Problem::new(NOT_FOUND, error.to_string()),
        DeskError::Forbidden { .. } => Problem::new(FORBIDDEN, error.to_string()),
        DeskError::Refused(refusal) => refusal_problem(refusal),
        DeskError::Stale { current } => {
            let mut problem = Problem::new(STALE, error.to_string());
            problem.current_etag = Some(super::headers::etag(*current));
            problem
        }
        DeskError::KeyReused => Problem::new(KEY_REUSED, error.to_string()),
        DeskError::KeyRunning => Problem::new(KEY_RUNNING, error.to_string()),
        DeskError::NameTaken { .. } => Problem::new(NAME_TAKEN, error.to_string()),
        DeskError::Invalid { pointer, message } => {
            ApiError::Invalid(vec![Fault::new(*pointer, "invalid", message.clone())]).problem()
        }
        DeskError::Unavailable(_) => {
            Problem::new(UNAVAILABLE, "nothing was acknowledged; try again shortly")
        }
        DeskError::Internal(_) => {
            Problem::new(INTERNAL, "the request id finds the cause in the log")
        }
    }
}

fn refusal_problem(refusal: &Refusal) -> Problem {
    let mut problem = Problem::new(CONFLICT, refusal.to_string());
    match refusal {
        Refusal::IllegalMove { legal, .. } => {
            problem.legal = Some(legal.iter().map(|&word| word.to_owned()).collect());
        }
        Refusal::Merged { into } => {
            problem.code = "merged".to_owned();
            problem.merged_into = Some(into.to_string());
        }
        Refusal::NoSuchField { field, .. } => {
            let fault = Fault::new(format!("/{field}"), "no_such_field", refusal.to_string());
            return ApiError::Invalid(vec![fault]).problem();
        }
        Refusal::TooManyAttachments { .. } | Refusal::AttachmentsTooLarge { .. } => {
            let fault = Fault::new("/file", "quota", refusal.to_string());
            return ApiError::Invalid(vec![fault]).problem();
        }
        Refusal::NoSuchEscalation { .. } => return Problem::new(NOT_FOUND, refusal.to_string()),
        Refusal::ReopenWindowOver { .. }
        | Refusal::CannotMerge { .. }
        | Refusal::AlreadyAtLevel { .. }
        | Refusal::WrongDirection { .. }
        | Refusal::AlreadyAcknowledged { .. }
        | Refusal::IncidentClosed { .. }
        | Refusal::IncidentAcknowledged { .. }
        | Refusal::AlreadyRated => {}
    }
    problem
}

fn invalid_detail(errors: &[Fault]) -> String {
    match errors {
        [one] => format!("{}: {}", one.place(), one.message),
        many => format!("{} faults, listed in errors", many.len()),
    }
}

impl Problem {
    fn new((status, code, title): Kind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("https://runbook-desk.example/problems/{code}"),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            detail: detail.into(),
            request_id: request_id(),
            errors: Vec::new(),
            legal: None,
            merged_into: None,
            current_etag: None,
        }
    }
}
