//! The label log: append-only, what people said about classifications.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::Expr,
};
use ticketing::TicketNumber;
use uuid::Uuid;

use crate::{connect::Store, entity::label, error::StoreError};

/// Rows per statement.
const CHUNK: usize = 1000;

/// How a label came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelOrigin {
    /// An agent corrected the classification.
    Corrected,
    /// An agent confirmed it.
    Confirmed,
    /// An agent resolved the ticket by that entry.
    Resolved,
    /// Labelled history was imported.
    Imported,
}

/// A labelled text.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its identity, ascending in time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// How it came about.
    pub origin: LabelOrigin,
    /// Of which ticket; none for imports.
    pub ticket: Option<TicketNumber>,
    /// The title, masked.
    pub title: String,
    /// The text, masked.
    pub body: String,
    /// The entry that answers it; none: no entry does.
    pub entry: Option<String>,
    /// The level that a lead gave it, 1 to 4.
    pub level: Option<u8>,
    /// What triage had said: the entry, or none.
    pub predicted: Option<String>,
    /// How sure it had been; none where it had said nothing.
    pub confidence: Option<f64>,
    /// Since when it does not count.
    pub undone_at: Option<DateTime<Utc>>,
}

impl LabelOrigin {
    /// The word in SQL and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Confirmed => "confirmed",
            Self::Resolved => "resolved",
            Self::Imported => "imported",
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "corrected" => Self::Corrected,
            "confirmed" => Self::Confirmed,
            "resolved" => Self::Resolved,
            // The table's check lets no other word in.
            _ => Self::Imported,
        }
    }
}

impl Store {
    /// Appends labels, all or none, in a transaction that no client can cancel.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_labels(&self, labels: Vec<Label>) -> Result<(), StoreError> {
        let db = self.write.clone();
        let work = async move {
            let begun = db.begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            });
            let transaction = begun.await?;
            append(&transaction, &labels).await?;
            Ok(transaction.commit().await?)
        };
        match tokio::spawn(work).await {
            Ok(done) => done,
            Err(_stopped) => Err(StoreError::Stopped),
        }
    }

    /// The labels that count, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_labels(&self) -> Result<Vec<Label>, StoreError> {
        let rows = label::Entity::find()
            .filter(label::Column::UndoneAt.is_null())
            .order_by_asc(label::Column::Id)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(Label::from).collect())
    }

    /// How many labels count, and the newest one: what tells that there is
    /// something new to learn.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn label_mark(&self) -> Result<(i64, Option<Uuid>), StoreError> {
        let count: Option<i64> = label::Entity::find()
            .select_only()
            .column_as(Expr::cust("count(*)"), "n")
            .filter(label::Column::UndoneAt.is_null())
            .into_tuple()
            .one(&self.read)
            .await?;
        let newest: Option<Uuid> = label::Entity::find()
            .select_only()
            .column(label::Column::Id)
            .order_by_desc(label::Column::Id)
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok((count.unwrap_or(0), newest))
    }

    /// Undoes a label; `false` when there is none that counts.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn undo_label(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = label::Entity::update_many()
            .col_expr(label::Column::UndoneAt, Expr::value(now))
            .filter(label::Column::Id.eq(id))
            .filter(label::Column::UndoneAt.is_null())
            .exec(&self.write)
            .await?;
        Ok(done.rows_affected == 1)
    }
}

/// Appends labels within a transaction.
pub(crate) async fn append(txn: &DatabaseTransaction, labels: &[Label]) -> Result<(), DbErr> {
    for chunk in labels.chunks(CHUNK) {
        let rows: Vec<label::ActiveModel> = chunk.iter().map(row).collect();
        label::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

fn row(of: &Label) -> label::ActiveModel {
    label::ActiveModel {
        id: Set(of.id),
        at: Set(of.at),
        by: Set(of.by.clone()),
        origin: Set(of.origin.as_str().to_owned()),
        seq: Set(of.ticket.map(|ticket| ticket.0)),
        title: Set(of.title.clone()),
        body: Set(of.body.clone()),
        entry: Set(of.entry.clone()),
        level: Set(of.level.map(i16::from)),
        predicted: Set(of.predicted.clone()),
        confidence: Set(of.confidence),
        undone_at: Set(of.undone_at),
    }
}

impl From<label::Model> for Label {
    fn from(row: label::Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            by: row.by,
            origin: LabelOrigin::read(&row.origin),
            ticket: row.seq.map(TicketNumber),
            title: row.title,
            body: row.body,
            entry: row.entry,
            level: row.level.and_then(|level| u8::try_from(level).ok()),
            predicted: row.predicted,
            confidence: row.confidence,
            undone_at: row.undone_at,
        }
    }
}
