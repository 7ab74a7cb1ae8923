//! Many rows as what one statement selects from.
//!
//! On PostgreSQL they go as one array per column (`unnest`), so that the
//! statement's text is the same however many rows there are: it is prepared
//! once and planned once. SQLite has no arrays and prepares quickly; there the
//! values are listed.

use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DatabaseBackend, EntityTrait, IdenStatic, Iterable,
    Value, sea_query::ArrayType,
};

/// Rows per statement: below SQLite's limit of 32,766 bound values.
pub(crate) const CHUNK: usize = 1000;

pub(crate) type Column<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// A column of a source: its name, and whether it may be NULL.
pub(crate) type Named = (&'static str, bool);

/// The columns of an entity, in the order of [`values`].
pub(crate) fn columns<A: ActiveModelTrait>() -> Vec<Named> {
    Column::<A>::iter()
        .map(|column| (column.as_str(), column.def().is_null()))
        .collect()
}

/// A row's values; rows of the store set every column.
pub(crate) fn values<A: ActiveModelTrait>(mut row: A) -> Vec<Value> {
    Column::<A>::iter()
        .map(|column| match row.take(column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
            ActiveValue::NotSet => Value::String(None),
        })
        .collect()
}

/// A `SELECT` of the rows under the columns' names, and what is bound to it.
pub(crate) fn source(
    backend: DatabaseBackend,
    columns: &[Named],
    rows: Vec<Vec<Value>>,
) -> (String, Vec<Value>) {
    match backend {
        DatabaseBackend::Postgres => by_column(columns, rows),
        _ => by_row(columns, rows),
    }
}

fn by_column(columns: &[Named], rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
    let mut arrays = Arrays::default();
    let mut selected: Vec<String> = Vec::with_capacity(columns.len());
    for (name, nullable) in columns {
        let values = rows.iter_mut().filter_map(Iterator::next).collect();
        let value = arrays.column(*nullable, values);
        selected.push(format!("{value} AS \"{name}\""));
    }
    let sql = format!("SELECT {} FROM {}", selected.join(", "), arrays.unnested());
    (sql, arrays.0)
}

/// SQLite names the columns of a list of values itself.
fn by_row(columns: &[Named], rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    let named: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(n, (name, _))| format!("column{} AS \"{name}\"", n + 1))
        .collect();
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let places = vec![row.as_str(); rows.len()].join(", ");
    let sql = format!("SELECT {} FROM (VALUES {places})", named.join(", "));
    (sql, rows.into_iter().flatten().collect())
}

/// One array per column.
#[derive(Default)]
struct Arrays(Vec<Value>);

impl Arrays {
    /// Adds a column; answers how it is selected.
    fn column(&mut self, nullable: bool, mut values: Vec<Value>) -> String {
        let kind = values.first().map_or(ArrayType::String, Value::array_type);
        if !nullable {
            let n = self.array(kind, values);
            return format!("c{n}");
        }
        // Arrays are sent without NULLs: a second one says where they are.
        let absent = values.iter().map(|value| Value::from(!value.is_some()));
        let absent = absent.collect();
        let absent = self.array(ArrayType::Bool, absent);
        for value in values.iter_mut().filter(|value| !value.is_some()) {
            *value = value.dummy_value();
        }
        let n = self.array(kind, values);
        format!("CASE WHEN NOT c{absent} THEN c{n} END")
    }

    fn array(&mut self, kind: ArrayType, values: Vec<Value>) -> usize {
        self.0.push(Value::Array(kind, Some(Box::new(values))));
        self.0.len()
    }

    /// What to select from.
    fn unnested(&self) -> String {
        let list = |sign: char| {
            let all = (1..=self.0.len()).map(|n| format!("{sign}{n}"));
            all.collect::<Vec<_>>().join(", ")
        };
        format!("unnest({}) AS rows({})", list('$'), list('c'))
    }
}
