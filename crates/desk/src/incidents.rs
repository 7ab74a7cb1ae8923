//! Incidents for people: list, look at, acknowledge, close.

use store::{CountedIncident, Outcome, TicketWrite, Write};
use ticketing::{
    Acknowledgement, Actor, Closing, Decided, Incident, IncidentId, IncidentStatus, Role, Ticket,
    TicketRef, acknowledge,
};

use crate::{Desk, access::require, change_ticket::TRIES, error::DeskError, ticket_acts::masked};

/// How many of an incident's tickets are shown with it; the list of tickets has
/// all of them.
const SHOWN: u64 = 100;

/// A page of incidents, newest first.
#[derive(Clone, Debug)]
pub struct IncidentPage {
    /// The incidents.
    pub items: Vec<CountedIncident>,
    /// Where the next page begins; none on the last one.
    pub next: Option<IncidentId>,
}

impl Desk {
    /// Incidents in any of the statuses; no status asks for all.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for tools.
    pub async fn list_incidents(
        &self,
        actor: &Actor,
        statuses: &[IncidentStatus],
        before: Option<IncidentId>,
        limit: u64,
    ) -> Result<IncidentPage, DeskError> {
        require(actor, Role::Agent)?;
        let mut items = self
            .store
            .list_incidents(statuses, before, limit + 1)
            .await?;
        let full = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > full;
        items.truncate(full);
        let last = items.last().map(|item| item.incident.id);
        Ok(IncidentPage {
            next: last.filter(|_| more),
            items,
        })
    }

    /// One incident with its first tickets, in the order of their numbers.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Forbidden`] for tools.
    pub async fn incident(
        &self,
        actor: &Actor,
        id: IncidentId,
    ) -> Result<(CountedIncident, Vec<Ticket>), DeskError> {
        require(actor, Role::Agent)?;
        let found = self.store.find_incident(id).await?;
        let found = found.ok_or_else(|| no_such(id))?;
        Ok((found, self.store.list_tickets_of(id, SHOWN).await?))
    }

    /// Takes responsibility for an incident, and with it for the escalation
    /// that tells of it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Forbidden`] for tools,
    /// [`DeskError::Refused`].
    pub async fn acknowledge_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
    ) -> Result<CountedIncident, DeskError> {
        self.change_incident(actor, id, |incident, acknowledgement| {
            Ok(incident.acknowledge(acknowledgement)?)
        })
        .await
    }

    /// Ends an incident; its tickets stay as they are. Whoever closes it has
    /// taken notice: the escalation that tells of it is acknowledged too.
    ///
    /// # Errors
    /// As [`Desk::acknowledge_incident`].
    pub async fn close_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
        reason: Option<String>,
    ) -> Result<CountedIncident, DeskError> {
        let reason = masked(reason);
        self.change_incident(actor, id, |incident, acknowledgement| {
            let Acknowledgement { by, at } = acknowledgement;
            let closing = Closing {
                by,
                at,
                reason: reason.clone(),
            };
            Ok(incident.close(closing, &self.incident_rules)?)
        })
        .await
    }

    async fn change_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
        change: impl Fn(&Incident, Acknowledgement) -> Result<Incident, DeskError>,
    ) -> Result<CountedIncident, DeskError> {
        require(actor, Role::Agent)?;
        for _ in 0..TRIES {
            let now = self.clock.now();
            let found = self.store.find_incident(id).await?;
            let found = found.ok_or_else(|| no_such(id))?;
            let by = actor.name.clone();
            let changed = change(&found.incident, Acknowledgement { by, at: now })?;
            let lead = self.lead_acknowledged(actor, &changed).await?;
            let rules = self.rules();
            let mut write = Write {
                incident: Some(changed.clone()),
                ..Write::default()
            };
            if let Some(decided) = lead {
                self.told(&rules, &decided.ticket, decided.notices, now)
                    .add_to(&mut write);
                write.tickets.push(TicketWrite {
                    seen: decided.seen,
                    ticket: decided.ticket,
                    events: decided.events,
                });
            }
            if self.write(write).await? == Outcome::Written {
                self.wake.ring();
                return Ok(CountedIncident {
                    incident: changed,
                    ..found
                });
            }
        }
        Err(store::StoreError::Busy.into())
    }

    /// The acknowledgement of the escalation that tells of an incident; none
    /// when there is nothing left to acknowledge.
    async fn lead_acknowledged(
        &self,
        actor: &Actor,
        incident: &Incident,
    ) -> Result<Option<Decided>, DeskError> {
        let lead = TicketRef::Number(incident.lead);
        let Some(ticket) = self.store.find_ticket(lead).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let rules = self.rules();
        let decided = self.in_scene(actor, now, &rules.book, |scene| {
            acknowledge(&ticket, incident.escalation, scene)
        });
        // Merged, or acknowledged at the ticket: both are fine here.
        Ok(decided.ok())
    }
}

fn no_such(id: IncidentId) -> DeskError {
    DeskError::NotFound {
        what: "incident",
        id: id.to_string(),
    }
}
