//! Idempotency keys: the first answer to a request, kept for a day.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{connect::Store, entity::idempotency_key, error::StoreError};

/// A request's key with the answer that a repeat gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Whose key it is.
    pub principal: String,
    /// The key as sent.
    pub key: String,
    /// SHA-256 in hex over method, route, principal and body.
    pub fingerprint: String,
    /// The answer.
    pub answer: StoredAnswer,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// An answer as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// HTTP status.
    pub status: u16,
    /// The `Location` header.
    pub location: Option<String>,
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The JSON body.
    pub body: String,
}

impl Store {
    /// The answer kept for a key, if any.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_idempotency(
        &self,
        principal: &str,
        key: &str,
    ) -> Result<Option<Idempotency>, StoreError> {
        let id = (principal.to_owned(), key.to_owned());
        let row = idempotency_key::Entity::find_by_id(id)
            .one(&self.read)
            .await?;
        Ok(row.map(|row| Idempotency {
            principal: row.principal,
            key: row.key,
            fingerprint: row.fingerprint,
            answer: StoredAnswer {
                status: u16::try_from(row.status).unwrap_or(200),
                location: row.location,
                etag: row.etag,
                body: row.body,
            },
            created_at: row.created_at,
        }))
    }

    /// Forgets keys older than `before`; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_idempotency(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = idempotency_key::Entity::delete_many()
            .filter(idempotency_key::Column::CreatedAt.lt(before))
            .exec(&self.write)
            .await?;
        Ok(done.rows_affected)
    }
}
