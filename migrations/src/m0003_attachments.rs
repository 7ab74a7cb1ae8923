//! Attachments: what is known of each, and its content in chunks.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, integer, text, timestamp_with_time_zone, uuid},
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
                    .table("attachments")
                    .col(uuid("id").primary_key())
                    .col(big_integer("seq"))
                    .col(text("name"))
                    .col(text("media_type"))
                    .col(big_integer("size"))
                    .col(text("sha256"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text("actor"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("attachments", "seq")
                            .to("tickets", "seq"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("attachments_of_ticket")
                    .table("attachments")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        // Chunks come before the row above, and are swept when it never comes:
        // so there is no foreign key.
        manager
            .create_table(
                Table::create()
                    .table("attachment_chunks")
                    .col(uuid("attachment"))
                    .col(integer("n"))
                    .col(blob("content"))
                    .primary_key(Index::create().col("attachment").col("n"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["attachment_chunks", "attachments"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
