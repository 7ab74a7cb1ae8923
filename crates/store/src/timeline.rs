//! Timelines: the events of a ticket.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use ticketing::{Event, TicketNumber};

use crate::{connect::Store, entity::event, error::StoreError, row::event_from};

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
}
