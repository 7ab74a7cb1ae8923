//! `GET /reports/…`: figures as JSON or CSV.

mod ask;
mod backlog_view;
mod csv;
pub(crate) mod digest;
mod digest_view;
mod figures_view;
mod kpis_view;
mod links;
mod view;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Data, Path},
};
use desk::Desk;

use crate::{
    http::{
        auth::Principal,
        problem::{ApiError, Problem, Problems},
    },
    tickets::filter::FilterQuery,
};

/// A report
///
/// For leads: `sla` (compliance, percentiles), `volume`, `escalations`,
/// `entries` (the commonest issues, and what no entry covers), `agents`, `kpis`
/// (each target of the runbook beside its figure, and the trend), `backlog`
/// (what is open now, by age, and what breaches next). Every answer states its
/// cohort, population, time zone and unit, and each figure how many it is of.
/// Cancelled and merged tickets are left out and counted apart; a figure of
/// nothing is null; groups sum to the whole; `links` lead to the very tickets
/// behind a figure. CSV by `Accept: text/csv` or by `.csv` behind the name.
#[utoipa::path(
    tag = "reports",
    params(
        ("report" = String, Path, example = "sla",
         description = "`sla`, `volume`, `escalations`, `entries`, `agents`, `kpis` or `backlog`, and for CSV `sla.csv` …"),
        ask::ReportQuery,
        FilterQuery,
    ),
    responses(
        (status = 200, description = "The report",
         content((view::ReportView = "application/json"), (String = "text/csv")),
         headers(("Link" = String, description = "rel=\"related\": the tickets that the report counts"))),
        (status = 404, description = "No such report", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong parameters, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/reports/{report}")]
pub(crate) async fn report(
    desk: Data<Desk>,
    who: Principal,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let wanted = ask::format(&name, &request);
    let asked = ask::read(&who.0, wanted.name, request.query_string())?;
    let filter = asked.filter.clone();
    let report = desk.report(&who.0, asked).await?;
    let view = view::ReportView::of(&report, &filter);
    let mut response = HttpResponse::Ok();
    if let Some(link) = view.tickets() {
        let link = format!("<{link}>; rel=\"related\"; title=\"tickets\"");
        response.insert_header((header::LINK, link));
    }
    if wanted.csv {
        Ok(csv::respond(response, &view))
    } else {
        Ok(response.json(view))
    }
}
