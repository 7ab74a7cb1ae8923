//! Idempotent requests: the same key and body answer the same.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use store::{Idempotency, StoredAnswer};

use crate::{Desk, error::DeskError};

/// A request's `Idempotency-Key` and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The key as sent.
    pub key: String,
    /// SHA-256 in hex over method, route and body.
    pub fingerprint: String,
}

/// How a request that may be a repeat is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It happened now.
    Fresh(StoredAnswer),
    /// It happened before, under the same key.
    Replayed(StoredAnswer),
}

/// The keys whose first request is running in this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashSet<(String, String)>>>);

/// Frees its key when the request ends, however it ends.
#[derive(Debug)]
pub(crate) struct RunningKey {
    running: Running,
    id: (String, String),
}

impl Running {
    fn start(&self, principal: &str, key: &str) -> Result<RunningKey, DeskError> {
        let id = (principal.to_owned(), key.to_owned());
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.insert(id.clone()) {
            Ok(RunningKey {
                running: self.clone(),
                id,
            })
        } else {
            Err(DeskError::KeyRunning)
        }
    }
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        let mut keys = self
            .running
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        keys.remove(&self.id);
    }
}

impl Desk {
    /// Marks a keyed request as running.
    pub(crate) fn start_keyed(
        &self,
        principal: &str,
        request: Option<&RequestKey>,
    ) -> Result<Option<RunningKey>, DeskError> {
        request
            .map(|request| self.running.start(principal, &request.key))
            .transpose()
    }

    /// The answer of an earlier request with this key.
    pub(crate) async fn replay(
        &self,
        principal: &str,
        request: &RequestKey,
    ) -> Result<Option<Answer>, DeskError> {
        match self.store.find_idempotency(principal, &request.key).await? {
            Some(kept) if kept.fingerprint == request.fingerprint => {
                Ok(Some(Answer::Replayed(kept.answer)))
            }
            Some(_) => Err(DeskError::KeyReused),
            None => Ok(None),
        }
    }
}

pub(crate) fn kept(
    principal: &str,
    request: &RequestKey,
    answer: &StoredAnswer,
    now: DateTime<Utc>,
) -> Idempotency {
    Idempotency {
        principal: principal.to_owned(),
        key: request.key.clone(),
        fingerprint: request.fingerprint.clone(),
        answer: answer.clone(),
        created_at: now,
    }
}
