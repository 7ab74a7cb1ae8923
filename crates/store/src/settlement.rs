//! How attempts to deliver end: each under its lease, all in one transaction.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction,
    DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use ticketing::NotificationId;
use uuid::Uuid;

use crate::{
    connect::Store,
    delivery::owned,
    entity::{notification, notification_attempt},
    error::StoreError,
    notification::NewNotification,
    writer::begin,
};

/// How an attempt ends.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Which row.
    pub id: NotificationId,
    /// Under which lease.
    pub lease: Uuid,
    /// Which attempt.
    pub attempt: i32,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// What the attempt's outcome is called.
    pub outcome: &'static str,
    /// The peer's words, or what went wrong.
    pub reply: String,
    /// What becomes of the row.
    pub next: Next,
    /// Whom to tell instead.
    pub instead: Option<NewNotification>,
}

/// What becomes of a row after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It was sent.
    Sent,
    /// It is given up; visible, and can be retried by hand.
    Dead,
    /// It no longer matters.
    Superseded,
    /// It is tried again.
    Again {
        /// When.
        at: DateTime<Utc>,
        /// Whether it may have been delivered.
        maybe_delivered: bool,
    },
    /// The attempt did not take place; it does not count.
    Untried {
        /// When it is tried.
        at: DateTime<Utc>,
    },
}

impl Store {
    /// Settles attempts, each under its lease: one whose lease is no longer
    /// the row's changes nothing. Answers how many were settled.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing is settled.
    pub async fn settle_notifications(
        &self,
        settlements: Vec<Settlement>,
    ) -> Result<usize, StoreError> {
        let db = self.write.clone();
        Ok(owned(async move { settle(&db, &settlements).await }).await?)
    }
}

async fn settle(db: &DatabaseConnection, settlements: &[Settlement]) -> Result<usize, DbErr> {
    let transaction = begin(db).await?;
    let mut settled = 0;
    for settlement in settlements {
        if apply(&transaction, settlement).await? {
            settled += 1;
        }
    }
    transaction.commit().await?;
    Ok(settled)
}

async fn apply(txn: &DatabaseTransaction, settlement: &Settlement) -> Result<bool, DbErr> {
    let mut row = notification::ActiveModel {
        lease: Set(None),
        ..Default::default()
    };
    if !matches!(settlement.next, Next::Untried { .. }) {
        row.last_reply = Set(Some(settlement.reply.clone()));
    }
    let mut end = |state: &str| {
        row.state = Set(state.to_owned());
        row.due_at = Set(None);
        row.settled_at = Set(Some(settlement.at));
    };
    match settlement.next {
        Next::Sent => end("sent"),
        Next::Dead => end("dead"),
        Next::Superseded => end("superseded"),
        Next::Again {
            at,
            maybe_delivered,
        } => {
            row.due_at = Set(Some(at));
            if maybe_delivered {
                row.maybe_delivered = Set(true);
            }
        }
        Next::Untried { at } => {
            row.due_at = Set(Some(at));
            row.attempts = Set(settlement.attempt - 1);
        }
    }
    // An update by value needs no read before it: the lease is the guard.
    let updated = notification::Entity::update_many()
        .set(row)
        .filter(notification::Column::Id.eq(settlement.id.0))
        .filter(notification::Column::State.eq("pending"))
        .filter(notification::Column::Lease.eq(settlement.lease))
        .exec(txn)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(false);
    }
    if !matches!(settlement.next, Next::Untried { .. }) {
        let attempt = notification_attempt::ActiveModel {
            notification: Set(settlement.id.0),
            n: Set(settlement.attempt),
            at: Set(settlement.at),
            outcome: Set(settlement.outcome.to_owned()),
            reply: Set(settlement.reply.clone()),
        };
        attempt.insert(txn).await?;
    }
    if let Some(instead) = &settlement.instead {
        let row = instead
            .row()
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        notification::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(txn)
            .await?;
    }
    Ok(true)
}
