//! Delivering the outbox: rows are leased, sent with no transaction open, and
//! settled under the lease, so that never two live attempts settle one row.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
};
use ticketing::{Content, Medium, NotificationId, Recipient, TicketEvent, TicketNumber};
use uuid::Uuid;

use crate::{
    connect::Store,
    entity::notification,
    error::StoreError,
    row::corrupt,
    settlement::{Next, Settlement},
};

/// For how long a notification is tried, from its first attempt on.
const TRIED_FOR: TimeDelta = TimeDelta::hours(24);

/// Which part of the outbox: the urgent one never waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Levels 3 and 4.
    Urgent,
    /// Levels 1 and 2.
    Ordinary,
    /// Webhooks of tools: their receivers must not keep mails waiting.
    Tools,
}

/// A row of the outbox, leased.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Its identity.
    pub id: NotificationId,
    /// The lease: what settles the row must name it.
    pub lease: Uuid,
    /// To whom, and how.
    pub recipient: Recipient,
    /// At which level.
    pub level: runbook::Level,
    /// What is told.
    pub content: Content,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// When it was caused.
    pub created_at: DateTime<Utc>,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
    /// Whether it may have been delivered by an attempt before.
    pub maybe_delivered: bool,
}

/// What a claim found: rows, and those that cannot be read, which are dead.
#[derive(Debug, Default)]
pub struct Claims {
    /// The rows, oldest due first.
    pub rows: Vec<Claimed>,
    /// Rows that hold what they should not.
    pub corrupt: Vec<Settlement>,
}

/// What an operator wants to know of the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxHealth {
    /// Given up since the instant that was asked for.
    pub dead: u64,
    /// Due before the instant that was asked for and still pending.
    pub overdue: u64,
}

/// What one address was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailed {
    /// How many mails.
    pub count: usize,
    /// When the first of them.
    pub first: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct ClaimedRow {
    id: Uuid,
    seq: Option<i64>,
    medium: String,
    recipient: String,
    kind: String,
    level: i16,
    doc: String,
    attempts: i32,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    maybe_delivered: bool,
}

/// The row's lane in SQL, word for word as in the index of what is due.
macro_rules! lane {
    () => {
        "(CASE WHEN medium = 'webhook' THEN 2 WHEN level >= 3 THEN 0 ELSE 1 END)"
    };
}

/// On PostgreSQL the planner may evaluate a plain sub-select again and lock
/// more rows than it answers; a materialized one runs once.
const POSTGRES: &str = concat!(
    "WITH due AS MATERIALIZED (\
     SELECT id FROM notifications WHERE state = 'pending' AND due_at <= $1 AND ",
    lane!(),
    " = $2 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) \
     UPDATE notifications SET lease = $4, due_at = $5, attempts = attempts + 1, \
     maybe_delivered = maybe_delivered OR lease IS NOT NULL, \
     expires_at = COALESCE(expires_at, $6) \
     WHERE id IN (SELECT id FROM due) \
     RETURNING id, seq, medium, recipient, kind, level, doc, attempts, created_at, \
     expires_at, maybe_delivered"
);

/// On SQLite the writer connection is alone, and so needs no row locks.
const SQLITE: &str = concat!(
    "UPDATE notifications SET lease = $4, due_at = $5, \
     attempts = attempts + 1, \
     maybe_delivered = maybe_delivered OR lease IS NOT NULL, \
     expires_at = COALESCE(expires_at, $6) \
     WHERE id IN (\
     SELECT id FROM notifications WHERE state = 'pending' AND due_at <= $1 AND ",
    lane!(),
    " = $2 ORDER BY due_at LIMIT $3) \
     RETURNING id, seq, medium, recipient, kind, level, doc, attempts, created_at, \
     expires_at, maybe_delivered"
);

impl Lane {
    /// Its number in SQL.
    const fn number(self) -> i32 {
        match self {
            Self::Urgent => 0,
            Self::Ordinary => 1,
            Self::Tools => 2,
        }
    }
}

impl Store {
    /// Leases up to `limit` notifications of a lane that are due, until
    /// `now + lease_for`. `lease` must be fresh: it names this claim alone.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing is leased, or the lease runs out.
    pub async fn claim_notifications(
        &self,
        lane: Lane,
        lease: Uuid,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        limit: u32,
    ) -> Result<Claims, StoreError> {
        let sql = if self.is_sqlite() { SQLITE } else { POSTGRES };
        let statement = Statement::from_sql_and_values(
            self.write.get_database_backend(),
            sql,
            [
                now.into(),
                lane.number().into(),
                i64::from(limit).into(),
                lease.into(),
                (now + lease_for).into(),
                (now + TRIED_FOR).into(),
            ],
        );
        let db = self.write.clone();
        let found = owned(async move { ClaimedRow::find_by_statement(statement).all(&db).await });
        let mut rows = found.await?;
        // RETURNING has no order of its own.
        rows.sort_by_key(|row| (row.created_at, row.id));
        let mut claims = Claims::default();
        for row in rows {
            let (id, attempt) = (NotificationId(row.id), row.attempts);
            match claimed(row, lease) {
                Ok(row) => claims.rows.push(row),
                Err(error) => claims.corrupt.push(Settlement {
                    id,
                    lease,
                    attempt,
                    at: now,
                    outcome: "permanent",
                    reply: error.to_string(),
                    next: Next::Dead,
                    instead: None,
                }),
            }
        }
        Ok(claims)
    }

    /// Tries a dead notification again, for another day from its next attempt
    /// on. Answers whether it was dead.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn retry_notification(
        &self,
        id: NotificationId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let again = notification::ActiveModel {
            state: Set("pending".to_owned()),
            due_at: Set(Some(now)),
            lease: Set(None),
            settled_at: Set(None),
            expires_at: Set(None),
            ..Default::default()
        };
        let db = self.write.clone();
        let updated = owned(async move {
            notification::Entity::update_many()
                .set(again)
                .filter(notification::Column::Id.eq(id.0))
                .filter(notification::Column::State.eq("dead"))
                .exec(&db)
                .await
        });
        Ok(updated.await?.rows_affected > 0)
    }

    /// How many notifications were given up since `since`, and how many are
    /// pending though they were due by `overdue`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn outbox_health(
        &self,
        since: DateTime<Utc>,
        overdue: DateTime<Utc>,
    ) -> Result<OutboxHealth, StoreError> {
        let state = |state: &str| {
            notification::Entity::find().filter(notification::Column::State.eq(state))
        };
        let dead = state("dead").filter(notification::Column::SettledAt.gte(since));
        let late = state("pending").filter(notification::Column::DueAt.lt(overdue));
        Ok(OutboxHealth {
            dead: dead.count(&self.read).await?,
            overdue: late.count(&self.read).await?,
        })
    }

    /// How many ordinary mails each of these addresses was sent since an
    /// instant, and when the first of them; who was sent none is left out.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mailed_since(
        &self,
        addresses: impl IntoIterator<Item = &String>,
        since: DateTime<Utc>,
    ) -> Result<HashMap<String, Mailed>, StoreError> {
        use notification::Column as C;
        let rows: Vec<(String, i64, DateTime<Utc>)> = notification::Entity::find()
            .select_only()
            .column(C::Recipient)
            .column_as(C::Id.count(), "count")
            .column_as(C::SettledAt.min(), "first")
            .filter(Expr::cust("state = 'sent'"))
            .filter(C::Recipient.is_in(addresses))
            .filter(C::SettledAt.gt(since))
            .filter(C::Level.lte(2))
            .group_by(C::Recipient)
            .into_tuple()
            .all(&self.read)
            .await?;
        let mailed = rows.into_iter().map(|(address, count, first)| {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            (address, Mailed { count, first })
        });
        Ok(mailed.collect())
    }

    /// When the next notification of a lane is due, if any.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_delivery_at(&self, lane: Lane) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<Option<DateTime<Utc>>> = notification::Entity::find()
            .select_only()
            .column(notification::Column::DueAt)
            .filter(Expr::cust("state = 'pending'"))
            .filter(Expr::cust(lane!()).eq(lane.number()))
            .order_by_asc(notification::Column::DueAt)
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(next.flatten())
    }
}

fn claimed(row: ClaimedRow, lease: Uuid) -> Result<Claimed, StoreError> {
    let id = row.id;
    let wrong = |column: &'static str, why: String| StoreError::Corrupt {
        table: "notifications",
        id: id.to_string(),
        column,
        why,
    };
    let medium: Medium = row
        .medium
        .parse()
        .map_err(|error: ticketing::UnknownWord| wrong("medium", error.to_string()))?;
    let level = u8::try_from(row.level)
        .ok()
        .and_then(|level| runbook::Level::try_from(level).ok())
        .ok_or_else(|| wrong("level", "no level".to_owned()))?;
    let ticket = row.seq.map(TicketNumber);
    let content = match ticket {
        _ if medium == Medium::Webhook => {
            let kind = row.kind.parse();
            let kind =
                kind.map_err(|error: ticketing::UnknownWord| wrong("kind", error.to_string()))?;
            Ok(Content::Event {
                ticket,
                event: TicketEvent {
                    kind,
                    // It has done its work: the row is there once.
                    cause: String::new(),
                    payload: row.doc,
                },
            })
        }
        Some(ticket) => {
            serde_json::from_str(&row.doc).map(|notice| Content::Notice { ticket, notice })
        }
        None => serde_json::from_str(&row.doc).map(Content::Letter),
    };
    let content = content.map_err(|error| corrupt("notifications", id, &error))?;
    Ok(Claimed {
        id: NotificationId(id),
        lease,
        recipient: Recipient {
            medium,
            address: row.recipient,
        },
        level,
        content,
        attempt: row.attempts,
        created_at: row.created_at,
        expires_at: row.expires_at,
        maybe_delivered: row.maybe_delivered,
    })
}

/// Runs on a task that the store owns: a caller that goes away cancels nothing.
pub(crate) async fn owned<T: Send + 'static>(
    work: impl Future<Output = Result<T, DbErr>> + Send + 'static,
) -> Result<T, DbErr> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(stopped) => Err(DbErr::Custom(stopped.to_string())),
    }
}
