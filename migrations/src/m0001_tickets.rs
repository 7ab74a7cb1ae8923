//! Tickets, their timelines, tags and escalations, and full-text search.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, small_integer, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid,
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
        tickets(manager).await?;
        search(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("ticket_tags")
                    .col(text("tag"))
                    .col(big_integer("seq"))
                    .primary_key(Index::create().col("tag").col("seq"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("ticket_tags", "seq")
                            .to("tickets", "seq"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("events")
                    .col(uuid("id").primary_key())
                    .col(big_integer("seq"))
                    .col(big_integer("n"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text("actor"))
                    .col(text("role"))
                    .col(text("kind"))
                    .col(text("doc"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("events", "seq")
                            .to("tickets", "seq"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("events_timeline")
                    .table("events")
                    .unique()
                    .col("seq")
                    .col("n")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("escalations")
                    .col(big_integer("seq"))
                    .col(integer("n"))
                    .col(small_integer("from_level"))
                    .col(small_integer("to_level"))
                    .col(text("trigger"))
                    .col(timestamp_with_time_zone("at"))
                    .col(timestamp_with_time_zone_null("acknowledged_at"))
                    .col(text_null("acknowledged_by"))
                    .col(timestamp_with_time_zone_null("next_repeat_at"))
                    .col(integer("repeats"))
                    .col(text("doc"))
                    .primary_key(Index::create().col("seq").col("n"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("escalations", "seq")
                            .to("tickets", "seq"),
                    )
                    .to_owned(),
            )
            .await?;
        compression(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            manager
                .get_connection()
                .execute_unprepared("DROP TABLE ticket_search")
                .await?;
        }
        for table in ["escalations", "events", "ticket_tags", "tickets"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn tickets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The ticket's number. FTS5 joins on the rowid, which on SQLite only a
    // column declared exactly INTEGER PRIMARY KEY is.
    let mut number = match manager.get_database_backend() {
        DatabaseBackend::Sqlite => integer("seq"),
        _ => big_integer("seq"),
    };
    manager
        .create_table(
            Table::create()
                .table("tickets")
                .col(number.primary_key())
                .col(uuid("id").unique_key())
                .col(big_integer("version"))
                .col(text("kind").check(Expr::col("kind").is_in(["bug", "feature"])))
                .col(text("status").check(
                    Expr::col("status").is_in(["new", "open", "pending", "resolved", "closed"]),
                ))
                .col(small_integer("level").check(Expr::col("level").between(1, 4)))
                .col(small_integer("urgency").check(Expr::col("urgency").between(0, 3)))
                .col(text_null("assignee"))
                .col(text_null("entry"))
                .col(text("source"))
                .col(text_null("external_ref"))
                .col(text_null("reporter_email"))
                .col(boolean("at_risk"))
                .col(boolean("breached"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .col(timestamp_with_time_zone_null("next_due_at"))
                .col(timestamp_with_time_zone_null("next_timer_at"))
                .col(timestamp_with_time_zone_null("resolved_at"))
                .col(text("search"))
                .col(text("doc"))
                .to_owned(),
        )
        .await?;
    // Keyset lists walk one of these by (filter, seq); the partial ones cost a
    // new ticket nothing.
    let db = manager.get_connection();
    for index in [
        "CREATE INDEX tickets_by_status ON tickets (status, seq)",
        "CREATE INDEX tickets_by_source ON tickets (source, seq)",
        "CREATE INDEX tickets_by_urgency ON tickets (urgency, seq)",
        "CREATE INDEX tickets_by_updated ON tickets (updated_at, seq)",
        "CREATE INDEX tickets_by_level ON tickets (level, seq)",
        "CREATE INDEX tickets_by_entry ON tickets (entry, seq) WHERE entry IS NOT NULL",
        "CREATE INDEX tickets_by_assignee ON tickets (assignee, seq) WHERE assignee IS NOT NULL",
        "CREATE INDEX tickets_by_reporter ON tickets (reporter_email, seq) \
         WHERE reporter_email IS NOT NULL",
        "CREATE INDEX tickets_by_due ON tickets (next_due_at, seq) WHERE next_due_at IS NOT NULL",
        "CREATE INDEX tickets_by_timer ON tickets (next_timer_at) WHERE next_timer_at IS NOT NULL",
        "CREATE INDEX tickets_breached ON tickets (seq) WHERE breached",
        "CREATE INDEX tickets_at_risk ON tickets (seq) WHERE at_risk",
        "CREATE INDEX tickets_to_close ON tickets (resolved_at) WHERE status = 'resolved'",
        "CREATE UNIQUE INDEX tickets_external_ref ON tickets (external_ref, source) \
         WHERE external_ref IS NOT NULL",
    ] {
        db.execute_unprepared(index).await?;
    }
    Ok(())
}

/// Documents are long enough for PostgreSQL to compress them, by default with
/// the slower of its two methods; a server without the other one keeps it.
async fn compression(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        return Ok(());
    }
    let statement = "DO $$ BEGIN \
        EXECUTE 'ALTER TABLE tickets ALTER COLUMN doc SET COMPRESSION lz4'; \
        EXECUTE 'ALTER TABLE tickets ALTER COLUMN search SET COMPRESSION lz4'; \
        EXECUTE 'ALTER TABLE tickets ALTER COLUMN search_vector SET COMPRESSION lz4'; \
        EXECUTE 'ALTER TABLE events ALTER COLUMN doc SET COMPRESSION lz4'; \
        EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL; END $$";
    manager
        .get_connection()
        .execute_unprepared(statement)
        .await?;
    Ok(())
}

/// Full text over `search`: FTS5 fed by triggers, or a generated tsvector.
async fn search(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = match manager.get_database_backend() {
        DatabaseBackend::Sqlite => &[
            "CREATE VIRTUAL TABLE ticket_search USING fts5(\
             search, content='tickets', content_rowid='seq', tokenize='unicode61')",
            "CREATE TRIGGER ticket_search_insert AFTER INSERT ON tickets BEGIN \
             INSERT INTO ticket_search(rowid, search) VALUES (new.seq, new.search); END",
            "CREATE TRIGGER ticket_search_update AFTER UPDATE OF search ON tickets \
             WHEN old.search <> new.search BEGIN \
             INSERT INTO ticket_search(ticket_search, rowid, search) \
             VALUES ('delete', old.seq, old.search); \
             INSERT INTO ticket_search(rowid, search) VALUES (new.seq, new.search); END",
            "CREATE TRIGGER ticket_search_delete AFTER DELETE ON tickets BEGIN \
             INSERT INTO ticket_search(ticket_search, rowid, search) \
             VALUES ('delete', old.seq, old.search); END",
        ],
        _ => &[
            "ALTER TABLE tickets ADD COLUMN search_vector tsvector \
             GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED",
            "CREATE INDEX ticket_search ON tickets USING gin (search_vector)",
        ],
    };
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement)
            .await?;
    }
    Ok(())
}
