//! Mails that were taken in, by their message id: the guard that takes each
//! once, and the answer that a repeat gets.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};
use ticketing::{NotificationId, TicketNumber};

use crate::{
    connect::Store,
    entity::{inbound_mail, notification},
    error::StoreError,
    insert::insert,
    write::{Outcome, Write},
};

/// A mail that is taken in with a [`Write`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundMail {
    /// The mail's own id: unique.
    pub message_id: String,
    /// "ticket", "comment" or "bounce".
    pub outcome: String,
    /// Which ticket it made, or went to.
    pub ticket: Option<TicketNumber>,
    /// What is to be said about it.
    pub reason: Option<String>,
    /// Whose key brought it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A notification that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounced {
    /// Which.
    pub notification: NotificationId,
    /// Why, in the mail server's words.
    pub reason: String,
    /// When it became known.
    pub at: DateTime<Utc>,
}

impl Store {
    /// The mail with that message id, if it was taken in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_inbound(&self, message_id: &str) -> Result<Option<InboundMail>, StoreError> {
        let row = inbound_mail::Entity::find_by_id(message_id)
            .one(&self.read)
            .await?;
        Ok(row.map(|row| InboundMail {
            message_id: row.message_id,
            outcome: row.outcome,
            ticket: row.seq.map(TicketNumber),
            reason: row.reason,
            by: row.by,
            at: row.at,
        }))
    }
}

/// Inserts the mails of the writes; one that was taken in before is
/// [`Outcome::Replayed`]. Two of one batch never have the same id.
pub(crate) async fn guard_mails(
    txn: &DatabaseTransaction,
    writes: &[&Write],
    outcomes: &mut [Outcome],
) -> Result<(), DbErr> {
    let mails = writes
        .iter()
        .zip(outcomes.iter())
        .filter_map(|(write, outcome)| {
            let mail = write.inbound.as_ref()?;
            (*outcome == Outcome::Written).then(|| row(mail))
        });
    let rows: Vec<inbound_mail::ActiveModel> = mails.collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut fresh: HashSet<String> = HashSet::new();
    let rest = "ON CONFLICT DO NOTHING RETURNING \"message_id\"";
    for row in insert(txn, rows, rest).await? {
        fresh.insert(row.try_get_by_index(0)?);
    }
    for (write, outcome) in writes.iter().zip(outcomes) {
        if let Some(mail) = &write.inbound
            && *outcome == Outcome::Written
            && !fresh.contains(&mail.message_id)
        {
            *outcome = Outcome::Replayed;
        }
    }
    Ok(())
}

/// A mail whose write did not go through was not taken in.
pub(crate) async fn release_mails(
    txn: &DatabaseTransaction,
    writes: &[&Write],
    outcomes: &[Outcome],
) -> Result<(), DbErr> {
    for (write, outcome) in writes.iter().zip(outcomes) {
        if let (Some(mail), Outcome::Taken { .. } | Outcome::Stale { .. }) =
            (&write.inbound, outcome)
        {
            inbound_mail::Entity::delete_by_id(mail.message_id.clone())
                .exec(txn)
                .await?;
        }
    }
    Ok(())
}

/// What came back is dead, also while an attempt runs: its settlement names a
/// lease that the row no longer has.
pub(crate) async fn mark_bounced(
    txn: &DatabaseTransaction,
    writes: &[&Write],
) -> Result<(), DbErr> {
    for bounced in writes.iter().filter_map(|write| write.bounced.as_ref()) {
        let dead = notification::ActiveModel {
            state: Set("dead".to_owned()),
            due_at: Set(None),
            lease: Set(None),
            last_reply: Set(Some(bounced.reason.clone())),
            settled_at: Set(Some(bounced.at)),
            ..Default::default()
        };
        notification::Entity::update_many()
            .set(dead)
            .filter(notification::Column::Id.eq(bounced.notification.0))
            .filter(notification::Column::State.is_in(["sent", "pending"]))
            .exec(txn)
            .await?;
    }
    Ok(())
}

fn row(mail: &InboundMail) -> inbound_mail::ActiveModel {
    inbound_mail::ActiveModel {
        message_id: Set(mail.message_id.clone()),
        outcome: Set(mail.outcome.clone()),
        seq: Set(mail.ticket.map(|ticket| ticket.0)),
        reason: Set(mail.reason.clone()),
        by: Set(mail.by.clone()),
        at: Set(mail.at),
    }
}
