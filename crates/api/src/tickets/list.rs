//! `GET /tickets`.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use desk::{Cursor, Desk, ListRequest, Sort};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    filter::{FilterQuery, for_each, pairs, set_filter, yes_or_no},
    view::{TicketView, Viewer},
};
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

/// Which page of the list, in which order.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; they are read one by one, so that every fault is named"
)]
pub(crate) struct ListQuery {
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
    params(FilterQuery, ListQuery),
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
    let pairs = pairs(query)?;
    for_each(&pairs, &mut faults, |name, value| {
        set(&mut request, name, value)
    });
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
    match name {
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
        name => set_filter(&mut request.filter, name, value)?,
    }
    Ok(())
}
