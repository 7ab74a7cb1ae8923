//! Mails that were taken in: the same message id is taken once, on any replica.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, text, text_null, timestamp_with_time_zone},
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
                    .table("inbound_mails")
                    .col(text("message_id").primary_key())
                    .col(
                        text("outcome")
                            .check(Expr::col("outcome").is_in(["ticket", "comment", "bounce"])),
                    )
                    // No foreign key: the row is the write's first guard and
                    // comes before the ticket that it makes.
                    .col(big_integer_null("seq"))
                    .col(text_null("reason"))
                    .col(text("by"))
                    .col(timestamp_with_time_zone("at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("inbound_mails").to_owned())
            .await
    }
}
