//! The filters of lists and reports: which tickets.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use desk::TicketFilter;
use ticketing::IncidentId;
use utoipa::IntoParams;

use crate::http::{fault::Fault, problem::ApiError};

/// Which tickets. Lists such as `status` take several values, comma-separated,
/// and match any of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; they are read one by one, so that every fault is named"
)]
pub(crate) struct FilterQuery {
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
    /// Resolved at or after, and still so, RFC 3339.
    resolved_from: Option<DateTime<Utc>>,
    /// Resolved before, and still so, RFC 3339.
    resolved_to: Option<DateTime<Utc>>,
    /// The deadline lies at or after: the resolution's, or the first response's
    /// where there is no resolution target.
    due_from: Option<DateTime<Utc>>,
    /// The deadline lies before.
    due_to: Option<DateTime<Utc>>,
    /// Whether reports count it: neither cancelled nor merged.
    counted: Option<bool>,
    /// `resolved`, `cancelled` or `merged`.
    closed_as: Option<String>,
    /// How the first-response clock counts: `met`, `breached` (also open past
    /// its due instant), `open`, `cancelled`, `without`.
    first_response: Option<String>,
    /// How the resolution clock counts, likewise.
    resolution: Option<String>,
    /// Whether it was answered, or resolved, at least once.
    answered: Option<bool>,
    /// Whether it was ever above level 1.
    escalated: Option<bool>,
    /// Whether it was resolved at least once.
    ever_resolved: Option<bool>,
    /// Whether it was taken up again after a resolution.
    reopened: Option<bool>,
    /// The reporter's score, 1 to 5.
    score: Option<String>,
    /// How it was classified: `auto`, `offered`, `none`, `corrected`,
    /// `confirmed`.
    method: Option<String>,
}

/// A query's parameters, each with its value.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, ApiError> {
    serde_urlencoded::from_str(query)
        .map_err(|_source| ApiError::Malformed("the query is not form-encoded".to_owned()))
}

/// Sets each parameter once, and names every fault.
pub(crate) fn for_each(
    pairs: &[(String, String)],
    faults: &mut Vec<Fault>,
    mut set: impl FnMut(&str, &str) -> Result<(), String>,
) {
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in pairs {
        if seen.contains(&name.as_str()) {
            let message = "stands twice; separate values with commas";
            faults.push(Fault::query(name, message));
        }
        seen.push(name);
        if let Err(message) = set(name, value) {
            faults.push(Fault::query(name, message));
        }
    }
}

/// Sets a filter by its name.
pub(crate) fn set_filter(filter: &mut TicketFilter, name: &str, value: &str) -> Result<(), String> {
    let text = || {
        if value.contains('\0') {
            Err("must not have NUL".to_owned())
        } else {
            Ok(Some(value.to_owned()))
        }
    };
    let figures = &mut filter.figures;
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
        "resolved_from" => figures.resolved_from = Some(instant(value)?),
        "resolved_to" => figures.resolved_to = Some(instant(value)?),
        "due_from" => figures.due_from = Some(instant(value)?),
        "due_to" => figures.due_to = Some(instant(value)?),
        "counted" => figures.counted = Some(yes_or_no(value)?),
        "closed_as" => figures.closed_as = Some(one(value)?),
        "first_response" => figures.first_response = several(value)?,
        "resolution" => figures.resolution = several(value)?,
        "answered" => figures.answered = Some(yes_or_no(value)?),
        "escalated" => figures.escalated = Some(yes_or_no(value)?),
        "ever_resolved" => figures.ever_resolved = Some(yes_or_no(value)?),
        "reopened" => figures.reopened = Some(yes_or_no(value)?),
        "score" => figures.score = scores(value)?,
        "method" => figures.method = several(value)?,
        _ => return Err("is not a parameter here".to_owned()),
    }
    Ok(())
}

/// One value of a closed set.
pub(crate) fn one<T: FromStr<Err: ToString>>(value: &str) -> Result<T, String> {
    value.parse().map_err(|error: T::Err| error.to_string())
}

/// Values of a closed set, comma-separated.
pub(crate) fn several<T: FromStr<Err: ToString>>(value: &str) -> Result<Vec<T>, String> {
    value.split(',').map(|part| one(part.trim())).collect()
}

pub(crate) fn yes_or_no(value: &str) -> Result<bool, String> {
    value
        .parse()
        .map_err(|_source: std::str::ParseBoolError| "must be true or false".to_owned())
}

pub(crate) fn instant(value: &str) -> Result<DateTime<Utc>, String> {
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

fn scores(value: &str) -> Result<Vec<u8>, String> {
    let score = |part: &str| {
        let score = part.trim().parse().ok();
        score.filter(|score| (1..=5).contains(score))
    };
    let scores: Option<Vec<u8>> = value.split(',').map(score).collect();
    scores.ok_or_else(|| "must be numbers from 1 to 5".to_owned())
}
