//! The label log: what people said about classifications. The truth that the
//! learned weights are rebuilt from.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer_null, double_null, small_integer_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
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
                    .table("labels")
                    .col(uuid("id").primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(text("by"))
                    .col(text("origin").check(Expr::col("origin").is_in([
                        "corrected",
                        "confirmed",
                        "resolved",
                        "imported",
                    ])))
                    .col(big_integer_null("seq"))
                    .col(text("title"))
                    .col(text("body"))
                    .col(text_null("entry"))
                    .col(small_integer_null("level"))
                    // What triage had said, where it had; none for imports.
                    .col(text_null("predicted"))
                    .col(double_null("confidence"))
                    .col(timestamp_with_time_zone_null("undone_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("labels", "seq")
                            .to("tickets", "seq"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("labels").to_owned())
            .await
    }
}
