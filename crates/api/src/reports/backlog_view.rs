//! The report of the backlog.

use chrono::{DateTime, TimeDelta, Utc};
use desk::TicketFilter;
use serde::Serialize;
use ticketing::{
    Ticket,
    report::{AGE_BOUNDS, Backlog, BacklogFigures, Key, Question},
};
use utoipa::ToSchema;

use super::{
    links::{self, BACKLOG_CELLS},
    view::{DistributionView, GroupView, LinksView, OfView, group, links},
};

/// What is open now.
#[derive(Serialize, ToSchema)]
pub(crate) struct BacklogView {
    #[serde(flatten)]
    of: OfView,
    /// By what the groups are told apart.
    group_by: Vec<String>,
    /// All groups together.
    pub(super) total: BacklogRowView,
    /// In order of time or rank; names by how many tickets they have.
    pub(super) groups: Vec<BacklogRowView>,
    /// Which tickets breach next, soonest first, at most 20.
    next_breaches: Vec<NextBreachView>,
}

/// Open tickets.
#[derive(Serialize, ToSchema)]
pub(crate) struct BacklogRowView {
    /// What they have in common; empty for the whole.
    #[schema(value_type = Object)]
    pub(super) group: GroupView,
    /// How many.
    n: u64,
    /// Nobody works on them.
    unassigned: u64,
    /// The first response is overdue or came too late.
    first_response_breached: u64,
    /// The resolution is overdue.
    resolution_breached: u64,
    /// By age.
    ages: Vec<AgeView>,
    /// Wall seconds since filing.
    age_seconds: DistributionView,
    /// The oldest one's.
    oldest_seconds: Option<u32>,
    /// Where the tickets behind each figure are listed.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub(super) links: LinksView,
}

/// Open tickets of an age.
#[derive(Serialize, ToSchema)]
pub(crate) struct AgeView {
    /// At least so many days old.
    from_days: i64,
    /// Younger than so many days; null: however old.
    to_days: Option<i64>,
    /// How many.
    count: u64,
    /// Where they are listed.
    link: String,
}

/// A ticket whose clock runs out.
#[derive(Serialize, ToSchema)]
pub(crate) struct NextBreachView {
    /// Its key.
    #[schema(example = "T-1042")]
    ticket: String,
    /// Its title.
    title: String,
    /// `first_response` or `resolution`.
    clock: String,
    /// When it is breached if nothing happens.
    breaches_at: DateTime<Utc>,
    /// How many seconds are left.
    seconds_left: i64,
    urgency: String,
    level: u8,
    assignee: Option<String>,
    /// Where it is.
    link: String,
}

impl BacklogView {
    pub(super) fn of(
        of: OfView,
        question: &Question,
        filter: &TicketFilter,
        backlog: &Backlog,
        next: &[Ticket],
    ) -> Self {
        let row = |keys: &[Key], figures: &BacklogFigures| {
            let filter = links::group(question, filter, keys);
            BacklogRowView::of(group(question, keys), question, figures, &filter)
        };
        let words = question.group_by.iter().map(ToString::to_string);
        let breaches = backlog.next.iter().filter_map(|breach| {
            let ticket = next.iter().find(|one| one.number == breach.ticket)?;
            Some(NextBreachView {
                ticket: ticket.number.to_string(),
                title: ticket.title.clone(),
                clock: breach.clock.to_string(),
                breaches_at: breach.at,
                seconds_left: (breach.at - question.as_of).num_seconds(),
                urgency: ticket.urgency().to_string(),
                level: ticket.level.number(),
                assignee: ticket.assignee.clone(),
                link: format!("/v1/tickets/{}", ticket.number),
            })
        });
        Self {
            of,
            group_by: words.collect(),
            total: row(&[], &backlog.grouped.total),
            groups: backlog
                .grouped
                .groups
                .iter()
                .map(|group| row(&group.keys, &group.figures))
                .collect(),
            next_breaches: breaches.collect(),
        }
    }
}

impl BacklogRowView {
    fn of(
        group: GroupView,
        question: &Question,
        figures: &BacklogFigures,
        filter: &TicketFilter,
    ) -> Self {
        let lower = std::iter::once(0).chain(AGE_BOUNDS);
        let upper = AGE_BOUNDS.into_iter().map(Some).chain([None]);
        let ages = lower.zip(upper).zip(figures.ages);
        Self {
            group,
            n: figures.n,
            unassigned: figures.unassigned,
            first_response_breached: figures.first_response_breached,
            resolution_breached: figures.resolution_breached,
            ages: ages
                .map(|((from_days, to_days), count)| AgeView {
                    from_days,
                    to_days,
                    count,
                    link: of_age(filter, question.as_of, from_days, to_days),
                })
                .collect(),
            age_seconds: figures.age.into(),
            oldest_seconds: figures.oldest,
            links: links(filter, BACKLOG_CELLS),
        }
    }
}

/// Filed after the one instant and not after the other; lists are asked for
/// "at or after" and "before", and instants have whole microseconds.
fn of_age(filter: &TicketFilter, now: DateTime<Utc>, from: i64, to: Option<i64>) -> String {
    let next = |days| now - TimeDelta::days(days) + TimeDelta::microseconds(1);
    let mut filter = filter.clone();
    let begin = to.map_or(DateTime::UNIX_EPOCH, next);
    links::within(
        &mut filter.created_from,
        &mut filter.created_to,
        begin,
        next(from),
    );
    links::live(&mut filter);
    links::path(&filter)
}
