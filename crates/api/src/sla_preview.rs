//! `POST /sla/preview`: the SLA engine on cases of your own.

mod cases;

use actix_web::{HttpResponse, post, web::Json};
use serde::Deserialize;
use serde_json::Value;
use sla::{Calendar, Clock, ClockKind, DueError, Event, EventKind, Terms};

use self::cases::{
    PreviewAnswer, PreviewBody, PreviewCase, PreviewClock, PreviewEvent, PreviewEventKind,
    PreviewJudgement, PreviewOp, PreviewResult, PreviewResults,
};
use crate::http::{
    auth::Principal,
    body::RawBody,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

const BODY_MAX: usize = 8 << 20;
const CASES_MAX: usize = 1000;
/// One explanation is bounded by the engine; a thousand of them here.
const SEGMENTS_MAX: usize = 200_000;

/// Try a calendar or a clock
///
/// The engine that judges tickets, on one case or up to 1,000. One bad case is
/// an `error` in its place and does not fail the others.
#[utoipa::path(
    tag = "sla",
    request_body = PreviewBody,
    responses(
        (status = 200, description = "One result, or one per case", body = PreviewAnswer),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Neither a case nor cases, too many, or the one case is wrong", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/sla/preview")]
pub(crate) async fn preview_sla(
    _who: Principal,
    body: RawBody<BODY_MAX>,
) -> Result<HttpResponse, ApiError> {
    if body.media_type != "application/json" {
        return Err(ApiError::UnsupportedMediaType(
            "send application/json".to_owned(),
        ));
    }
    let value: Value = serde_json::from_slice(&body.bytes).map_err(|error| {
        ApiError::Malformed(format!(
            "the body is not JSON: line {} column {}",
            error.line(),
            error.column()
        ))
    })?;
    // A thousand cases are a while of computing: not on a worker that others wait for.
    let answer = actix_web::web::block(move || answer(value)).await;
    let answer = answer.map_err(|_source: actix_web::error::BlockingError| {
        desk::DeskError::Unavailable("the thread pool is gone".to_owned())
    })??;
    Ok(HttpResponse::Ok().json(Json(answer)))
}

fn answer(value: Value) -> Result<PreviewAnswer, ApiError> {
    let Value::Object(mut members) = value else {
        let fault = Fault::new("", "invalid", "must be a case, or an object with cases");
        return Err(ApiError::Invalid(vec![fault]));
    };
    match members.remove("cases") {
        None => {
            let value = Value::Object(members);
            // A case that cannot be read at all is a wrong request; among many
            // it must not fail the others.
            case_of(&value).map_err(ApiError::Invalid)?;
            Ok(PreviewAnswer::One(Box::new(result(value))))
        }
        Some(Value::Array(cases)) if (1..=CASES_MAX).contains(&cases.len()) => {
            let mut told = 0;
            let mut bounded = |case| {
                let mut found = result(case);
                let segments = found
                    .judged
                    .as_mut()
                    .and_then(|judged| judged.segments.as_mut());
                told += segments.as_ref().map_or(0, |segments| segments.len());
                if told > SEGMENTS_MAX {
                    let message = format!("the request explains more than {SEGMENTS_MAX} segments");
                    let fault = Fault::new("/explain", "too_many", message);
                    found = PreviewResult {
                        id: found.id,
                        error: Some(vec![fault]),
                        ..PreviewResult::default()
                    };
                }
                found
            };
            let results = cases.into_iter().map(&mut bounded).collect();
            Ok(PreviewAnswer::Many(PreviewResults { results }))
        }
        Some(_) => {
            let message = format!("must be an array of 1 to {CASES_MAX} cases");
            Err(ApiError::Invalid(vec![Fault::new(
                "/cases", "invalid", message,
            )]))
        }
    }
}

fn result(value: Value) -> PreviewResult {
    let id = match value.get("id") {
        Some(Value::String(id)) => Some(id.clone()),
        _ => None,
    };
    match case_of(&value).and_then(|case| judge(&case)) {
        Ok(result) => PreviewResult { id, ..result },
        Err(faults) => PreviewResult {
            id,
            error: Some(faults),
            ..PreviewResult::default()
        },
    }
}

fn case_of(value: &Value) -> Result<PreviewCase, Vec<Fault>> {
    PreviewCase::deserialize(value)
        .map_err(|error| crate::http::body::shape_faults(value, &error, "PreviewCase"))
}

fn judge(case: &PreviewCase) -> Result<PreviewResult, Vec<Fault>> {
    let calendar = Calendar::compile(&case.calendar).map_err(|faults| {
        let fault = |fault: sla::CalendarFault| {
            Fault::new(
                format!("/calendar{}", fault.pointer),
                "invalid",
                fault.message,
            )
        };
        faults.into_iter().map(fault).collect::<Vec<_>>()
    })?;
    match (case.clock, case.op) {
        (Some(clock), None) => judge_clock(case, clock, &calendar),
        (None, Some(PreviewOp::AddDuration)) => {
            let duration = need(case.duration_s, "/duration_s", 0)?;
            let due = calendar.due(case.start, duration).map_err(|e| never(&e))?;
            Ok(PreviewResult {
                due: Some(due),
                ..PreviewResult::default()
            })
        }
        (None, Some(PreviewOp::Elapsed)) => {
            let end = case.end.ok_or_else(|| missing("/end"))?;
            let elapsed_s = Some(calendar.elapsed(case.start, end));
            Ok(PreviewResult {
                elapsed_s,
                ..PreviewResult::default()
            })
        }
        _ => Err(vec![Fault::new("", "invalid", "needs either clock or op")]),
    }
}

fn judge_clock(
    case: &PreviewCase,
    clock: PreviewClock,
    calendar: &Calendar,
) -> Result<PreviewResult, Vec<Fault>> {
    let target_s = need(case.target_s, "/target_s", 1)?;
    let as_of = case.as_of.ok_or_else(|| missing("/as_of"))?;
    if as_of < case.start {
        return Err(vec![Fault::new(
            "/as_of",
            "invalid",
            "must not lie before start",
        )]);
    }
    if let Some(index) = case
        .events
        .windows(2)
        .position(|pair| matches!(pair, [a, b] if a.at > b.at))
    {
        let at = format!("/events/{}/at", index + 1);
        return Err(vec![Fault::new(at, "invalid", "events must be ascending")]);
    }
    let event = |event: &PreviewEvent| Event {
        at: event.at,
        kind: match event.kind {
            PreviewEventKind::Pause => EventKind::Pause,
            PreviewEventKind::Resume => EventKind::Resume,
            PreviewEventKind::Stop => EventKind::Stop,
            PreviewEventKind::Reopen => EventKind::Reopen,
        },
    };
    let events: Vec<Event<'_>> = case.events.iter().map(event).collect();
    let kind = match clock {
        PreviewClock::FirstResponse => ClockKind::FirstResponse,
        PreviewClock::Resolution => ClockKind::Resolution,
    };
    let terms = Terms { calendar, target_s };
    let clock = Clock {
        kind,
        start: case.start,
        terms,
        events: &events,
    };
    let judged = sla::judge(&clock, as_of).map_err(|error| never(&error))?;
    let segments = if case.explain {
        Some(sla::explain(&clock, as_of).map_err(|error| never(&error))?)
    } else {
        None
    };
    Ok(PreviewResult {
        elapsed_s: Some(judged.elapsed_s),
        judged: Some(PreviewJudgement {
            state: judged.state,
            remaining_s: judged.remaining_s,
            due_at: judged.due_at,
            breached_at: judged.breached_at,
            due_if_running: judged.due_if_running,
            segments,
        }),
        ..PreviewResult::default()
    })
}

fn need(value: Option<i64>, pointer: &str, least: i64) -> Result<i64, Vec<Fault>> {
    match value {
        Some(value) if value >= least => Ok(value),
        Some(_) => Err(vec![Fault::new(
            pointer,
            "invalid",
            format!("must be at least {least}"),
        )]),
        None => Err(missing(pointer)),
    }
}

fn missing(pointer: &str) -> Vec<Fault> {
    vec![Fault::new(pointer, "required", "is required")]
}

fn never(error: &DueError) -> Vec<Fault> {
    vec![Fault::new("/calendar", "never_due", error.to_string())]
}
