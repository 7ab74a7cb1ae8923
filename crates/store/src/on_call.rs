//! Who is on call: numbered versions, never changed.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect, sea_query::OnConflict};
use ticketing::OnCall;

use crate::{
    connect::Store,
    entity::on_call,
    error::StoreError,
    row::{corrupt, to_json},
};

/// A version of who is on call. Version 0 is nobody, and is not stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnCallVersion {
    /// From 1.
    pub version: i64,
    /// What it says.
    pub on_call: OnCall,
    /// Who changed it.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl Store {
    /// The version in force: the highest one.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn on_call(&self) -> Result<OnCallVersion, StoreError> {
        let newest = on_call::Entity::find().order_by_desc(on_call::Column::Version);
        let Some(row) = newest.one(&self.read).await? else {
            return Ok(OnCallVersion::default());
        };
        let on_call = serde_json::from_str(&row.doc)
            .map_err(|error| corrupt("on_call", row.version, &error))?;
        Ok(OnCallVersion {
            version: row.version,
            on_call,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
        })
    }

    /// The number of the version in force; 0 before the first one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn on_call_version(&self) -> Result<i64, StoreError> {
        let newest = on_call::Entity::find()
            .select_only()
            .column(on_call::Column::Version)
            .order_by_desc(on_call::Column::Version)
            .into_tuple::<i64>();
        Ok(newest.one(&self.read).await?.unwrap_or_default())
    }

    /// Stores a version; `false` when its number is taken: somebody was faster.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_on_call(&self, of: &OnCallVersion) -> Result<bool, StoreError> {
        let row = on_call::ActiveModel {
            version: Set(of.version),
            doc: Set(to_json("on_call", &of.on_call)?),
            changed_by: Set(of.changed_by.clone()),
            changed_at: Set(of.changed_at),
        };
        let inserted = on_call::Entity::insert(row)
            .on_conflict(
                OnConflict::column(on_call::Column::Version)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.write)
            .await?;
        Ok(inserted == 1)
    }
}
