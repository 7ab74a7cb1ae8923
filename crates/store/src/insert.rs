//! Inserting rows, one statement for all of them.
//!
//! On PostgreSQL the rows go as one array per column (`unnest`), so that the
//! statement's text is the same however many rows there are: it is prepared
//! once and planned once. SQLite has no arrays and prepares quickly; there the
//! values are listed.

use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseBackend,
    DatabaseTransaction, DbErr, EntityName, EntityTrait, IdenStatic, Iterable, QueryResult,
    Statement, Value, sea_query::ArrayType,
};

/// Rows per statement: below SQLite's limit of 32,766 bound values.
const CHUNK: usize = 1000;

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
            DatabaseBackend::Postgres => by_column(chunk),
            _ => by_row(chunk),
        };
        let statement = Statement::from_sql_and_values(backend, format!("{sql} {rest}"), values);
        if rest.contains("RETURNING") {
            returned.extend(txn.query_all_raw(statement).await?);
        } else {
            txn.execute_raw(statement).await?;
        }
    }
}

pub(crate) type Column<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

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

fn by_row<A: ActiveModelTrait>(rows: Vec<A>) -> (String, Vec<Value>) {
    let width = Column::<A>::iter().count();
    let row = format!("({})", vec!["?"; width].join(", "));
    let sql = format!(
        "{} VALUES {}",
        into::<A>(),
        vec![row.as_str(); rows.len()].join(", ")
    );
    let mut values = Vec::with_capacity(rows.len() * width);
    for mut row in rows {
        values.extend(Column::<A>::iter().map(|column| value(&mut row, column)));
    }
    (sql, values)
}

fn by_column<A: ActiveModelTrait>(mut rows: Vec<A>) -> (String, Vec<Value>) {
    let mut arrays = Arrays::default();
    let mut selected: Vec<String> = Vec::new();
    for column in Column::<A>::iter() {
        let values = rows.iter_mut().map(|row| value(row, column)).collect();
        selected.push(arrays.column(column.def().is_null(), values));
    }
    let sql = format!(
        "{} SELECT {} FROM {}",
        into::<A>(),
        selected.join(", "),
        arrays.unnested()
    );
    (sql, arrays.values)
}

/// Rows as one array per column, for PostgreSQL.
#[derive(Default)]
pub(crate) struct Arrays {
    pub(crate) values: Vec<Value>,
}

impl Arrays {
    /// Adds a column; answers how it is selected.
    pub(crate) fn column(&mut self, nullable: bool, mut values: Vec<Value>) -> String {
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
        self.values.push(Value::Array(kind, Some(Box::new(values))));
        self.values.len()
    }

    /// What to select from.
    pub(crate) fn unnested(&self) -> String {
        let list = |sign: char| {
            let all = (1..=self.values.len()).map(|n| format!("{sign}{n}"));
            all.collect::<Vec<_>>().join(", ")
        };
        format!("unnest({}) AS rows({})", list('$'), list('c'))
    }
}

/// A row's value; rows of the store set every column.
pub(crate) fn value<A: ActiveModelTrait>(row: &mut A, column: Column<A>) -> Value {
    match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
        ActiveValue::NotSet => Value::String(None),
    }
}
