//! Incidents: many reporters hit one thing within a short time
//! (`domain.md` section 4). The tickets are linked, and what happens is told
//! once, by the escalation of one of them, and not once per ticket.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use runbook::{Level, Slug};
use serde::{Deserialize, Serialize};

use crate::{
    escalation::{Acknowledgement, Escalation, EscalationTrigger},
    event::EventKind,
    id::{IncidentId, TicketNumber},
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::{Reporter, Ticket},
    words::{UnknownWord, words},
};

words! {
    /// Where an incident is in its life.
    IncidentStatus {
        /// Nobody has taken responsibility yet.
        Open = "open",
        /// Someone has; further tickets still join.
        Acknowledged = "acknowledged",
        /// Over.
        Closed = "closed",
    }
}

/// Many tickets of one cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its identity.
    pub id: IncidentId,
    /// How often it changed, from 1: the guard of its changes.
    pub version: i64,
    /// The entry that the tickets are classified as; none for a cluster of
    /// tickets that no entry answers.
    pub entry: Option<Slug>,
    /// One line: the entry's title, or the words that the tickets share.
    pub title: String,
    /// How many distinct reporters opened it.
    pub reporters: u32,
    /// The ticket whose escalation tells of the incident.
    pub lead: TicketNumber,
    /// Which of that ticket's escalations.
    pub escalation: u32,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who took responsibility.
    pub acknowledged: Option<Acknowledgement>,
    /// Who closed it, when and why.
    pub closed: Option<Closing>,
    /// Until when no other incident of the same entry is opened.
    pub quiet_until: Option<DateTime<Utc>>,
}

/// How an incident ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Who: a person, or the desk when no further ticket came.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub reason: Option<String>,
}

/// From when on many tickets are an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentRules {
    /// Distinct reporters; 0: incidents are switched off.
    pub reporters: u32,
    /// Within how many seconds they report.
    pub window_seconds: i64,
    /// For how many seconds after its end no other one of the same entry opens.
    pub cooldown_seconds: i64,
    /// After how many seconds without a further ticket it ends by itself.
    pub quiet_seconds: i64,
}

/// One ticket as the search for incidents sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Which.
    pub ticket: TicketNumber,
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// Who reports, see [`reporter_identity`].
    pub reporter: String,
}

/// Who reports a ticket: the mail address, else the phone number, else the name
/// at the source that filed it. Without any of these each `external_ref` of a
/// source is a reporter of its own (a tool that names no people has at least
/// one reference per report); what is left counts as the source itself.
#[must_use]
pub fn reporter_identity(reporter: &Reporter, source: &str, external_ref: Option<&str>) -> String {
    let filled = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_lowercase())
    };
    if let Some(email) = filled(&reporter.email) {
        return format!("mail {email}");
    }
    if let Some(phone) = filled(&reporter.phone) {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        return format!("phone {digits}");
    }
    match (filled(&reporter.name), external_ref) {
        (Some(name), _) => format!("name {name} at {source}"),
        (None, Some(reference)) => format!("reference {reference} of {source}"),
        (None, None) => format!("source {source}"),
    }
}

/// The first stretch of at most the window in which enough distinct reporters
/// hit one thing: its tickets' places among the sightings, which are in the
/// order of their instants, and how many reporters there are.
#[must_use]
pub fn burst(sightings: &[Sighting], rules: &IncidentRules) -> Option<(Vec<usize>, u32)> {
    let window = TimeDelta::seconds(rules.window_seconds);
    let mut within: BTreeMap<&str, u32> = BTreeMap::new();
    let mut first = 0;
    for (last, sighting) in sightings.iter().enumerate() {
        *within.entry(&sighting.reporter).or_default() += 1;
        while let Some(oldest) = sightings.get(first)
            && sighting.at - oldest.at > window
        {
            if let Some(count) = within.get_mut(oldest.reporter.as_str()) {
                *count -= 1;
                if *count == 0 {
                    within.remove(oldest.reporter.as_str());
                }
            }
            first += 1;
        }
        let reporters = u32::try_from(within.len()).unwrap_or(u32::MAX);
        if rules.reporters > 0 && reporters >= rules.reporters {
            return Some(((first..=last).collect(), reporters));
        }
    }
    None
}

/// Whether a ticket may belong to an incident: a live bug that is in none.
#[must_use]
pub fn may_join(ticket: &Ticket) -> bool {
    ticket.incident.is_none()
        && ticket.merged_into.is_none()
        && ticket.status.is_live()
        && ticket.kind() == crate::words::Kind::Bug
}

/// Links a ticket with an incident. Nobody is told: the incident itself has been.
///
/// # Errors
/// [`Refusal::Merged`].
pub fn join_incident(
    ticket: &Ticket,
    incident: IncidentId,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    if may_join(ticket) {
        changing.record(EventKind::JoinedIncident { incident });
    }
    Ok(changing.settle())
}

/// Makes a ticket the one whose escalation tells of the incident: to level 3,
/// or to the ticket's own level where that is higher. Answers the escalation's
/// number beside the decision.
///
/// # Errors
/// [`Refusal::Merged`].
pub fn lead_incident(
    ticket: &Ticket,
    incident: IncidentId,
    reason: &str,
    scene: &Scene<'_>,
) -> Result<(Decided, u32), Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    changing.record(EventKind::JoinedIncident { incident });
    let n = changing.next_escalation();
    let to = changing.ticket.level.max(Level::ENGINEERING);
    changing.raise(Escalation {
        reason: reason.to_owned(),
        ..changing.by_itself(to, EscalationTrigger::Incident)
    });
    Ok((changing.settle(), n))
}

impl Incident {
    /// Where it is in its life.
    #[must_use]
    pub const fn status(&self) -> IncidentStatus {
        match (&self.closed, &self.acknowledged) {
            (Some(_), _) => IncidentStatus::Closed,
            (None, Some(_)) => IncidentStatus::Acknowledged,
            (None, None) => IncidentStatus::Open,
        }
    }

    /// What keeps two incidents of one thing from being open at once: the entry,
    /// or for a cluster itself (its tickets can be in one incident only).
    #[must_use]
    pub fn subject(&self) -> String {
        match &self.entry {
            Some(entry) => format!("entry:{entry}"),
            None => format!("cluster:{}", self.id),
        }
    }

    /// Takes responsibility.
    ///
    /// # Errors
    /// [`Refusal::IncidentClosed`], [`Refusal::IncidentAcknowledged`].
    pub fn acknowledge(&self, by: Acknowledgement) -> Result<Self, Refusal> {
        self.require_not_closed()?;
        if let Some(before) = &self.acknowledged {
            return Err(Refusal::IncidentAcknowledged {
                by: before.by.clone(),
            });
        }
        Ok(Self {
            version: self.version + 1,
            acknowledged: Some(by),
            ..self.clone()
        })
    }

    /// Ends it; another one of the same entry opens after the cool-down at the
    /// earliest.
    ///
    /// # Errors
    /// [`Refusal::IncidentClosed`].
    pub fn close(&self, closing: Closing, rules: &IncidentRules) -> Result<Self, Refusal> {
        self.require_not_closed()?;
        Ok(Self {
            version: self.version + 1,
            quiet_until: Some(closing.at + TimeDelta::seconds(rules.cooldown_seconds)),
            closed: Some(closing),
            ..self.clone()
        })
    }

    fn require_not_closed(&self) -> Result<(), Refusal> {
        match &self.closed {
            Some(closing) => Err(Refusal::IncidentClosed {
                by: closing.by.clone(),
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
