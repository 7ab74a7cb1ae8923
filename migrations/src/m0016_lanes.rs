//! What is due is found by lane: a desk that looks for urgent messages must not
//! walk over thousands of ordinary ones.

use sea_orm_migration::prelude::*;

use crate::execute;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(
            manager,
            &[
                "DROP INDEX notifications_due",
                "CREATE INDEX notifications_due ON notifications ((CASE \
                 WHEN medium = 'webhook' THEN 2 WHEN level >= 3 THEN 0 ELSE 1 END), due_at) \
                 WHERE state = 'pending'",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(
            manager,
            &[
                "DROP INDEX notifications_due",
                "CREATE INDEX notifications_due ON notifications (due_at) WHERE state = 'pending'",
            ],
        )
        .await
    }
}
