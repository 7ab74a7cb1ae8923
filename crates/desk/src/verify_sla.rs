//! Checking stored clocks against the timelines that they are a cache of
//! (`domain.md` section 7: stored due times are never a second truth).

use std::fmt::Debug;

use store::AuditedTicket;
use ticketing::{ClockName, ClockState, PolicyBook, Ticket, TicketNumber, derive, next_step_at};

use crate::{Desk, error::DeskError};

/// One stored figure that its ticket's events do not bear out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaDifference {
    /// Of which ticket.
    pub ticket: TicketNumber,
    /// Which figure.
    pub figure: String,
    /// As it is stored.
    pub stored: String,
    /// As its events say.
    pub derived: String,
}

/// A page of verified tickets.
#[derive(Clone, Debug, Default)]
pub struct VerifiedSla {
    /// How many tickets were verified.
    pub tickets: usize,
    /// The last one: verify on after it; none when there are no more.
    pub last: Option<TicketNumber>,
    /// What differs.
    pub differences: Vec<SlaDifference>,
}

impl Desk {
    /// Derives the clocks of up to `limit` tickets after a number anew, from
    /// their events alone, and compares them with what is stored. Changes
    /// nothing, and may run beside a working desk.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn verify_sla(
        &self,
        after: TicketNumber,
        limit: u64,
    ) -> Result<VerifiedSla, DeskError> {
        let rules = self.rules();
        let audited = self.store.audit_tickets(after, limit).await?;
        Ok(VerifiedSla {
            tickets: audited.len(),
            last: audited.last().map(|last| last.ticket.number),
            differences: audited
                .iter()
                .flat_map(|audited| compare(audited, &rules.book))
                .collect(),
        })
    }
}

fn compare(audited: &AuditedTicket, book: &PolicyBook) -> Vec<SlaDifference> {
    let stored = &audited.ticket;
    let mut differences = Differences {
        ticket: stored.number,
        found: Vec::new(),
    };
    let Some(rebuilt) = Ticket::rebuild(&audited.events) else {
        let stored = format!("{} events", audited.events.len());
        differences.note("events", stored, "a filing first".to_owned());
        return differences.found;
    };
    differences.check("version", &stored.version, &rebuilt.version);
    differences.check("marks", &stored.marks, &rebuilt.marks);
    // The stored clocks are as of the last event.
    match derive(&rebuilt.marks, book, rebuilt.updated_at) {
        Some(derived) => {
            let clocks = derived.clocks;
            differences.check("policy", &stored.clocks.selected, &clocks.selected);
            for name in [ClockName::FirstResponse, ClockName::Resolution] {
                differences.check(name.as_str(), &stored.clocks.get(name), &clocks.get(name));
            }
            let any = |state: ClockState| {
                let both = [&clocks.first_response, &clocks.resolution];
                both.into_iter().flatten().any(|clock| clock.state == state)
            };
            differences.check(
                "next_due_at column",
                &audited.next_due_at,
                &clocks.next_due_at(),
            );
            let derived = Ticket {
                clocks: clocks.clone(),
                ..rebuilt
            };
            let step = next_step_at(&derived, book);
            differences.check("next_step_at", &stored.next_step_at, &step);
            differences.check(
                "next_timer_at column",
                &audited.next_timer_at,
                &[clocks.next_timer_at(), step].into_iter().flatten().min(),
            );
            differences.check("at_risk column", &audited.at_risk, &any(ClockState::AtRisk));
            differences.check(
                "breached column",
                &audited.breached,
                &any(ClockState::Breached),
            );
        }
        None => {
            let stored = format!("{:?}", stored.clocks);
            differences.note("clocks", stored, "none: no filing is marked".to_owned());
        }
    }
    differences.found
}

struct Differences {
    ticket: TicketNumber,
    found: Vec<SlaDifference>,
}

impl Differences {
    fn check<T: Debug + PartialEq>(&mut self, figure: &str, stored: &T, derived: &T) {
        if stored != derived {
            self.note(figure, format!("{stored:?}"), format!("{derived:?}"));
        }
    }

    fn note(&mut self, figure: &str, stored: String, derived: String) {
        self.found.push(SlaDifference {
            ticket: self.ticket,
            figure: figure.to_owned(),
            stored,
            derived,
        });
    }
}
