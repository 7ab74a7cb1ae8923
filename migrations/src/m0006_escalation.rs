//! The budget of pages per tool, level and hour, and what it held back.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, small_integer, text},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 2] = ["held_pages", "page_budgets"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("page_budgets")
                    .col(text("source"))
                    .col(small_integer("level"))
                    .col(big_integer("hour"))
                    .col(big_integer("used"))
                    .primary_key(Index::create().col("source").col("level").col("hour"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("held_pages")
                    .col(text("source"))
                    .col(small_integer("level"))
                    .col(big_integer("hour"))
                    .col(big_integer("seq"))
                    .primary_key(
                        Index::create()
                            .col("source")
                            .col("level")
                            .col("hour")
                            .col("seq"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("held_pages", "seq")
                            .to("tickets", "seq"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
