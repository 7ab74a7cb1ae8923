//! Webhooks of tools.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use ticketing::TicketEventType;
use uuid::Uuid;

use crate::{
    connect::Store,
    delivery::owned,
    entity::webhook,
    error::StoreError,
    row::{corrupt, to_json},
};

/// Where a tool's events are sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its identity.
    pub id: Uuid,
    /// The access key's name that made it.
    pub owner: String,
    /// Where to.
    pub url: String,
    /// What it is signed with, as it was shown once: `whsec_…`.
    pub secret: String,
    /// Which events; none of them: all.
    pub events: Vec<TicketEventType>,
    /// Whether those of all tickets, and not only of the owner's own.
    pub all_tickets: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when nothing has been delivered.
    pub failing_since: Option<DateTime<Utc>>,
    /// Since when nothing is sent any more.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Why not.
    pub disabled_why: Option<String>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without secret and URL, which may hold one.
        write!(f, "Webhook({}, {})", self.id, self.owner)
    }
}

impl Store {
    /// All webhooks, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        let rows = webhook::Entity::find().order_by_asc(webhook::Column::Id);
        let rows = rows.all(&self.read).await?;
        rows.into_iter().map(Webhook::try_from).collect()
    }

    /// Forgets a webhook; `false` when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_webhook(&self, id: Uuid) -> Result<bool, StoreError> {
        let db = self.write.clone();
        let deleted = owned(async move { webhook::Entity::delete_by_id(id).exec(&db).await });
        Ok(deleted.await?.rows_affected == 1)
    }

    /// Notes that a delivery failed, and answers since when they have.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn webhook_failed(
        &self,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let db = self.write.clone();
        let row = owned(async move {
            webhook::Entity::update_many()
                .col_expr(webhook::Column::FailingSince, Expr::value(now))
                .filter(webhook::Column::Id.eq(id))
                .filter(webhook::Column::FailingSince.is_null())
                .exec(&db)
                .await?;
            webhook::Entity::find_by_id(id).one(&db).await
        });
        Ok(row.await?.and_then(|row| row.failing_since))
    }

    /// Notes that a delivery went through.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn webhook_delivered(&self, id: Uuid) -> Result<(), StoreError> {
        let db = self.write.clone();
        let none: Option<DateTime<Utc>> = None;
        let updated = owned(async move {
            webhook::Entity::update_many()
                .col_expr(webhook::Column::FailingSince, Expr::value(none))
                .filter(webhook::Column::Id.eq(id))
                .exec(&db)
                .await
        });
        updated.await?;
        Ok(())
    }

    /// Disables a webhook; `false` when it is already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn disable_webhook(
        &self,
        id: Uuid,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let db = self.write.clone();
        let why = Some(why.to_owned());
        let updated = owned(async move {
            webhook::Entity::update_many()
                .col_expr(webhook::Column::DisabledAt, Expr::value(Some(now)))
                .col_expr(webhook::Column::DisabledWhy, Expr::value(why))
                .filter(webhook::Column::Id.eq(id))
                .filter(webhook::Column::DisabledAt.is_null())
                .exec(&db)
                .await
        });
        Ok(updated.await?.rows_affected == 1)
    }
}

fn words(events: &[TicketEventType]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}

/// A webhook as a row.
pub(crate) fn webhook_row(new: &Webhook) -> Result<webhook::ActiveModel, StoreError> {
    Ok(webhook::ActiveModel {
        id: Set(new.id),
        owner: Set(new.owner.clone()),
        url: Set(new.url.clone()),
        secret: Set(new.secret.clone()),
        events: Set(to_json("webhooks", &words(&new.events))?),
        all_tickets: Set(new.all_tickets),
        created_at: Set(new.created_at),
        failing_since: Set(new.failing_since),
        disabled_at: Set(new.disabled_at),
        disabled_why: Set(new.disabled_why.clone()),
    })
}

impl TryFrom<webhook::Model> for Webhook {
    type Error = StoreError;

    fn try_from(row: webhook::Model) -> Result<Self, StoreError> {
        let events: Vec<String> = serde_json::from_str(&row.events)
            .map_err(|error| corrupt("webhooks", row.id, &error))?;
        // A type that a newer desk knows is one that this one never sends.
        let events = events.iter().filter_map(|word| word.parse().ok()).collect();
        Ok(Self {
            id: row.id,
            owner: row.owner,
            url: row.url,
            secret: row.secret,
            events,
            all_tickets: row.all_tickets,
            created_at: row.created_at,
            failing_since: row.failing_since,
            disabled_at: row.disabled_at,
            disabled_why: row.disabled_why,
        })
    }
}
