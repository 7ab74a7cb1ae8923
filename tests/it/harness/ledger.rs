//! What must hold of every ticket at any time: it is the sum of its events,
//! and its clocks are what its events say.

use store::{Sort, TicketFilter};
use ticketing::{Event, EventKind, Ticket, derive, next_step_at};

use super::desk::TestDesk;

impl TestDesk {
    /// Rebuilds every ticket from its timeline and compares.
    pub(crate) async fn hold_ledger(&self) {
        for ticket in self.all_tickets().await {
            let events = self.events_of(&ticket).await;
            let mut rebuilt = rebuild(&events);
            let book = &self.desk.rules().book;
            let derived = derive(&rebuilt.marks, book, ticket.updated_at).unwrap();
            rebuilt.clocks = derived.clocks;
            rebuilt.next_step_at = next_step_at(&rebuilt, book);
            assert_eq!(
                rebuilt, ticket,
                "{} is not what its events say",
                ticket.number
            );
        }
    }

    /// After a sweep nothing is due, and no clock has moved behind its cache.
    pub(crate) async fn hold_clocks(&self) {
        let now = self.clock.now();
        for ticket in self.all_tickets().await {
            let derived = derive(&ticket.marks, &self.desk.rules().book, now).unwrap();
            assert_eq!(derived.due, [], "{} still has to fire", ticket.number);
            assert_eq!(derived.clocks, ticket.clocks, "{}", ticket.number);
            let step = ticket.next_step_at;
            assert!(
                step.is_none_or(|at| at > now),
                "{} stands still",
                ticket.number
            );
        }
    }

    /// All tickets as they are stored, oldest first.
    pub(crate) async fn all_tickets(&self) -> Vec<Ticket> {
        let (filter, mut tickets) = (TicketFilter::default(), Vec::new());
        let mut after = None;
        loop {
            let page = self
                .store()
                .list_tickets(&filter, Sort::CreatedAscending, after.as_ref(), 200, false)
                .await;
            let page = page.unwrap().unwrap();
            tickets.extend(page.items);
            after = page.next;
            if after.is_none() {
                return tickets;
            }
        }
    }

    /// All events of a ticket, in order.
    pub(crate) async fn events_of(&self, ticket: &Ticket) -> Vec<Event> {
        let events = self.store().list_events_of(ticket.number, 0, 10_000);
        events.await.unwrap()
    }
}

fn rebuild(events: &[Event]) -> Ticket {
    let EventKind::Filed { ticket } = &events[0].kind else {
        panic!("a timeline begins with the filing");
    };
    let mut rebuilt = (**ticket).clone();
    for (index, event) in events.iter().enumerate() {
        assert_eq!(
            usize::try_from(event.n),
            Ok(index + 1),
            "a gap in the timeline"
        );
        rebuilt.apply(event);
    }
    rebuilt
}
