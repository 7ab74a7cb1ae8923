//! Runbook revisions and policy versions: numbered, never changed.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};
use ticketing::PolicySet;

use crate::{
    connect::Store,
    entity::{policy, runbook},
    error::StoreError,
    row::{corrupt, to_json},
};

/// An activated runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookRevision {
    /// From 1.
    pub revision: i64,
    /// Of the source, in hex.
    pub sha256: String,
    /// "file" or "api".
    pub origin: String,
    /// The Markdown.
    pub source: String,
    /// Who activated it.
    pub activated_by: String,
    /// When.
    pub activated_at: DateTime<Utc>,
}

/// A version of policies and calendars.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyVersion {
    /// From 1.
    pub version: i64,
    /// Of the JSON, in hex.
    pub sha256: String,
    /// What it says.
    pub set: PolicySet,
    /// Who activated it.
    pub activated_by: String,
    /// When.
    pub activated_at: DateTime<Utc>,
}

impl Store {
    /// The active runbook: the highest revision.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn active_runbook(&self) -> Result<Option<RunbookRevision>, StoreError> {
        let newest = runbook::Entity::find().order_by_desc(runbook::Column::Revision);
        Ok(newest.one(&self.read).await?.map(RunbookRevision::from))
    }

    /// One revision.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_runbook(&self, revision: i64) -> Result<Option<RunbookRevision>, StoreError> {
        let found = runbook::Entity::find_by_id(revision)
            .one(&self.read)
            .await?;
        Ok(found.map(RunbookRevision::from))
    }

    /// All revisions, newest first, without their sources.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_runbooks(&self) -> Result<Vec<RunbookRevision>, StoreError> {
        let newest_first = runbook::Entity::find().order_by_desc(runbook::Column::Revision);
        let rows = newest_first.all(&self.read).await?;
        let without_source = |row: runbook::Model| RunbookRevision {
            source: String::new(),
            ..RunbookRevision::from(row)
        };
        Ok(rows.into_iter().map(without_source).collect())
    }

    /// The last revision that was loaded from a file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_runbook_from_file(&self) -> Result<Option<RunbookRevision>, StoreError> {
        let newest = runbook::Entity::find()
            .filter(runbook::Column::Origin.eq("file"))
            .order_by_desc(runbook::Column::Revision);
        Ok(newest.one(&self.read).await?.map(RunbookRevision::from))
    }

    /// Stores a revision; `false` when its number is taken (another replica
    /// was first).
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_runbook(&self, of: &RunbookRevision) -> Result<bool, StoreError> {
        let row = runbook::ActiveModel {
            revision: Set(of.revision),
            sha256: Set(of.sha256.clone()),
            origin: Set(of.origin.clone()),
            source: Set(of.source.clone()),
            activated_by: Set(of.activated_by.clone()),
            activated_at: Set(of.activated_at),
        };
        let inserted = runbook::Entity::insert(row)
            .on_conflict(
                OnConflict::column(runbook::Column::Revision)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.write)
            .await?;
        Ok(inserted == 1)
    }

    /// All versions of policies, ascending: clocks may name any of them.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_policies(&self) -> Result<Vec<PolicyVersion>, StoreError> {
        let rows = policy::Entity::find().order_by_asc(policy::Column::Version);
        let version = |row: policy::Model| {
            let set = serde_json::from_str(&row.doc)
                .map_err(|error| corrupt("policies", row.version, &error))?;
            Ok(PolicyVersion {
                version: row.version,
                sha256: row.sha256,
                set,
                activated_by: row.activated_by,
                activated_at: row.activated_at,
            })
        };
        rows.all(&self.read)
            .await?
            .into_iter()
            .map(version)
            .collect()
    }

    /// Stores a version; `false` when its number is taken.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_policies(&self, of: &PolicyVersion) -> Result<bool, StoreError> {
        let row = policy::ActiveModel {
            version: Set(of.version),
            sha256: Set(of.sha256.clone()),
            doc: Set(to_json("policies", &of.set)?),
            activated_by: Set(of.activated_by.clone()),
            activated_at: Set(of.activated_at),
        };
        let inserted = policy::Entity::insert(row)
            .on_conflict(
                OnConflict::column(policy::Column::Version)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.write)
            .await?;
        Ok(inserted == 1)
    }
}

impl From<runbook::Model> for RunbookRevision {
    fn from(row: runbook::Model) -> Self {
        Self {
            revision: row.revision,
            sha256: row.sha256,
            origin: row.origin,
            source: row.source,
            activated_by: row.activated_by,
            activated_at: row.activated_at,
        }
    }
}
