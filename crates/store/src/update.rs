//! Updating tickets where nobody was first, one statement for all of them.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, IdenStatic,
    Iterable, Statement, Value,
};

use crate::{
    entity::ticket::{ActiveModel, Column},
    insert::{Arrays, value},
};

/// Rows per statement: below SQLite's limit of 32,766 bound values.
const CHUNK: usize = 1000;

/// A ticket's row, and the version that the change was decided on.
pub(crate) struct Changed {
    pub(crate) row: ActiveModel,
    pub(crate) seen: i64,
}

/// Writes the rows whose version is still the one that was seen; answers the
/// numbers of those. Rows are locked in the order they come in.
pub(crate) async fn update_tickets(
    txn: &DatabaseTransaction,
    changed: Vec<Changed>,
) -> Result<HashSet<i64>, DbErr> {
    let backend = txn.get_database_backend();
    let mut written = HashSet::with_capacity(changed.len());
    let mut changed = changed.into_iter();
    loop {
        let chunk: Vec<Changed> = changed.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(written);
        }
        let (source, values) = match backend {
            DatabaseBackend::Postgres => by_column(chunk),
            _ => by_row(chunk),
        };
        // SQLite writes every index anew of whose columns one is set.
        let set: Vec<String> = Column::iter()
            .filter(|column| !is_for_ever(*column))
            .map(|column| format!("\"{0}\" = s.\"{0}\"", column.as_str()))
            .collect();
        let sql = format!(
            "UPDATE \"tickets\" SET {} FROM ({source}) AS s \
             WHERE \"tickets\".\"seq\" = s.\"seq\" AND \"tickets\".\"version\" = s.\"seen\" \
             RETURNING \"tickets\".\"seq\"",
            set.join(", ")
        );
        let statement = Statement::from_sql_and_values(backend, sql, values);
        for row in txn.query_all_raw(statement).await? {
            written.insert(row.try_get_by_index(0)?);
        }
    }
}

/// What a ticket keeps from its filing on.
const fn is_for_ever(column: Column) -> bool {
    use Column::{CreatedAt, ExternalRef, Id, Kind, Seq, Source};
    matches!(column, Seq | Id | Kind | Source | ExternalRef | CreatedAt)
}

fn by_column(mut changed: Vec<Changed>) -> (String, Vec<Value>) {
    let mut arrays = Arrays::default();
    let mut selected: Vec<String> = Vec::new();
    for column in Column::iter() {
        let values = changed.iter_mut().map(|one| value(&mut one.row, column));
        let from = arrays.column(column.def().is_null(), values.collect());
        selected.push(format!("{from} AS \"{}\"", column.as_str()));
    }
    let seen = changed.iter().map(|one| one.seen.into()).collect();
    selected.push(format!("{} AS \"seen\"", arrays.column(false, seen)));
    let source = format!("SELECT {} FROM {}", selected.join(", "), arrays.unnested());
    (source, arrays.values)
}

/// SQLite names the columns of a list of values itself.
fn by_row(changed: Vec<Changed>) -> (String, Vec<Value>) {
    let names = Column::iter().map(|column| column.as_str());
    let named: Vec<String> = names
        .chain(["seen"])
        .enumerate()
        .map(|(n, name)| format!("column{} AS \"{name}\"", n + 1))
        .collect();
    let row = format!("({})", vec!["?"; named.len()].join(", "));
    let rows = vec![row.as_str(); changed.len()].join(", ");
    let mut values = Vec::with_capacity(changed.len() * named.len());
    for Changed { mut row, seen } in changed {
        values.extend(Column::iter().map(|column| value(&mut row, column)));
        values.push(seen.into());
    }
    let source = format!("SELECT {} FROM (VALUES {rows})", named.join(", "));
    (source, values)
}
