//! Escalations: raising a level, acknowledging, lowering (`domain.md` section 5).

use chrono::{DateTime, Utc};
use runbook::Level;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    event::EventKind,
    notice::{Notice, NoticeKind},
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    verdict::{LevelReason, LevelRule},
    words::{UnknownWord, words},
};

words! {
    /// What raised a level.
    EscalationTrigger {
        /// A person.
        Manual = "manual",
        /// An entry's escalation rule.
        EntryRule = "entry_rule",
        /// A level's trigger.
        LevelTrigger = "level_trigger",
        /// A breached clock.
        SlaBreach = "sla_breach",
        /// Nobody acknowledged.
        Unacknowledged = "unacknowledged",
        /// The outage rule.
        Outage = "outage",
        /// An incident.
        Incident = "incident",
    }
}

/// One escalation of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Which of the ticket's escalations, from 1.
    pub n: u32,
    /// The level before.
    pub from: Level,
    /// The level after.
    pub to: Level,
    /// What raised it.
    pub trigger: EscalationTrigger,
    /// Why, in words.
    pub reason: String,
    /// The runbook's clause.
    pub clause: Option<String>,
    /// Its line.
    pub line: Option<u32>,
    /// The runbook revision of clause and line.
    pub runbook_revision: i64,
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who took responsibility, and when.
    pub acknowledged: Option<Acknowledgement>,
}

/// Someone took responsibility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Escalation {
    /// The escalation that filing at a level above 1 makes.
    pub(crate) fn at_filing(ticket: &Ticket, now: DateTime<Utc>) -> Option<Self> {
        let reason = ticket.level_reasons.first()?;
        (ticket.level > Level::SUPPORT).then(|| Self {
            n: 1,
            from: Level::SUPPORT,
            to: ticket.level,
            trigger: match reason.rule {
                LevelRule::EntryRule => EscalationTrigger::EntryRule,
                LevelRule::Outage => EscalationTrigger::Outage,
                _ => EscalationTrigger::LevelTrigger,
            },
            reason: format!("the ticket says: {}", reason.evidence),
            clause: Some(reason.text.clone()),
            line: reason.line,
            runbook_revision: ticket.classification.runbook_revision,
            by: crate::actor::Actor::desk().name,
            at: now,
            acknowledged: None,
        })
    }

    /// The notice that tells the new level.
    pub(crate) fn notice(&self) -> Notice {
        Notice {
            kind: NoticeKind::Escalated,
            level: Some(self.to),
            reason: self.reason.clone(),
            cause: format!("escalated:{}", self.n),
        }
    }
}

/// Raises a ticket's level by a person's decision.
///
/// # Errors
/// [`Refusal::AlreadyAtLevel`], [`Refusal::WrongDirection`] for a lower level,
/// [`Refusal::IllegalMove`] for a ticket that is resolved or closed.
pub fn escalate(
    ticket: &Ticket,
    to: Level,
    reason: &str,
    clause: Option<&LevelReason>,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    changing.require_live("escalated")?;
    if to == ticket.level {
        return Err(Refusal::AlreadyAtLevel { level: to });
    }
    if to < ticket.level {
        return Err(Refusal::WrongDirection {
            current: ticket.level,
            wanted: to,
            direction: "above",
        });
    }
    changing.open_if_new();
    let escalation = Escalation {
        n: changing.next_escalation(),
        from: ticket.level,
        to,
        trigger: EscalationTrigger::Manual,
        reason: reason.to_owned(),
        clause: clause.map(|clause| clause.text.clone()),
        line: clause.and_then(|clause| clause.line),
        runbook_revision: ticket.classification.runbook_revision,
        by: scene.actor.name.clone(),
        at: scene.now,
        acknowledged: None,
    };
    changing.raise(escalation);
    Ok(changing.settle())
}

/// Takes responsibility for an escalation.
///
/// # Errors
/// [`Refusal::NoSuchEscalation`], [`Refusal::AlreadyAcknowledged`].
pub fn acknowledge(ticket: &Ticket, n: u32, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    let found = ticket
        .escalations
        .iter()
        .find(|escalation| escalation.n == n);
    let escalation = found.ok_or(Refusal::NoSuchEscalation { n })?;
    if let Some(acknowledged) = &escalation.acknowledged {
        return Err(Refusal::AlreadyAcknowledged {
            n,
            by: acknowledged.by.clone(),
        });
    }
    changing.open_if_new();
    let acknowledgement = Acknowledgement {
        by: scene.actor.name.clone(),
        at: scene.now,
    };
    changing.record(EventKind::Acknowledged {
        escalation: n,
        acknowledgement,
    });
    Ok(changing.settle())
}

/// Lowers a ticket's level by a person's decision.
///
/// # Errors
/// [`Refusal::AlreadyAtLevel`], [`Refusal::WrongDirection`],
/// [`Refusal::IllegalMove`] for a closed ticket.
pub fn deescalate(
    ticket: &Ticket,
    to: Level,
    reason: &str,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    changing.require_live("de-escalated")?;
    if to == ticket.level {
        return Err(Refusal::AlreadyAtLevel { level: to });
    }
    if to > ticket.level {
        return Err(Refusal::WrongDirection {
            current: ticket.level,
            wanted: to,
            direction: "below",
        });
    }
    changing.open_if_new();
    changing.record(EventKind::Deescalated {
        from: ticket.level,
        to,
        reason: reason.to_owned(),
    });
    Ok(changing.settle())
}

impl Changing<'_> {
    pub(crate) fn next_escalation(&self) -> u32 {
        self.ticket
            .escalations
            .iter()
            .map(|escalation| escalation.n)
            .max()
            .unwrap_or(0)
            + 1
    }

    pub(crate) fn raise(&mut self, escalation: Escalation) {
        self.notices.push(escalation.notice());
        self.record(EventKind::Escalated(escalation));
    }

    /// A breach raises by one, at most to engineering.
    pub(crate) fn escalate_on_breach(&mut self) {
        let from = self.ticket.level;
        let next = Level::try_from(from.number() + 1).unwrap_or(Level::LEADERSHIP);
        if next > Level::ENGINEERING {
            return;
        }
        let escalation = Escalation {
            n: self.next_escalation(),
            from,
            to: next,
            trigger: EscalationTrigger::SlaBreach,
            reason: "an SLA target was missed".to_owned(),
            clause: None,
            line: None,
            runbook_revision: self.ticket.classification.runbook_revision,
            by: crate::actor::Actor::desk().name,
            at: self.now(),
            acknowledged: None,
        };
        self.raise(escalation);
    }
}
