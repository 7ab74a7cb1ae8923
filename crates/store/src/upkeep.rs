//! What a database by itself sorts out inside the commit that was one too many,
//! done beside the writer instead, so that no commit has to wait for it.
//!
//! SQLite's log is written back into the database by a connection of its own
//! while commits go on. The writer does the small rest between two of them:
//! only a log that is written back as a whole begins anew. PostgreSQL's new
//! words are sorted into the index of full text.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, Statement};
use tokio::{sync::watch, time::sleep};
use tracing::warn;

/// How often SQLite's log is looked at while much is written.
const LOOK: Duration = Duration::from_millis(100);
/// How often PostgreSQL's new words are sorted in: many at once cost less.
const SORT: Duration = Duration::from_secs(1);
/// Pages of SQLite's log that may wait to be written back.
const BEHIND: i32 = 1000;
/// Pages after which the log should begin anew.
const LONG: i32 = 4000;
/// Pages after which a commit writes back by itself: far more than it takes.
pub(crate) const LONGEST: &str = "16384";

/// What the writer tells those who tidy up, and they it.
#[derive(Debug)]
pub(crate) struct Upkeep {
    written: watch::Sender<()>,
    finish: Arc<AtomicBool>,
}

/// How much SQLite's log holds, in pages.
struct Log {
    pages: i32,
    written_back: i32,
}

impl Upkeep {
    /// The writer committed something; it writes back the rest of the log when
    /// that is wanted.
    pub(crate) async fn committed(&self, writer: &DatabaseConnection) {
        self.written.send_replace(());
        if self.finish.swap(false, Ordering::Relaxed) {
            report(checkpoint(writer, "PASSIVE").await);
        }
    }
}

/// Starts the upkeep of a database, by a connection that is not the writer's;
/// it ends with the writer.
pub(crate) fn start(db: DatabaseConnection) -> Upkeep {
    let (written, mut wrote) = watch::channel(());
    let finish = Arc::new(AtomicBool::new(false));
    let wanted = Arc::clone(&finish);
    tokio::spawn(async move {
        while wrote.changed().await.is_ok() {
            let (done, pause) = match db.get_database_backend() {
                DatabaseBackend::Sqlite => (write_back(&db, &wanted).await, LOOK),
                _ => (sort_in_words(&db).await, SORT),
            };
            if wrote.has_changed().is_err() {
                // The writer has stopped: that a database is being closed is no fault.
                return;
            }
            report(done);
            sleep(pause).await;
        }
    });
    Upkeep { written, finish }
}

async fn write_back(db: &DatabaseConnection, finish: &AtomicBool) -> Result<(), DbErr> {
    let log = checkpoint(db, "NOOP").await?;
    if log.pages - log.written_back < BEHIND {
        return Ok(());
    }
    let log = checkpoint(db, "PASSIVE").await?;
    if log.pages >= LONG {
        // What was written meanwhile, so that the writer has little to do.
        checkpoint(db, "PASSIVE").await?;
        finish.store(true, Ordering::Relaxed);
    }
    Ok(())
}

async fn checkpoint(db: &DatabaseConnection, mode: &str) -> Result<Log, DbErr> {
    let pragma = format!("PRAGMA wal_checkpoint({mode})");
    let statement = Statement::from_string(db.get_database_backend(), pragma);
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::Custom("a checkpoint answered nothing".to_owned()))?;
    Ok(Log {
        pages: row.try_get_by_index(1)?,
        written_back: row.try_get_by_index(2)?,
    })
}

async fn sort_in_words(db: &DatabaseConnection) -> Result<(), DbErr> {
    let clean = "SELECT gin_clean_pending_list('ticket_search_words')";
    let statement = Statement::from_string(db.get_database_backend(), clean);
    db.query_one_raw(statement).await?;
    Ok(())
}

/// What was not done only makes later commits slower.
fn report(done: Result<impl Sized, DbErr>) {
    if let Err(error) = done {
        warn!(%error, "the database's upkeep failed; the next write tries again");
    }
}
