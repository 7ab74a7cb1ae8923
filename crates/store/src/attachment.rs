//! Attachments: content in chunks, and what is known of it.
//!
//! Content lies in the database, so that replicas and backups have it. Its
//! chunks are written first, each in a small statement of its own; the row that
//! makes them an attachment comes last, in the transaction of the `attached`
//! event. Chunks whose row never came are swept.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use ticketing::{EventId, EventKind, TicketNumber};
use uuid::Uuid;

use crate::{
    connect::Store,
    entity::{attachment, attachment_chunk},
    error::StoreError,
    write::Write,
};

/// Bytes of a chunk: small enough that writing one delays nobody.
const CHUNK: usize = 256 << 10;
/// How many forgotten uploads one sweep takes.
const SWEEP: u64 = 200;

/// What is known of an attached file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its identity.
    pub id: Uuid,
    /// Its name, masked.
    pub name: String,
    /// Media type by content.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// SHA-256 of the content in hex.
    pub sha256: String,
    /// When it was attached.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

impl Store {
    /// Stores the content of a file that is about to be attached as `id`, a
    /// UUIDv7 of now.
    ///
    /// # Errors
    /// [`StoreError::Database`]; what was written is swept later.
    pub async fn insert_content(&self, id: Uuid, content: &[u8]) -> Result<(), StoreError> {
        for (n, chunk) in (0..).zip(content.chunks(CHUNK)) {
            let row = attachment_chunk::ActiveModel {
                attachment: Set(id),
                n: Set(n),
                content: Set(chunk.to_vec()),
            };
            attachment_chunk::Entity::insert(row)
                .exec_without_returning(&self.write)
                .await?;
        }
        Ok(())
    }

    /// Forgets the content of a file that was not attached after all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_content(&self, id: Uuid) -> Result<(), StoreError> {
        attachment_chunk::Entity::delete_many()
            .filter(attachment_chunk::Column::Attachment.eq(id))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Forgets content that came before `before` and was never attached;
    /// answers of how many files.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sweep_content(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let attached = attachment::Entity::find()
            .select_only()
            .column(attachment::Column::Id)
            .into_query();
        // Ids are UUIDv7, so what is older has a lower one.
        let orphans: Vec<Uuid> = attachment_chunk::Entity::find()
            .select_only()
            .column(attachment_chunk::Column::Attachment)
            .filter(attachment_chunk::Column::N.eq(0))
            .filter(attachment_chunk::Column::Attachment.lt(EventId::new(before, [0; 10]).0))
            .filter(attachment_chunk::Column::Attachment.not_in_subquery(attached))
            .limit(SWEEP)
            .into_tuple()
            .all(&self.read)
            .await?;
        for id in &orphans {
            self.delete_content(*id).await?;
        }
        Ok(orphans.len())
    }

    /// The attachments of a ticket, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_attachments(
        &self,
        ticket: TicketNumber,
    ) -> Result<Vec<Attachment>, StoreError> {
        let rows = attachment::Entity::find()
            .filter(attachment::Column::Seq.eq(ticket.0))
            .order_by_asc(attachment::Column::At)
            .order_by_asc(attachment::Column::Id)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(Attachment::from).collect())
    }

    /// An attachment of a ticket.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_attachment(
        &self,
        ticket: TicketNumber,
        id: Uuid,
    ) -> Result<Option<Attachment>, StoreError> {
        let row = attachment::Entity::find_by_id(id)
            .filter(attachment::Column::Seq.eq(ticket.0))
            .one(&self.read)
            .await?;
        Ok(row.map(Attachment::from))
    }

    /// The `n`th chunk of an attachment's content, from 0; none beyond the last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_chunk(&self, id: Uuid, n: i32) -> Result<Option<Vec<u8>>, StoreError> {
        let row = attachment_chunk::Entity::find_by_id((id, n))
            .one(&self.read)
            .await?;
        Ok(row.map(|row| row.content))
    }
}

/// The rows of what the events say was attached.
pub(crate) async fn insert_attachments(
    txn: &DatabaseTransaction,
    writes: &[&Write],
) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    for ticket in writes.iter().flat_map(|write| &write.tickets) {
        for event in &ticket.events {
            if let EventKind::Attached {
                attachment,
                name,
                size,
                media_type,
                sha256,
                ..
            } = &event.kind
            {
                rows.push(attachment::ActiveModel {
                    id: Set(*attachment),
                    seq: Set(ticket.ticket.number.0),
                    name: Set(name.clone()),
                    media_type: Set(media_type.clone()),
                    size: Set(*size),
                    sha256: Set(sha256.clone()),
                    at: Set(event.at),
                    actor: Set(event.actor.name.clone()),
                });
            }
        }
    }
    if !rows.is_empty() {
        attachment::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

impl From<attachment::Model> for Attachment {
    fn from(row: attachment::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            at: row.at,
            by: row.actor,
        }
    }
}
