//! Updating tickets where nobody was first, one statement for all of them.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, IdenStatic, Iterable, Statement};
use ticketing::TicketNumber;

use crate::{
    entity::ticket::{ActiveModel, Column},
    rows::{CHUNK, columns, source, values},
};

/// A ticket that changes.
#[derive(Debug)]
pub(crate) struct Changed {
    /// Its place among the tickets of its write.
    pub(crate) index: usize,
    /// Its number.
    pub(crate) number: TicketNumber,
    /// The version that the change was decided on.
    pub(crate) seen: i64,
    /// Its row after it.
    pub(crate) row: ActiveModel,
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
        let rows = chunk.into_iter().map(|Changed { row, seen, .. }| {
            let mut values = values(row);
            values.push(seen.into());
            values
        });
        let mut columns = columns::<ActiveModel>();
        columns.push(("seen", false));
        let (source, values) = source(backend, &columns, rows.collect());
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
