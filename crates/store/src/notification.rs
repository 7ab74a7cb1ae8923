//! The outbox: what is to be told, written with what happened.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use ticketing::{Content, NotificationId, Recipient, TicketNumber};

use crate::{
    connect::Store,
    entity::{notification, notification_attempt},
    error::StoreError,
    row,
};

/// One message to one recipient, to be delivered.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// Its identity; a mail's `Message-ID` is made from it.
    pub id: NotificationId,
    /// To whom, and how.
    pub recipient: Recipient,
    /// The level it is told at.
    pub level: runbook::Level,
    /// What it tells.
    pub content: Content,
    /// When it was caused.
    pub created_at: DateTime<Utc>,
}

/// A row of the outbox.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Its identity.
    pub id: NotificationId,
    /// Of which ticket, if it belongs to one.
    pub ticket: Option<TicketNumber>,
    /// The medium's name.
    pub medium: String,
    /// To whom.
    pub recipient: String,
    /// What kind of notice or letter.
    pub kind: String,
    /// At which level.
    pub level: i16,
    /// "pending", "sent", "dead" or "superseded".
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether an attempt ended without an answer: it may be delivered twice.
    pub maybe_delivered: bool,
    /// The peer's last words, or what went wrong.
    pub last_reply: Option<String>,
    /// When it was caused.
    pub created_at: DateTime<Utc>,
    /// When it was sent, given up or superseded.
    pub settled_at: Option<DateTime<Utc>>,
}

/// One attempt to deliver a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which attempt, from 1.
    pub n: i32,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// "sent", "transient", "permanent", "unknown", "misconfigured" or "superseded".
    pub outcome: String,
    /// The peer's words, or what went wrong.
    pub reply: String,
}

/// Which notifications to list; an absent part matches all.
#[derive(Clone, Debug, Default)]
pub struct NotificationFilter {
    /// In this state.
    pub state: Option<String>,
    /// Of this ticket.
    pub ticket: Option<TicketNumber>,
    /// Older than this one: where the page before ended.
    pub before: Option<NotificationId>,
}

impl NewNotification {
    /// The same cause on the same ticket, or of the same letter, never tells
    /// the same recipient twice.
    fn dedupe_key(&self) -> String {
        let cause = self.content.cause();
        let Recipient { medium, address } = &self.recipient;
        match self.content.ticket() {
            Some(ticket) => format!("{ticket}:{cause}:{medium}:{address}"),
            None => letter_key(cause, &self.recipient),
        }
    }

    fn doc(&self) -> Result<String, StoreError> {
        match &self.content {
            Content::Notice { notice, .. } => row::to_json("notifications", notice),
            Content::Letter(letter) => row::to_json("notifications", letter),
            Content::Event { event, .. } => Ok(event.payload.clone()),
        }
    }

    pub(crate) fn row(&self) -> Result<notification::ActiveModel, StoreError> {
        Ok(notification::ActiveModel {
            id: Set(self.id.0),
            dedupe_key: Set(self.dedupe_key()),
            seq: Set(self.content.ticket().map(|ticket| ticket.0)),
            medium: Set(self.recipient.medium.as_str().to_owned()),
            recipient: Set(self.recipient.address.clone()),
            kind: Set(self.content.kind().to_owned()),
            level: Set(i16::from(self.level.number())),
            doc: Set(self.doc()?),
            state: Set("pending".to_owned()),
            attempts: Set(0),
            due_at: Set(Some(self.created_at)),
            lease: Set(None),
            maybe_delivered: Set(false),
            last_reply: Set(None),
            created_at: Set(self.created_at),
            settled_at: Set(None),
            expires_at: Set(None),
        })
    }
}

fn letter_key(cause: &str, to: &Recipient) -> String {
    let Recipient { medium, address } = to;
    format!("letter:{cause}:{medium}:{address}")
}

impl From<notification::Model> for Notification {
    fn from(row: notification::Model) -> Self {
        Self {
            id: NotificationId(row.id),
            ticket: row.seq.map(TicketNumber),
            medium: row.medium,
            recipient: row.recipient,
            kind: row.kind,
            level: row.level,
            state: row.state,
            attempts: row.attempts,
            due_at: row.due_at,
            maybe_delivered: row.maybe_delivered,
            last_reply: row.last_reply,
            created_at: row.created_at,
            settled_at: row.settled_at,
        }
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
        Ok(rows.into_iter().map(Notification::from).collect())
    }

    /// Up to `limit` notifications that the filter matches, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_notifications(
        &self,
        filter: &NotificationFilter,
        limit: u64,
    ) -> Result<Vec<Notification>, StoreError> {
        let mut found = notification::Entity::find();
        if let Some(state) = &filter.state {
            found = found.filter(notification::Column::State.eq(state));
        }
        if let Some(ticket) = filter.ticket {
            found = found.filter(notification::Column::Seq.eq(ticket.0));
        }
        if let Some(before) = filter.before {
            found = found.filter(notification::Column::Id.lt(before.0));
        }
        // Ids are UUIDv7: their order is the order of their making.
        let rows = found
            .order_by_desc(notification::Column::Id)
            .limit(limit)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(Notification::from).collect())
    }

    /// Which of the recipients a letter of that cause was posted to, whatever
    /// became of it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn told_by_letter(
        &self,
        cause: &str,
        to: &[Recipient],
    ) -> Result<Vec<Recipient>, StoreError> {
        let keys = to.iter().map(|recipient| letter_key(cause, recipient));
        let rows = notification::Entity::find()
            .filter(notification::Column::DedupeKey.is_in(keys))
            .all(&self.read)
            .await?;
        let told = |recipient: &&Recipient| {
            let address = |row: &notification::Model| row.recipient == recipient.address;
            rows.iter().any(address)
        };
        Ok(to.iter().filter(told).cloned().collect())
    }

    /// One notification.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_notification(
        &self,
        id: NotificationId,
    ) -> Result<Option<Notification>, StoreError> {
        let row = notification::Entity::find_by_id(id.0)
            .one(&self.read)
            .await?;
        Ok(row.map(Notification::from))
    }

    /// The attempts to deliver a notification, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_attempts(&self, of: NotificationId) -> Result<Vec<Attempt>, StoreError> {
        let rows = notification_attempt::Entity::find()
            .filter(notification_attempt::Column::Notification.eq(of.0))
            .order_by_asc(notification_attempt::Column::N)
            .all(&self.read)
            .await?;
        let attempt = |row: notification_attempt::Model| Attempt {
            n: row.n,
            at: row.at,
            outcome: row.outcome,
            reply: row.reply,
        };
        Ok(rows.into_iter().map(attempt).collect())
    }
}
