//! The events of all tickets, as a stream reads them.
//!
//! SQLite has one writer, so its rows are in the order of their commits. On
//! PostgreSQL commits overtake ids: an event can become visible after one with
//! a higher id was read, so readers go over the last seconds again.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};
use ticketing::{Event, EventId, Status, TicketNumber, UnknownWord};
use uuid::Uuid;

use crate::{
    connect::Store,
    entity::{event, ticket},
    error::StoreError,
    row::event_from,
};

/// An event with what a stream tells of its ticket, as it stands when read.
#[derive(Clone, Debug)]
pub struct StreamedEvent {
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// Who filed that ticket.
    pub source: String,
    /// Its status: of this event's version or a later one.
    pub status: Status,
    /// Its level: of this event's version or a later one.
    pub level: Level,
    /// What happened.
    pub event: Event,
}

/// Where a reader of all events stands.
#[derive(Clone, Copy, Debug)]
pub struct Place(At);

#[derive(Clone, Copy, Debug)]
enum At {
    /// SQLite: beyond this row.
    Row(i64),
    /// PostgreSQL: beyond this id.
    Id(EventId),
}

/// Longer than a commit can take.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);

impl Place {
    /// Where a look that begins now must begin, when the last one, at
    /// `looked_at`, ended here: PostgreSQL goes over the last seconds again.
    #[must_use]
    pub fn again(self, looked_at: DateTime<Utc>) -> Self {
        match self.0 {
            At::Row(_) => self,
            At::Id(_) => Self::before(looked_at),
        }
    }

    fn before(instant: DateTime<Utc>) -> Self {
        Self(At::Id(EventId::new(instant - OVERLAP, [0; 10])))
    }
}

impl Store {
    /// The place beyond all that is committed; on PostgreSQL the last seconds
    /// lie beyond it still.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn place_now(&self, now: DateTime<Utc>) -> Result<Place, StoreError> {
        if !self.is_sqlite() {
            return Ok(Place::before(now));
        }
        let last: Option<Option<i64>> = event::Entity::find()
            .select_only()
            .expr_as(row_id().max(), "place")
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(Place(At::Row(last.flatten().unwrap_or_default())))
    }

    /// The place of a reader who was sent `last`: everything that was committed
    /// after it lies beyond; on PostgreSQL the seconds before it too, of which
    /// the reader may have been sent some.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn place_after(&self, last: EventId) -> Result<Place, StoreError> {
        if self.is_sqlite() {
            let row: Option<i64> = event::Entity::find_by_id(last.0)
                .select_only()
                .expr_as(row_id(), "place")
                .into_tuple()
                .one(&self.read)
                .await?;
            if let Some(row) = row {
                return Ok(Place(At::Row(row)));
            }
        }
        Ok(last.at().map_or(Place(At::Id(last)), Place::before))
    }

    /// Ids of up to `limit` events beyond a place, and the place beyond them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_event_ids_from(
        &self,
        place: Place,
        limit: u64,
    ) -> Result<(Vec<EventId>, Place), StoreError> {
        let ids = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .limit(limit);
        match place.0 {
            At::Row(after) => {
                let rows: Vec<(Uuid, i64)> = ids
                    .expr_as(row_id(), "place")
                    .filter(row_id().gt(after))
                    .order_by_asc(row_id())
                    .into_tuple()
                    .all(&self.read)
                    .await?;
                let next = rows.last().map_or(after, |(_, row)| *row);
                let ids = rows.into_iter().map(|(id, _)| EventId(id)).collect();
                Ok((ids, Place(At::Row(next))))
            }
            At::Id(after) => {
                let rows: Vec<Uuid> = ids
                    .filter(event::Column::Id.gt(after.0))
                    .order_by_asc(event::Column::Id)
                    .into_tuple()
                    .all(&self.read)
                    .await?;
                let ids: Vec<EventId> = rows.into_iter().map(EventId).collect();
                let next = ids.last().copied().unwrap_or(after);
                Ok((ids, Place(At::Id(next))))
            }
        }
    }

    /// These events, at most a few thousand, in the order of `ids`, or of their
    /// instants where ids say no more.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_events_by_id(
        &self,
        ids: &[EventId],
    ) -> Result<Vec<StreamedEvent>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = event::Entity::find()
            .filter(event::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .all(&self.read)
            .await?;
        let facts = self.facts_of(rows.iter().map(|row| row.seq)).await?;
        let mut rows: HashMap<Uuid, event::Model> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let mut events = Vec::with_capacity(rows.len());
        for row in ids.iter().filter_map(|id| rows.remove(&id.0)) {
            // The ticket was written with the event.
            let Some(facts) = facts.get(&row.seq) else {
                continue;
            };
            events.push(StreamedEvent {
                ticket: TicketNumber(row.seq),
                source: facts.source.clone(),
                status: facts.status,
                level: facts.level,
                event: event_from(&row)?,
            });
        }
        if !self.is_sqlite() {
            // Ids of one instant are in no order; a ticket's events are.
            events.sort_by_key(|one| (one.event.at, one.ticket, one.event.n));
        }
        Ok(events)
    }

    async fn facts_of(
        &self,
        tickets: impl Iterator<Item = i64>,
    ) -> Result<HashMap<i64, Facts>, StoreError> {
        let numbers: BTreeSet<i64> = tickets.collect();
        let rows: Vec<(i64, String, String, i16)> = ticket::Entity::find()
            .select_only()
            .columns([
                ticket::Column::Seq,
                ticket::Column::Source,
                ticket::Column::Status,
                ticket::Column::Level,
            ])
            .filter(ticket::Column::Seq.is_in(numbers))
            .into_tuple()
            .all(&self.read)
            .await?;
        let facts = rows.into_iter().map(|(seq, source, status, level)| {
            let corrupt = |column, why: String| StoreError::Corrupt {
                table: "tickets",
                id: seq.to_string(),
                column,
                why,
            };
            let level = u8::try_from(level).unwrap_or_default();
            let facts = Facts {
                source,
                status: status
                    .parse()
                    .map_err(|unknown: UnknownWord| corrupt("status", unknown.to_string()))?,
                level: Level::try_from(level)
                    .map_err(|wrong| corrupt("level", wrong.to_string()))?,
            };
            Ok((seq, facts))
        });
        facts.collect()
    }
}

struct Facts {
    source: String,
    status: Status,
    level: Level,
}

/// SQLite's own number of a row. No event is ever deleted, so it ascends with
/// every insert.
fn row_id() -> SimpleExpr {
    Expr::cust("rowid")
}
