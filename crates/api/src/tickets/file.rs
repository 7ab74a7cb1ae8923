//! `POST /tickets`.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use desk::{Desk, Filed, FiledAnswer, StoredAnswer};
use ticketing::Draft;

use super::{
    markdown,
    request::{FileTicket, FileTicketSchema},
    view::{TicketView, Viewer},
};
use crate::http::{
    answer::{respond, stored},
    auth::Principal,
    body::{RawBody, RawTextSchema, parse_as},
    headers::{etag, request_key},
    problem::{ApiError, Problem, Problems},
};

/// File a ticket
///
/// JSON by `kind`, or the runbook's template filled in as `text/markdown`
/// (faults then name the line). The ticket is classified against the runbook,
/// gets its level with the reasons, and its SLA clocks start. With an
/// `Idempotency-Key` a repeat answers as the first did; an `external_ref` that
/// you used before answers 200 with the ticket that is there.
#[utoipa::path(
    tag = "tickets",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
    ),
    request_body(content(
        (FileTicketSchema = "application/json"),
        (RawTextSchema = "text/markdown", example = "Title: Cannot pay with eSewa\nSeverity: High\nActual: gateway error"),
    )),
    responses(
        (status = 201, description = "Filed", body = TicketView,
         headers(("Location" = String, description = "Where the ticket is"), ("ETag" = String, description = "Its version"))),
        (status = 200, description = "Filed before under this external_ref", body = TicketView),
        (status = 409, description = "A request with this Idempotency-Key is running", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Neither JSON nor Markdown, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed; or the Idempotency-Key belongs to another request", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/tickets")]
pub(crate) async fn file_ticket(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    let key = request_key(&request, &body.bytes)?;
    let draft = draft(&desk, &body)?;
    let viewer = Viewer::of(&who.0);
    let render = |filed: &Filed| filed_answer(filed, &viewer);
    Ok(
        match desk
            .file_ticket(&who.0, draft, key.as_ref(), render)
            .await?
        {
            FiledAnswer::Answer(answer) => respond(answer),
            FiledAnswer::Existing(filed) => {
                let tag = etag(filed.ticket.version);
                HttpResponse::Ok()
                    .insert_header(("etag", tag))
                    .json(TicketView::filed(&filed, &viewer))
            }
        },
    )
}

fn draft(desk: &Desk, body: &RawBody) -> Result<Draft, ApiError> {
    match body.media_type.as_str() {
        "application/json" => Ok(parse_file_ticket(&body.bytes)?.into()),
        "text/markdown" => markdown::draft(desk, &body.bytes),
        _ => Err(ApiError::UnsupportedMediaType(
            "send application/json or text/markdown".to_owned(),
        )),
    }
}

/// Parses a filing; the schema that faults are told by is that of its kind.
pub(crate) fn parse_file_ticket(bytes: &[u8]) -> Result<FileTicket, ApiError> {
    #[derive(serde::Deserialize)]
    struct KindOnly {
        kind: Option<String>,
    }
    parse_as(bytes, || {
        let kind = serde_json::from_slice::<KindOnly>(bytes)
            .ok()
            .and_then(|found| found.kind);
        component(kind.as_deref())
            .unwrap_or("FileTicket")
            .to_owned()
    })
}

/// The component of a kind.
pub(crate) fn component(kind: Option<&str>) -> Option<&'static str> {
    match kind {
        Some("bug") => Some("BugReport"),
        Some("feature") => Some("FeatureRequest"),
        _ => None,
    }
}

fn filed_answer(filed: &Filed, viewer: &Viewer) -> StoredAnswer {
    let location = format!("/v1/tickets/{}", filed.ticket.id);
    let view = TicketView::filed(filed, viewer);
    stored(201, Some(location), Some(etag(filed.ticket.version)), &view)
}
