//! Secrets that the desk makes at its first start; all replicas use the same.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{connect::Store, entity::secret, error::StoreError};

impl Store {
    /// The secret of that name: the stored one, or `fresh`, which is stored.
    /// When two replicas start together, one of theirs is kept by both.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn secret(
        &self,
        name: &str,
        fresh: &str,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let row = secret::ActiveModel {
            name: Set(name.to_owned()),
            value: Set(fresh.to_owned()),
            created_at: Set(now),
        };
        secret::Entity::insert(row)
            .on_conflict(
                OnConflict::column(secret::Column::Name)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.write)
            .await?;
        let kept = secret::Entity::find_by_id(name).one(&self.write).await?;
        kept.map(|row| row.value)
            .ok_or_else(|| StoreError::Unusable(format!("the secret {name} is not stored")))
    }
}
