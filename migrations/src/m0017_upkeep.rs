//! New words are sorted in beside the writer: whoever files only does it when
//! that has long failed.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        limit(manager, 4096).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        limit(manager, 256).await
    }
}

/// In KiB.
async fn limit(manager: &SchemaManager<'_>, limit: u32) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        return Ok(());
    }
    let alter = format!("ALTER INDEX ticket_search_words SET (gin_pending_list_limit = {limit})");
    manager.get_connection().execute_unprepared(&alter).await?;
    Ok(())
}
