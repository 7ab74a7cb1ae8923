//! Inserting rows, one statement for all of them.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, EntityName,
    IdenStatic, Iterable, QueryResult, Statement, Value,
};

use crate::rows::{CHUNK, Column, columns, source, values};

/// Inserts the rows; `rest` is what follows them in SQL: `ON CONFLICT`,
/// `RETURNING`. Answers what is returned.
pub(crate) async fn insert<A: ActiveModelTrait>(
    txn: &DatabaseTransaction,
    rows: Vec<A>,
    rest: &str,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = txn.get_database_backend();
    let mut returned = Vec::new();
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(returned);
        }
        let (sql, values) = match backend {
            DatabaseBackend::Postgres => selected(chunk),
            _ => listed(chunk),
        };
        let statement = Statement::from_sql_and_values(backend, format!("{sql} {rest}"), values);
        if rest.contains("RETURNING") {
            returned.extend(txn.query_all_raw(statement).await?);
        } else {
            txn.execute_raw(statement).await?;
        }
    }
}

fn into<A: ActiveModelTrait>() -> String {
    let columns: Vec<String> = Column::<A>::iter()
        .map(|column| format!("\"{}\"", column.as_str()))
        .collect();
    format!(
        "INSERT INTO \"{}\" ({})",
        A::Entity::default().table_name(),
        columns.join(", ")
    )
}

fn selected<A: ActiveModelTrait>(rows: Vec<A>) -> (String, Vec<Value>) {
    let rows = rows.into_iter().map(values).collect();
    let (source, values) = source(DatabaseBackend::Postgres, &columns::<A>(), rows);
    (format!("{} {source}", into::<A>()), values)
}

/// SQLite takes an `ON` that follows a `SELECT` for a join's condition; after a
/// list of values it can only be `ON CONFLICT`.
fn listed<A: ActiveModelTrait>(rows: Vec<A>) -> (String, Vec<Value>) {
    let row = format!("({})", vec!["?"; Column::<A>::iter().count()].join(", "));
    let places = vec![row.as_str(); rows.len()].join(", ");
    let sql = format!("{} VALUES {places}", into::<A>());
    (sql, rows.into_iter().flat_map(values).collect())
}
