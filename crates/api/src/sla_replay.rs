//! `POST /sla/replay`: a period judged again under other policies.

use std::collections::BTreeMap;

use actix_web::{
    post,
    web::{Data, Json},
};
use chrono::{DateTime, Utc};
use desk::{ClockTally, Desk, ReplayRequest, Replayed, ReplayedChange};
use serde::{Deserialize, Serialize};
use sla::CalendarSpec;
use ticketing::{Clock, Policy, PolicySet};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::{
    auth::Principal,
    body::Valid,
    fault::Fault,
    problem::{ApiError, Problem, Problems},
};

/// A period, and the policies to judge it by.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "from": "2026-11-01T00:00:00Z",
    "to": "2026-12-01T00:00:00Z",
    "policies": [{"name": "office", "resolution_seconds": 86400, "first_response_seconds": 7200, "calendar": "kathmandu"}],
    "calendars": {"kathmandu": {"time_zone": "Asia/Kathmandu", "hours": {"sun": [["09:00", "18:00"]], "mon": [["09:00", "18:00"]]}}}
}))]
pub(crate) struct ReplaySla {
    /// Tickets filed at or after.
    from: DateTime<Utc>,
    /// And before.
    to: DateTime<Utc>,
    /// Tried in order before the runbook's targets: `name`, `match` (`kind`,
    /// `urgency`, `level`, `entry`, `tag`), `first_response_seconds`,
    /// `resolution_seconds`, `calendar`.
    #[serde(default)]
    #[schema(value_type = Vec<HashMap<String, serde_json::Value>>, required = false)]
    policies: Vec<Policy>,
    /// By name; `24x7` is always there.
    #[serde(default)]
    #[schema(value_type = HashMap<String, serde_json::Value>, required = false)]
    calendars: BTreeMap<String, CalendarSpec>,
}

/// The period under both.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayAnswer {
    /// How many tickets were filed in the period.
    tickets: usize,
    /// From filing to the first answer.
    first_response: ReplayedClock,
    /// From filing to resolution.
    resolution: ReplayedClock,
    /// How many clocks would have ended otherwise.
    changed: usize,
    /// The first 200 of them.
    changes: Vec<ChangeView>,
}

/// Clocks of one kind under both.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayedClock {
    /// As it was.
    actual: TallyView,
    /// As it would have been.
    replayed: TallyView,
}

/// How clocks stand.
#[derive(Serialize, ToSchema)]
pub(crate) struct TallyView {
    /// Stopped in time.
    met: usize,
    /// Missed their target.
    breached: usize,
    /// Neither yet.
    open: usize,
    /// Of cancelled and merged tickets.
    cancelled: usize,
    /// Had no such target.
    without: usize,
    /// Met divided by met and breached; null when there are none.
    compliance: Option<f64>,
}

/// A clock that would have ended otherwise.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// The ticket's key.
    ticket: String,
    /// `first_response` or `resolution`.
    clock: String,
    /// As it was; null where there was no target.
    actual: Option<EndingView>,
    /// As it would have been; null where there would be no target.
    replayed: Option<EndingView>,
}

/// How a clock ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndingView {
    /// In counted seconds.
    target_seconds: i64,
    /// `met`, `breached`, `running`, `at_risk`, `paused` or `cancelled`.
    state: String,
    /// When it is due while it runs.
    due_at: Option<DateTime<Utc>>,
    /// When the target was missed.
    breached_at: Option<DateTime<Utc>>,
}

/// Judge a period again under other policies
///
/// For leads: what the tickets filed in a period would have come to under
/// other targets and calendars, compared with what they came to. Nothing is
/// changed.
#[utoipa::path(
    tag = "sla",
    request_body = ReplaySla,
    responses(
        (status = 200, description = "The period under both", body = ReplayAnswer),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong policies or calendars, or too many tickets", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/sla/replay")]
pub(crate) async fn replay_sla(
    desk: Data<Desk>,
    who: Principal,
    body: Valid<ReplaySla>,
) -> Result<Json<ReplayAnswer>, ApiError> {
    let ReplaySla {
        from,
        to,
        policies,
        calendars,
    } = body.0;
    if from >= to {
        return Err(ApiError::Invalid(vec![Fault::new(
            "/to",
            "invalid",
            "must lie after from",
        )]));
    }
    let policies = PolicySet {
        policies,
        calendars,
    };
    let faults: Vec<Fault> = policies
        .faults()
        .into_iter()
        .map(|fault| Fault::new(fault.pointer, "invalid", fault.message))
        .collect();
    if !faults.is_empty() {
        return Err(ApiError::Invalid(faults));
    }
    let replayed = desk
        .replay_sla(&who.0, ReplayRequest { from, to, policies })
        .await?;
    Ok(Json(ReplayAnswer::of(&replayed)))
}

impl ReplayAnswer {
    fn of(replayed: &Replayed) -> Self {
        let both = |(actual, other): &(ClockTally, ClockTally)| ReplayedClock {
            actual: TallyView::of(actual),
            replayed: TallyView::of(other),
        };
        Self {
            tickets: replayed.tickets,
            first_response: both(&replayed.first_response),
            resolution: both(&replayed.resolution),
            changed: replayed.changed,
            changes: replayed.changes.iter().map(ChangeView::of).collect(),
        }
    }
}

impl TallyView {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn of(tally: &ClockTally) -> Self {
        let judged = tally.met + tally.breached;
        Self {
            met: tally.met,
            breached: tally.breached,
            open: tally.open,
            cancelled: tally.cancelled,
            without: tally.without,
            compliance: (judged > 0).then(|| tally.met as f64 / judged as f64),
        }
    }
}

impl ChangeView {
    fn of(change: &ReplayedChange) -> Self {
        Self {
            ticket: change.ticket.to_string(),
            clock: change.clock.to_string(),
            actual: change.actual.as_ref().map(EndingView::of),
            replayed: change.replayed.as_ref().map(EndingView::of),
        }
    }
}

impl EndingView {
    fn of(clock: &Clock) -> Self {
        Self {
            target_seconds: clock.target_seconds,
            state: clock.state.to_string(),
            due_at: clock.due_at,
            breached_at: clock.breached_at,
        }
    }
}
