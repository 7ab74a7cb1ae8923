//! Request ids and the request log: one line per request, never a body, a key
//! or a query's words.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use desk::Desk;
use ticketing::EventId;
use tracing::{Instrument, info, info_span};

use super::auth::Principal;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static ID: String;
}

/// The id of the request under way; empty outside of one.
pub(crate) fn request_id() -> String {
    ID.try_with(Clone::clone).unwrap_or_default()
}

/// Takes or makes the request's id, echoes it and logs the request.
pub async fn trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = taken(&request).unwrap_or_else(|| made(&request));
    let started = Instant::now();
    let method = request.method().clone();
    // The W3C trace id (traceparent, version 00) ties the line to a caller's trace.
    let trace_id = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split('-').nth(1))
        .filter(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .unwrap_or_default()
        .to_owned();
    let span = info_span!("request", request_id = %id, trace_id = %trace_id);
    let answered = ID
        .scope(id.clone(), next.call(request))
        .instrument(span.clone())
        .await;
    let mut response = answered?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let _entered = span.enter();
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "-".to_owned());
    let by = response
        .request()
        .extensions()
        .get::<Principal>()
        .map(|who| who.0.name.clone());
    info!(
        %method,
        route,
        status = response.status().as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        by = by.unwrap_or_default(),
        "answered"
    );
    Ok(response)
}

fn taken(request: &ServiceRequest) -> Option<String> {
    let value = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let fits =
        (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| value.to_owned())
}

fn made(request: &ServiceRequest) -> String {
    let desk = request.app_data::<Data<Desk>>();
    desk.map(|desk| EventId::new(desk.now(), desk.entropy()).to_string())
        .unwrap_or_default()
}
