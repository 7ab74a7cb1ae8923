//! Finding the very tickets behind a report's figure.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SimpleExpr},
};
use ticketing::{
    ClassificationMethod,
    report::{Bits, ClockOutcome, Field},
};

use crate::entity::{ticket, ticket_facts};

/// Which tickets a figure counts; an absent part matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FigureFilter {
    /// Last resolved at or after, and still so.
    pub resolved_from: Option<DateTime<Utc>>,
    /// Last resolved before, and still so.
    pub resolved_to: Option<DateTime<Utc>>,
    /// The deadline lies at or after.
    pub due_from: Option<DateTime<Utc>>,
    /// The deadline lies before.
    pub due_to: Option<DateTime<Utc>>,
    /// Neither cancelled nor merged; `false`: one of these.
    pub counted: Option<bool>,
    /// Why it is closed.
    pub closed_as: Option<ticketing::ClosedAs>,
    /// How the first-response clock counts.
    pub first_response: Vec<ClockOutcome>,
    /// How the resolution clock counts.
    pub resolution: Vec<ClockOutcome>,
    /// Was answered or resolved at least once.
    pub answered: Option<bool>,
    /// Was ever above level 1.
    pub escalated: Option<bool>,
    /// Was resolved at least once.
    pub ever_resolved: Option<bool>,
    /// Was taken up again after a resolution.
    pub reopened: Option<bool>,
    /// The reporter's score.
    pub score: Vec<u8>,
    /// How it was classified.
    pub method: Vec<ClassificationMethod>,
    /// The instant at which open clocks are judged.
    pub as_of: Option<DateTime<Utc>>,
}

impl FigureFilter {
    /// Whether it matches all tickets.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                as_of: self.as_of,
                ..Self::default()
            }
    }

    /// What a row of `tickets` must meet.
    pub(crate) fn condition(&self) -> Condition {
        let resolved = ticket::Column::ResolvedAt;
        let mut all = Condition::all()
            .add_option(self.resolved_from.map(|from| resolved.gte(from)))
            .add_option(self.resolved_to.map(|to| resolved.lt(to)));
        let asked = Self {
            resolved_from: None,
            resolved_to: None,
            ..self.clone()
        };
        if asked.is_empty() {
            return all;
        }
        let same = |facts: ticket_facts::Column, ticket: ticket::Column| {
            Expr::col((ticket_facts::Entity, facts)).equals((ticket::Entity, ticket))
        };
        let facts = ticket_facts::Entity::find()
            .select_only()
            .column(ticket_facts::Column::Seq)
            .filter(same(
                ticket_facts::Column::CreatedAt,
                ticket::Column::CreatedAt,
            ))
            .filter(same(ticket_facts::Column::Seq, ticket::Column::Seq))
            .filter(self.facts());
        all = all.add(Expr::exists(facts.into_query()));
        all
    }

    /// What a row of `ticket_facts` must meet.
    fn facts(&self) -> Condition {
        let deadline = ticket_facts::Column::Deadline;
        let flag = |field: Field, set: bool| bits(field).eq(i32::from(set));
        let closed_as = self.closed_as.map(|closed_as| {
            let number = match closed_as {
                ticketing::ClosedAs::Resolved => 1,
                ticketing::ClosedAs::Cancelled => 2,
                ticketing::ClosedAs::Merged => 3,
            };
            bits(Bits::CLOSED_AS).eq(number)
        });
        let counted = self.counted.map(|counted| match counted {
            true => bits(Bits::CLOSED_AS).lt(2),
            false => bits(Bits::CLOSED_AS).gte(2),
        });
        let scores = (!self.score.is_empty())
            .then(|| bits(Bits::SCORE).is_in(self.score.iter().map(|score| i32::from(*score))));
        let methods = (!self.method.is_empty())
            .then(|| bits(Bits::METHOD).is_in(self.method.iter().map(|method| *method as i32)));
        Condition::all()
            .add_option(self.due_from.map(|from| deadline.gte(second_at(from))))
            .add_option(self.due_to.map(|to| deadline.lt(second_at(to))))
            // Without a deadline a ticket is due at no time.
            .add_option(
                (self.due_from.is_some() || self.due_to.is_some()).then(|| deadline.lt(i64::MAX)),
            )
            .add_option(counted)
            .add_option(closed_as)
            .add_option(self.clock(
                &self.first_response,
                Bits::FIRST_RESPONSE,
                ticket_facts::Column::FirstResponseBreaks,
            ))
            .add_option(self.clock(
                &self.resolution,
                Bits::RESOLUTION,
                ticket_facts::Column::ResolutionBreaks,
            ))
            .add_option(self.answered.map(|set| flag(Bits::ANSWERED, set)))
            .add_option(self.escalated.map(|set| flag(Bits::ESCALATED, set)))
            .add_option(self.ever_resolved.map(|set| flag(Bits::EVER_RESOLVED, set)))
            .add_option(self.reopened.map(|set| flag(Bits::REOPENED, set)))
            .add_option(scores)
            .add_option(methods)
    }

    /// [`Bits::outcome`] in SQL.
    fn clock(
        &self,
        wanted: &[ClockOutcome],
        clock: Field,
        breaks: ticket_facts::Column,
    ) -> Option<Condition> {
        let now = self.as_of.map_or(i64::MIN, |as_of| as_of.timestamp());
        let open = || bits(clock).is_in([1, 2]);
        let one = |outcome: &ClockOutcome| match outcome {
            ClockOutcome::Without => bits(clock).eq(0),
            ClockOutcome::Met => bits(clock).eq(3),
            ClockOutcome::Cancelled => bits(clock).eq(5),
            ClockOutcome::Open => open().and(breaks.gte(now)),
            ClockOutcome::Breached => bits(clock).eq(4).or(open().and(breaks.lt(now))),
        };
        (!wanted.is_empty()).then(|| {
            let any = wanted.iter().map(one);
            any.fold(Condition::any(), Condition::add)
        })
    }
}

fn bits(field: Field) -> SimpleExpr {
    let Field { shift, mask } = field;
    Expr::cust(format!("((\"ticket_facts\".\"bits\" >> {shift}) & {mask})"))
}

/// The first whole second at or after an instant.
fn second_at(at: DateTime<Utc>) -> i64 {
    let micros = at.timestamp_micros();
    micros.div_euclid(1_000_000) + i64::from(micros.rem_euclid(1_000_000) > 0)
}
