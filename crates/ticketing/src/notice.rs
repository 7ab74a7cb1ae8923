//! A notice: what is to be told, before it is known to whom and how.

use runbook::Level;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    clocks::{Clock, ClockName, DueTimer},
    escalation::Escalation,
    ticket::Ticket,
    words::{ClosedAs, Status, UnknownWord, words},
};

words! {
    /// What a notice tells.
    NoticeKind {
        /// A level above 1 is asked to act.
        Escalated = "escalated",
        /// A level above 1 was asked to act and nobody acknowledged.
        EscalationRepeated = "escalation_repeated",
        /// A person lowered the level.
        Deescalated = "deescalated",
        /// 80 % of a target are used.
        SlaAtRisk = "sla_at_risk",
        /// A target was missed.
        SlaBreached = "sla_breached",
        /// To the pager: someone took responsibility.
        PageAcknowledged = "page_acknowledged",
        /// To the pager: there is nothing to do any more.
        PageResolved = "page_resolved",
        /// To the reporter: the ticket was filed.
        Received = "received",
        /// To the reporter: a public comment by an agent.
        Answered = "answered",
        /// To the reporter: the ticket was resolved.
        Solved = "solved",
        /// An earlier message came back.
        Undelivered = "undelivered",
    }
}

/// Whom a notice is for: what it may say follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The contacts of a level.
    Team,
    /// Who has the problem: nothing internal.
    Reporter,
}

impl NoticeKind {
    /// Whom it is for.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::Received | Self::Answered | Self::Solved => Audience::Reporter,
            Self::Escalated
            | Self::EscalationRepeated
            | Self::Deescalated
            | Self::SlaAtRisk
            | Self::SlaBreached
            | Self::Undelivered
            | Self::PageAcknowledged
            | Self::PageResolved => Audience::Team,
        }
    }
}

/// Something to be told about a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Whom: the contacts of this level; none means the ticket's own level.
    pub level: Option<Level>,
    /// Why, in one sentence with the runbook's clause; to the reporter: the
    /// words of the answer.
    pub reason: String,
    /// What makes it unique for its ticket: the same cause never tells twice.
    pub cause: String,
}

impl Notice {
    /// Something for the reporter, who left an address; `n` is the number of
    /// the event that is told.
    pub(crate) fn to_reporter(
        kind: NoticeKind,
        ticket: &Ticket,
        n: i64,
        text: String,
    ) -> Option<Self> {
        ticket.reporter.email.as_ref().map(|_| Self {
            kind,
            level: Some(Level::SUPPORT),
            reason: text,
            cause: format!("{kind}:{n}"),
        })
    }

    /// Tells the level again.
    pub(crate) fn repeated(escalation: &Escalation, repeat: u32) -> Self {
        let last = escalation.pace.repeats;
        let what_then = match escalation.to {
            Level::LEADERSHIP => "it is repeated until somebody does",
            Level::ENGINEERING if repeat >= last => "this is the last reminder",
            Level::ENGINEERING => "it is repeated until then",
            _ => "it rises when nobody does",
        };
        Self {
            kind: NoticeKind::EscalationRepeated,
            level: Some(escalation.to),
            reason: format!(
                "nobody has acknowledged yet, reminder {repeat}; {what_then}. {}",
                escalation.reason
            ),
            cause: format!(
                "{}:{}:{repeat}",
                NoticeKind::EscalationRepeated,
                escalation.n
            ),
        }
    }

    /// Whether it asks a level to act, at once.
    #[must_use]
    pub const fn is_page(&self) -> bool {
        matches!(
            self.kind,
            NoticeKind::Escalated | NoticeKind::EscalationRepeated
        )
    }

    pub(crate) fn of_clock(kind: NoticeKind, timer: &DueTimer, level: Level) -> Self {
        let what = if timer.breach {
            "missed its target"
        } else {
            "has used 80 % of its target"
        };
        Self {
            kind,
            level: Some(level),
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
        NoticeKind::SlaBreached
        | NoticeKind::Answered
        | NoticeKind::PageAcknowledged
        | NoticeKind::PageResolved => None,
        // Spam is cancelled and not answered.
        NoticeKind::Received => (ticket.closed_as == Some(ClosedAs::Cancelled))
            .then_some("the ticket was cancelled before"),
        NoticeKind::Solved => (!over).then_some("the ticket was reopened before"),
        _ if over => Some("the ticket was resolved before"),
        NoticeKind::Escalated | NoticeKind::EscalationRepeated => {
            let escalation = escalation_of(notice, ticket)?;
            escalation_over(escalation, ticket).or_else(|| {
                let repeat = told_for(notice);
                if repeat < escalation.repeats {
                    Some("it was told again since")
                } else if repeat > 0 && ticket.waiting != Some(escalation.n) {
                    Some("another level was asked since")
                } else {
                    None
                }
            })
        }
        NoticeKind::SlaAtRisk => {
            let clock = clock_of(notice, ticket);
            let stopped = clock.is_some_and(|clock| clock.stopped_at.is_some());
            stopped.then_some("the clock stopped before")
        }
        NoticeKind::Deescalated | NoticeKind::Undelivered => None,
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

/// For which time a cause such as `escalation_repeated:2:3` tells; 0 the first
/// time, which is no repeat.
fn told_for(notice: &Notice) -> u32 {
    let repeat = notice.cause.split(':').nth(2);
    repeat.and_then(|repeat| repeat.parse().ok()).unwrap_or(0)
}

/// The clock that a cause such as `sla_at_risk:resolution:86400:0` names.
fn clock_of<'a>(notice: &Notice, ticket: &'a Ticket) -> Option<&'a Clock> {
    match notice.cause.split(':').nth(1)?.parse().ok()? {
        ClockName::FirstResponse => ticket.clocks.first_response.as_ref(),
        ClockName::Resolution => ticket.clocks.resolution.as_ref(),
    }
}
