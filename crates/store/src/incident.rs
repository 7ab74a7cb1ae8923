//! Incidents and the tickets in each, and what the search for them looks at.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
};
use ticketing::{
    DEMO_SOURCE, EventKind, Incident, IncidentId, IncidentStatus, Sighting, Ticket, TicketNumber,
    reporter_identity,
};
use uuid::Uuid;

use crate::{
    connect::Store,
    entity::{incident, incident_ticket, ticket},
    error::StoreError,
    insert::insert,
    row::{corrupt, ticket_from, to_json},
    write::Write,
};

/// An incident with what is counted of its tickets.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedIncident {
    /// The incident.
    pub incident: Incident,
    /// How many tickets are in it.
    pub tickets: u64,
    /// When the last one joined.
    pub last_joined_at: DateTime<Utc>,
}

/// Which tickets the search for incidents looks at.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Classified as this entry; none: as no entry.
    pub entry: Option<&'a str>,
    /// Filed at or after.
    pub since: DateTime<Utc>,
    /// Among at most so many of the newest ones.
    pub among: u64,
}

/// A ticket that the search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighted {
    /// Which, when, by whom.
    pub sighting: Sighting,
    /// The incident that it is in already.
    pub incident: Option<IncidentId>,
}

#[derive(FromQueryResult)]
struct SightedRow {
    seq: i64,
    created_at: DateTime<Utc>,
    source: String,
    external_ref: Option<String>,
    reporter_email: Option<String>,
    doc: Option<String>,
    incident: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct CountRow {
    incident: Uuid,
    tickets: i64,
    last: DateTime<Utc>,
}

/// The newest numbers are found in an index alone; whole rows are read of
/// those only, and documents of those only that name no mail address.
const SIGHTED: &str = "SELECT t.seq, t.created_at, t.source, t.external_ref, \
     t.reporter_email, CASE WHEN t.reporter_email IS NULL THEN t.doc END AS doc, m.incident \
     FROM ({newest} ORDER BY seq DESC LIMIT {among}) AS newest \
     JOIN tickets t ON t.seq = newest.seq \
     LEFT JOIN incident_tickets m ON m.seq = newest.seq \
     WHERE t.created_at >= $1 AND t.kind = 'bug' AND t.status IN ('new', 'open', 'pending') \
     AND {entry} ORDER BY t.created_at, t.seq";

impl Store {
    /// Live bugs that may be of one incident, in the order of their filing.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_sightings(&self, sought: Sought<'_>) -> Result<Vec<Sighted>, StoreError> {
        let (newest, entry) = match sought.entry {
            Some(_) => ("SELECT seq FROM tickets WHERE entry = $2", "t.entry = $2"),
            None => ("SELECT seq FROM tickets", "t.entry IS NULL"),
        };
        // Nobody is told of demonstration data, of its bursts neither.
        let real = format!("t.source NOT LIKE '{DEMO_SOURCE}%'");
        let sql = SIGHTED
            .replace("{newest}", newest)
            .replace("{entry}", &format!("{entry} AND {real}"))
            .replace("{among}", &sought.among.to_string());
        let mut values: Vec<sea_orm::Value> = vec![sought.since.into()];
        values.extend(sought.entry.map(sea_orm::Value::from));
        let backend = self.read.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let rows = SightedRow::find_by_statement(statement)
            .all(&self.read)
            .await?;
        rows.into_iter().map(Sighted::read).collect()
    }

    /// The tickets of these numbers, oldest number first.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_numbered(&self, numbers: &[TicketNumber]) -> Result<Vec<Ticket>, StoreError> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(i64, String)> = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Seq, ticket::Column::Doc])
            .filter(ticket::Column::Seq.is_in(numbers.iter().map(|number| number.0)))
            .order_by_asc(ticket::Column::Seq)
            .into_tuple()
            .all(&self.read)
            .await?;
        rows.iter()
            .map(|(seq, doc)| ticket_from(*seq, doc))
            .collect()
    }

    /// The first `limit` tickets of an incident.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_tickets_of(
        &self,
        incident: IncidentId,
        limit: u64,
    ) -> Result<Vec<Ticket>, StoreError> {
        let numbers: Vec<i64> = incident_ticket::Entity::find()
            .select_only()
            .column(incident_ticket::Column::Seq)
            .filter(incident_ticket::Column::Incident.eq(incident.0))
            .order_by_asc(incident_ticket::Column::Seq)
            .limit(limit)
            .into_tuple()
            .all(&self.read)
            .await?;
        let numbers: Vec<TicketNumber> = numbers.into_iter().map(TicketNumber).collect();
        self.list_numbered(&numbers).await
    }

    /// Incidents that are not closed, and those closed at or after an instant.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_current_incidents(
        &self,
        closed_since: DateTime<Utc>,
    ) -> Result<Vec<CountedIncident>, StoreError> {
        use incident::Column as C;
        let open = C::ClosedAt.is_null().or(C::ClosedAt.gte(closed_since));
        let rows = incident::Entity::find()
            .filter(open)
            .order_by_asc(C::Id)
            .all(&self.read)
            .await?;
        self.counted(rows).await
    }

    /// Up to `limit` incidents, newest first; an absent part matches all.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn list_incidents(
        &self,
        statuses: &[IncidentStatus],
        before: Option<IncidentId>,
        limit: u64,
    ) -> Result<Vec<CountedIncident>, StoreError> {
        use incident::Column as C;
        let mut found = incident::Entity::find();
        if !statuses.is_empty() {
            let words: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
            found = found.filter(C::Status.is_in(words));
        }
        if let Some(before) = before {
            found = found.filter(C::Id.lt(before.0));
        }
        // Ids are UUIDv7: their order is the order of their making.
        let rows = found
            .order_by_desc(C::Id)
            .limit(limit)
            .all(&self.read)
            .await?;
        self.counted(rows).await
    }

    /// One incident.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`].
    pub async fn find_incident(
        &self,
        id: IncidentId,
    ) -> Result<Option<CountedIncident>, StoreError> {
        let row = incident::Entity::find_by_id(id.0).one(&self.read).await?;
        Ok(self.counted(row.into_iter().collect()).await?.pop())
    }

    async fn counted(
        &self,
        rows: Vec<incident::Model>,
    ) -> Result<Vec<CountedIncident>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        use incident_ticket::Column as C;
        let counts: Vec<CountRow> = incident_ticket::Entity::find()
            .select_only()
            .column(C::Incident)
            .column_as(Expr::cust("count(*)"), "tickets")
            .column_as(C::At.max(), "last")
            .filter(C::Incident.is_in(rows.iter().map(|row| row.id)))
            .group_by(C::Incident)
            .into_model()
            .all(&self.read)
            .await?;
        let counts: HashMap<Uuid, CountRow> = counts
            .into_iter()
            .map(|count| (count.incident, count))
            .collect();
        let read = |row: incident::Model| {
            let incident = incident_from(&row)?;
            let count = counts.get(&row.id);
            Ok(CountedIncident {
                tickets: count
                    .and_then(|c| u64::try_from(c.tickets).ok())
                    .unwrap_or(0),
                last_joined_at: count.map_or(incident.opened_at, |count| count.last),
                incident,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The newest event, and how many its millisecond has (their ids are in no
    /// order): what tells that something happened since a look.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn event_mark(&self) -> Result<Option<(Uuid, i64)>, StoreError> {
        use crate::entity::event;
        let newest: Option<Uuid> = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .order_by_desc(event::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.read)
            .await?;
        let Some(newest) = newest else {
            return Ok(None);
        };
        // The first 48 bits of a UUIDv7 are the millisecond.
        let begin = Uuid::from_u128(newest.as_u128() >> 80 << 80);
        let count: Option<i64> = event::Entity::find()
            .select_only()
            .column_as(Expr::cust("count(*)"), "n")
            .filter(event::Column::Id.gte(begin))
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(Some((newest, count.unwrap_or(0))))
    }
}

impl Sighted {
    fn read(row: SightedRow) -> Result<Self, StoreError> {
        let reporter = match (&row.reporter_email, &row.doc) {
            (None, Some(doc)) => ticket_from(row.seq, doc)?.reporter,
            _ => ticketing::Reporter {
                email: row.reporter_email.clone(),
                ..ticketing::Reporter::default()
            },
        };
        Ok(Self {
            sighting: Sighting {
                ticket: TicketNumber(row.seq),
                at: row.created_at,
                reporter: reporter_identity(&reporter, &row.source, row.external_ref.as_deref()),
            },
            incident: row.incident.map(IncidentId),
        })
    }
}

fn incident_from(row: &incident::Model) -> Result<Incident, StoreError> {
    serde_json::from_str(&row.doc).map_err(|error| corrupt("incidents", row.id, &error))
}

fn incident_row(of: &Incident) -> Result<incident::ActiveModel, StoreError> {
    Ok(incident::ActiveModel {
        id: Set(of.id.0),
        version: Set(of.version),
        subject: Set(of.subject()),
        entry: Set(of.entry.as_ref().map(ToString::to_string)),
        status: Set(of.status().as_str().to_owned()),
        opened_at: Set(of.opened_at),
        closed_at: Set(of.closed.as_ref().map(|closing| closing.at)),
        quiet_until: Set(of.quiet_until),
        doc: Set(to_json("incidents", of)?),
    })
}

/// Writes an incident where nobody was first: a new one only when none of its
/// subject is open or cooling down, a changed one only over the version before.
pub(crate) async fn guard_incident(
    txn: &DatabaseTransaction,
    of: &Incident,
) -> Result<bool, DbErr> {
    use incident::Column as C;
    let row = incident_row(of).map_err(|error| DbErr::Custom(error.to_string()))?;
    if of.version > 1 {
        let done = incident::Entity::update_many()
            .set(row)
            .filter(C::Id.eq(of.id.0))
            .filter(C::Version.eq(of.version - 1))
            .exec(txn)
            .await?;
        return Ok(done.rows_affected == 1);
    }
    let cooling: Option<Uuid> = incident::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::Subject.eq(of.subject()))
        .filter(C::QuietUntil.gt(of.opened_at))
        .limit(1)
        .into_tuple()
        .one(txn)
        .await?;
    if cooling.is_some() {
        return Ok(false);
    }
    let inserted = insert(txn, vec![row], "ON CONFLICT DO NOTHING RETURNING \"id\"").await?;
    Ok(!inserted.is_empty())
}

/// The tickets that joined an incident, as the events say.
pub(crate) async fn insert_members(
    txn: &DatabaseTransaction,
    writes: &[&Write],
) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    for ticket in writes.iter().flat_map(|write| &write.tickets) {
        for happened in &ticket.events {
            if let EventKind::JoinedIncident { incident } = &happened.kind {
                rows.push(incident_ticket::ActiveModel {
                    seq: Set(ticket.ticket.number.0),
                    incident: Set(incident.0),
                    at: Set(happened.at),
                });
            }
        }
    }
    if !rows.is_empty() {
        insert(txn, rows, "").await?;
    }
    Ok(())
}
