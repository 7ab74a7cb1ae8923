//! The rows of a write, made before it waits for its turn: many threads make
//! them, and only one writes.

use crate::{
    entity::{event, notification, ticket, ticket_facts, webhook},
    error::StoreError,
    facts::facts_row,
    row::{event_row, ticket_row},
    update::Changed,
    webhook::webhook_row,
    write::Write,
};

/// What most writes put down.
#[derive(Debug, Default)]
pub(crate) struct WriteRows {
    /// New tickets.
    pub(crate) new: Vec<ticket::ActiveModel>,
    /// Changed tickets.
    pub(crate) changed: Vec<Changed>,
    /// What reports know of both.
    pub(crate) facts: Vec<ticket_facts::ActiveModel>,
    /// What happened to them.
    pub(crate) events: Vec<event::ActiveModel>,
    /// What is to be told.
    pub(crate) notifications: Vec<notification::ActiveModel>,
    /// A webhook that is made.
    pub(crate) webhooks: Vec<webhook::ActiveModel>,
}

impl WriteRows {
    /// # Errors
    /// [`StoreError::Corrupt`] for a value that has no JSON.
    pub(crate) fn of(write: &Write) -> Result<Self, StoreError> {
        let mut rows = Self::default();
        for (index, written) in write.tickets.iter().enumerate() {
            let row = ticket_row(&written.ticket)?;
            if written.seen == 0 {
                rows.new.push(row);
            } else {
                rows.changed.push(Changed {
                    index,
                    number: written.ticket.number,
                    seen: written.seen,
                    row,
                });
            }
            rows.facts.push(facts_row(&written.ticket));
            for happened in &written.events {
                rows.events.push(event_row(&written.ticket, happened)?);
            }
        }
        for new in &write.notifications {
            rows.notifications.push(new.row()?);
        }
        if let Some(new) = &write.webhook {
            rows.webhooks.push(webhook_row(new)?);
        }
        Ok(rows)
    }

    /// Takes over another's rows that follow from what passed its guards.
    pub(crate) fn follow(&mut self, mut other: Self) {
        self.facts.append(&mut other.facts);
        self.events.append(&mut other.events);
        self.notifications.append(&mut other.notifications);
        self.webhooks.append(&mut other.webhooks);
    }
}
