//! Requests to file a ticket.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use ticketing::{AffectedUsers, Bug, Details, Draft, Feature, Priority, Severity};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    checks,
    people::{ReporterWords, RequestedByWords},
};

/// A bug report or a feature request.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum FileTicket {
    /// A bug report.
    Bug(BugReport),
    /// A feature request.
    Feature(FeatureRequest),
}

/// A bug report or a feature request, told apart by `kind`.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = FileTicket, discriminator(property_name = "kind", mapping(
    ("bug" = "#/components/schemas/BugReport"),
    ("feature" = "#/components/schemas/FeatureRequest"),
)))]
#[expect(
    dead_code,
    reason = "the schema of FileTicket, whose tag is a field of each form"
)]
pub(crate) enum FileTicketSchema {
    /// A bug report.
    Bug(BugReport),
    /// A feature request.
    Feature(FeatureRequest),
}

/// Something is wrong.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "bug",
    "title": "Cannot pay with eSewa",
    "severity": "high",
    "affected_users": "single user",
    "steps_to_reproduce": ["Fill the cart", "Choose eSewa", "Press Pay"],
    "expected": "The order is confirmed",
    "actual": "The payment page answers with a gateway error",
    "browser_device": "Chrome on Android",
    "reporter": {"name": "Sita", "email": "sita@example.com"},
    "external_ref": "web-77",
    "tags": ["checkout"]
}))]
pub(crate) struct BugReport {
    /// Always `bug`.
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "serde takes the tag before; the schema needs the field"
    )]
    #[schema(required = true)]
    kind: BugKind,
    /// A brief description in one line.
    #[validate(custom(function = checks::line))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// How bad it is.
    severity: SeverityWord,
    /// How many users it hits.
    #[serde(default)]
    affected_users: Option<AffectedUsersWord>,
    /// One step per item.
    #[serde(default)]
    #[validate(custom(function = checks::steps))]
    #[schema(max_items = 100)]
    steps_to_reproduce: Vec<String>,
    /// What should happen.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    expected: Option<String>,
    /// What happens instead.
    #[validate(custom(function = checks::filled_text))]
    #[schema(min_length = 1, max_length = 20000)]
    actual: String,
    /// Browser and device.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    browser_device: Option<String>,
    /// Links to pictures; files are attached with their own request.
    #[serde(default)]
    #[validate(custom(function = checks::links))]
    #[schema(max_items = 20)]
    screenshots: Vec<String>,
    /// Who has the problem.
    #[serde(default)]
    #[validate(nested)]
    reporter: Option<ReporterWords>,
    /// Your own name of the ticket, unique among yours: a repeat answers 200
    /// with the ticket that is there.
    #[serde(default)]
    #[validate(custom(function = checks::short_line))]
    #[schema(min_length = 1, max_length = 200)]
    external_ref: Option<String>,
    /// Labels.
    #[serde(default)]
    #[validate(custom(function = checks::tags))]
    #[schema(max_items = 20)]
    tags: Vec<String>,
    /// A small JSON object of your own, at most 8 KiB.
    #[serde(default)]
    #[validate(custom(function = checks::metadata))]
    #[schema(value_type = HashMap<String, serde_json::Value>)]
    metadata: Map<String, Value>,
    /// Fields of the runbook's template that have no name here.
    #[serde(default)]
    #[validate(custom(function = checks::extra))]
    extra: BTreeMap<String, String>,
}

/// Something is wished for.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "feature",
    "title": "Pay with Fonepay",
    "requested_by": {"type": "customer", "name": "Bishnu"},
    "use_case": "Many customers use nothing else",
    "priority": "medium"
}))]
pub(crate) struct FeatureRequest {
    /// Always `feature`.
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "serde takes the tag before; the schema needs the field"
    )]
    #[schema(required = true)]
    kind: FeatureKind,
    /// The feature's name in one line.
    #[validate(custom(function = checks::line))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Who asks for it.
    #[serde(default)]
    #[validate(nested)]
    requested_by: Option<RequestedByWords>,
    /// Why it is needed.
    #[validate(custom(function = checks::filled_text))]
    #[schema(min_length = 1, max_length = 20000)]
    use_case: String,
    /// How soon.
    priority: PriorityWord,
    /// The full description.
    #[serde(default)]
    #[validate(custom(function = checks::text))]
    #[schema(max_length = 20000)]
    details: Option<String>,
    /// Who has the wish.
    #[serde(default)]
    #[validate(nested)]
    reporter: Option<ReporterWords>,
    /// Your own name of the ticket, unique among yours.
    #[serde(default)]
    #[validate(custom(function = checks::short_line))]
    #[schema(min_length = 1, max_length = 200)]
    external_ref: Option<String>,
    /// Labels.
    #[serde(default)]
    #[validate(custom(function = checks::tags))]
    #[schema(max_items = 20)]
    tags: Vec<String>,
    /// A small JSON object of your own, at most 8 KiB.
    #[serde(default)]
    #[validate(custom(function = checks::metadata))]
    #[schema(value_type = HashMap<String, serde_json::Value>)]
    metadata: Map<String, Value>,
    /// Fields of the runbook's template that have no name here.
    #[serde(default)]
    #[validate(custom(function = checks::extra))]
    extra: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BugKind {
    #[default]
    Bug,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeatureKind {
    #[default]
    Feature,
}

/// How bad a bug is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SeverityWord {
    /// Business stands still.
    Critical,
    /// Badly hurt.
    High,
    /// Hurt.
    Medium,
    /// Hardly hurt.
    Low,
}

/// How soon a feature is wished for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PriorityWord {
    /// Soon.
    High,
    /// In its turn.
    Medium,
    /// Some day.
    Low,
}

/// A count of at least 1, or the words `single user`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AffectedUsersWord {
    /// A count.
    Count(UserCount),
    /// `single user`.
    Words(SingleUser),
}

/// A count of at least 1.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(value_type = i64, minimum = 1, maximum = 4294967295_i64)]
pub(crate) struct UserCount(std::num::NonZeroU32);

/// The words of the template for one user.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub(crate) enum SingleUser {
    /// One.
    #[serde(rename = "single user")]
    SingleUser,
}

impl Validate for FileTicket {
    fn validate(&self) -> Result<(), validator::ValidationErrors> {
        match self {
            Self::Bug(bug) => bug.validate(),
            Self::Feature(feature) => feature.validate(),
        }
    }
}

impl From<FileTicket> for Draft {
    fn from(request: FileTicket) -> Self {
        match request {
            FileTicket::Bug(bug) => Self {
                title: bug.title,
                details: Details::Bug(Bug {
                    severity: bug.severity.into(),
                    affected_users: bug.affected_users.map(Into::into),
                    steps_to_reproduce: bug.steps_to_reproduce,
                    expected: filled(bug.expected),
                    actual: bug.actual,
                    browser_device: filled(bug.browser_device),
                    screenshots: bug.screenshots,
                }),
                extra: bug.extra,
                reporter: bug.reporter.map(Into::into).unwrap_or_default(),
                external_ref: bug.external_ref,
                tags: bug.tags,
                metadata: bug.metadata,
                masked: Vec::new(),
            },
            FileTicket::Feature(feature) => Self {
                title: feature.title,
                details: Details::Feature(Feature {
                    requested_by: feature.requested_by.map(Into::into),
                    use_case: feature.use_case,
                    priority: feature.priority.into(),
                    details: filled(feature.details),
                }),
                extra: feature.extra,
                reporter: feature.reporter.map(Into::into).unwrap_or_default(),
                external_ref: feature.external_ref,
                tags: feature.tags,
                metadata: feature.metadata,
                masked: Vec::new(),
            },
        }
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

impl From<SeverityWord> for Severity {
    fn from(word: SeverityWord) -> Self {
        match word {
            SeverityWord::Critical => Self::Critical,
            SeverityWord::High => Self::High,
            SeverityWord::Medium => Self::Medium,
            SeverityWord::Low => Self::Low,
        }
    }
}

impl From<PriorityWord> for Priority {
    fn from(word: PriorityWord) -> Self {
        match word {
            PriorityWord::High => Self::High,
            PriorityWord::Medium => Self::Medium,
            PriorityWord::Low => Self::Low,
        }
    }
}

impl From<AffectedUsersWord> for AffectedUsers {
    fn from(word: AffectedUsersWord) -> Self {
        match word {
            AffectedUsersWord::Count(UserCount(count)) => Self(count.get()),
            AffectedUsersWord::Words(SingleUser::SingleUser) => Self::SINGLE,
        }
    }
}
