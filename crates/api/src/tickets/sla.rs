//! `GET /tickets/{ticket}/sla`.

use actix_web::{
    get,
    web::{Data, Json, Path, Query},
};
use chrono::{DateTime, Utc};
use desk::{Desk, TicketClock, TicketSla};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::find::ticket_ref;
use crate::http::{
    auth::Principal,
    problem::{ApiError, Problem, Problems},
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SlaQuery {
    /// Whether to list every counted and uncounted segment with its reason.
    #[serde(default)]
    #[param(required = false)]
    explain: bool,
}

/// Both clocks as they stand now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlaView {
    /// The instant the figures are of.
    as_of: DateTime<Utc>,
    /// The policy's name.
    policy: String,
    /// The version of policies and calendars.
    policy_version: i64,
    /// Why it applies.
    policy_why: String,
    /// The calendar's name.
    calendar: String,
    /// From filing to the first public answer.
    first_response: Option<SlaClockView>,
    /// From filing to resolution, without pauses.
    resolution: Option<SlaClockView>,
}

/// A clock as it stands now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlaClockView {
    /// In counted seconds.
    target_seconds: i64,
    /// `running`, `at_risk`, `paused`, `met`, `breached` or `cancelled`.
    state: String,
    /// Counted so far.
    elapsed_seconds: i64,
    /// What is left; negative when overdue.
    remaining_seconds: i64,
    /// When elapsed reaches the target; none while paused or stopped.
    due_at: Option<DateTime<Utc>>,
    /// When it would be if the clock ran from now on.
    due_if_running: Option<DateTime<Utc>>,
    /// When the target was missed.
    breached_at: Option<DateTime<Utc>>,
    /// When it stopped first.
    first_stopped_at: Option<DateTime<Utc>>,
    /// When it stopped last.
    last_stopped_at: Option<DateTime<Utc>>,
    /// How often it was reopened.
    cycle: u32,
    /// Every segment from filing to now, or to the due instant if that is
    /// later; with `explain=true`. The counted ones up to `as_of` sum to
    /// `elapsed_seconds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    segments: Option<Vec<SegmentView>>,
}

/// A stretch of time that counts, or does not.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SegmentView {
    /// From this instant.
    from: DateTime<Utc>,
    /// Until before this one.
    to: DateTime<Utc>,
    /// Its length.
    seconds: i64,
    /// Whether it counts.
    counted: bool,
    /// `counted`, `closed`, `holiday`, `break`, `paused` or `stopped`.
    reason: String,
    /// Which holiday, or who paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Whether it lies after `as_of`: what will count if nothing happens.
    ahead: bool,
}

impl SlaView {
    pub(crate) fn of(sla: &TicketSla) -> Self {
        Self {
            as_of: sla.as_of,
            policy: sla.selected.policy.clone(),
            policy_version: sla.selected.version,
            policy_why: sla.selected.why.clone(),
            calendar: sla.selected.calendar.clone(),
            first_response: sla.first_response.as_ref().map(SlaClockView::of),
            resolution: sla.resolution.as_ref().map(SlaClockView::of),
        }
    }
}

impl SlaClockView {
    fn of(clock: &TicketClock) -> Self {
        let judged = &clock.judged;
        Self {
            target_seconds: clock.target_seconds,
            state: clock.state.to_string(),
            elapsed_seconds: judged.elapsed_s,
            remaining_seconds: judged.remaining_s,
            due_at: judged.due_at,
            due_if_running: judged.due_if_running,
            breached_at: judged.breached_at,
            first_stopped_at: judged.first_stopped_at,
            last_stopped_at: judged.last_stopped_at,
            cycle: judged.cycle,
            segments: clock.segments.as_ref().map(|segments| {
                segments
                    .iter()
                    .map(|segment| SegmentView {
                        from: segment.from,
                        to: segment.to,
                        seconds: segment.seconds,
                        counted: segment.counted,
                        reason: segment.reason.to_owned(),
                        note: segment.note.clone(),
                        ahead: segment.ahead,
                    })
                    .collect()
            }),
        }
    }
}

/// Read a ticket's SLA clocks
///
/// As they stand now: target, due, elapsed, remaining, state, cycles. With
/// `explain=true` every segment from filing on, with its reason.
#[utoipa::path(
    tag = "sla",
    params(
        ("ticket" = String, Path, description = "Id or key", example = "T-1042"),
        SlaQuery,
    ),
    responses(
        (status = 200, description = "The clocks", body = SlaView),
        (status = 404, description = "No such ticket, or another tool's", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong parameters", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/tickets/{ticket}/sla")]
pub(crate) async fn ticket_sla(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
    query: Query<SlaQuery>,
) -> Result<Json<SlaView>, ApiError> {
    let ticket = desk.ticket(&who.0, ticket_ref(&path)?).await?;
    Ok(Json(SlaView::of(&desk.sla(&ticket, query.explain))))
}
