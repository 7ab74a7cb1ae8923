//! The schema: there and back again, and the same on both databases.

use std::collections::BTreeSet;

use migrations::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::Database;
use serde_json::json;
use sqlx::{Connection, PgConnection, Row, SqliteConnection};

use crate::harness::{TestDatabase, TestDesk, bug_with};

/// Table, column, whether it may be null.
type Columns = BTreeSet<(String, String, bool)>;

async fn columns(database: &TestDatabase) -> Columns {
    match database {
        TestDatabase::Sqlite(_) => sqlite_columns(&database.url()).await,
        TestDatabase::Postgres { .. } => postgres_columns(&database.url()).await,
    }
}

async fn sqlite_columns(url: &str) -> Columns {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let listed = "SELECT m.name, c.name, c.\"notnull\" = 0 AND c.pk = 0 FROM sqlite_master m, \
                  pragma_table_info(m.name) c WHERE m.type = 'table' \
                  AND m.name NOT LIKE 'ticket_search%' AND m.name NOT LIKE 'sqlite_%'";
    let rows = sqlx::query(listed)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

async fn postgres_columns(url: &str) -> Columns {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let listed = "SELECT table_name::text, column_name::text, is_nullable = 'YES' \
                  FROM information_schema.columns \
                  WHERE table_schema = 'public' AND table_name <> 'ticket_search'";
    let rows = sqlx::query(listed);
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

#[tokio::test]
async fn every_migration_can_be_taken_back_and_made_again() {
    let database = TestDatabase::fresh().await;
    let migrated = columns(&database).await;
    assert!(migrated.len() > 40, "{migrated:#?}");
    let connection = Database::connect(database.url()).await.unwrap();

    Migrator::down(&connection, None).await.unwrap();
    let left = columns(&database).await;
    assert!(
        left.iter().all(|(table, ..)| table == "seaql_migrations"),
        "{left:#?}"
    );
    Migrator::up(&connection, None).await.unwrap();

    connection.close().await.unwrap();
    assert_eq!(columns(&database).await, migrated);
}

#[tokio::test]
async fn notifications_and_their_attempts_outlive_the_tables_being_made_anew() {
    let desk = TestDesk::open().await;
    let urgent = json!({"severity": "critical", "affected_users": 40});
    let shop = desk.tool("shop").await;
    shop.file(&bug_with("Nothing works", urgent)).await;
    assert_eq!(desk.deliver().await.sent, 1);
    let shown = async || {
        let list = desk.admin().get("/v1/notifications").await.is(200).json;
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/notifications/{id}");
        desk.admin().get(path).await.is(200).json
    };
    let before = shown().await;
    assert_eq!(before["attempts"].as_array().unwrap().len(), 1);

    let connection = Database::connect(desk.database.url()).await.unwrap();
    let all = Migrator::migrations();
    let from = all.iter().position(|one| one.name() == "m0007_outbox");
    let steps = u32::try_from(all.len() - from.unwrap()).unwrap();
    Migrator::down(&connection, Some(steps)).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(shown().await, before);
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let database = TestDatabase::fresh().await;
    let sqlite = TestDatabase::sqlite().await;

    assert_eq!(columns(&database).await, columns(&sqlite).await);
}

#[tokio::test]
async fn replicas_that_start_together_migrate_once() {
    let database = TestDatabase::fresh().await;
    let connection = Database::connect(database.url()).await.unwrap();
    Migrator::down(&connection, None).await.unwrap();
    connection.close().await.unwrap();
    let options = store::Options {
        url: database.url(),
        max_connections: 2,
    };

    // SQLite has one process; there it must only do no harm to migrate again.
    if matches!(database, TestDatabase::Postgres { .. }) {
        let (one, two) = tokio::join!(
            store::Store::migrate(&options),
            store::Store::migrate(&options)
        );
        one.unwrap();
        two.unwrap();
    } else {
        store::Store::migrate(&options).await.unwrap();
        store::Store::migrate(&options).await.unwrap();
    }
    assert!(columns(&database).await.len() > 40);
}
