//! `/on-call`: who takes which turns, and who has them now.

mod document;

use actix_web::{
    HttpRequest, HttpResponse, get, put,
    web::{Data, Json, Query},
};
use chrono::{DateTime, TimeDelta, Utc};
use desk::Desk;
use serde::{Deserialize, Serialize};
use ticketing::{Shift, shifts_as_ics};
use utoipa::{IntoParams, ToSchema};

use crate::http::{
    auth::Principal,
    body::Valid,
    fault::Fault,
    headers::{IfMatch, etag, none_match},
    problem::{ApiError, Problem, Problems},
};
use document::OnCallDocument;

/// The most days that one file of shifts covers.
const DAYS_MAX: i64 = 366;

/// Who is on call at one instant.
#[derive(Serialize, ToSchema)]
pub(crate) struct OnDutyList {
    /// The instant.
    at: DateTime<Utc>,
    /// One item per level with a schedule.
    items: Vec<OnDutyView>,
}

/// Who is on call at one level.
#[derive(Serialize, ToSchema)]
pub(crate) struct OnDutyView {
    /// The level.
    #[schema(minimum = 1, maximum = 4)]
    level: u8,
    /// Who; null where the schedule leaves a gap.
    #[schema(example = "Asha Rai")]
    person: Option<String>,
    /// When somebody else takes over; null in a gap. At most a year ahead.
    until: Option<DateTime<Utc>>,
    /// Whether an override says so.
    overridden: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OnDutyQuery {
    /// Another instant than now.
    at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShiftsQuery {
    /// From when; now without it.
    from: Option<DateTime<Utc>>,
    /// How many days; 90 without it.
    #[param(minimum = 1, maximum = 366)]
    days: Option<i64>,
    /// Only this level.
    #[param(minimum = 1, maximum = 4)]
    level: Option<u8>,
}

/// Read who takes which turns
///
/// As it was put, with its version as `ETag`: read it, change it, put it back.
#[utoipa::path(
    tag = "on call",
    params(("If-None-Match" = Option<String>, Header, description = "An `ETag` that is known: 304 when it is still so")),
    responses(
        (status = 200, description = "People and schedules", body = OnCallDocument,
         headers(("ETag" = String, description = "The version"))),
        (status = 304, description = "Still as you know it"),
        Problems,
    )
)]
#[get("/on-call")]
pub(crate) async fn on_call(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let found = desk.on_call(&who.0).await?;
    let tag = etag(found.version);
    if none_match(&request, &tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header(("etag", tag))
            .finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(("etag", tag))
        .json(OnCallDocument::from(&found.on_call)))
}

/// Replace who takes which turns
///
/// Leads. The whole document, under the `ETag` that was read, so that no change
/// of somebody else is lost. In force at once; other replicas follow within
/// seconds.
#[utoipa::path(
    tag = "on call",
    params(("If-Match" = String, Header, description = "The `ETag` that was read, or `*`")),
    request_body = OnCallDocument,
    responses(
        (status = 200, description = "As it is now", body = OnCallDocument,
         headers(("ETag" = String, description = "The version"))),
        (status = 412, description = "Somebody else changed it since", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is needed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[put("/on-call")]
pub(crate) async fn replace_on_call(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    seen: IfMatch,
    body: Valid<OnCallDocument>,
) -> Result<HttpResponse, ApiError> {
    let seen = seen.required(&request)?;
    let wanted = body.0.parse()?;
    let version = desk.replace_on_call(&who.0, seen, wanted).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("etag", etag(version.version)))
        .json(OnCallDocument::from(&version.on_call)))
}

/// Ask who is on call
///
/// At each level with a schedule, now or at another instant.
#[utoipa::path(
    tag = "on call",
    params(OnDutyQuery),
    responses(
        (status = 200, description = "Who, and until when", body = OnDutyList),
        (status = 422, description = "Not an instant", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/on-call/now")]
pub(crate) async fn who_is_on_call(
    desk: Data<Desk>,
    who: Principal,
    query: Query<OnDutyQuery>,
) -> Result<Json<OnDutyList>, ApiError> {
    let at = query.at.unwrap_or_else(|| desk.now());
    let turns = desk.on_call(&who.0).await?.on_call;
    let items = turns.schedules.iter().map(|schedule| {
        let shift = schedule.shift_at(at);
        OnDutyView {
            level: schedule.level.number(),
            until: shift.as_ref().map(|shift| shift.until),
            overridden: shift.as_ref().is_some_and(|shift| shift.overridden),
            person: shift.map(|shift| shift.person),
        }
    });
    Ok(Json(OnDutyList {
        at,
        items: items.collect(),
    }))
}

/// Export shifts as a calendar
///
/// iCalendar (RFC 5545), one event per shift, for everybody's own calendar.
#[utoipa::path(
    tag = "on call",
    params(ShiftsQuery),
    responses(
        (status = 200, description = "The shifts", body = String, content_type = "text/calendar"),
        (status = 422, description = "Wrong parameters, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/on-call.ics")]
pub(crate) async fn shifts(
    desk: Data<Desk>,
    who: Principal,
    query: Query<ShiftsQuery>,
) -> Result<HttpResponse, ApiError> {
    let now = desk.now();
    let (from, days) = (query.from.unwrap_or(now), query.days.unwrap_or(90));
    let mut faults = Vec::new();
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("must be 1 to {DAYS_MAX}");
        faults.push(Fault::query("days", message));
    }
    if query.level.is_some_and(|level| !(1..=4).contains(&level)) {
        faults.push(Fault::query("level", "must be 1 to 4"));
    }
    let until = TimeDelta::try_days(days).and_then(|days| from.checked_add_signed(days));
    let Some(until) = until.filter(|_| faults.is_empty()) else {
        if faults.is_empty() {
            faults.push(Fault::query("from", "is too far away"));
        }
        return Err(ApiError::Invalid(faults));
    };
    let mut shifts = desk.shifts(&who.0, from, until).await?;
    let wanted = |shift: &Shift| {
        query
            .level
            .is_none_or(|level| level == shift.level.number())
    };
    shifts.retain(wanted);
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .body(shifts_as_ics(&shifts, now)))
}
