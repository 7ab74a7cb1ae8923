//! What the desk keeps beside tickets: keys, runbook revisions, policy
//! versions, the outbox, idempotency keys and the number counter.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, small_integer, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 6] = [
    "access_keys",
    "runbooks",
    "policies",
    "notifications",
    "idempotency_keys",
    "counters",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("access_keys")
                    .col(uuid("id").primary_key())
                    .col(text("name").unique_key())
                    .col(
                        text("role")
                            .check(Expr::col("role").is_in(["tool", "agent", "lead", "admin"])),
                    )
                    // SHA-256 of the 256-bit random key: nothing to guess, so
                    // no slow hash is needed.
                    .col(text("hash").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .col(text("created_by"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("runbooks")
                    .col(big_integer("revision").primary_key())
                    .col(text("sha256"))
                    .col(text("origin"))
                    .col(text("source"))
                    .col(text("activated_by"))
                    .col(timestamp_with_time_zone("activated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("policies")
                    .col(big_integer("version").primary_key())
                    .col(text("sha256"))
                    .col(text("doc"))
                    .col(text("activated_by"))
                    .col(timestamp_with_time_zone("activated_at"))
                    .to_owned(),
            )
            .await?;
        notifications(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency_keys")
                    .col(text("principal"))
                    .col(text("key"))
                    .col(text("fingerprint"))
                    .col(small_integer("status"))
                    .col(text_null("location"))
                    .col(text_null("etag"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("principal").col("key"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idempotency_keys_by_age")
                    .table("idempotency_keys")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("counters")
                    .col(text("name").primary_key())
                    .col(big_integer("next"))
                    .to_owned(),
            )
            .await?;
        let numbers = Query::insert()
            .into_table("counters")
            .columns(["name", "next"])
            .values_panic(["ticket".into(), 1001_i64.into()])
            .to_owned();
        manager.execute(numbers).await?;
        Ok(())
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

async fn notifications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("notifications")
                .col(uuid("id").primary_key())
                // The same cause never tells the same recipient twice.
                .col(text("dedupe_key").unique_key())
                .col(big_integer("seq"))
                .col(text("medium"))
                .col(text("recipient"))
                .col(text("kind"))
                .col(small_integer("level"))
                .col(text("doc"))
                .col(text("state").check(Expr::col("state").is_in([
                    "pending",
                    "sent",
                    "dead",
                    "superseded",
                ])))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone_null("due_at"))
                .col(uuid_null("lease"))
                .col(boolean("maybe_delivered"))
                .col(text_null("last_reply"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("settled_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("notifications", "seq")
                        .to("tickets", "seq"),
                )
                .to_owned(),
        )
        .await?;
    let db = manager.get_connection();
    db.execute_unprepared(
        "CREATE INDEX notifications_due ON notifications (due_at) WHERE state = 'pending'",
    )
    .await?;
    db.execute_unprepared("CREATE INDEX notifications_of_ticket ON notifications (seq)")
        .await?;
    Ok(())
}
