//! Reading one ticket, its timeline and its clocks.

use ticketing::{Actor, Event, Ticket, TicketRef};

use crate::{
    Desk,
    access::may_see,
    error::DeskError,
    suggestion::{Suggestion, suggest},
};

impl Desk {
    /// The ticket, if the actor may know of it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], also for another tool's ticket.
    pub async fn ticket(&self, actor: &Actor, by: TicketRef) -> Result<Ticket, DeskError> {
        let found = self
            .store
            .find_ticket(by)
            .await?
            .filter(|ticket| may_see(actor, ticket));
        found.ok_or_else(|| DeskError::NotFound {
            what: "ticket",
            id: by.to_string(),
        })
    }

    /// What the runbook says about a ticket.
    #[must_use]
    pub fn suggestion(&self, actor: &Actor, ticket: &Ticket) -> Option<Suggestion> {
        suggest(&self.rules(), ticket, actor.role)
    }

    /// Up to `limit` events of a ticket after the `after`th, in order.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn timeline(
        &self,
        actor: &Actor,
        by: TicketRef,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Event>, DeskError> {
        let ticket = self.ticket(actor, by).await?;
        Ok(self
            .store
            .list_events_of(ticket.number, after, limit)
            .await?)
    }
}
