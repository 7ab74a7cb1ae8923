//! The bulk path: whole histories of new tickets at once, past the group
//! writer. For filling a database, never for serving.
//!
//! Rows are made by [`HistoryBatch::prepare`] on any thread; writing them is
//! SQL alone. Nothing is told: histories leave no outbox rows.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr};

use crate::{
    apply::escalation_row,
    connect::Store,
    entity::{escalation, event, ticket, ticket_facts, ticket_tag},
    error::StoreError,
    facts::facts_row,
    insert::insert,
    number,
    row::{event_row, ticket_row},
    write::TicketWrite,
    writer::begin,
};
use ticketing::{DEMO_SOURCE, TicketNumber};

/// Lengths of SQLite's statements: each is prepared once and kept, so there
/// must be few.
const LENGTHS: [usize; 4] = [512, 64, 8, 1];

/// Rows of new tickets with all that happened to them.
#[derive(Debug, Default)]
pub struct HistoryBatch {
    tickets: Vec<ticket::ActiveModel>,
    facts: Vec<ticket_facts::ActiveModel>,
    events: Vec<event::ActiveModel>,
    tags: Vec<ticket_tag::ActiveModel>,
    escalations: Vec<escalation::ActiveModel>,
}

impl HistoryBatch {
    /// The rows of these tickets, all of them new.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a value that has no JSON.
    pub fn prepare(histories: &[TicketWrite]) -> Result<Self, StoreError> {
        let mut batch = Self::default();
        for history in histories {
            let ticket = &history.ticket;
            batch.tickets.push(ticket_row(ticket)?);
            batch.facts.push(facts_row(ticket));
            for happened in &history.events {
                batch.events.push(event_row(ticket, happened)?);
            }
            for tag in &ticket.tags {
                batch.tags.push(ticket_tag::ActiveModel {
                    tag: Set(tag.clone()),
                    seq: Set(ticket.number.0),
                });
            }
            for of in &ticket.escalations {
                batch.escalations.push(escalation_row(ticket.number.0, of)?);
            }
        }
        Ok(batch)
    }

    /// How many tickets it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tickets.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    /// Takes over another's rows.
    pub fn append(&mut self, mut other: Self) {
        self.tickets.append(&mut other.tickets);
        self.facts.append(&mut other.facts);
        self.events.append(&mut other.events);
        self.tags.append(&mut other.tags);
        self.escalations.append(&mut other.escalations);
    }
}

/// Which tickets are in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// None.
    Nothing,
    /// Demonstration data alone.
    DemoOnly,
    /// Somebody's tickets.
    Real,
}

impl Store {
    /// Whose tickets the database holds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn contents(&self) -> Result<Contents, StoreError> {
        let real = format!("SELECT 1 FROM tickets WHERE source NOT LIKE '{DEMO_SOURCE}%' LIMIT 1");
        if self.any(real).await? {
            return Ok(Contents::Real);
        }
        let some = self.any("SELECT 1 FROM tickets LIMIT 1".to_owned()).await?;
        Ok(if some {
            Contents::DemoOnly
        } else {
            Contents::Nothing
        })
    }

    async fn any(&self, sql: String) -> Result<bool, StoreError> {
        let statement = sea_orm::Statement::from_string(self.read.get_database_backend(), sql);
        Ok(self.read.query_one_raw(statement).await?.is_some())
    }

    /// Takes a run of `count` numbers out of the counter; answers the first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_run(&self, count: i64) -> Result<TicketNumber, StoreError> {
        let end = number::advance(&self.write, count).await?;
        Ok(TicketNumber(end - count))
    }

    /// Writes histories in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`]; nothing was written then.
    pub async fn write_histories(&self, batch: HistoryBatch) -> Result<(), StoreError> {
        let txn = begin(&self.write).await?;
        let HistoryBatch {
            tickets,
            facts,
            events,
            tags,
            escalations,
        } = batch;
        // An error drops the transaction, which rolls it back.
        insert_rows(&txn, tickets).await?;
        insert_rows(&txn, facts).await?;
        insert_rows(&txn, events).await?;
        insert_rows(&txn, tags).await?;
        insert_rows(&txn, escalations).await?;
        Ok(txn.commit().await?)
    }

    /// Readies the writer's connection for much: a larger cache and log on
    /// SQLite. Lasts as long as the connection.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_bulk(&self) -> Result<(), StoreError> {
        if self.is_sqlite() {
            for pragma in ["cache_size = -262144", "wal_autocheckpoint = 16384"] {
                let set = format!("PRAGMA {pragma}");
                self.write.execute_unprepared(&set).await?;
            }
        }
        Ok(())
    }

    /// Leaves the database as a long life would have: its log written back, or
    /// its tables known to the planner.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_bulk(&self) -> Result<(), StoreError> {
        if self.is_sqlite() {
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            self.write.execute_unprepared(checkpoint).await?;
        } else {
            for table in [
                "tickets",
                "ticket_facts",
                "events",
                "escalations",
                "ticket_tags",
            ] {
                let vacuum = format!("VACUUM (ANALYZE) {table}");
                self.write.execute_unprepared(&vacuum).await?;
            }
        }
        Ok(())
    }
}

async fn insert_rows<A: ActiveModelTrait>(
    txn: &DatabaseTransaction,
    mut rows: Vec<A>,
) -> Result<(), DbErr> {
    if txn.get_database_backend() != sea_orm::DatabaseBackend::Sqlite {
        insert(txn, rows, "").await?;
        return Ok(());
    }
    for length in LENGTHS {
        while rows.len() >= length {
            let later = rows.split_off(length);
            insert(txn, std::mem::replace(&mut rows, later), "").await?;
        }
    }
    Ok(())
}
