//! The backlog: open tickets by age, and which of them breach next.

use std::collections::BinaryHeap;

use chrono::{DateTime, Utc};

use crate::{
    clocks::ClockName,
    id::TicketNumber,
    report::{
        collect::{Accumulate, Collector, Grouped},
        distribution::Distribution,
        facts::Facts,
        question::{ClockOutcome, Question},
        tally::seconds,
    },
};

/// Where ages are cut, in days: below the first, between two, from the last on.
pub const AGE_BOUNDS: [i64; 6] = [1, 3, 7, 14, 30, 90];
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// How many tickets that breach next are named.
const NEXT_MAX: usize = 20;

/// The backlog as a report answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Backlog {
    /// Open tickets, whole and by group.
    pub grouped: Grouped<BacklogFigures>,
    /// Those that breach next, soonest first, at most 20.
    pub next: Vec<NextBreach>,
}

/// Figures of open tickets.
#[derive(Clone, Debug, PartialEq)]
pub struct BacklogFigures {
    /// How many are open.
    pub n: u64,
    /// Nobody works on them.
    pub unassigned: u64,
    /// Missed their first-response target already.
    pub first_response_breached: u64,
    /// Missed their resolution target already.
    pub resolution_breached: u64,
    /// By age, cut at [`AGE_BOUNDS`].
    pub ages: [u64; 7],
    /// Wall seconds since filing.
    pub age: Distribution,
    /// The oldest one's.
    pub oldest: Option<u32>,
}

/// A clock that runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NextBreach {
    /// When.
    pub at: DateTime<Utc>,
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// Which clock.
    pub clock: ClockName,
}

/// Open tickets counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BacklogTally {
    unassigned: u64,
    first_response_breached: u64,
    resolution_breached: u64,
    ages: [u64; 7],
    seconds: Vec<u32>,
}

impl Accumulate for BacklogTally {
    fn add(&mut self, facts: &Facts<'_>, as_of: DateTime<Utc>) {
        if !facts.bits.status().is_live() {
            return;
        }
        let now = as_of.timestamp();
        self.unassigned += u64::from(facts.assignee.is_empty());
        let breached = |outcome| u64::from(outcome == ClockOutcome::Breached);
        self.first_response_breached += breached(facts.first_response_outcome(now));
        self.resolution_breached += breached(facts.resolution_outcome(now));
        // Exact to the microsecond, as lists are.
        let age = as_of.timestamp_micros() - facts.created;
        let slot = AGE_BOUNDS.partition_point(|days| days * DAY <= age);
        if let Some(count) = self.ages.get_mut(slot) {
            *count += 1;
        }
        self.seconds.push(seconds(age.div_euclid(1_000_000)));
    }

    fn absorb(&mut self, other: &Self) {
        self.unassigned += other.unassigned;
        self.first_response_breached += other.first_response_breached;
        self.resolution_breached += other.resolution_breached;
        for (mine, theirs) in self.ages.iter_mut().zip(other.ages) {
            *mine += theirs;
        }
        self.seconds.extend(&other.seconds);
    }

    fn n(&self) -> u64 {
        self.seconds.len() as u64
    }
}

impl From<BacklogTally> for BacklogFigures {
    fn from(tally: BacklogTally) -> Self {
        Self {
            n: tally.n(),
            unassigned: tally.unassigned,
            first_response_breached: tally.first_response_breached,
            resolution_breached: tally.resolution_breached,
            ages: tally.ages,
            oldest: tally.seconds.iter().max().copied(),
            age: Distribution::of(tally.seconds),
        }
    }
}

/// Collects open tickets.
#[derive(Debug)]
pub struct BacklogCollector {
    collector: Collector<BacklogTally>,
    as_of: DateTime<Utc>,
    /// The latest on top, to be the first to go.
    next: BinaryHeap<NextBreach>,
}

impl BacklogCollector {
    /// Begins with no tickets.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self {
            as_of: question.as_of,
            collector: Collector::new(question, BacklogTally::default()),
            next: BinaryHeap::new(),
        }
    }

    /// Takes a ticket in, if it is open and of the cohort and period.
    pub fn add(&mut self, facts: &Facts<'_>) {
        if !facts.bits.status().is_live() || !self.collector.add(facts) {
            return;
        }
        let now = self.as_of.timestamp();
        let clocks = [
            (
                ClockName::FirstResponse,
                facts.first_response_outcome(now),
                facts.first_response.breaks,
            ),
            (
                ClockName::Resolution,
                facts.resolution_outcome(now),
                facts.resolution.breaks,
            ),
        ];
        for (clock, outcome, breaks) in clocks {
            let at = breaks.and_then(|breaks| DateTime::from_timestamp(breaks, 0));
            if let (ClockOutcome::Open, Some(at)) = (outcome, at) {
                self.next.push(NextBreach {
                    at,
                    ticket: TicketNumber(facts.number),
                    clock,
                });
            }
            if self.next.len() > NEXT_MAX {
                self.next.pop();
            }
        }
    }

    /// The backlog.
    #[must_use]
    pub fn finish(self) -> Backlog {
        Backlog {
            grouped: self.collector.finish().map(BacklogFigures::from),
            next: self.next.into_sorted_vec(),
        }
    }
}
