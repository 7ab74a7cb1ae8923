//! The clock-relevant part of a timeline: what stops, pauses or re-targets a
//! clock. Marks are read off events by one function, so that a ticket's clocks
//! and their verification come from the same facts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    clocks::ClockName,
    event::{Event, EventKind},
    policy::Selected,
    words::{ClosedAs, Status},
};

/// One clock-relevant fact and its instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub what: MarkKind,
}

/// What a mark does to the clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum MarkKind {
    /// Filed, under this policy; both clocks run.
    Start {
        /// The policy.
        selected: Selected,
    },
    /// Waiting for the customer: the resolution clock pauses.
    Pause,
    /// Going on.
    Resume,
    /// An agent answered: the first-response clock stops for good.
    Respond,
    /// Resolved: both stop.
    Stop,
    /// Taken up again: the resolution clock runs.
    Reopen,
    /// Cancelled or merged: both are cancelled.
    Cancel,
    /// Another policy applies.
    Retarget {
        /// The policy.
        selected: Selected,
    },
    /// `at_risk` has fired; so it does not fire again for this target and cycle.
    AtRiskFired {
        /// Which clock.
        clock: ClockName,
        /// Which cycle.
        cycle: u32,
    },
    /// `breached` has fired; it never fires again.
    BreachFired {
        /// Which clock.
        clock: ClockName,
    },
}

/// The mark an event leaves, if any.
#[must_use]
pub fn mark_of(event: &Event) -> Option<Mark> {
    let what = match &event.kind {
        EventKind::Filed { ticket } => return ticket.marks.first().cloned(),
        EventKind::Commented(comment) if comment.first_response => MarkKind::Respond,
        EventKind::StatusChanged {
            to: Status::Pending,
            ..
        } => MarkKind::Pause,
        EventKind::StatusChanged {
            from: Status::Pending,
            ..
        } => MarkKind::Resume,
        EventKind::Resolved { .. } => MarkKind::Stop,
        EventKind::Reopened {
            from: Status::Pending,
            ..
        } => MarkKind::Resume,
        EventKind::Reopened { .. } => MarkKind::Reopen,
        EventKind::Closed {
            closed_as: ClosedAs::Cancelled | ClosedAs::Merged,
            ..
        } => MarkKind::Cancel,
        EventKind::Retargeted { selected } => MarkKind::Retarget {
            selected: selected.clone(),
        },
        EventKind::SlaAtRisk { clock, cycle, .. } => MarkKind::AtRiskFired {
            clock: *clock,
            cycle: *cycle,
        },
        EventKind::SlaBreached { clock, .. } => MarkKind::BreachFired { clock: *clock },
        _ => return None,
    };
    Some(Mark {
        at: event.at,
        by: event.actor.name.clone(),
        what,
    })
}
