//! `GET /reports/digest`: a digest as it is mailed to leads, to look at.

use actix_web::{
    HttpRequest, get,
    web::{Data, Json},
};
use chrono::{DateTime, Utc};
use desk::{Desk, DeskError};
use ticketing::{Actor, Role, digest::DigestPeriod};
use utoipa::IntoParams;

use super::digest_view::DigestView;
use crate::{
    http::{
        auth::Principal,
        fault::Fault,
        problem::{ApiError, Problem, Problems},
    },
    tickets::filter::{for_each, instant, one, pairs},
};

/// Which digest.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; they are read one by one, so that every fault is named"
)]
pub(crate) struct DigestQuery {
    /// `daily`, `weekly` (default) or `monthly`.
    #[param(example = "weekly")]
    period: Option<String>,
    /// The one that was due last at this instant (RFC 3339); now by default.
    #[param(example = "2026-11-23T08:00:00Z")]
    at: Option<String>,
}

/// Show a digest
///
/// For leads: what the desk mails them on its schedule, as of now. The figures
/// of the tickets filed in the period are those of the reports `sla`, `kpis`,
/// `entries` and `backlog`; with them what breached and why, what the runbook
/// lacks, and its checklist, ticked where the desk knows by itself that a check
/// is done. `text` is the letter. Asking mails nothing, and a kind that is not
/// mailed can be looked at, too.
#[utoipa::path(
    tag = "reports",
    params(DigestQuery),
    responses(
        (status = 200, description = "The digest", body = DigestView),
        (status = 422, description = "Wrong parameters, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/reports/digest")]
pub(crate) async fn preview_digest(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
) -> Result<Json<DigestView>, ApiError> {
    let (period, at) = read(&who.0, request.query_string())?;
    let preview = desk.preview_digest(&who.0, period, at).await?;
    Ok(Json(DigestView::of(&preview)))
}

fn read(actor: &Actor, query: &str) -> Result<(DigestPeriod, Option<DateTime<Utc>>), ApiError> {
    // Who may not see reports learns nothing of their parameters.
    if actor.role < Role::Lead {
        return Err(DeskError::Forbidden { needs: Role::Lead }.into());
    }
    let (mut period, mut at) = (DigestPeriod::Weekly, None);
    let mut faults: Vec<Fault> = Vec::new();
    let pairs = pairs(query)?;
    for_each(&pairs, &mut faults, |name, value| {
        match name {
            "period" => period = one(value)?,
            "at" => at = Some(instant(value)?),
            _ => return Err("is not a parameter here".to_owned()),
        }
        Ok(())
    });
    if faults.is_empty() {
        Ok((period, at))
    } else {
        Err(ApiError::Invalid(faults))
    }
}
