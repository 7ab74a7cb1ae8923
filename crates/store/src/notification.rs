//! The outbox: what is to be told, written with what happened.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ticketing::{Notice, NotificationId, Recipient, TicketNumber};

use crate::{connect::Store, entity::notification, error::StoreError, row};

/// One message to one recipient, to be delivered.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// Its identity; a mail's `Message-ID` is made from it.
    pub id: NotificationId,
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// To whom, and how.
    pub recipient: Recipient,
    /// The level it is told at.
    pub level: runbook::Level,
    /// What it tells.
    pub notice: Notice,
    /// When it was caused.
    pub created_at: DateTime<Utc>,
}

/// A row of the outbox.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Its identity.
    pub id: NotificationId,
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// The medium's name.
    pub medium: String,
    /// To whom.
    pub recipient: String,
    /// What kind of notice.
    pub kind: String,
    /// At which level.
    pub level: i16,
    /// "pending", "sent", "dead" or "superseded".
    pub state: String,
    /// When it was caused.
    pub created_at: DateTime<Utc>,
}

impl NewNotification {
    /// The same cause on the same ticket never tells the same recipient twice.
    fn dedupe_key(&self) -> String {
        let Recipient { medium, address } = &self.recipient;
        format!("{}:{}:{medium}:{address}", self.ticket, self.notice.cause)
    }

    pub(crate) fn row(&self) -> Result<notification::ActiveModel, StoreError> {
        Ok(notification::ActiveModel {
            id: Set(self.id.0),
            dedupe_key: Set(self.dedupe_key()),
            seq: Set(self.ticket.0),
            medium: Set(self.recipient.medium.as_str().to_owned()),
            recipient: Set(self.recipient.address.clone()),
            kind: Set(self.notice.kind.as_str().to_owned()),
            level: Set(i16::from(self.level.number())),
            doc: Set(row::to_json("notifications", &self.notice)?),
            state: Set("pending".to_owned()),
            attempts: Set(0),
            due_at: Set(Some(self.created_at)),
            lease: Set(None),
            maybe_delivered: Set(false),
            last_reply: Set(None),
            created_at: Set(self.created_at),
            settled_at: Set(None),
        })
    }
}

impl Store {
    /// The notifications of a ticket, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_notifications_of(
        &self,
        ticket: TicketNumber,
    ) -> Result<Vec<Notification>, StoreError> {
        let rows = notification::Entity::find()
            .filter(notification::Column::Seq.eq(ticket.0))
            .order_by_asc(notification::Column::Id)
            .all(&self.read)
            .await?;
        let found = rows.into_iter().map(|row| Notification {
            id: NotificationId(row.id),
            ticket: TicketNumber(row.seq),
            medium: row.medium,
            recipient: row.recipient,
            kind: row.kind,
            level: row.level,
            state: row.state,
            created_at: row.created_at,
        });
        Ok(found.collect())
    }
}
