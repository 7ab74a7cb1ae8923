//! How attempts to deliver end: each under its lease, in the writer's batches.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr, Statement, Value};
use ticketing::NotificationId;
use tracing::warn;
use uuid::Uuid;

use crate::{
    connect::Store,
    entity::notification_attempt,
    error::StoreError,
    insert::insert,
    notification::NewNotification,
    rows::{CHUNK, Named, source},
    write::Write,
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

/// One statement for all: a row whose lease is another's by now stays as it is.
/// Only pending rows are leased; to ask for their state as well would make
/// SQLite walk over all that are pending.
const SETTLE: &str = "UPDATE notifications SET lease = NULL, state = s.state, \
     due_at = CASE WHEN s.state = 'pending' THEN s.at END, \
     settled_at = CASE WHEN s.state = 'pending' THEN settled_at ELSE s.at END, \
     last_reply = CASE WHEN s.tried THEN s.reply ELSE last_reply END, \
     attempts = CASE WHEN s.tried THEN attempts ELSE attempts - 1 END, \
     maybe_delivered = maybe_delivered OR s.maybe \
     FROM ({settlements}) AS s \
     WHERE notifications.id = s.id AND notifications.lease = s.lease \
     RETURNING notifications.id";

impl Store {
    /// Settles attempts, each under its lease: one whose lease is no longer
    /// the row's changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing is settled.
    pub async fn settle_notifications(
        &self,
        settlements: Vec<Settlement>,
    ) -> Result<(), StoreError> {
        let write = Write {
            settlements,
            ..Write::default()
        };
        // What was sent must be settled, however much is waiting.
        self.write_patiently(write).await?;
        Ok(())
    }
}

/// Settles attempts; answers whom to tell instead.
pub(crate) async fn settle<'a>(
    txn: &DatabaseTransaction,
    writes: &[&'a Write],
) -> Result<Vec<&'a NewNotification>, DbErr> {
    let all: Vec<&Settlement> = writes.iter().flat_map(|write| &write.settlements).collect();
    let mut settled: HashSet<Uuid> = HashSet::with_capacity(all.len());
    let backend = txn.get_database_backend();
    for chunk in all.chunks(CHUNK) {
        let rows = chunk.iter().map(|one| values(one)).collect();
        let (source, values) = source(backend, &COLUMNS, rows);
        let sql = SETTLE.replace("{settlements}", &source);
        let statement = Statement::from_sql_and_values(backend, sql, values);
        for row in txn.query_all_raw(statement).await? {
            settled.insert(row.try_get_by_index(0)?);
        }
    }
    if settled.len() < all.len() {
        let (count, settled) = (all.len(), settled.len());
        warn!(
            count,
            settled, "a lease had run out before its attempt ended"
        );
    }
    let ended = || all.iter().filter(|one| settled.contains(&one.id.0));
    let attempts = ended().filter(|one| one.next.was_tried());
    let attempts = attempts.map(|one| notification_attempt::ActiveModel {
        notification: Set(one.id.0),
        n: Set(one.attempt),
        at: Set(one.at),
        outcome: Set(one.outcome.to_owned()),
        reply: Set(one.reply.clone()),
    });
    insert(txn, attempts.collect(), "").await?;
    Ok(ended().filter_map(|one| one.instead.as_ref()).collect())
}

impl Next {
    const fn was_tried(self) -> bool {
        !matches!(self, Self::Untried { .. })
    }

    /// The row's state, and when it is due or, being settled, was settled.
    const fn state(self, ended: DateTime<Utc>) -> (&'static str, DateTime<Utc>) {
        match self {
            Self::Sent => ("sent", ended),
            Self::Dead => ("dead", ended),
            Self::Superseded => ("superseded", ended),
            Self::Again { at, .. } | Self::Untried { at } => ("pending", at),
        }
    }

    const fn maybe_delivered(self) -> bool {
        matches!(
            self,
            Self::Again {
                maybe_delivered: true,
                ..
            }
        )
    }
}

/// What a settlement says of its row, in the order of [`values`].
const COLUMNS: [Named; 7] = [
    ("id", false),
    ("lease", false),
    ("state", false),
    ("at", false),
    ("tried", false),
    ("reply", false),
    ("maybe", false),
];

fn values(of: &Settlement) -> Vec<Value> {
    let (state, at) = of.next.state(of.at);
    vec![
        of.id.0.into(),
        of.lease.into(),
        state.into(),
        at.into(),
        of.next.was_tried().into(),
        of.reply.as_str().into(),
        of.next.maybe_delivered().into(),
    ]
}
