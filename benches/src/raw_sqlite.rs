//! The floor under SQLite: one ticket, one event and one outbox row per
//! transaction with `synchronous=FULL`, one after the other, without HTTP.

use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use crate::schema::{BODY, EVENT, OUTBOX, TABLES, TICKET};

/// Commits per second.
pub(crate) fn run(file: &Path, seconds: u64) -> Result<f64, Box<dyn Error>> {
    let mut db = Connection::open(file)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch(TABLES)?;
    let started = Instant::now();
    let mut done: i64 = 0;
    while started.elapsed() < Duration::from_secs(seconds) {
        done += 1;
        let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached(TICKET)?
            .execute((done, "new", 2, BODY))?;
        transaction
            .prepare_cached(EVENT)?
            .execute((done, "filed", BODY))?;
        transaction
            .prepare_cached(OUTBOX)?
            .execute((done, format!("filed/{done}"), "pending"))?;
        transaction.commit()?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of commits is small")]
    let done = done as f64;
    Ok(done / started.elapsed().as_secs_f64())
}
