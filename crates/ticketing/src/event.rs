//! The timeline: one immutable event per change.

use chrono::{DateTime, Utc};
use runbook::{Level, Slug};
use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    clocks::ClockName,
    escalation::{Acknowledgement, Escalation},
    id::{EventId, IncidentId, TicketId, TicketNumber},
    lifecycle::{Resolution, Satisfaction},
    policy::Selected,
    ticket::{AffectedUsers, Reporter, Ticket},
    verdict::ClassificationMethod,
    words::{ClosedAs, Priority, Severity, Status},
};

/// One change of one ticket. `n` counts from 1 without gaps and is the
/// ticket's version after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Ascending in time.
    pub id: EventId,
    /// Whose.
    pub ticket: TicketId,
    /// Which in the ticket's timeline.
    pub n: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub kind: EventKind,
}

/// What happened, with the old and the new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The ticket as it was filed.
    Filed {
        /// Its first state.
        ticket: Box<Ticket>,
    },
    /// Someone wrote.
    Commented(Comment),
    /// Work began, or the ticket waits for the customer, or goes on.
    StatusChanged {
        /// Before.
        from: Status,
        /// After.
        to: Status,
    },
    /// Fields were changed.
    Changed {
        /// Each with old and new.
        changes: Vec<Change>,
        /// Kinds of sensitive data masked in the new values.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        masked: Vec<String>,
    },
    /// Someone took it, was given it, or put it down.
    Assigned {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// An agent corrected or confirmed the classification.
    Classified {
        /// Before.
        from: Option<Slug>,
        /// After.
        to: Option<Slug>,
        /// Corrected or confirmed.
        method: ClassificationMethod,
    },
    /// Answered.
    Resolved {
        /// Before.
        from: Status,
        /// How.
        resolution: Resolution,
    },
    /// Taken up again.
    Reopened {
        /// Before.
        from: Status,
        /// Why.
        reason: Option<String>,
    },
    /// Over.
    Closed {
        /// Before.
        from: Status,
        /// As what.
        closed_as: ClosedAs,
        /// Where it goes on.
        merged_into: Option<TicketNumber>,
        /// Why.
        reason: Option<String>,
    },
    /// Linked with another ticket.
    Linked {
        /// How.
        relation: Relation,
        /// To which.
        to: TicketNumber,
    },
    /// A level was raised.
    Escalated(Escalation),
    /// Someone took responsibility for an escalation.
    Acknowledged {
        /// Which.
        escalation: u32,
        /// Who and when.
        acknowledgement: Acknowledgement,
    },
    /// Nobody acknowledged an escalation: it was told again.
    EscalationRepeated {
        /// Which.
        escalation: u32,
        /// For which time; what was overdue before it is left out.
        repeat: u32,
    },
    /// The level was lowered by a person.
    Deescalated {
        /// Before.
        from: Level,
        /// After.
        to: Level,
        /// Why.
        reason: String,
    },
    /// Another policy applies from now on.
    Retargeted {
        /// Which, and why it matched.
        selected: Selected,
    },
    /// 80 % of a target are used.
    SlaAtRisk {
        /// Which clock.
        clock: ClockName,
        /// Its cycle: how often it was reopened.
        cycle: u32,
        /// The instant it happened; the event's own time is when it was noticed.
        instant: DateTime<Utc>,
        /// When it is due.
        due_at: Option<DateTime<Utc>>,
    },
    /// A target was missed.
    SlaBreached {
        /// Which clock.
        clock: ClockName,
        /// Its cycle.
        cycle: u32,
        /// The instant it happened.
        instant: DateTime<Utc>,
        /// The target in counted seconds.
        target_seconds: i64,
    },
    /// A file was attached.
    Attached {
        /// Its id.
        attachment: uuid::Uuid,
        /// Its name, masked.
        name: String,
        /// In bytes.
        size: i64,
        /// Media type by content.
        media_type: String,
        /// SHA-256 of the content in hex.
        sha256: String,
        /// Kinds of sensitive data that were masked in the name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        masked: Vec<String>,
    },
    /// It is one of many that tell of the same thing.
    JoinedIncident {
        /// Which incident.
        incident: IncidentId,
    },
    /// The reporter said how it went.
    Satisfaction(Satisfaction),
}

impl EventKind {
    /// Every name, in the order of a ticket's life.
    pub const NAMES: [&str; 20] = [
        "filed",
        "commented",
        "status_changed",
        "changed",
        "assigned",
        "classified",
        "resolved",
        "reopened",
        "closed",
        "linked",
        "escalated",
        "acknowledged",
        "escalation_repeated",
        "deescalated",
        "retargeted",
        "sla_at_risk",
        "sla_breached",
        "attached",
        "joined_incident",
        "satisfaction",
    ];

    /// The event's name in JSON and SQL.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Filed { .. } => "filed",
            Self::Commented(_) => "commented",
            Self::StatusChanged { .. } => "status_changed",
            Self::Changed { .. } => "changed",
            Self::Assigned { .. } => "assigned",
            Self::Classified { .. } => "classified",
            Self::Resolved { .. } => "resolved",
            Self::Reopened { .. } => "reopened",
            Self::Closed { .. } => "closed",
            Self::Linked { .. } => "linked",
            Self::Escalated(_) => "escalated",
            Self::Acknowledged { .. } => "acknowledged",
            Self::EscalationRepeated { .. } => "escalation_repeated",
            Self::Deescalated { .. } => "deescalated",
            Self::Retargeted { .. } => "retargeted",
            Self::SlaAtRisk { .. } => "sla_at_risk",
            Self::SlaBreached { .. } => "sla_breached",
            Self::Attached { .. } => "attached",
            Self::JoinedIncident { .. } => "joined_incident",
            Self::Satisfaction(_) => "satisfaction",
        }
    }
}

/// A comment; its text is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Whether the reporter sees it.
    pub visibility: Visibility,
    /// Whose words they are.
    pub author: CommentAuthor,
    /// The words.
    pub text: String,
    /// Kinds of sensitive data that were masked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// Whether it is the first public answer by an agent.
    #[serde(default)]
    pub first_response: bool,
}

/// Who sees a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The reporter too.
    Public,
    /// The team.
    Internal,
}

/// Whose words a comment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentAuthor {
    /// The team's.
    Agent,
    /// The reporter's.
    Reporter,
}

/// How two tickets belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// See also.
    Related,
    /// Says the same.
    Duplicate,
    /// Another ticket was merged into this one.
    MergedFrom,
}

/// One field's change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "field", rename_all = "snake_case")]
pub enum Change {
    /// The title.
    Title {
        /// Before.
        old: String,
        /// After.
        new: String,
    },
    /// A bug's severity.
    Severity {
        /// Before.
        old: Severity,
        /// After.
        new: Severity,
    },
    /// A feature's priority.
    Priority {
        /// Before.
        old: Priority,
        /// After.
        new: Priority,
    },
    /// How many users a bug hits.
    AffectedUsers {
        /// Before.
        old: Option<AffectedUsers>,
        /// After.
        new: Option<AffectedUsers>,
    },
    /// The tags.
    Tags {
        /// Before.
        old: Vec<String>,
        /// After.
        new: Vec<String>,
    },
    /// The metadata.
    Metadata {
        /// Before.
        old: serde_json::Map<String, serde_json::Value>,
        /// After.
        new: serde_json::Map<String, serde_json::Value>,
    },
    /// The reporter.
    Reporter {
        /// Before.
        old: Reporter,
        /// After.
        new: Reporter,
    },
}
