//! Escalations: raising a level, acknowledging, lowering (`domain.md` section 5).

use chrono::{DateTime, Utc};
use runbook::Level;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    clocks::ClockName,
    event::EventKind,
    notice::{Notice, NoticeKind},
    pace::Pace,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    verdict::{LevelReason, LevelRule},
    words::{Kind, UnknownWord, Urgency, words},
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
    /// What kind of rule the clause is; none where no rule of the runbook asked
    /// for the level.
    #[serde(default)]
    pub rule: Option<LevelRule>,
    /// The runbook revision of clause and line.
    pub runbook_revision: i64,
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who took responsibility, and when.
    pub acknowledged: Option<Acknowledgement>,
    /// At which pace it is told again while nobody acknowledges.
    #[serde(default)]
    pub pace: Pace,
    /// How often it was told again; what was overdue at once counts as told.
    #[serde(default)]
    pub repeats: u32,
    /// When it was last told again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated_at: Option<DateTime<Utc>>,
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
    pub(crate) fn at_filing(ticket: &Ticket, scene: &Scene<'_>) -> Option<Self> {
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
            rule: Some(reason.rule),
            runbook_revision: ticket.classification.runbook_revision,
            by: crate::actor::Actor::desk().name,
            at: scene.now,
            acknowledged: None,
            pace: scene.book.pace(),
            repeats: 0,
            repeated_at: None,
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

/// Raises a ticket's level by a person's decision. `clause` is the rule of the
/// runbook in force that it rests on; none when no rule asks for that level.
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
        rule: clause.map(|clause| clause.rule),
        runbook_revision: scene.book.citations().revision(),
        by: scene.actor.name.clone(),
        at: scene.now,
        acknowledged: None,
        pace: scene.book.pace(),
        repeats: 0,
        repeated_at: None,
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
        match escalation.trigger {
            EscalationTrigger::Manual => self.record(EventKind::Escalated(escalation)),
            _ => self.record_by_desk(EventKind::Escalated(escalation)),
        }
    }

    /// A breach raises by one, at most to engineering, and only bugs that are
    /// urgent. What rose or was lowered in the same change stays there.
    pub(crate) fn escalate_on_breach(&mut self) {
        let Some((clock, target_seconds)) = self.breached() else {
            return;
        };
        let urgent = matches!(self.ticket.urgency(), Urgency::Critical | Urgency::High);
        let bug = self.ticket.kind() == Kind::Bug;
        if !(bug && urgent && self.ticket.status.is_live()) || self.moved() {
            return;
        }
        let next = self.ticket.level.number() + 1;
        let next = Level::try_from(next).unwrap_or(Level::LEADERSHIP);
        if next > Level::ENGINEERING {
            return;
        }
        let new = self.by_itself(next, EscalationTrigger::SlaBreach);
        let reason = format!("the {clock} clock missed its target of {target_seconds} s");
        let citations = self.book().citations();
        let escalation = match citations.target(clock, target_seconds) {
            Some(target) => Escalation {
                reason,
                clause: Some(target.text.clone()),
                line: Some(target.line),
                ..new
            },
            None => Escalation { reason, ..new },
        };
        self.raise(escalation);
    }

    fn breached(&self) -> Option<(ClockName, i64)> {
        self.events().iter().find_map(|event| match event.kind {
            EventKind::SlaBreached {
                clock,
                target_seconds,
                ..
            } => Some((clock, target_seconds)),
            _ => None,
        })
    }

    fn moved(&self) -> bool {
        let moves = |kind: &EventKind| {
            matches!(
                kind,
                EventKind::Escalated(_) | EventKind::Deescalated { .. }
            )
        };
        self.events().iter().any(|event| moves(&event.kind))
    }
}
