//! New words are sorted in beside the writer: whoever files only does it when
//! that has long failed.

use sea_orm_migration::prelude::*;

use crate::on_postgres;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The limits are in KiB.
const UP: &str = "ALTER INDEX ticket_search_words SET (gin_pending_list_limit = 4096)";
const DOWN: &str = "ALTER INDEX ticket_search_words SET (gin_pending_list_limit = 256)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_postgres(manager, &[UP]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_postgres(manager, &[DOWN]).await
    }
}
