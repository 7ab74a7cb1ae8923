//! Entities agree with the schema that the migrations make; that both databases
//! have the same one, a story holds.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, IdenStatic,
    Iterable, QuerySelect, Statement,
};

use crate::connect::{Options, Store};

/// Columns with whether they may be null.
type Columns = BTreeSet<(String, bool)>;

async fn migrated(table: &str, database: &DatabaseConnection) -> Columns {
    let sql = format!(
        "SELECT name, \"notnull\" = 0 AND pk = 0 AS nullable FROM pragma_table_info('{table}')"
    );
    let asked = Statement::from_string(DbBackend::Sqlite, sql);
    let rows = database.query_all_raw(asked).await.unwrap();
    rows.iter()
        .map(|row| {
            let nullable: bool = row.try_get("", "nullable").unwrap();
            (row.try_get("", "name").unwrap(), nullable)
        })
        .collect()
}

async fn hold<E: EntityTrait>(entity: E, database: &DatabaseConnection) {
    let table = entity.table_name();
    let declared: Columns = E::Column::iter()
        .map(|column| (column.as_str().to_owned(), column.def().is_null()))
        .collect();
    assert_eq!(declared, migrated(table, database).await, "{table}");
    // Every column can be selected as its type.
    let rows = E::find().limit(1).all(database).await.unwrap();
    assert!(rows.is_empty(), "{table}");
}

#[tokio::test]
async fn every_entity_has_the_columns_of_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("desk.db").display()
    );
    let options = Options {
        url: url.clone(),
        max_connections: 2,
    };
    Store::migrate(&options).await.unwrap();
    let database = Database::connect(url).await.unwrap();

    macro_rules! hold {
        ($($entity:ident),+ $(,)?) => { $(hold(super::$entity::Entity, &database).await;)+ };
    }
    hold!(
        access_key,
        attachment,
        attachment_chunk,
        escalation,
        event,
        idempotency_key,
        label,
        notification,
        notification_attempt,
        on_call,
        policy,
        runbook,
        ticket,
        ticket_tag,
    );
}
