//! What reports know of each ticket, apart from the ticket itself: a table so
//! narrow that a year of it is read at once, in the order of filing.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The key is the order in which reports read. PostgreSQL keeps room on each
/// page, so that a changed row can stay where it is and its index untouched.
const SQLITE: &str = "CREATE TABLE ticket_facts (\
    created_at timestamp_with_timezone_text NOT NULL, \
    seq bigint NOT NULL, \
    bits integer NOT NULL, \
    first_response_breaks bigint NOT NULL, \
    resolution_breaks bigint NOT NULL, \
    deadline bigint NOT NULL, \
    line text NOT NULL, \
    PRIMARY KEY (created_at, seq)) WITHOUT ROWID";
const POSTGRES: &str = "CREATE TABLE ticket_facts (\
    created_at timestamp with time zone NOT NULL, \
    seq bigint NOT NULL, \
    bits integer NOT NULL, \
    first_response_breaks bigint NOT NULL, \
    resolution_breaks bigint NOT NULL, \
    deadline bigint NOT NULL, \
    line text NOT NULL, \
    PRIMARY KEY (created_at, seq)) WITH (fillfactor = 85)";

/// Where there are tickets already, the desk fills the table when it opens, and
/// this counter says from which on; it knows the policies, the schema does not.
const BACKFILL: &str = "INSERT INTO counters (name, next) \
    SELECT 'facts', 0 WHERE EXISTS (SELECT 1 FROM tickets)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = match manager.get_database_backend() {
            DatabaseBackend::Sqlite => SQLITE,
            _ => POSTGRES,
        };
        let db = manager.get_connection();
        db.execute_unprepared(table).await?;
        db.execute_unprepared(
            "CREATE INDEX tickets_by_resolved ON tickets (resolved_at, seq) \
             WHERE resolved_at IS NOT NULL",
        )
        .await?;
        db.execute_unprepared(BACKFILL).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DELETE FROM counters WHERE name = 'facts'")
            .await?;
        db.execute_unprepared("DROP INDEX tickets_by_resolved")
            .await?;
        manager
            .drop_table(Table::drop().table("ticket_facts").to_owned())
            .await
    }
}
