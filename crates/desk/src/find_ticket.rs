//! Reading one ticket, its timeline and its clocks.

use ticketing::{Actor, Event, EventKind, Ticket, TicketRef, Visibility};

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
        let found = triage::extract(&ticket.text());
        suggest(&self.rules(), ticket, &found, actor.role)
    }

    /// Up to `limit` events of a ticket after the `after`th, in order; a tool
    /// does not see internal comments.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn timeline(
        &self,
        actor: &Actor,
        by: TicketRef,
        after: i64,
        limit: u64,
    ) -> Result<TimelinePage, DeskError> {
        let ticket = self.ticket(actor, by).await?;
        let events = self
            .store
            .list_events_of(ticket.number, after, limit)
            .await?;
        Ok(TimelinePage::seen_by(actor, events))
    }

    /// As [`Desk::timeline`], comments alone.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn comments(
        &self,
        actor: &Actor,
        by: TicketRef,
        after: i64,
        limit: u64,
    ) -> Result<TimelinePage, DeskError> {
        let ticket = self.ticket(actor, by).await?;
        let events = self
            .store
            .list_comments_of(ticket.number, after, limit)
            .await?;
        Ok(TimelinePage::seen_by(actor, events))
    }
}

/// A page of a timeline.
#[derive(Clone, Debug)]
pub struct TimelinePage {
    /// The events that the actor may see.
    pub events: Vec<Event>,
    /// How many were read, also those that the actor may not see.
    pub read: usize,
    /// The number of the last one read.
    pub last: Option<i64>,
}

impl TimelinePage {
    fn seen_by(actor: &Actor, mut events: Vec<Event>) -> Self {
        let (read, last) = (events.len(), events.last().map(|event| event.n));
        if !actor.works_on_tickets() {
            events.retain(|event| match &event.kind {
                EventKind::Commented(comment) => comment.visibility == Visibility::Public,
                _ => true,
            });
        }
        Self { events, read, last }
    }
}
