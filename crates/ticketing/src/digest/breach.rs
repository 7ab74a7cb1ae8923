//! Why a target was missed: read off the ticket's events, as they stood at the
//! instant of the breach. Nothing is guessed, and nobody is named.

use std::fmt;

use chrono::{DateTime, SubsecRound, Utc};
use runbook::Level;

use crate::{
    actor::Actor,
    clocks::ClockName,
    escalation::{Escalation, EscalationTrigger},
    event::{CommentAuthor, Event, EventKind, Visibility},
    id::TicketNumber,
    words::Urgency,
};

/// A clock that was breached, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// Its title, masked.
    pub title: String,
    /// Its urgency.
    pub urgency: Urgency,
    /// Which clock.
    pub clock: ClockName,
    /// When it was breached.
    pub at: DateTime<Utc>,
    /// By how many working seconds it missed the target, so far if it still runs.
    pub over_seconds: i64,
    /// Whether it still runs.
    pub running: bool,
    /// Why, at least one reason.
    pub reasons: Vec<BreachReason>,
}

/// Something that was so when a target was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreachReason {
    /// No person had done anything with the ticket.
    Untouched,
    /// Nobody was assigned.
    Unassigned,
    /// Whoever was assigned got it when it was at risk already.
    AssignedLate,
    /// Nobody had acknowledged its escalation.
    Unacknowledged(Level),
    /// Its escalation was acknowledged when it was at risk already.
    AcknowledgedLate(Level),
    /// It was raised when it was at risk already.
    RaisedLate(Level),
    /// The team had written among itself and not to the reporter.
    OnlyInternal,
    /// A change of urgency, level or policy had shortened the target below what
    /// had passed.
    Shortened,
    /// It had been reopened, and what was used before counts.
    Reopened,
    /// It was in somebody's hands in time, and not done in time.
    NotDone(ClockName),
}

impl fmt::Display for BreachReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untouched => f.write_str("nobody had touched it"),
            Self::Unassigned => f.write_str("nobody was assigned"),
            Self::AssignedLate => f.write_str("it was assigned only when it was at risk"),
            Self::Unacknowledged(level) => {
                write!(f, "its escalation to level {level} was not acknowledged")
            }
            Self::AcknowledgedLate(level) => write!(
                f,
                "its escalation to level {level} was acknowledged only when it was at risk"
            ),
            Self::RaisedLate(level) => {
                write!(f, "it was raised to level {level} only when it was at risk")
            }
            Self::OnlyInternal => f.write_str("the team had written only among itself"),
            Self::Shortened => f.write_str("a change had shortened its target"),
            Self::Reopened => f.write_str("it had been reopened, and the time before it counts"),
            Self::NotDone(ClockName::FirstResponse) => {
                f.write_str("it was in hand and not answered in time")
            }
            Self::NotDone(ClockName::Resolution) => {
                f.write_str("it was in hand and not resolved in time")
            }
        }
    }
}

/// Why a clock was breached at an instant, by the ticket's events.
#[must_use]
pub fn breach_reasons(events: &[Event], clock: ClockName, at: DateTime<Utc>) -> Vec<BreachReason> {
    let mut story = Story::default();
    for event in events.iter().filter(|event| event.at <= at) {
        story.add(event, clock, at);
    }
    story.reasons(clock)
}

/// A ticket as it stood at the breach.
#[derive(Default)]
struct Story {
    touched: bool,
    /// Since when the clock was at risk.
    at_risk: Option<DateTime<Utc>>,
    /// Since when somebody was assigned.
    assigned: Option<DateTime<Utc>>,
    /// The last escalation, and when it was acknowledged.
    raised: Option<(Escalation, Option<DateTime<Utc>>)>,
    internal: bool,
    shortened: bool,
    reopened: bool,
}

impl Story {
    fn add(&mut self, event: &Event, clock: ClockName, breach: DateTime<Utc>) {
        let by_person = event.actor.works_on_tickets() && event.actor != Actor::desk();
        match &event.kind {
            EventKind::Filed { ticket } => {
                self.assigned = ticket.assignee.as_ref().map(|_| event.at);
                let raised = ticket.escalations.last();
                self.raised = raised.map(|raised| (raised.clone(), None));
                return;
            }
            EventKind::SlaAtRisk {
                clock: risky,
                instant,
                ..
            } if *risky == clock => self.at_risk = Some(*instant),
            EventKind::Assigned { to, .. } => {
                // Handed on, it stays in hand.
                self.assigned = to.as_ref().map(|_| self.assigned.unwrap_or(event.at));
            }
            EventKind::Escalated(raised) if raised.trigger != EscalationTrigger::SlaBreach => {
                self.raised = Some((raised.clone(), None));
            }
            EventKind::Acknowledged { escalation, .. } => {
                let raised = self.raised.as_mut();
                if let Some((_, acknowledged)) = raised.filter(|(one, _)| one.n == *escalation) {
                    *acknowledged = Some(event.at);
                }
            }
            EventKind::Deescalated { .. } => self.raised = None,
            EventKind::Commented(comment) => {
                self.internal |= comment.author == CommentAuthor::Agent
                    && comment.visibility == Visibility::Internal;
            }
            EventKind::Retargeted { .. } => {
                self.shortened |= event.at.trunc_subsecs(0) == breach.trunc_subsecs(0);
            }
            EventKind::Reopened { .. } => self.reopened = true,
            _ => {}
        }
        self.touched |= by_person;
    }

    fn reasons(self, clock: ClockName) -> Vec<BreachReason> {
        let late = |at: DateTime<Utc>| self.at_risk.is_some_and(|at_risk| at_risk < at);
        let mut found = Vec::new();
        if self.shortened {
            found.push(BreachReason::Shortened);
        }
        if self.reopened && clock == ClockName::Resolution {
            found.push(BreachReason::Reopened);
        }
        match self.assigned {
            _ if !self.touched => found.push(BreachReason::Untouched),
            None => found.push(BreachReason::Unassigned),
            Some(at) if late(at) => found.push(BreachReason::AssignedLate),
            Some(_) => {}
        }
        if let Some((raised, acknowledged)) = &self.raised {
            let level = raised.to;
            match acknowledged {
                None => found.push(BreachReason::Unacknowledged(level)),
                Some(at) if late(*at) => found.push(BreachReason::AcknowledgedLate(level)),
                Some(_) => {}
            }
            if late(raised.at) {
                found.push(BreachReason::RaisedLate(level));
            }
        }
        if self.internal && clock == ClockName::FirstResponse {
            found.push(BreachReason::OnlyInternal);
        }
        if found.is_empty() {
            found.push(BreachReason::NotDone(clock));
        }
        found
    }
}
