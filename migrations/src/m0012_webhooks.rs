//! Webhooks of tools: where events are sent, signed with which secret.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webhooks")
                    .col(uuid("id").primary_key())
                    .col(text("owner"))
                    .col(text("url"))
                    // Signing needs the secret itself, so no hash would do.
                    .col(text("secret"))
                    .col(text("events"))
                    .col(boolean("all_tickets"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("failing_since"))
                    .col(timestamp_with_time_zone_null("disabled_at"))
                    .col(text_null("disabled_why"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("webhooks").to_owned())
            .await
    }
}
