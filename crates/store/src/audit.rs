//! What a ticket's row says of its clocks, beside the whole timeline: for
//! checking the one against the other.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use ticketing::{Event, Ticket, TicketNumber};

use crate::{
    connect::Store,
    entity::{event, ticket},
    error::StoreError,
    row::{event_from, ticket_from},
};

/// A ticket as stored, the columns that lists and timers go by, and the events
/// up to its version.
#[derive(Clone, Debug)]
pub struct AuditedTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Its events in order.
    pub events: Vec<Event>,
    /// By which lists sort.
    pub next_due_at: Option<DateTime<Utc>>,
    /// By which timers fire.
    pub next_timer_at: Option<DateTime<Utc>>,
    /// By which lists filter.
    pub at_risk: bool,
    /// By which lists filter.
    pub breached: bool,
}

impl Store {
    /// Up to `limit` tickets after a number, by number, with their events.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn audit_tickets(
        &self,
        after: TicketNumber,
        limit: u64,
    ) -> Result<Vec<AuditedTicket>, StoreError> {
        let rows = ticket::Entity::find()
            .filter(ticket::Column::Seq.gt(after.0))
            .order_by_asc(ticket::Column::Seq)
            .limit(limit)
            .all(&self.read)
            .await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(Vec::new());
        };
        // Read after the rows: events are never changed, so those up to a row's
        // version are the ones it was made from.
        let found = event::Entity::find()
            .filter(event::Column::Seq.between(first.seq, last.seq))
            .order_by_asc(event::Column::Seq)
            .order_by_asc(event::Column::N)
            .all(&self.read)
            .await?;
        let mut events: BTreeMap<i64, Vec<Event>> = BTreeMap::new();
        for row in &found {
            events.entry(row.seq).or_default().push(event_from(row)?);
        }
        rows.into_iter()
            .map(|row| {
                let mut events = events.remove(&row.seq).unwrap_or_default();
                events.retain(|event| event.n <= row.version);
                Ok(AuditedTicket {
                    ticket: ticket_from(row.seq, &row.doc)?,
                    events,
                    next_due_at: row.next_due_at,
                    next_timer_at: row.next_timer_at,
                    at_risk: row.at_risk,
                    breached: row.breached,
                })
            })
            .collect()
    }
}
