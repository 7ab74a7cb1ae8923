//! Answers that may be kept and replayed.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use desk::{Answer, StoredAnswer};
use serde::Serialize;

/// An answer with a body that is rendered once.
pub(crate) fn stored(
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    body: &impl Serialize,
) -> StoredAnswer {
    let body = serde_json::to_string(body).unwrap_or_default();
    StoredAnswer {
        status,
        location,
        etag,
        body,
    }
}

/// The response of an answer, fresh or replayed.
pub(crate) fn respond(answer: Answer) -> HttpResponse {
    match answer {
        Answer::Fresh(stored) => response(stored, false),
        Answer::Replayed(stored) => response(stored, true),
    }
}

fn response(stored: StoredAnswer, replayed: bool) -> HttpResponse {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.content_type("application/json");
    if let Some(location) = stored.location {
        response.insert_header((header::LOCATION, location));
    }
    if let Some(etag) = stored.etag {
        response.insert_header((header::ETAG, etag));
    }
    if replayed {
        response.insert_header(("idempotent-replayed", "true"));
    }
    response.body(stored.body)
}
