//! `POST /tickets/batch`.

use actix_web::{
    HttpRequest, HttpResponse, post,
    web::{Data, Query},
};
use desk::{Answer, Desk, ItemResult};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ticketing::Draft;
use utoipa::{IntoParams, ToSchema};

use super::{
    file::parse_file_ticket,
    request::FileTicketSchema,
    view::{TicketView, Viewer},
};
use crate::http::{
    answer::{respond, stored},
    auth::Principal,
    body::{RawBody, RawTextSchema},
    fault::Fault,
    headers::request_key,
    problem::{ApiError, Problem, Problems},
};

const BATCH_MAX: usize = 1000;
const BATCH_BYTES: usize = 8 << 20;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchQuery {
    /// All or none: one item that cannot be filed files none.
    #[serde(default)]
    #[param(required = false)]
    atomic: bool,
}

/// What became of each item, in order.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchAnswer {
    /// One per item.
    results: Vec<BatchItem>,
}

/// What became of one item.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchItem {
    /// 201 filed, 200 was there, 422 or 400 wrong.
    #[schema(example = 201)]
    status: u16,
    /// The ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<TicketView>,
    /// Why it was not filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// File many tickets at once
///
/// Up to 1,000 as a JSON array, or one JSON object per line as
/// `application/x-ndjson`. One result per item, in order. With `atomic=true`
/// all are filed or none.
#[utoipa::path(
    tag = "tickets",
    params(
        BatchQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe; kept for 24 h"),
    ),
    request_body(content(
        (Vec<FileTicketSchema> = "application/json"),
        (RawTextSchema = "application/x-ndjson"),
    )),
    responses(
        (status = 200, description = "One result per item", body = BatchAnswer),
        (status = 409, description = "A request with this Idempotency-Key is running; or atomic and an item was filed before", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Neither JSON nor NDJSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Too many items; atomic and an item is wrong; or the Idempotency-Key belongs to another request", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/tickets/batch")]
pub(crate) async fn file_tickets(
    desk: Data<Desk>,
    who: Principal,
    request: HttpRequest,
    query: Query<BatchQuery>,
    body: RawBody<BATCH_BYTES>,
) -> Result<HttpResponse, ApiError> {
    let key = request_key(&request, &body.bytes)?;
    let items = items(&body)?;
    let parsed: Vec<Result<Draft, ApiError>> = items
        .iter()
        .map(|item| parse_file_ticket(item).map(Draft::from))
        .collect();
    if query.atomic {
        refuse_faulty(&parsed)?;
    }
    let viewer = Viewer::of(&who.0);
    let drafts: Vec<Draft> = parsed
        .iter()
        .filter_map(|item| item.as_ref().ok())
        .cloned()
        .collect();
    if drafts.is_empty() {
        let answer = stored(200, None, None, &answer(&parsed, &[], &viewer));
        return Ok(respond(Answer::Fresh(answer)));
    }
    let render = |filed: &[ItemResult]| stored(200, None, None, &answer(&parsed, filed, &viewer));
    match desk
        .file_tickets(&who.0, drafts, query.atomic, key.as_ref(), render)
        .await?
    {
        Ok(answer) => Ok(respond(answer)),
        Err(index) => Err(ApiError::Invalid(vec![Fault::new(
            format!("/{index}/external_ref"),
            "taken",
            "was filed before; atomic files all or none",
        )])),
    }
}

/// The items' texts: each is parsed on its own, so that one fault is its own.
fn items(body: &RawBody<BATCH_BYTES>) -> Result<Vec<Vec<u8>>, ApiError> {
    let items: Vec<Vec<u8>> = match body.media_type.as_str() {
        "application/json" => {
            let items: Vec<&RawValue> = serde_json::from_slice(&body.bytes).map_err(|error| {
                ApiError::Malformed(format!(
                    "the body is not a JSON array: line {} column {}",
                    error.line(),
                    error.column()
                ))
            })?;
            items
                .into_iter()
                .map(|item| item.get().as_bytes().to_vec())
                .collect()
        }
        "application/x-ndjson" | "application/ndjson" => {
            let lines = body.bytes.split(|byte| *byte == b'\n');
            lines
                .filter(|line| !line.trim_ascii().is_empty())
                .map(<[u8]>::to_vec)
                .collect()
        }
        _ => {
            let wanted = "send application/json or application/x-ndjson";
            return Err(ApiError::UnsupportedMediaType(wanted.to_owned()));
        }
    };
    if items.is_empty() || items.len() > BATCH_MAX {
        let message = format!("must have 1 to {BATCH_MAX} items, has {}", items.len());
        return Err(ApiError::Invalid(vec![Fault::new("", "too_many", message)]));
    }
    Ok(items)
}

fn refuse_faulty(parsed: &[Result<Draft, ApiError>]) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    for (index, item) in parsed.iter().enumerate() {
        match item {
            Ok(_) => {}
            Err(ApiError::Invalid(found)) => faults.extend(found.iter().map(|fault| Fault {
                pointer: format!("/{index}{}", fault.pointer),
                ..fault.clone()
            })),
            Err(other) => {
                faults.push(Fault::new(
                    format!("/{index}"),
                    "malformed",
                    other.problem().detail,
                ));
            }
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(ApiError::Invalid(faults))
    }
}

fn answer(
    parsed: &[Result<Draft, ApiError>],
    filed: &[ItemResult],
    viewer: &Viewer,
) -> BatchAnswer {
    let mut filed = filed.iter();
    let results = parsed.iter().filter_map(|item| {
        let item = match item {
            Err(error) => {
                let problem = error.problem();
                BatchItem {
                    status: problem.status,
                    ticket: None,
                    problem: Some(problem),
                }
            }
            Ok(_) => {
                let (status, filed) = match filed.next()? {
                    ItemResult::Filed(filed) => (201, filed),
                    ItemResult::Existing(filed) => (200, filed),
                };
                BatchItem {
                    status,
                    ticket: Some(TicketView::filed(filed, viewer)),
                    problem: None,
                }
            }
        };
        Some(item)
    });
    BatchAnswer {
        results: results.collect(),
    }
}
