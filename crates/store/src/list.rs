//! Lists of tickets: every filter, keyset pages, full text.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Order,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, SimpleExpr},
};
use ticketing::{Kind, Status, Ticket, Urgency};

use crate::{
    connect::Store,
    cursor::{Cursor, CursorError},
    entity::{incident_ticket, ticket, ticket_tag},
    error::StoreError,
    figure_filter::FigureFilter,
    row::ticket_from,
};

/// Which tickets; an absent part matches all, several values of one part match
/// any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TicketFilter {
    /// Statuses.
    pub status: Vec<Status>,
    /// Bug or feature.
    pub kind: Option<Kind>,
    /// Urgencies.
    pub urgency: Vec<Urgency>,
    /// Levels, 1 to 4.
    pub level: Vec<u8>,
    /// Assigned to; the empty name means nobody.
    pub assignee: Option<String>,
    /// Classified as; the empty slug means no entry.
    pub entry: Option<String>,
    /// Carries this tag.
    pub tag: Option<String>,
    /// Filed by.
    pub source: Option<String>,
    /// The reporter's mail address.
    pub reporter: Option<String>,
    /// Filed under this reference.
    pub external_ref: Option<String>,
    /// Filed at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Filed before.
    pub created_to: Option<DateTime<Utc>>,
    /// Has a breached clock, or has none.
    pub breached: Option<bool>,
    /// Has a clock at risk, or has none.
    pub at_risk: Option<bool>,
    /// Is part of this incident.
    pub incident: Option<ticketing::IncidentId>,
    /// Words that all occur; `"a phrase"`; `prefix*`.
    pub q: Option<String>,
    /// What a report's figure counts.
    pub figures: FigureFilter,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Newest first.
    #[default]
    Created,
    /// Oldest first.
    CreatedAscending,
    /// Last changed first.
    Updated,
    /// Most urgent first, among equals oldest first.
    Urgency,
    /// Next due first; without a running clock left out.
    Due,
    /// Best match of `q` first, among its newest 2,000 hits; no cursor.
    Relevance,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
    /// How many there are in all, where asked for.
    pub total: Option<u64>,
}

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    doc: String,
}

impl Store {
    /// A page of tickets.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Corrupt`]; a cursor of another
    /// list is `Ok(Err(CursorError))`.
    pub async fn list_tickets(
        &self,
        filter: &TicketFilter,
        sort: Sort,
        after: Option<&Cursor>,
        limit: u64,
        count: bool,
    ) -> Result<Result<Page<Ticket>, CursorError>, StoreError> {
        let list = fingerprint(filter, sort);
        if after.is_some_and(|cursor| cursor.list != list) {
            return Ok(Err(CursorError));
        }
        let filtered = self.filtered(filter, sort);
        let seq = after.map(|cursor| cursor.seq);
        let total = if count {
            Some(self.count(filtered.clone()).await?)
        } else {
            None
        };
        let page = match (filter.q.as_deref(), sort) {
            (Some(_), Sort::Created) => self.in_match_order(filtered, Order::Desc, seq),
            (Some(_), Sort::CreatedAscending) => self.in_match_order(filtered, Order::Asc, seq),
            (Some(q), Sort::Relevance) => self.by_relevance(filtered, q),
            _ => ordered(after_cursor(filtered, sort, after), sort),
        };
        let rows: Vec<Row> = page
            .select_only()
            .columns([ticket::Column::Seq, ticket::Column::Doc])
            .limit(limit + 1)
            .into_model()
            .all(&self.read)
            .await?;
        let more = u64::try_from(rows.len()).is_ok_and(|found| found > limit);
        let keep = usize::try_from(limit).unwrap_or(usize::MAX);
        let items: Vec<Ticket> = rows
            .iter()
            .take(keep)
            .map(|row| ticket_from(row.seq, &row.doc))
            .collect::<Result<_, _>>()?;
        let next = items.last().filter(|_| more && sort != Sort::Relevance);
        let next = next.map(|last| cursor_after(last, sort, list));
        Ok(Ok(Page { items, next, total }))
    }

    async fn count(&self, filtered: Select<ticket::Entity>) -> Result<u64, StoreError> {
        let count: Option<i64> = filtered
            .select_only()
            .column_as(Expr::cust("count(*)"), "n")
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }

    pub(crate) fn filtered(&self, filter: &TicketFilter, sort: Sort) -> Select<ticket::Entity> {
        use ticket::Column as C;
        let words = |statuses: &[Status]| statuses.iter().map(|s| s.as_str()).collect::<Vec<_>>();
        let named = |column: C, name: &str| match name {
            "" => column.is_null(),
            name => column.eq(name),
        };
        let mut all = Condition::all();
        let mut and = |condition: Option<SimpleExpr>| {
            if let Some(condition) = condition {
                all = all.clone().add(condition);
            }
        };
        // These match many tickets. SQLite, which knows nothing of how many, would
        // sort all of them; the sign makes it walk the order's own index instead,
        // but for one value in the order of the numbers.
        let coarse = |column: C, values: usize| {
            let by_number = matches!(sort, Sort::Created | Sort::CreatedAscending);
            if self.is_sqlite() && (values > 1 || !by_number) {
                Expr::cust(format!("+\"tickets\".\"{}\"", column.as_str()))
            } else {
                column.into_expr()
            }
        };
        let status = |of: &Vec<Status>| coarse(C::Status, of.len()).is_in(words(of));
        and((!filter.status.is_empty()).then(|| status(&filter.status)));
        and(filter.kind.map(|kind| C::Kind.eq(kind.as_str())));
        let ranks: Vec<i16> = filter
            .urgency
            .iter()
            .map(|urgency| urgency.rank())
            .collect();
        and((!ranks.is_empty()).then(|| coarse(C::Urgency, ranks.len()).is_in(ranks)));
        let levels: Vec<i16> = filter.level.iter().map(|level| i16::from(*level)).collect();
        and((!levels.is_empty()).then(|| coarse(C::Level, levels.len()).is_in(levels)));
        and(filter
            .assignee
            .as_deref()
            .map(|name| named(C::Assignee, name)));
        and(filter.entry.as_deref().map(|slug| named(C::Entry, slug)));
        and(filter
            .source
            .as_deref()
            .map(|source| coarse(C::Source, 1).eq(source)));
        and(filter
            .reporter
            .as_deref()
            .map(|email| C::ReporterEmail.eq(email)));
        and(filter
            .external_ref
            .as_deref()
            .map(|reference| C::ExternalRef.eq(reference)));
        and(filter.created_from.map(|from| C::CreatedAt.gte(from)));
        and(filter.created_to.map(|to| C::CreatedAt.lt(to)));
        // As words, not as a bound value: the partial indices are for those.
        let flag = |column: &str, set: bool| {
            let not = if set { "" } else { "NOT " };
            Expr::cust(format!("{not}\"tickets\".\"{column}\""))
        };
        and(filter.breached.map(|breached| flag("breached", breached)));
        and(filter.at_risk.map(|at_risk| flag("at_risk", at_risk)));
        and(filter.tag.as_deref().map(|tag| {
            let tagged = ticket_tag::Entity::find()
                .select_only()
                .column(ticket_tag::Column::Seq)
                .filter(ticket_tag::Column::Tag.eq(tag));
            C::Seq.in_subquery(tagged.into_query())
        }));
        and(filter.incident.map(|incident| {
            let members = incident_ticket::Entity::find()
                .select_only()
                .column(incident_ticket::Column::Seq)
                .filter(incident_ticket::Column::Incident.eq(incident.0));
            C::Seq.in_subquery(members.into_query())
        }));
        let found = ticket::Entity::find()
            .filter(all)
            .filter(filter.figures.condition());
        match filter.q.as_deref() {
            Some(q) => self.matching(found, q),
            None => found,
        }
    }
}

fn ordered(page: Select<ticket::Entity>, sort: Sort) -> Select<ticket::Entity> {
    use ticket::Column as C;
    match sort {
        // By relevance only with words to look for.
        Sort::Created | Sort::Relevance => page.order_by_desc(C::Seq),
        Sort::CreatedAscending => page.order_by_asc(C::Seq),
        Sort::Updated => page.order_by_desc(C::UpdatedAt).order_by_desc(C::Seq),
        Sort::Urgency => page.order_by_asc(C::Urgency).order_by_asc(C::Seq),
        Sort::Due => page
            .filter(C::NextDueAt.is_not_null())
            .order_by_asc(C::NextDueAt)
            .order_by_asc(C::Seq),
    }
}

fn after_cursor(
    page: Select<ticket::Entity>,
    sort: Sort,
    after: Option<&Cursor>,
) -> Select<ticket::Entity> {
    use ticket::Column as C;
    let Some(cursor) = after else {
        return page;
    };
    let seq = cursor.seq;
    // `(a, seq) > (x, n)` in the form that both planners turn into a seek.
    let beyond = |column: C, value: sea_orm::Value, descending: bool| {
        let (open, further) = if descending {
            (column.lt(value.clone()), C::Seq.lt(seq))
        } else {
            (column.gt(value.clone()), C::Seq.gt(seq))
        };
        let bound = if descending {
            column.lte(value.clone())
        } else {
            column.gte(value.clone())
        };
        bound.and(open.or(column.eq(value).and(further)))
    };
    match (sort, cursor.at, cursor.urgency) {
        (Sort::Created, _, _) => page.filter(C::Seq.lt(seq)),
        (Sort::CreatedAscending, _, _) => page.filter(C::Seq.gt(seq)),
        (Sort::Updated, Some(at), _) => page.filter(beyond(C::UpdatedAt, at.into(), true)),
        (Sort::Due, Some(at), _) => page.filter(beyond(C::NextDueAt, at.into(), false)),
        (Sort::Urgency, _, Some(rank)) => page.filter(beyond(C::Urgency, rank.into(), false)),
        _ => page,
    }
}

fn cursor_after(last: &Ticket, sort: Sort, list: u32) -> Cursor {
    let at = match sort {
        Sort::Updated => Some(last.updated_at),
        Sort::Due => last.clocks.next_due_at(),
        _ => None,
    };
    let urgency = (sort == Sort::Urgency).then(|| last.urgency().rank());
    Cursor {
        list,
        seq: last.number.0,
        at,
        urgency,
    }
}

fn fingerprint(filter: &TicketFilter, sort: Sort) -> u32 {
    // SipHash with fixed keys: the same on every replica of a build.
    let mut hasher = DefaultHasher::new();
    // Time goes on between two pages.
    let mut filter = filter.clone();
    filter.figures.as_of = None;
    (filter, sort).hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or(0)
}
