//! Finding single tickets.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use ticketing::{Ticket, TicketRef};

use crate::{connect::Store, entity::ticket, error::StoreError, row::ticket_from};

impl Store {
    /// The ticket of that id or number, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn find_ticket(&self, by: TicketRef) -> Result<Option<Ticket>, StoreError> {
        let found = ticket::Entity::find();
        let found = match by {
            TicketRef::Id(id) => found.filter(ticket::Column::Id.eq(id.0)),
            TicketRef::Number(number) => found.filter(ticket::Column::Seq.eq(number.0)),
        };
        self.one(found).await
    }

    /// The ticket that a source filed under its own reference.
    ///
    /// # Errors
    /// As [`Store::find_ticket`].
    pub async fn find_by_external_ref(
        &self,
        source: &str,
        external_ref: &str,
    ) -> Result<Option<Ticket>, StoreError> {
        let found = ticket::Entity::find()
            .filter(ticket::Column::Source.eq(source))
            .filter(ticket::Column::ExternalRef.eq(external_ref));
        self.one(found).await
    }

    async fn one(&self, found: Select<ticket::Entity>) -> Result<Option<Ticket>, StoreError> {
        let row: Option<(i64, String)> = found
            .select_only()
            .columns([ticket::Column::Seq, ticket::Column::Doc])
            .into_tuple()
            .one(&self.read)
            .await?;
        row.map(|(seq, doc)| ticket_from(seq, &doc)).transpose()
    }
}
