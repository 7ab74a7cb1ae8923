//! The budget of pages per tool, level and hour. It is counted in the
//! transaction that writes the pages, under the lock of the counter's row, so
//! that it holds across replicas and restarts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder, Statement,
};
use ticketing::{LetterKind, TicketNumber};

use crate::{
    connect::Store,
    entity::{held_page, notification, page_budget},
    error::StoreError,
    insert::insert,
    notification::NewNotification,
    write::Write,
};

/// What a budget is counted for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HourOfTool {
    /// The tool: the tickets' source.
    pub source: String,
    /// The level that is paged.
    pub level: Level,
    /// When the hour begins.
    pub hour: DateTime<Utc>,
}

/// A page that is sent when the budget has room for it.
#[derive(Clone, Debug)]
pub struct BudgetedPage {
    /// Which budget.
    pub of: HourOfTool,
    /// How many pages it allows.
    pub per_hour: u32,
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// One row per recipient and channel.
    pub rows: Vec<NewNotification>,
    /// The rows of the one notice that lists what is held back in the hour.
    pub bundle: Vec<NewNotification>,
}

impl HourOfTool {
    /// What the notice's cause is called: one per tool, level and hour.
    #[must_use]
    pub fn cause(&self) -> String {
        let Self {
            source,
            level,
            hour,
        } = self;
        let kind = LetterKind::HeldBack;
        format!("{kind}:{level}:{}:{source}", hour.timestamp())
    }

    /// Reads a cause of [`HourOfTool::cause`].
    #[must_use]
    pub fn from_cause(cause: &str) -> Option<Self> {
        let mut parts = cause.splitn(4, ':').skip(1);
        let level = parts.next()?.parse().ok()?;
        let hour = DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?;
        let source = parts.next()?.to_owned();
        Some(Self {
            source,
            level,
            hour,
        })
    }

    fn ends_at(&self) -> DateTime<Utc> {
        self.hour + TimeDelta::hours(1)
    }
}

/// On both databases: the counter after this transaction's pages.
const COUNT: &str = "INSERT INTO page_budgets (source, level, hour, used) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (source, level, hour) \
     DO UPDATE SET used = page_budgets.used + excluded.used RETURNING used";

/// Writes the pages that their budget has room for; of the others it is kept
/// that they were held back, and one notice at the end of the hour lists them.
pub(crate) async fn spend(txn: &DatabaseTransaction, writes: &[&Write]) -> Result<(), DbErr> {
    // In the order of the keys, so that two replicas cannot deadlock.
    let mut budgets: BTreeMap<&HourOfTool, Vec<&BudgetedPage>> = BTreeMap::new();
    for page in writes.iter().flat_map(|write| &write.pages) {
        budgets.entry(&page.of).or_default().push(page);
    }
    let (mut rows, mut kept) = (Vec::new(), Vec::new());
    for (of, pages) in budgets {
        let wanted = i64::try_from(pages.len()).unwrap_or(i64::MAX);
        let before = count(txn, of, wanted).await? - wanted;
        for (page, place) in pages.into_iter().zip(before..) {
            if place < i64::from(page.per_hour) {
                rows.extend(page.rows.iter().map(NewNotification::row));
                continue;
            }
            rows.extend(page.rows.iter().map(|row| held(page, row)));
            rows.extend(page.bundle.iter().map(|row| bundle(page, row)));
            kept.push(held_page::ActiveModel {
                source: Set(of.source.clone()),
                level: Set(i16::from(of.level.number())),
                hour: Set(of.hour.timestamp()),
                seq: Set(page.ticket.0),
            });
        }
    }
    let rows: Result<Vec<_>, StoreError> = rows.into_iter().collect();
    let rows = rows.map_err(|error| DbErr::Custom(error.to_string()))?;
    insert(txn, rows, "ON CONFLICT DO NOTHING").await?;
    insert(txn, kept, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}

async fn count(txn: &DatabaseTransaction, of: &HourOfTool, wanted: i64) -> Result<i64, DbErr> {
    let statement = Statement::from_sql_and_values(
        txn.get_database_backend(),
        COUNT,
        [
            of.source.clone().into(),
            i16::from(of.level.number()).into(),
            of.hour.timestamp().into(),
            wanted.into(),
        ],
    );
    let counted = txn.query_one_raw(statement).await?;
    counted
        .ok_or_else(|| DbErr::RecordNotFound("the counter of a budget".to_owned()))?
        .try_get_by_index(0)
}

/// The row of a page that is not sent: it says why.
fn held(
    page: &BudgetedPage,
    row: &NewNotification,
) -> Result<notification::ActiveModel, StoreError> {
    let BudgetedPage { of, per_hour, .. } = page;
    let why = format!(
        "held back: {} has used its {per_hour} pages of level {} for this hour; one notice lists them at {}",
        of.source,
        of.level,
        of.ends_at().format("%Y-%m-%dT%H:%MZ"),
    );
    Ok(notification::ActiveModel {
        state: Set("superseded".to_owned()),
        due_at: Set(None),
        settled_at: Set(Some(row.created_at)),
        last_reply: Set(Some(why)),
        ..row.row()?
    })
}

/// The one notice is sent when its list is complete.
fn bundle(
    page: &BudgetedPage,
    row: &NewNotification,
) -> Result<notification::ActiveModel, StoreError> {
    Ok(notification::ActiveModel {
        due_at: Set(Some(page.of.ends_at())),
        ..row.row()?
    })
}

impl Store {
    /// The tickets whose pages were held back, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_held_pages(&self, of: &HourOfTool) -> Result<Vec<TicketNumber>, StoreError> {
        let rows = held_page::Entity::find()
            .filter(held_page::Column::Source.eq(&of.source))
            .filter(held_page::Column::Level.eq(i16::from(of.level.number())))
            .filter(held_page::Column::Hour.eq(of.hour.timestamp()))
            .order_by_asc(held_page::Column::Seq)
            .all(&self.read)
            .await?;
        Ok(rows.into_iter().map(|row| TicketNumber(row.seq)).collect())
    }

    /// Forgets budgets of hours before that instant, and what they held back.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_pages(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let before = before.timestamp();
        held_page::Entity::delete_many()
            .filter(held_page::Column::Hour.lt(before))
            .exec(&self.write)
            .await?;
        page_budget::Entity::delete_many()
            .filter(page_budget::Column::Hour.lt(before))
            .exec(&self.write)
            .await?;
        Ok(())
    }
}
