//! Timelines: the events of a ticket, and of all tickets since an instant.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use ticketing::{Event, TicketNumber};

use crate::{connect::Store, entity::event, error::StoreError, row::event_from};

/// An event with the number of its ticket, as a stream sends it.
#[derive(Clone, Debug)]
pub struct StreamedEvent {
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// What happened.
    pub event: Event,
}

impl Store {
    /// Up to `limit` events of a ticket after the `after`th, in order.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_events_of(
        &self,
        ticket: TicketNumber,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = event::Entity::find()
            .filter(event::Column::Seq.eq(ticket.0))
            .filter(event::Column::N.gt(after))
            .order_by_asc(event::Column::N)
            .limit(limit)
            .all(&self.read)
            .await?;
        rows.iter().map(event_from).collect()
    }

    /// As [`Store::list_events_of`], comments alone.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_comments_of(
        &self,
        ticket: TicketNumber,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = event::Entity::find()
            .filter(event::Column::Seq.eq(ticket.0))
            .filter(event::Column::N.gt(after))
            .filter(event::Column::Kind.eq("commented"))
            .order_by_asc(event::Column::N)
            .limit(limit)
            .all(&self.read)
            .await?;
        rows.iter().map(event_from).collect()
    }

    /// Up to `limit` events of all tickets at or after `since`, by id.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_events_since(
        &self,
        since: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<StreamedEvent>, StoreError> {
        // Ids are UUIDv7: those of an instant or later are a range of the key.
        let first = ticketing::EventId::new(since, [0; 10]);
        let rows = event::Entity::find()
            .filter(event::Column::Id.gte(first.0))
            .order_by_asc(event::Column::Id)
            .limit(limit)
            .all(&self.read)
            .await?;
        let streamed = |row: event::Model| {
            Ok(StreamedEvent {
                ticket: TicketNumber(row.seq),
                event: event_from(&row)?,
            })
        };
        rows.into_iter().map(streamed).collect()
    }
}
