//! What a digest reads off the facts beside the reports: which clocks were
//! breached in the period, and which tickets nobody has touched.

use chrono::{DateTime, Utc};

use crate::{
    clocks::ClockName,
    id::TicketNumber,
    report::{ClockFacts, ClockOutcome, Facts, Question},
    words::{Status, Urgency},
};

/// A clock that was breached. In the order in which digests list them: most
/// urgent first, then by the instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overrun {
    /// The ticket's urgency.
    pub urgency: Urgency,
    /// When.
    pub at: DateTime<Utc>,
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// Which clock.
    pub clock: ClockName,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Clocks breached in the period, in order.
    pub overruns: Vec<Overrun>,
    /// Tickets filed by the end of the period that nobody has touched.
    pub untouched: u64,
}

/// Collects them from the facts of all tickets.
#[derive(Debug)]
pub struct DigestCollector {
    question: Question,
    found: Collected,
}

impl DigestCollector {
    /// Begins with no tickets.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self {
            question,
            found: Collected::default(),
        }
    }

    /// Takes a ticket in.
    pub fn add(&mut self, facts: &Facts<'_>) {
        let now = self.question.now();
        let clocks = [
            (
                ClockName::FirstResponse,
                facts.first_response_outcome(now),
                facts.first_response,
            ),
            (
                ClockName::Resolution,
                facts.resolution_outcome(now),
                facts.resolution,
            ),
        ];
        for (clock, outcome, of) in clocks {
            let at = breached_at(of).filter(|at| self.question.holds(at.timestamp_micros()));
            if let (ClockOutcome::Breached, Some(at)) = (outcome, at) {
                self.found.overruns.push(Overrun {
                    urgency: facts.bits.urgency(),
                    at,
                    ticket: TicketNumber(facts.number),
                    clock,
                });
            }
        }
        let untouched = facts.bits.status() == Status::New;
        let in_time = facts.created < self.question.to.timestamp_micros();
        self.found.untouched += u64::from(untouched && in_time);
    }

    /// What was found.
    #[must_use]
    pub fn finish(mut self) -> Collected {
        self.found.overruns.sort_unstable();
        self.found
    }
}

/// When a breached clock was breached; one that the sweep has not been at yet
/// has but its due instant.
fn breached_at(clock: ClockFacts) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(clock.deadline.or(clock.breaks)?, 0)
}
