//! What can go wrong with the database.

use sea_orm::DbErr;
use thiserror::Error;

/// A failure of the store. None of them is the caller's fault.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database answers with an error or not at all.
    #[error("the database failed: {0}")]
    Database(String),
    /// The database cannot be reached now.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
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

/// What PostgreSQL and the driver say when a connection is lost or refused.
const AWAY: [&str; 6] = [
    "error communicating with database",
    "terminating connection",
    "the database system is",
    "Connection refused",
    "connection closed",
    "database is locked",
];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let text = error.to_string();
        let away = matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_))
            || AWAY.iter().any(|sign| text.contains(sign));
        if away {
            Self::Unreachable(text)
        } else {
            Self::Database(text)
        }
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
