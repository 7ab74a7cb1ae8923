//! A notice: what is to be told, before it is known to whom and how.

use runbook::Level;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    clocks::{Clock, ClockName, DueTimer},
    escalation::Escalation,
    ticket::Ticket,
    words::{Status, UnknownWord, words},
};

words! {
    /// What a notice tells.
    NoticeKind {
        /// A level above 1 is asked to act.
        Escalated = "escalated",
        /// A person lowered the level.
        Deescalated = "deescalated",
        /// 80 % of a target are used.
        SlaAtRisk = "sla_at_risk",
        /// A target was missed.
        SlaBreached = "sla_breached",
    }
}

/// Something to be told about a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Whom: the contacts of this level; none means the ticket's own level.
    pub level: Option<Level>,
    /// Why, in one sentence with the runbook's clause.
    pub reason: String,
    /// What makes it unique for its ticket: the same cause never tells twice.
    pub cause: String,
}

impl Notice {
    pub(crate) fn of_clock(kind: NoticeKind, timer: &DueTimer) -> Self {
        let what = if timer.breach {
            "missed its target"
        } else {
            "has used 80 % of its target"
        };
        Self {
            kind,
            level: None,
            reason: format!(
                "The {} clock {what} of {} s",
                timer.clock, timer.target_seconds
            ),
            cause: format!(
                "{kind}:{}:{}:{}",
                timer.clock, timer.target_seconds, timer.cycle
            ),
        }
    }
}

/// Why a notice no longer matters for its ticket as it is now; none when it
/// does. A breach stays a fact, whatever happens later.
#[must_use]
pub fn superseded(notice: &Notice, ticket: &Ticket) -> Option<&'static str> {
    let over = matches!(ticket.status, Status::Resolved | Status::Closed);
    match notice.kind {
        NoticeKind::SlaBreached => None,
        _ if over => Some("the ticket was resolved before"),
        NoticeKind::Escalated => {
            escalation_of(notice, ticket).and_then(|escalation| escalation_over(escalation, ticket))
        }
        NoticeKind::SlaAtRisk => {
            let clock = clock_of(notice, ticket);
            let stopped = clock.is_some_and(|clock| clock.stopped_at.is_some());
            stopped.then_some("the clock stopped before")
        }
        NoticeKind::Deescalated => None,
    }
}

fn escalation_over(escalation: &Escalation, ticket: &Ticket) -> Option<&'static str> {
    if escalation.acknowledged.is_some() {
        Some("the escalation was acknowledged before")
    } else if ticket.level < escalation.to {
        Some("the level was lowered before")
    } else {
        None
    }
}

/// The escalation that a cause such as `escalated:2` names.
fn escalation_of<'a>(notice: &Notice, ticket: &'a Ticket) -> Option<&'a Escalation> {
    let n: u32 = notice.cause.split(':').nth(1)?.parse().ok()?;
    ticket.escalations.iter().find(|found| found.n == n)
}

/// The clock that a cause such as `sla_at_risk:resolution:86400:0` names.
fn clock_of<'a>(notice: &Notice, ticket: &'a Ticket) -> Option<&'a Clock> {
    match notice.cause.split(':').nth(1)?.parse().ok()? {
        ClockName::FirstResponse => ticket.clocks.first_response.as_ref(),
        ClockName::Resolution => ticket.clocks.resolution.as_ref(),
    }
}
