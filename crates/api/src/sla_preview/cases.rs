//! What `POST /sla/preview` takes and answers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sla::CalendarSpec;
use utoipa::ToSchema;

use crate::http::fault::Fault;

/// One case. A clock case has `clock`, a calendar case has `op`. Fields that
/// label a sample (`tags`, `expected…`) are ignored.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "id": "case-1",
    "clock": "resolution",
    "calendar": {
        "time_zone": "Asia/Kathmandu",
        "hours": {"sun": [["09:00", "18:00"]], "mon": [["09:00", "18:00"]]},
        "holidays": ["2026-10-20"]
    },
    "start": "2026-10-18T04:00:00Z",
    "target_s": 86400,
    "events": [{"at": "2026-10-18T06:15:00Z", "type": "pause"}],
    "as_of": "2026-10-19T03:00:00Z"
}))]
pub(crate) struct PreviewCase {
    /// Yours; it comes back with the result.
    #[serde(default, rename = "id")]
    #[schema(rename = "id")]
    pub(super) _id: Option<String>,
    /// Which clock: a stop of `first_response` is final.
    #[serde(default)]
    pub(super) clock: Option<PreviewClock>,
    /// What to compute with the calendar alone.
    #[serde(default)]
    pub(super) op: Option<PreviewOp>,
    /// Time zone, hours, holidays and breaks.
    #[schema(value_type = HashMap<String, serde_json::Value>)]
    pub(super) calendar: CalendarSpec,
    /// From when.
    pub(super) start: DateTime<Utc>,
    /// The target in counted seconds, at least 1 (clock).
    #[serde(default)]
    #[schema(minimum = 1)]
    pub(super) target_s: Option<i64>,
    /// What happened, ascending (clock).
    #[serde(default)]
    #[schema(required = false)]
    pub(super) events: Vec<PreviewEvent>,
    /// The instant to judge at (clock).
    #[serde(default)]
    pub(super) as_of: Option<DateTime<Utc>>,
    /// How long, in working seconds (`add_duration`).
    #[serde(default)]
    #[schema(minimum = 0)]
    pub(super) duration_s: Option<i64>,
    /// Until when (`elapsed`).
    #[serde(default)]
    pub(super) end: Option<DateTime<Utc>>,
    /// Whether to list the segments (clock).
    #[serde(default)]
    #[schema(required = false)]
    pub(super) explain: bool,
}

/// Which clock.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PreviewClock {
    /// A stop is final.
    FirstResponse,
    /// It can be reopened.
    Resolution,
}

/// What to compute with a calendar.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PreviewOp {
    /// The earliest instant after so many working seconds.
    AddDuration,
    /// The working seconds between two instants.
    Elapsed,
}

/// Something that happened to a clock.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub(crate) struct PreviewEvent {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// What.
    #[serde(rename = "type")]
    pub(super) kind: PreviewEventKind,
}

/// What happened.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PreviewEventKind {
    /// Running to paused.
    Pause,
    /// Paused to running.
    Resume,
    /// To stopped.
    Stop,
    /// Stopped to running; resolution only.
    Reopen,
}

/// Many cases.
#[derive(Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; cases are read one by one, so that one fault is its own"
)]
pub(crate) struct PreviewCases {
    /// 1 to 1,000 cases.
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) cases: Vec<PreviewCase>,
}

/// One case or many.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the body")]
pub(crate) enum PreviewBody {
    /// Many.
    Many(PreviewCases),
    /// One.
    One(Box<PreviewCase>),
}

/// A case's result: a clock's fields, or `due`, or `elapsed_s`, or `error`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct PreviewResult {
    /// The case's.
    #[schema(required = true)]
    pub(super) id: Option<String>,
    /// What a clock case answers.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[schema(inline, required = false)]
    pub(super) judged: Option<PreviewJudgement>,
    /// What `add_duration` answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) due: Option<DateTime<Utc>>,
    /// What `elapsed` answers, and a clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) elapsed_s: Option<i64>,
    /// Why there is no answer; every fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Vec<Fault>>,
}

/// Where a clock stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewJudgement {
    /// `running`, `paused` or `stopped`.
    #[schema(value_type = String, required = false)]
    pub(super) state: sla::State,
    /// The target less what counted; negative when overdue.
    #[schema(required = false)]
    pub(super) remaining_s: i64,
    /// None unless it runs.
    pub(super) due_at: Option<DateTime<Utc>>,
    /// When the target was missed.
    pub(super) breached_at: Option<DateTime<Utc>>,
    /// When it would be due if it ran from `as_of` on.
    pub(super) due_if_running: Option<DateTime<Utc>>,
    /// Every segment from start to `as_of`; with `explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<HashMap<String, serde_json::Value>>>)]
    pub(super) segments: Option<Vec<sla::ExplainSegment>>,
}

/// Many results, in the order of the cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewResults {
    /// One per case.
    pub(super) results: Vec<PreviewResult>,
}

/// One result or many.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum PreviewAnswer {
    /// Many.
    Many(PreviewResults),
    /// One.
    One(Box<PreviewResult>),
}
