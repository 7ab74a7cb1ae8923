//! What became of each notification: its attempts, and until when it is tried.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Set by the first attempt: a desk that was down for days still tries.
        manager
            .alter_table(
                Table::alter()
                    .table("notifications")
                    .add_column(timestamp_with_time_zone_null("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("notification_attempts")
                    .col(uuid("notification"))
                    .col(integer("n"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text("outcome"))
                    .col(text("reply"))
                    .primary_key(Index::create().col("notification").col("n"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("notification_attempts", "notification")
                            .to("notifications", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("notifications_by_state")
                    .table("notifications")
                    .col("state")
                    .col("id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("notification_attempts").to_owned())
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("notifications_by_state")
                    .table("notifications")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("notifications")
                    .drop_column("expires_at")
                    .to_owned(),
            )
            .await
    }
}
