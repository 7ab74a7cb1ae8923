//! A period judged again under other policies and calendars: compared, nothing
//! changed (`domain.md` section 7).

use chrono::{DateTime, Utc};
use store::{Cursor, Sort, TicketFilter};
use ticketing::{
    Actor, Clock, ClockName, ClockState, Derived, PolicyBook, PolicySet, Role, Ticket,
    TicketNumber, derive, replay_marks,
};

use crate::{Desk, access::require, error::DeskError};

/// How many tickets one replay takes; a longer period is asked for in parts.
const TICKETS_MAX: usize = 20_000;
/// How many changes are listed; all are counted.
const LISTED_MAX: usize = 200;
/// How many events of one ticket are judged.
const EVENTS_MAX: u64 = 100_000;

/// What to judge again.
#[derive(Clone, Debug)]
pub struct ReplayRequest {
    /// Tickets filed at or after.
    pub from: DateTime<Utc>,
    /// And before.
    pub to: DateTime<Utc>,
    /// Tried in order before the runbook's targets.
    pub policies: PolicySet,
}

/// The period under both.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// How many tickets were judged.
    pub tickets: usize,
    /// First response as it was, and as it would have been.
    pub first_response: (ClockTally, ClockTally),
    /// Resolution as it was, and as it would have been.
    pub resolution: (ClockTally, ClockTally),
    /// How many clocks would have ended otherwise.
    pub changed: usize,
    /// The first 200 of them.
    pub changes: Vec<ReplayedChange>,
}

/// How clocks of one kind stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockTally {
    /// Stopped in time.
    pub met: usize,
    /// Missed their target.
    pub breached: usize,
    /// Neither yet.
    pub open: usize,
    /// Of cancelled and merged tickets.
    pub cancelled: usize,
    /// Had no such target.
    pub without: usize,
}

/// A clock that would have ended otherwise.
#[derive(Clone, Debug)]
pub struct ReplayedChange {
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// Which clock.
    pub clock: ClockName,
    /// As it was.
    pub actual: Option<Clock>,
    /// As it would have been.
    pub replayed: Option<Clock>,
}

impl Desk {
    /// Judges the tickets filed in a period under other policies.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead; [`DeskError::Invalid`] for wrong
    /// policies or a period with too many tickets.
    pub async fn replay_sla(
        &self,
        actor: &Actor,
        request: ReplayRequest,
    ) -> Result<Replayed, DeskError> {
        require(actor, Role::Lead)?;
        let now = self.clock.now();
        let rules = self.rules();
        let set = request
            .policies
            .complete(&rules.runbook, &self.rule_settings.targets);
        let mut book = PolicyBook::default();
        if let Err(faults) = book.add(1, &set) {
            let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
            return Err(DeskError::Invalid {
                pointer: "/policies",
                message: all.join("; "),
            });
        }
        let filter = TicketFilter {
            created_from: Some(request.from),
            created_to: Some(request.to),
            ..TicketFilter::default()
        };
        let mut answer = Replayed::default();
        let mut after: Option<Cursor> = None;
        loop {
            let sort = Sort::CreatedAscending;
            let page = self
                .store
                .list_tickets(&filter, sort, after.as_ref(), 200, false)
                .await?;
            let Ok(page) = page else {
                return Ok(answer);
            };
            for ticket in &page.items {
                self.replay_one(ticket, &rules.book, &book, now, &mut answer)
                    .await?;
            }
            if answer.tickets > TICKETS_MAX {
                let message =
                    format!("has more than {TICKETS_MAX} tickets; ask for a shorter period");
                return Err(DeskError::Invalid {
                    pointer: "/to",
                    message,
                });
            }
            after = page.next;
            if after.is_none() {
                return Ok(answer);
            }
        }
    }

    async fn replay_one(
        &self,
        ticket: &Ticket,
        real: &PolicyBook,
        other: &PolicyBook,
        now: DateTime<Utc>,
        answer: &mut Replayed,
    ) -> Result<(), DeskError> {
        let events = self
            .store
            .list_events_of(ticket.number, 0, EVENTS_MAX)
            .await?;
        let actual = derive(&ticket.marks, real, now);
        let replayed = replay_marks(&events, other).and_then(|marks| derive(&marks, other, now));
        answer.tickets += 1;
        for name in [ClockName::FirstResponse, ClockName::Resolution] {
            let clock = |derived: &Option<Derived>| {
                derived
                    .as_ref()
                    .and_then(|derived| derived.clocks.get(name).cloned())
            };
            let (actual, replayed) = (clock(&actual), clock(&replayed));
            let tally = match name {
                ClockName::FirstResponse => &mut answer.first_response,
                ClockName::Resolution => &mut answer.resolution,
            };
            tally.0.count(actual.as_ref());
            tally.1.count(replayed.as_ref());
            if ending(actual.as_ref()) != ending(replayed.as_ref()) {
                answer.changed += 1;
                if answer.changes.len() < LISTED_MAX {
                    let ticket = ticket.number;
                    let clock = name;
                    answer.changes.push(ReplayedChange {
                        ticket,
                        clock,
                        actual,
                        replayed,
                    });
                }
            }
        }
        Ok(())
    }
}

impl ClockTally {
    fn count(&mut self, clock: Option<&Clock>) {
        let slot = match clock.map(|clock| clock.state) {
            None => &mut self.without,
            Some(ClockState::Met) => &mut self.met,
            Some(ClockState::Breached) => &mut self.breached,
            Some(ClockState::Cancelled) => &mut self.cancelled,
            Some(ClockState::Running | ClockState::AtRisk | ClockState::Paused) => &mut self.open,
        };
        *slot += 1;
    }
}

/// What a clock came to: met, breached (and when), open, or none.
fn ending(clock: Option<&Clock>) -> Option<(u8, Option<DateTime<Utc>>)> {
    clock.map(|clock| match clock.state {
        ClockState::Met => (0, None),
        ClockState::Breached => (1, clock.breached_at),
        ClockState::Cancelled => (2, None),
        ClockState::Running | ClockState::AtRisk | ClockState::Paused => (3, None),
    })
}
