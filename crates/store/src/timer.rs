//! Due times that live in rows: what any replica may act on.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use ticketing::{Status, Ticket};

use crate::{connect::Store, entity::ticket, error::StoreError, row::ticket_from};

impl Store {
    /// Up to `limit` tickets with a clock timer due by `now`, oldest first.
    /// Whoever acts on one writes it back under its version, so that two
    /// replicas on one timer make one transition.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_due_timers(
        &self,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Ticket>, StoreError> {
        let rows: Vec<(i64, String)> = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Seq, ticket::Column::Doc])
            .filter(ticket::Column::NextTimerAt.lte(now))
            .order_by_asc(ticket::Column::NextTimerAt)
            .limit(limit)
            .into_tuple()
            .all(&self.read)
            .await?;
        rows.iter()
            .map(|(seq, doc)| ticket_from(*seq, doc))
            .collect()
    }

    /// When the next clock timer is due, if any.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_timer_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<Option<DateTime<Utc>>> = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::NextTimerAt)
            .filter(ticket::Column::NextTimerAt.is_not_null())
            .order_by_asc(ticket::Column::NextTimerAt)
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(next.flatten())
    }

    /// Up to `limit` tickets resolved by `before` and not closed, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_to_close(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Ticket>, StoreError> {
        let rows: Vec<(i64, String)> = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Seq, ticket::Column::Doc])
            .filter(ticket::Column::Status.eq(Status::Resolved.as_str()))
            .filter(ticket::Column::ResolvedAt.lte(before))
            .order_by_asc(ticket::Column::ResolvedAt)
            .limit(limit)
            .into_tuple()
            .all(&self.read)
            .await?;
        rows.iter()
            .map(|(seq, doc)| ticket_from(*seq, doc))
            .collect()
    }
}
