//! `GET /tickets`.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use desk::{Cursor, Desk, ListRequest, Sort, TicketFilter};
use serde::Serialize;
use std::str::FromStr;
use ticketing::IncidentId;
use utoipa::{IntoParams, ToSchema};

use super::view::{TicketView, Viewer};
use crate::http::{
    auth::Principal,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

/// A page of tickets.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketPage {
    /// The tickets.
    items: Vec<TicketView>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
    /// How many there are in all; with `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// The filters of a list of tickets. Lists such as `status` take several
/// values, comma-separated, and match any of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; they are read one by one, so that every fault is named"
)]
pub(crate) struct ListQuery {
    /// `new`, `open`, `pending`, `resolved`, `closed`.
    #[param(example = "new,open")]
    status: Option<String>,
    /// `bug` or `feature`.
    kind: Option<String>,
    /// `critical`, `high`, `medium`, `low`.
    urgency: Option<String>,
    /// 1 to 4.
    level: Option<String>,
    /// A name; empty for unassigned tickets.
    assignee: Option<String>,
    /// A runbook entry's slug; empty for tickets without one.
    entry: Option<String>,
    /// A label.
    tag: Option<String>,
    /// The access key's name that filed them.
    source: Option<String>,
    /// The reporter's mail address.
    reporter: Option<String>,
    /// The source's own name.
    external_ref: Option<String>,
    /// Filed at or after, RFC 3339.
    created_from: Option<DateTime<Utc>>,
    /// Filed before, RFC 3339.
    created_to: Option<DateTime<Utc>>,
    /// Whether a clock is breached.
    breached: Option<bool>,
    /// Whether a clock is at risk.
    at_risk: Option<bool>,
    /// An incident's id: its tickets.
    incident: Option<String>,
    /// Words that all occur; `"a phrase"`; `prefix*`.
    q: Option<String>,
    /// `-created` (default, newest first), `created`, `-updated`, `urgency`,
    /// `due`, or with `q` `relevance`.
    sort: Option<String>,
    /// 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Whether to count all matches.
    count: Option<bool>,
}

/// List tickets
///
/// Filtered, sorted, in pages that stay stable under inserts. A tool sees the
/// tickets that it filed.
#[utoipa::path(
    tag = "tickets",
    params(ListQuery),
    responses(
        (status = 200, description = "A page", body = TicketPage,
         headers(("Link" = String, description = "rel=\"next\", where there is a next page"))),
        (status = 422, description = "Wrong parameters, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets")]
pub(crate) async fn list_tickets(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let asked = read(request.query_string())?;
    let limit = asked.limit;
    let page = desk
        .list_tickets(&who.0, asked)
        .await?
        .map_err(|error| ApiError::Invalid(vec![Fault::query("cursor", error.to_string())]))?;
    let viewer = Viewer::of(&who.0);
    let next = page.next.as_ref().map(Cursor::encode);
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next {
        let link = next_link(&request, next, limit);
        response.insert_header(("link", link));
    }
    Ok(response.json(TicketPage {
        items: page
            .items
            .iter()
            .map(|ticket| TicketView::of(ticket, &viewer))
            .collect(),
        next_cursor: next,
        total: page.total,
    }))
}

fn next_link(request: &HttpRequest, cursor: &str, limit: u64) -> String {
    let kept = request.query_string().split('&').filter(|pair| {
        !pair.is_empty() && !pair.starts_with("cursor=") && !pair.starts_with("limit=")
    });
    let kept: String = kept.map(|pair| format!("{pair}&")).collect();
    format!(
        "<{}?{kept}limit={limit}&cursor={cursor}>; rel=\"next\"",
        request.path()
    )
}

/// Reads every parameter and names every fault.
fn read(query: &str) -> Result<ListRequest, ApiError> {
    let mut faults = Vec::new();
    let mut request = ListRequest {
        limit: 50,
        ..ListRequest::default()
    };
    let pairs: Vec<(String, String)> = match serde_urlencoded::from_str(query) {
        Ok(pairs) => pairs,
        Err(_) => {
            return Err(ApiError::Malformed(
                "the query is not form-encoded".to_owned(),
            ));
        }
    };
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &pairs {
        if seen.contains(&name.as_str()) {
            let message = "stands twice; separate values with commas";
            faults.push(Fault::query(name, message));
        }
        seen.push(name);
        if let Err(message) = set(&mut request, name, value) {
            faults.push(Fault::query(name, message));
        }
    }
    if request.sort == Sort::Relevance && request.filter.q.is_none() {
        faults.push(Fault::query("sort", "relevance needs q"));
    }
    if faults.is_empty() {
        Ok(request)
    } else {
        Err(ApiError::Invalid(faults))
    }
}

fn set(request: &mut ListRequest, name: &str, value: &str) -> Result<(), String> {
    let filter: &mut TicketFilter = &mut request.filter;
    let text = || {
        if value.contains('\0') {
            Err("must not have NUL".to_owned())
        } else {
            Ok(Some(value.to_owned()))
        }
    };
    match name {
        "status" => filter.status = several(value)?,
        "kind" => filter.kind = Some(one(value)?),
        "urgency" => filter.urgency = several(value)?,
        "level" => {
            let levels: Vec<runbook::Level> = several(value)?;
            filter.level = levels.into_iter().map(runbook::Level::number).collect();
        }
        "assignee" => filter.assignee = text()?,
        "entry" => filter.entry = text()?,
        "tag" => filter.tag = text()?,
        "source" => filter.source = text()?,
        "reporter" => filter.reporter = text()?,
        "external_ref" => filter.external_ref = text()?,
        "created_from" => filter.created_from = Some(instant(value)?),
        "created_to" => filter.created_to = Some(instant(value)?),
        "breached" => filter.breached = Some(yes_or_no(value)?),
        "at_risk" => filter.at_risk = Some(yes_or_no(value)?),
        "incident" => filter.incident = Some(incident(value)?),
        "q" => filter.q = text()?,
        "sort" => {
            request.sort = match value {
                "-created" => Sort::Created,
                "created" => Sort::CreatedAscending,
                "-updated" => Sort::Updated,
                "urgency" => Sort::Urgency,
                "due" => Sort::Due,
                "relevance" => Sort::Relevance,
                _ => {
                    let allowed = "-created, created, -updated, urgency, due, relevance";
                    return Err(format!("must be one of: {allowed}"));
                }
            }
        }
        "limit" => {
            let limit = value.parse().ok().filter(|limit| (1..=200).contains(limit));
            request.limit = limit.ok_or("must be a number from 1 to 200")?;
        }
        "cursor" => request.after = Some(Cursor::decode(value).map_err(|e| e.to_string())?),
        "count" => request.count = yes_or_no(value)?,
        _ => return Err("is not a parameter here".to_owned()),
    }
    Ok(())
}

fn one<T: FromStr<Err: ToString>>(value: &str) -> Result<T, String> {
    value.parse().map_err(|error: T::Err| error.to_string())
}

fn several<T: FromStr<Err: ToString>>(value: &str) -> Result<Vec<T>, String> {
    value.split(',').map(|part| one(part.trim())).collect()
}

fn yes_or_no(value: &str) -> Result<bool, String> {
    value
        .parse()
        .map_err(|_source: std::str::ParseBoolError| "must be true or false".to_owned())
}

fn instant(value: &str) -> Result<DateTime<Utc>, String> {
    let parsed = DateTime::parse_from_rfc3339(value);
    parsed
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_source: chrono::ParseError| {
            "must be an RFC 3339 instant such as 2026-11-22T10:00:00Z (a + is written %2B)"
                .to_owned()
        })
}

fn incident(value: &str) -> Result<IncidentId, String> {
    value
        .parse()
        .map(IncidentId)
        .map_err(|_source: uuid::Error| "must be an incident's id".to_owned())
}
