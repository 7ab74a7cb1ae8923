//! What an operator watches, counted in the database: open tickets, timers,
//! the outbox. Each query walks what is open or waiting, never all tickets.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement, sea_query::Expr,
};
use ticketing::TicketNumber;

use crate::{connect::Store, entity::ticket, error::StoreError, row::ticket_from};

/// Tickets that are new, open or pending at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OpenTickets {
    /// The level's number.
    pub level: i16,
    /// How many.
    pub tickets: i64,
    /// How many of them have a breached clock.
    pub breached: i64,
    /// How many of them have a clock at risk.
    pub at_risk: i64,
}

/// What waits in one lane of the outbox for one channel.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Waiting {
    /// `email`, `slack` …
    pub medium: String,
    /// Whether it is of level 3 or 4.
    pub urgent: bool,
    /// How many messages.
    pub messages: i64,
    /// Since when the oldest one waits.
    pub since: DateTime<Utc>,
}

/// How many suspicious rows are looked at.
const LOOKED_AT: u64 = 200;

impl Store {
    /// Open tickets by level.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_open_tickets(&self) -> Result<Vec<OpenTickets>, StoreError> {
        let statement = Statement::from_string(
            self.read.get_database_backend(),
            "SELECT level, COUNT(*) AS tickets, \
             SUM(CASE WHEN breached THEN 1 ELSE 0 END) AS breached, \
             SUM(CASE WHEN at_risk THEN 1 ELSE 0 END) AS at_risk \
             FROM tickets WHERE status IN ('new', 'open', 'pending') GROUP BY level",
        );
        let found = OpenTickets::find_by_statement(statement);
        Ok(found.all(&self.read).await?)
    }

    /// What waits in the outbox.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let statement = Statement::from_string(
            self.read.get_database_backend(),
            "SELECT medium, level >= 3 AS urgent, COUNT(*) AS messages, \
             MIN(created_at) AS since FROM notifications \
             WHERE state = 'pending' GROUP BY medium, level >= 3",
        );
        Ok(Waiting::find_by_statement(statement)
            .all(&self.read)
            .await?)
    }

    /// How many tickets have a clock timer that was due before `by`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_overdue_timers(&self, by: DateTime<Utc>) -> Result<u64, StoreError> {
        let late = ticket::Entity::find().filter(ticket::Column::NextTimerAt.lt(by));
        Ok(late.count(&self.read).await?)
    }

    /// Tickets with a running clock and no timer for it, as
    /// [`ticketing::Clocks::lacks_timer`] defines it: there should be none.
    /// At most 200.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_without_timer(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<TicketNumber>, StoreError> {
        // A clock that is breached keeps its due time and needs no timer: the
        // most of those are left out here, the rest by the definition.
        let rows: Vec<(i64, String)> = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Seq, ticket::Column::Doc])
            .filter(ticket::Column::NextDueAt.is_not_null())
            .filter(ticket::Column::NextTimerAt.is_null())
            .filter(
                ticket::Column::NextDueAt
                    .gt(now)
                    .or(Expr::cust("NOT breached")),
            )
            .order_by_asc(ticket::Column::NextDueAt)
            .limit(LOOKED_AT)
            .into_tuple()
            .all(&self.read)
            .await?;
        let mut found = Vec::new();
        for (seq, doc) in rows {
            if ticket_from(seq, &doc)?.clocks.lacks_timer() {
                found.push(TicketNumber(seq));
            }
        }
        Ok(found)
    }
}
