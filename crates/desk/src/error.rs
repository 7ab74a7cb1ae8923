//! Why the desk does not do what it was asked.

use store::StoreError;
use thiserror::Error;
use ticketing::{Refusal, Role};

/// A use case that did not happen. Nothing was written.
#[derive(Debug, Error)]
pub enum DeskError {
    /// There is no such thing, or the actor may not know of it.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// As it was asked for.
        id: String,
    },
    /// The actor's role does not allow it.
    #[error("this needs the role {needs}")]
    Forbidden {
        /// The least role that may.
        needs: Role,
    },
    /// The ticket's state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It changed since the caller read it.
    #[error("it is at version {current} by now")]
    Stale {
        /// Its version now.
        current: i64,
    },
    /// The idempotency key was used with another request.
    #[error("this Idempotency-Key came with another request before")]
    KeyReused,
    /// The first request with this key is still running.
    #[error("a request with this Idempotency-Key is running")]
    KeyRunning,
    /// A value that only the desk's own data can judge.
    #[error("{pointer}: {message}")]
    Invalid {
        /// JSON pointer to the field.
        pointer: &'static str,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// The name is taken.
    #[error("there is a {what} named {name:?} already")]
    NameTaken {
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The database is away or too much is waiting: nothing was acknowledged,
    /// try again shortly.
    #[error("the desk cannot write now: {0}")]
    Unavailable(String),
    /// The desk failed; the text is for the log only.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Stopped | StoreError::Unreachable(_) => {
                Self::Unavailable(error.to_string())
            }
            StoreError::Database(_) | StoreError::Corrupt { .. } | StoreError::Unusable(_) => {
                Self::Internal(error.to_string())
            }
        }
    }
}
