//! `POST /triage`: classify without filing.

use actix_web::{
    post,
    web::{Data, Json},
};
use desk::Desk;
use serde::{Deserialize, Serialize};
use ticketing::{AffectedUsers, Bug, Details, Draft, Feature, Priority, Reporter, Severity};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    http::{
        auth::Principal,
        body::Valid,
        problem::{ApiError, Problem, Problems},
    },
    tickets::{ClassificationView, LevelReasonView, checks},
};

const BATCH_BYTES: usize = 8 << 20;

/// Texts to classify.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct TriageRequest {
    /// 1 to 1,000 texts.
    #[validate(
        nested,
        length(min = 1, max = 1000, message = "must have 1 to 1000 items")
    )]
    #[schema(min_items = 1, max_items = 1000)]
    texts: Vec<TriageText>,
}

/// A text to classify.
#[derive(Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "bug", "title": "Cannot pay", "body": "The gateway answers 502 for every customer"}))]
pub(crate) struct TriageText {
    /// A bug unless it says otherwise.
    #[serde(default)]
    #[schema(required = false)]
    kind: TriageKind,
    /// One line.
    #[validate(custom(function = checks::line))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// The rest.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000, required = false)]
    body: String,
    /// Whether its severity is critical.
    #[serde(default)]
    #[schema(required = false)]
    critical: bool,
    /// How many users it hits.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 4294967295_i64)]
    affected_users: Option<std::num::NonZeroU32>,
}

/// Bug or feature.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TriageKind {
    /// Something is wrong.
    #[default]
    Bug,
    /// Something is wished for.
    Feature,
}

/// What triage says, in the order of the texts.
#[derive(Serialize, ToSchema)]
pub(crate) struct TriageAnswer {
    /// One per text.
    results: Vec<TriageVerdict>,
}

/// What triage says of one text.
#[derive(Serialize, ToSchema)]
pub(crate) struct TriageVerdict {
    /// The ranked entries and the decision.
    classification: ClassificationView,
    /// The level it would be filed at.
    level: u8,
    /// Why.
    level_reasons: Vec<LevelReasonView>,
}

/// Classify texts without filing
///
/// Entry, level and reasons, as a filing would get them.
#[utoipa::path(
    tag = "triage",
    request_body = TriageRequest,
    responses(
        (status = 200, description = "One verdict per text", body = TriageAnswer),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON, or compressed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Wrong values, every one listed", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/triage")]
pub(crate) async fn triage(
    desk: Data<Desk>,
    _who: Principal,
    body: Valid<TriageRequest, BATCH_BYTES>,
) -> Result<Json<TriageAnswer>, ApiError> {
    let texts = body.0.texts;
    let work = move || {
        let verdict = |text: TriageText| {
            let verdict = desk.triage(text.into());
            TriageVerdict {
                classification: ClassificationView::of(&verdict.classification),
                level: verdict.level.number(),
                level_reasons: verdict
                    .level_reasons
                    .iter()
                    .map(LevelReasonView::of)
                    .collect(),
            }
        };
        texts.into_iter().map(verdict).collect()
    };
    // A thousand texts are a while of computing: not on a worker that others wait for.
    let results = actix_web::web::block(work).await;
    let results = results.map_err(|_source: actix_web::error::BlockingError| {
        desk::DeskError::Unavailable("the thread pool is gone".to_owned())
    })?;
    Ok(Json(TriageAnswer { results }))
}

impl From<TriageText> for Draft {
    fn from(text: TriageText) -> Self {
        let details = match text.kind {
            TriageKind::Bug => Details::Bug(Bug {
                severity: if text.critical {
                    Severity::Critical
                } else {
                    Severity::Medium
                },
                affected_users: text.affected_users.map(|count| AffectedUsers(count.get())),
                steps_to_reproduce: Vec::new(),
                expected: None,
                actual: text.body,
                browser_device: None,
                screenshots: Vec::new(),
            }),
            TriageKind::Feature => Details::Feature(Feature {
                requested_by: None,
                use_case: text.body,
                priority: Priority::Medium,
                details: None,
            }),
        };
        Self {
            title: text.title,
            details,
            extra: Default::default(),
            reporter: Reporter::default(),
            external_ref: None,
            tags: Vec::new(),
            metadata: Default::default(),
            masked: Vec::new(),
        }
    }
}
