//! What reports know of tickets: written with each ticket, read in one pass.
//!
//! Rows are narrow, and the database strings thousands of them together, so
//! that a million cost no more than a few hundred rows do.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, Query},
};
use ticketing::{
    Ticket, TicketNumber,
    report::{Facts, Only, Recorded},
};

use crate::{
    connect::Store,
    entity::{ticket, ticket_facts},
    error::StoreError,
    insert::insert,
    list::{Sort, TicketFilter},
};

/// Tickets per statement.
const PAGE: u64 = 4096;

/// Which facts to read: a filter over the tickets filed in a stretch of time.
#[derive(Clone, Debug)]
pub struct FactsWanted {
    /// Filed at or after.
    pub filed_from: Option<DateTime<Utc>>,
    /// Filed before.
    pub filed_to: DateTime<Utc>,
    /// Which of them.
    pub filter: TicketFilter,
}

#[derive(FromQueryResult)]
struct Page {
    lines: Option<String>,
    n: i64,
}

#[derive(FromQueryResult)]
struct Counter {
    next: i64,
}

/// Writes the facts of tickets, new or not.
pub(crate) async fn write(
    txn: &DatabaseTransaction,
    rows: Vec<ticket_facts::ActiveModel>,
) -> Result<(), DbErr> {
    let rest = "ON CONFLICT (\"created_at\", \"seq\") DO UPDATE SET \"bits\" = excluded.\"bits\", \
        \"first_response_breaks\" = excluded.\"first_response_breaks\", \
        \"resolution_breaks\" = excluded.\"resolution_breaks\", \
        \"deadline\" = excluded.\"deadline\", \"line\" = excluded.\"line\"";
    insert(txn, rows, rest).await?;
    Ok(())
}

/// A ticket's facts as a row.
pub(crate) fn facts_row(ticket: &Ticket) -> ticket_facts::ActiveModel {
    let recorded = Recorded::of(ticket);
    ticket_facts::ActiveModel {
        created_at: Set(ticket.created_at),
        seq: Set(ticket.number.0),
        bits: Set(recorded.bits.0),
        first_response_breaks: Set(recorded.first_response_breaks),
        resolution_breaks: Set(recorded.resolution_breaks),
        deadline: Set(recorded.deadline),
        line: Set(recorded.line),
    }
}

impl Store {
    /// Hands the facts of the wanted tickets to `take`, each once, page by page
    /// in the order of filing.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn read_facts(
        &self,
        wanted: &FactsWanted,
        mut take: impl FnMut(&Facts<'_>),
    ) -> Result<(), StoreError> {
        let (only, rest) = divide(&wanted.filter);
        // Nothing is older; and PostgreSQL knows no instants that are much.
        let from = Ord::max(wanted.filed_from, wanted.filter.created_from);
        let from = from.map(|from| Ord::max(from, DateTime::UNIX_EPOCH));
        let to = wanted.filter.created_to;
        let to = to.map_or(wanted.filed_to, |to| Ord::min(to, wanted.filed_to));
        let mut after: Option<(i64, i64)> = None;
        loop {
            let page = self.page(from, to, &rest, after).await?;
            let lines = page.lines.unwrap_or_default();
            for line in lines.lines() {
                let facts = Facts::read(line).map_err(|wrong| corrupt(line, wrong))?;
                // What was strung together is in no promised order.
                after = after.max(Some((facts.created, facts.number)));
                if only.admits(&facts) {
                    take(&facts);
                }
            }
            if u64::try_from(page.n).unwrap_or(0) < PAGE {
                return Ok(());
            }
        }
    }

    async fn page(
        &self,
        from: Option<DateTime<Utc>>,
        to: DateTime<Utc>,
        rest: &TicketFilter,
        after: Option<(i64, i64)>,
    ) -> Result<Page, StoreError> {
        use ticket_facts::Column as C;
        let mut rows = ticket_facts::Entity::find()
            .select_only()
            .column(C::Line)
            .filter(C::CreatedAt.lt(to));
        // One lower bound alone: with two SQLite seeks to the earlier one and
        // walks all that was read before, page after page.
        if let Some((micros, seq)) = after {
            let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
            let further = C::CreatedAt.gt(at).or(C::Seq.gt(seq));
            rows = rows.filter(C::CreatedAt.gte(at)).filter(further);
        } else if let Some(from) = from {
            rows = rows.filter(C::CreatedAt.gte(from));
        }
        if *rest != TicketFilter::default() {
            let found = self.filtered(rest, Sort::Created).select_only();
            let found = found.column(ticket::Column::Seq);
            rows = if rest.q.is_some() {
                // Words are looked up once for all, not for each ticket.
                rows.filter(C::Seq.in_subquery(found.into_query()))
            } else {
                let same = Expr::col((ticket::Entity, ticket::Column::Seq))
                    .equals((ticket_facts::Entity, C::Seq));
                rows.filter(Expr::exists(found.filter(same).into_query()))
            };
        }
        let rows = rows
            .order_by_asc(C::CreatedAt)
            .order_by_asc(C::Seq)
            .limit(PAGE)
            .into_query();
        let newline = if self.is_sqlite() {
            "char(10)"
        } else {
            "chr(10)"
        };
        let strung = Query::select()
            .expr_as(
                Expr::cust(format!("string_agg(\"line\", {newline})")),
                "lines",
            )
            .expr_as(Expr::cust("count(*)"), "n")
            .from_subquery(rows, "page")
            .to_owned();
        let backend = self.read.get_database_backend();
        let page = Page::find_by_statement(backend.build(&strung));
        let page = page.one(&self.read).await?;
        Ok(page.unwrap_or(Page { lines: None, n: 0 }))
    }

    /// After which ticket facts are still missing: those filed before there
    /// were any. None when all are there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn facts_missing_after(&self) -> Result<Option<TicketNumber>, StoreError> {
        let sql = "SELECT next FROM counters WHERE name = 'facts'";
        let backend = self.write.get_database_backend();
        let counter = Counter::find_by_statement(Statement::from_string(backend, sql));
        let counter = counter.one(&self.write).await?;
        Ok(counter.map(|counter| TicketNumber(counter.next)))
    }

    /// Notes up to which ticket facts were filled in; none: all are there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn facts_filled_to(&self, last: Option<TicketNumber>) -> Result<(), StoreError> {
        let backend = self.write.get_database_backend();
        let statement = match last {
            Some(last) => Statement::from_sql_and_values(
                backend,
                "UPDATE counters SET next = $1 WHERE name = 'facts'",
                [last.0.into()],
            ),
            None => Statement::from_string(backend, "DELETE FROM counters WHERE name = 'facts'"),
        };
        self.write.execute_raw(statement).await?;
        Ok(())
    }
}

/// The part of a filter that facts answer, and the part that only tickets do.
fn divide(filter: &TicketFilter) -> (Only, TicketFilter) {
    let mut rest = filter.clone();
    // Bounds of the walk.
    rest.created_from = None;
    rest.created_to = None;
    if rest.figures.is_empty() {
        // Nothing is judged, so no instant is needed.
        rest.figures.as_of = None;
    }
    let only = Only {
        status: std::mem::take(&mut rest.status),
        kind: rest.kind.take(),
        urgency: std::mem::take(&mut rest.urgency),
        level: std::mem::take(&mut rest.level),
        assignee: rest.assignee.take(),
        entry: rest.entry.take(),
        source: rest.source.take(),
    };
    (only, rest)
}

fn corrupt(line: &str, wrong: ticketing::report::FactsError) -> StoreError {
    StoreError::Corrupt {
        table: "ticket_facts",
        id: line.split('\t').next().unwrap_or_default().to_owned(),
        column: "line",
        why: wrong.to_string(),
    }
}
