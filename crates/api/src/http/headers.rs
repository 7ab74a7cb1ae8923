//! Conditional and idempotent requests: their headers.

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{IF_MATCH, IF_NONE_MATCH},
};
use desk::{Precondition, RequestKey};
use sha2::{Digest, Sha256};
use std::future::{Ready, ready};

use super::problem::ApiError;

/// A ticket version's strong entity tag.
pub(crate) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// `If-Match`, where an operation takes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IfMatch(pub(crate) Precondition);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(if_match(request).map(Self))
    }
}

impl IfMatch {
    /// The version, where the operation insists on one.
    pub(crate) fn required(self, request: &HttpRequest) -> Result<Precondition, ApiError> {
        if request.headers().contains_key(IF_MATCH) {
            Ok(self.0)
        } else {
            Err(ApiError::PreconditionRequired)
        }
    }
}

fn if_match(request: &HttpRequest) -> Result<Precondition, ApiError> {
    let Some(header) = request.headers().get(IF_MATCH) else {
        return Ok(Precondition::Any);
    };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(Precondition::Any);
    }
    let version = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    match version.map(str::parse::<i64>) {
        Some(Ok(version)) => Ok(Precondition::Version(version)),
        // A tag that this desk never gave matches nothing.
        Some(Err(_)) => Ok(Precondition::Version(-1)),
        None => Err(ApiError::Malformed(
            "If-Match must be one strong entity tag such as \"3\", or *".to_owned(),
        )),
    }
}

/// Whether `If-None-Match` names this tag (RFC 9110 section 13.1.2).
pub(crate) fn none_match(request: &HttpRequest, etag: &str) -> bool {
    let header = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    header.is_some_and(|tags| {
        tags.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
    })
}

/// `Idempotency-Key` with the fingerprint of what it stands for.
pub(crate) fn request_key(
    request: &HttpRequest,
    body: &[u8],
) -> Result<Option<RequestKey>, ApiError> {
    let Some(header) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let key = header.to_str().unwrap_or_default();
    let fits = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits {
        return Err(ApiError::Malformed(
            "Idempotency-Key must have 1 to 255 visible ASCII characters".to_owned(),
        ));
    }
    let mut hash = Sha256::new();
    hash.update(request.method().as_str());
    hash.update([0]);
    // Path and query: the route with its arguments.
    hash.update(request.uri().to_string());
    hash.update([0]);
    hash.update(body);
    let fingerprint = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Some(RequestKey {
        key: key.to_owned(),
        fingerprint,
    }))
}
