//! What can go wrong with the database.

use sea_orm::DbErr;
use thiserror::Error;

/// A failure of the store. None of them is the caller's fault.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database answers with an error or not at all.
    #[error("the database failed: {0}")]
    Database(String),
    /// Too many writes are waiting; try again shortly.
    #[error("too many writes are waiting")]
    Busy,
    /// The desk is shutting down.
    #[error("the writer has stopped")]
    Stopped,
    /// A row holds what it should not.
    #[error("{table} {id}: {column} is corrupt: {why}")]
    Corrupt {
        /// Which table.
        table: &'static str,
        /// Which row.
        id: String,
        /// Which column.
        column: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The database's URL or schema does not serve.
    #[error("{0}")]
    Unusable(String),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.to_string())
    }
}

/// Whether the database asks for the transaction to be tried again: deadlock,
/// serialization failure, lock timeout (PostgreSQL), busy (SQLite).
pub(crate) fn is_transient(error: &DbErr) -> bool {
    let text = error.to_string();
    [
        "deadlock detected",
        "could not serialize",
        "lock timeout",
        "database is locked",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}
