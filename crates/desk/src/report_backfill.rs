//! Filling in what reports know of tickets that were filed before there were
//! reports: once, when the desk opens on such a database.

use futures_util::future::try_join_all;
use store::{AuditedTicket, TicketWrite, Write};
use ticketing::{Ticket, TicketNumber, derive};

use crate::{Desk, error::DeskError};

/// How many tickets one round takes.
const ROUND: u64 = 200;

impl Desk {
    /// Writes the missing facts, and the clocks anew from the events: what is
    /// stored of them is a cache. A ticket that somebody changes meanwhile gets
    /// its facts by that. Goes on where it was interrupted.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn backfill_facts(&self) -> Result<(), DeskError> {
        while let Some(after) = self.store.facts_missing_after().await? {
            let mut last = after;
            loop {
                let audited = self.store.audit_tickets(last, ROUND).await?;
                let Some(next) = audited.last().map(|audited| audited.ticket.number) else {
                    break;
                };
                let writes = audited.iter().map(|audited| self.fill_in(audited));
                try_join_all(writes).await?;
                last = TicketNumber(next.0);
                self.store.facts_filled_to(Some(last)).await?;
            }
            self.store.facts_filled_to(None).await?;
            tracing::info!("reports know all tickets that were filed before");
        }
        Ok(())
    }

    async fn fill_in(&self, audited: &AuditedTicket) -> Result<(), DeskError> {
        let stored = &audited.ticket;
        let mut ticket = Ticket::rebuild(&audited.events).unwrap_or_else(|| stored.clone());
        let book = &self.rules().book;
        ticket.clocks = match derive(&ticket.marks, book, stored.updated_at) {
            Some(derived) => derived.clocks,
            None => stored.clocks.clone(),
        };
        let seen = stored.version;
        let write = Write {
            tickets: vec![TicketWrite {
                seen,
                ticket,
                events: Vec::new(),
            }],
            ..Write::default()
        };
        // Stale: whoever was faster wrote the facts too.
        self.store.write(write).await?;
        Ok(())
    }
}
