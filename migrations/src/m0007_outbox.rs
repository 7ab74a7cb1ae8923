//! Notifications that belong to no ticket (summaries, tests), and an
//! index for what a recipient was sent lately.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, integer, small_integer, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
    sea_orm::DatabaseBackend,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Sqlite => rebuild(manager, big_integer_null("seq")).await?,
            _ => {
                run(
                    manager,
                    "ALTER TABLE notifications ALTER COLUMN seq DROP NOT NULL",
                )
                .await?;
            }
        }
        run(
            manager,
            "CREATE INDEX notifications_sent ON notifications (recipient, settled_at) \
             WHERE state = 'sent'",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "DROP INDEX notifications_sent",
            "DELETE FROM notification_attempts WHERE notification IN \
             (SELECT id FROM notifications WHERE seq IS NULL)",
            "DELETE FROM notifications WHERE seq IS NULL",
        ] {
            run(manager, statement).await?;
        }
        match manager.get_database_backend() {
            DatabaseBackend::Sqlite => rebuild(manager, big_integer("seq")).await,
            _ => {
                run(
                    manager,
                    "ALTER TABLE notifications ALTER COLUMN seq SET NOT NULL",
                )
                .await
            }
        }
    }
}

async fn run(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared(statement).await.map(|_| ())
}

/// SQLite cannot change a column, so both tables are made anew. The new attempts
/// point at the new notifications, and a renamed table takes its references
/// along; the old ones go child first, so that no key ever dangles.
async fn rebuild(manager: &SchemaManager<'_>, seq: ColumnDef) -> Result<(), DbErr> {
    let columns = "id, dedupe_key, seq, medium, recipient, kind, level, doc, state, attempts, \
         due_at, lease, maybe_delivered, last_reply, created_at, settled_at, expires_at";
    let copy =
        format!("INSERT INTO notifications_new ({columns}) SELECT {columns} FROM notifications");
    manager.create_table(notifications(seq)).await?;
    run(manager, &copy).await?;
    manager.create_table(attempts()).await?;
    for statement in [
        "INSERT INTO notification_attempts_new (notification, n, at, outcome, reply) \
         SELECT notification, n, at, outcome, reply FROM notification_attempts",
        "DROP TABLE notification_attempts",
        "DROP TABLE notifications",
        "ALTER TABLE notifications_new RENAME TO notifications",
        "ALTER TABLE notification_attempts_new RENAME TO notification_attempts",
        "CREATE INDEX notifications_due ON notifications (due_at) WHERE state = 'pending'",
        "CREATE INDEX notifications_of_ticket ON notifications (seq)",
        "CREATE INDEX notifications_by_state ON notifications (state, id)",
    ] {
        run(manager, statement).await?;
    }
    Ok(())
}

fn notifications(mut seq: ColumnDef) -> TableCreateStatement {
    Table::create()
        .table("notifications_new")
        .col(uuid("id").primary_key())
        .col(text("dedupe_key").unique_key())
        .col(&mut seq)
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
        .col(timestamp_with_time_zone_null("expires_at"))
        .foreign_key(
            ForeignKey::create()
                .from("notifications_new", "seq")
                .to("tickets", "seq"),
        )
        .to_owned()
}

fn attempts() -> TableCreateStatement {
    Table::create()
        .table("notification_attempts_new")
        .col(uuid("notification"))
        .col(integer("n"))
        .col(timestamp_with_time_zone("at"))
        .col(text("outcome"))
        .col(text("reply"))
        .primary_key(Index::create().col("notification").col("n"))
        .foreign_key(
            ForeignKey::create()
                .from("notification_attempts_new", "notification")
                .to("notifications_new", "id"),
        )
        .to_owned()
}
