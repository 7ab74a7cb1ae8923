//! Reading what a report is asked.

use actix_web::{HttpRequest, http::header};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use desk::{DeskError, ReportRequest, TicketFilter};
use ticketing::{
    Actor, Role,
    report::{Cohort, Dimension, ReportName, start_of},
};
use utoipa::IntoParams;

use crate::{
    http::{fault::Fault, problem::ApiError},
    tickets::filter::{for_each, instant, one, pairs, set_filter, several},
};

/// Which period, told apart by what.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; they are read one by one, so that every fault is named"
)]
pub(crate) struct ReportQuery {
    /// From this instant (RFC 3339), or from the beginning of this day in `tz`;
    /// 30 days before `to` by default, for the backlog ever.
    #[param(example = "2026-11-01")]
    from: Option<String>,
    /// Until before this instant, or the beginning of this day; now by default.
    #[param(example = "2026-12-01")]
    to: Option<String>,
    /// An IANA time zone whose days, weeks and months count; `UTC` by default.
    #[param(example = "Asia/Kathmandu")]
    tz: Option<String>,
    /// One or two of `day`, `week`, `month`, `kind`, `urgency`, `entry`, `level`,
    /// `assignee`, `source`, comma-separated.
    #[param(example = "month,urgency")]
    group_by: Option<String>,
    /// Which tickets the period holds: those `filed` in it (default), those
    /// `resolved` in it and still so, those `due` in it.
    cohort: Option<String>,
}

/// Which report, in which form.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) csv: bool,
}

/// The report's name, and whether CSV is asked for: by suffix, or because it
/// is accepted and JSON is not, or stands before it.
pub(super) fn format<'a>(name: &'a str, request: &HttpRequest) -> Wanted<'a> {
    if let Some(name) = name.strip_suffix(".csv") {
        return Wanted { name, csv: true };
    }
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok()).unwrap_or("");
    let place = |media_type: &str| accept.to_ascii_lowercase().find(media_type);
    let csv = match (place("text/csv"), place("application/json")) {
        (Some(csv), Some(json)) => csv < json,
        (Some(_), None) => true,
        (None, _) => false,
    };
    Wanted { name, csv }
}

/// Reads every parameter and names every fault.
pub(super) fn read(actor: &Actor, name: &str, query: &str) -> Result<ReportRequest, ApiError> {
    // Who may not see reports learns nothing of their parameters.
    if actor.role < Role::Lead {
        return Err(DeskError::Forbidden { needs: Role::Lead }.into());
    }
    let unknown = || DeskError::NotFound {
        what: "report",
        id: name.to_owned(),
    };
    let name: ReportName = name.parse().map_err(|_source| unknown())?;
    let mut faults = Vec::new();
    let mut filter = TicketFilter::default();
    let mut zone = Tz::UTC;
    let mut cohort = Cohort::Filed;
    let mut group_by: Vec<Dimension> = Vec::new();
    let (mut from, mut to) = (None, None);
    let pairs = pairs(query)?;
    for_each(&pairs, &mut faults, |name, value| {
        match name {
            "from" => from = Some(value.to_owned()),
            "to" => to = Some(value.to_owned()),
            "tz" => zone = time_zone(value)?,
            "cohort" => cohort = one(value)?,
            "group_by" => group_by = dimensions(value)?,
            name => set_filter(&mut filter, name, value)?,
        }
        Ok(())
    });
    let mut bound = |name, value: Option<String>| {
        let at = begin(&value?, zone);
        at.map_err(|message| faults.push(Fault::query(name, message)))
            .ok()
    };
    let (from, to) = (bound("from", from), bound("to", to));
    if !faults.is_empty() {
        return Err(ApiError::Invalid(faults));
    }
    Ok(ReportRequest {
        name,
        cohort,
        from,
        to,
        zone,
        group_by,
        filter,
    })
}

fn time_zone(value: &str) -> Result<Tz, String> {
    value.parse().map_err(|_source: chrono_tz::ParseError| {
        "must be an IANA time zone such as Asia/Kathmandu".to_owned()
    })
}

fn dimensions(value: &str) -> Result<Vec<Dimension>, String> {
    let found: Vec<Dimension> = several(value)?;
    match found.as_slice() {
        [_] => Ok(found),
        [first, second] if first != second => Ok(found),
        [_, _] => Err("must be two different ones".to_owned()),
        _ => Err("must be one or two, comma-separated".to_owned()),
    }
}

/// A day's beginning in the zone, or an instant.
fn begin(value: &str, zone: Tz) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = NaiveDate::parse_from_str(value, "%Y-%m-%d") {
        return Ok(start_of(zone, day));
    }
    instant(value).map_err(|message| format!("{message}, or a day such as 2026-11-22"))
}
