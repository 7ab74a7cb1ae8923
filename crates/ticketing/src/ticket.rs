//! A ticket's state, and how an event changes it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use runbook::{Level, Slug};
use serde::{Deserialize, Serialize};

use crate::{
    clocks::Clocks,
    escalation::Escalation,
    event::Relation,
    id::{IncidentId, TicketId, TicketNumber},
    lifecycle::{Resolution, Satisfaction},
    mark::Mark,
    step::OutageWatch,
    verdict::{Classification, LevelReason},
    words::{ClosedAs, Kind, Priority, Severity, Status, Urgency},
};

/// What the sources of demonstration data begin with. No access key's name may
/// hold a colon, so no tool can pass its tickets off as such.
pub const DEMO_SOURCE: &str = "demo:";

/// One ticket. All times are UTC with microseconds. In JSON, as it is stored,
/// what is absent or empty is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its identity.
    pub id: TicketId,
    /// Its number, shown as `T-1042`.
    pub number: TicketNumber,
    /// How many events it has; the `ETag`.
    pub version: i64,
    /// One line.
    pub title: String,
    /// What a bug or a feature request has beyond the rest.
    pub details: Details,
    /// Fields of the runbook's template that the desk has no name for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
    /// Where it is in its life.
    pub status: Status,
    /// Why it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_as: Option<ClosedAs>,
    /// Where it went on when merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<TicketNumber>,
    /// The escalation level.
    pub level: Level,
    /// Why it has that level: at filing, then one per escalation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub level_reasons: Vec<LevelReason>,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Who has the problem.
    pub reporter: Reporter,
    /// Which tool or person filed it.
    pub source: String,
    /// The source's own name of it, unique per source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<String>,
    /// Sorted, without repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A small JSON object for tools.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// What kinds of sensitive data were masked in its texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// How much is attached to it.
    #[serde(default, skip_serializing_if = "Attached::is_nothing")]
    pub attached: Attached,
    /// Which runbook entry answers it.
    pub classification: Classification,
    /// Response and resolution clocks: a cache of [`crate::derive`].
    pub clocks: Clocks,
    /// The clock-relevant part of its timeline.
    pub marks: Vec<Mark>,
    /// Its escalations so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalations: Vec<Escalation>,
    /// When its level was lowered; raising it made an escalation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lowered: Vec<Lowered>,
    /// The escalation that waits to be acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u32>,
    /// The outage that rises by itself when it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<OutageWatch>,
    /// When it next does something by itself beside its clocks: a cache of
    /// [`crate::next_step_at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step_at: Option<DateTime<Utc>>,
    /// How it was last resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// What the reporter last said of how it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    /// Links to other tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<(Relation, TicketNumber)>,
    /// The incident that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was last resolved, while it is resolved or closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// A person lowered the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowered {
    /// When.
    pub at: DateTime<Utc>,
    /// To which.
    pub to: Level,
}

/// How much is attached to a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Files.
    pub count: u32,
    /// Bytes of them all.
    pub bytes: i64,
}

impl Attached {
    const fn is_nothing(&self) -> bool {
        self.count == 0
    }
}

/// What is particular to the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Details {
    /// A bug report.
    Bug(Bug),
    /// A feature request.
    Feature(Feature),
}

/// A bug report's own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bug {
    /// How bad.
    pub severity: Severity,
    /// How many are hit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected_users: Option<AffectedUsers>,
    /// In order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps_to_reproduce: Vec<String>,
    /// What should happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What happens.
    pub actual: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser_device: Option<String>,
    /// Links to pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screenshots: Vec<String>,
}

/// A feature request's own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// Who wishes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<RequestedBy>,
    /// Why it is needed.
    pub use_case: String,
    /// How soon.
    pub priority: Priority,
    /// The full description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

/// How many users a bug hits: the template's count or "Single user".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AffectedUsers(pub u32);

impl AffectedUsers {
    /// One user.
    pub const SINGLE: Self = Self(1);
}

/// Who asked for a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedBy {
    /// A customer or someone of the house.
    #[serde(rename = "type")]
    pub requester: RequesterType,
    /// Their name.
    pub name: Option<String>,
}

/// Whether a request comes from outside or inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequesterType {
    /// A customer.
    Customer,
    /// The house.
    Internal,
}

/// Who has the problem; every field is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporter {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// BCP 47 language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl Ticket {
    /// Bug or feature.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.details {
            Details::Bug(_) => Kind::Bug,
            Details::Feature(_) => Kind::Feature,
        }
    }

    /// Severity of a bug, priority of a feature.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match &self.details {
            Details::Bug(bug) => bug.severity.into(),
            Details::Feature(feature) => feature.priority.into(),
        }
    }

    /// Whether it is demonstration data: about such a ticket nobody is told.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.source.starts_with(DEMO_SOURCE)
    }

    /// The earliest instant at which something is due without anybody's doing.
    #[must_use]
    pub fn next_timer_at(&self) -> Option<DateTime<Utc>> {
        let timers = [self.clocks.next_timer_at(), self.next_step_at];
        timers.into_iter().flatten().min()
    }

    /// The entry it is classified as.
    #[must_use]
    pub const fn entry(&self) -> Option<&Slug> {
        self.classification.entry.as_ref()
    }

    /// Title and texts as one, for search: never the reporter's contact data.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.title.clone();
        text.push('\n');
        text.push_str(&self.details.body());
        text
    }
}

impl Details {
    /// The free texts in the order of the template, one per line.
    #[must_use]
    pub fn body(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        match self {
            Self::Bug(bug) => {
                parts.push(&bug.actual);
                parts.extend(bug.steps_to_reproduce.iter().map(String::as_str));
                parts.extend(bug.expected.as_deref());
                parts.extend(bug.browser_device.as_deref());
            }
            Self::Feature(feature) => {
                parts.push(&feature.use_case);
                parts.extend(feature.details.as_deref());
            }
        }
        parts.join("\n")
    }
}
