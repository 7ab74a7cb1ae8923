//! Access keys: stored as hashes, with role, expiry and revocation.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};
use ticketing::Role;
use uuid::Uuid;

use crate::{connect::Store, entity::access_key, error::StoreError};

/// An access key as it is stored: never the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its identity.
    pub id: Uuid,
    /// Who holds it; the actor's name in every event.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// SHA-256 of the key, in hex.
    pub hash: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when it is not.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Store {
    /// All keys, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        let rows = access_key::Entity::find()
            .order_by_asc(access_key::Column::CreatedAt)
            .order_by_asc(access_key::Column::Name);
        rows.all(&self.read)
            .await?
            .into_iter()
            .map(AccessKey::try_from)
            .collect()
    }

    /// Stores a new key; `false` when the name is taken.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_access_key(&self, key: &AccessKey) -> Result<bool, StoreError> {
        let row = access_key::ActiveModel {
            id: Set(key.id),
            name: Set(key.name.clone()),
            role: Set(key.role.as_str().to_owned()),
            hash: Set(key.hash.clone()),
            created_at: Set(key.created_at),
            created_by: Set(key.created_by.clone()),
            expires_at: Set(key.expires_at),
            revoked_at: Set(key.revoked_at),
        };
        let inserted = access_key::Entity::insert(row)
            .on_conflict(
                OnConflict::column(access_key::Column::Name)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.write)
            .await?;
        Ok(inserted == 1)
    }

    /// Revokes a key; `false` when there is no such key that was good.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_access_key(
        &self,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = access_key::Entity::update_many()
            .col_expr(access_key::Column::RevokedAt, Expr::value(now))
            .filter(access_key::Column::Id.eq(id))
            .filter(access_key::Column::RevokedAt.is_null())
            .exec(&self.write)
            .await?;
        Ok(done.rows_affected == 1)
    }
}

impl TryFrom<access_key::Model> for AccessKey {
    type Error = StoreError;

    fn try_from(row: access_key::Model) -> Result<Self, StoreError> {
        let role = row
            .role
            .parse()
            .map_err(|unknown: ticketing::UnknownWord| StoreError::Corrupt {
                table: "access_keys",
                id: row.id.to_string(),
                column: "role",
                why: unknown.to_string(),
            })?;
        Ok(Self {
            id: row.id,
            name: row.name,
            role,
            hash: row.hash,
            created_at: row.created_at,
            created_by: row.created_by,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        })
    }
}
