//! `GET /events`: changes of tickets as server-sent events.

use std::{convert::Infallible, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Bytes, Data, Query},
};
use chrono::{DateTime, Utc};
use desk::{Desk, FeedReader, TicketChange};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use ticketing::{Actor, EventId, EventKind};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::{
    auth::Principal,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

/// How often a silent stream says that it lives; proxies cut silent ones.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Sent at once, so that the client sees the stream open; and how long it is to
/// wait before it comes back, in milliseconds.
const HELLO: &str = "retry: 2000\n: open\n\n";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// Only these kinds of events, comma-separated.
    #[serde(default)]
    #[param(example = "filed,escalated")]
    kind: Option<String>,
    /// As the header `Last-Event-ID`, which goes before it.
    #[serde(default)]
    last_event_id: Option<String>,
}

/// The `data` of one event: what happened to which ticket.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketChangeView {
    /// The event's id, as in the ticket's timeline.
    id: Uuid,
    /// The event's kind.
    #[schema(example = "commented")]
    kind: &'static str,
    /// The ticket's id.
    ticket: Uuid,
    /// The ticket's key.
    #[schema(example = "T-1042")]
    key: String,
    /// The ticket's version after the event.
    version: i64,
    /// When.
    at: DateTime<Utc>,
    /// The access key's name that caused it, or `runbook-desk`.
    by: String,
    /// The ticket's status, of this version or a later one.
    #[schema(example = "open")]
    status: &'static str,
    /// The ticket's level, of this version or a later one.
    level: u8,
}

impl TicketChangeView {
    fn of(change: &TicketChange) -> Self {
        Self {
            id: change.id.0,
            kind: change.kind,
            ticket: change.ticket.0,
            key: change.number.to_string(),
            version: change.version,
            at: change.at,
            by: change.by.clone(),
            status: change.status.as_str(),
            level: change.level.number(),
        }
    }
}

/// Follow changes of tickets
///
/// Server-sent events: `id` is the event's id, `event` its kind, `data` says
/// which ticket changed and how it stands; no texts. `Last-Event-ID` resumes: all that was
/// committed after that event is sent first. Nothing is left out; on PostgreSQL
/// a stream that resumes at another replica may repeat events of ten seconds.
/// A comment every 15 s keeps the connection alive. A client that reads too
/// slowly is cut off and resumes. A tool is told of its own tickets, and not of
/// internal comments.
#[utoipa::path(
    tag = "tickets",
    params(
        StreamQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event you have"),
    ),
    responses(
        (status = 200, description = "The stream; `data` of each event is a `TicketChangeView`",
         body = String, content_type = "text/event-stream"),
        (status = 422, description = "An unknown kind, or no event's id", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/events")]
pub(crate) async fn stream_events(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    query: Query<StreamQuery>,
) -> Result<HttpResponse, ApiError> {
    let kinds = kinds(query.kind.as_deref())?;
    let last = last_event(&request, &query)?;
    let reader = desk.read_events(&who.0, last).await?;
    let lines = Lines {
        desk: Desk::clone(&desk),
        actor: who.0,
        reader,
        kinds,
        heartbeat: heartbeat(),
        said_hello: false,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies of the nginx family hold streams back otherwise.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(lines.stream()))
}

fn kinds(text: Option<&str>) -> Result<Vec<String>, ApiError> {
    let words = text.unwrap_or_default().split(',').map(str::trim);
    let kinds: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if kinds
        .iter()
        .all(|kind| EventKind::NAMES.contains(&kind.as_str()))
    {
        return Ok(kinds);
    }
    let message = format!("must be among: {}", EventKind::NAMES.join(", "));
    Err(ApiError::Invalid(vec![Fault::query("kind", message)]))
}

fn last_event(request: &HttpRequest, query: &StreamQuery) -> Result<Option<EventId>, ApiError> {
    let header = request
        .headers()
        .get("last-event-id")
        .map(|value| value.to_str().unwrap_or("?"));
    let (name, text) = match header {
        Some(text) => ("Last-Event-ID", Some(text)),
        None => ("last_event_id", query.last_event_id.as_deref()),
    };
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let id = text.parse().ok().map(EventId);
    match id.filter(|id| id.at().is_some()) {
        Some(id) => Ok(Some(id)),
        None => Err(ApiError::Invalid(vec![Fault::query(
            name,
            "must be the id of an event",
        )])),
    }
}

fn heartbeat() -> Interval {
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}

/// A stream under way. Nothing is read ahead: the next change is asked for once
/// the connection has taken the last one.
struct Lines {
    desk: Desk,
    actor: Actor,
    reader: FeedReader,
    kinds: Vec<String>,
    heartbeat: Interval,
    said_hello: bool,
}

impl Lines {
    fn stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut lines| async {
            let line = lines.next().await?;
            Some((Ok(line), lines))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        if !self.said_hello {
            self.said_hello = true;
            return Some(Bytes::from_static(HELLO.as_bytes()));
        }
        loop {
            tokio::select! {
                change = self.reader.next() => {
                    let change = change?;
                    if self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == change.kind) {
                        return Some(line(&change));
                    }
                }
                _ = self.heartbeat.tick() => {
                    // A key that was revoked or ran out ends its streams.
                    if !self.desk.is_admitted(&self.actor).await.unwrap_or(true) {
                        return None;
                    }
                    return Some(Bytes::from_static(b": alive\n\n"));
                }
            }
        }
    }
}

fn line(change: &TicketChange) -> Bytes {
    // One line: JSON has no raw line breaks.
    let data = serde_json::to_string(&TicketChangeView::of(change)).unwrap_or_default();
    let (id, kind) = (change.id, change.kind);
    Bytes::from(format!("id: {id}\nevent: {kind}\ndata: {data}\n\n"))
}
