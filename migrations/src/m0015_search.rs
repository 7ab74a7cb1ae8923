//! PostgreSQL keeps the words of tickets in a table of their own, as SQLite
//! does: a ticket that changes is a new row for every index of its table, and
//! the one of its words is the dearest by far.

use sea_orm_migration::prelude::*;

use crate::on_postgres;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &[&str] = &[
    "DROP INDEX ticket_search",
    "CREATE TABLE ticket_search (seq bigint PRIMARY KEY, search_vector tsvector NOT NULL)",
    // A server without this method of compression keeps its own.
    "DO $$ BEGIN \
     EXECUTE 'ALTER TABLE ticket_search ALTER COLUMN search_vector SET COMPRESSION lz4'; \
     EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL; END $$",
    "INSERT INTO ticket_search SELECT seq, search_vector FROM tickets",
    "ALTER TABLE tickets DROP COLUMN search_vector",
    // KiB of new words that wait to be sorted in: whoever fills the list sorts it,
    // and should not take long.
    "CREATE INDEX ticket_search_words ON ticket_search USING gin (search_vector) \
     WITH (gin_pending_list_limit = 256)",
    "CREATE FUNCTION ticket_search_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     INSERT INTO ticket_search SELECT seq, to_tsvector('simple', search) FROM added; \
     RETURN NULL; END $$",
    "CREATE TRIGGER ticket_search_insert AFTER INSERT ON tickets \
     REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ticket_search_insert()",
    "CREATE FUNCTION ticket_search_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     UPDATE ticket_search SET search_vector = to_tsvector('simple', new.search) \
     WHERE seq = new.seq; RETURN NULL; END $$",
    "CREATE TRIGGER ticket_search_update AFTER UPDATE OF search ON tickets FOR EACH ROW \
     WHEN (old.search <> new.search) EXECUTE FUNCTION ticket_search_update()",
    "CREATE FUNCTION ticket_search_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     DELETE FROM ticket_search WHERE seq = old.seq; RETURN NULL; END $$",
    "CREATE TRIGGER ticket_search_delete AFTER DELETE ON tickets FOR EACH ROW \
     EXECUTE FUNCTION ticket_search_delete()",
];

const DOWN: &[&str] = &[
    "DROP TRIGGER ticket_search_insert ON tickets",
    "DROP TRIGGER ticket_search_update ON tickets",
    "DROP TRIGGER ticket_search_delete ON tickets",
    "DROP FUNCTION ticket_search_insert()",
    "DROP FUNCTION ticket_search_update()",
    "DROP FUNCTION ticket_search_delete()",
    "DROP TABLE ticket_search",
    "ALTER TABLE tickets ADD COLUMN search_vector tsvector \
     GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED",
    "CREATE INDEX ticket_search ON tickets USING gin (search_vector)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_postgres(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_postgres(manager, DOWN).await
    }
}
