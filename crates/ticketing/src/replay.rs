//! What a ticket's clocks would have been under other policies: its timeline
//! judged again, without changing a fact (`domain.md` section 7).

use crate::{
    event::{Event, EventKind},
    mark::{Mark, MarkKind, mark_of},
    policy::PolicyBook,
    ticket::Ticket,
};

/// The marks that the timeline would have left under the book's active
/// policies: the policy is selected at filing and anew whenever the ticket's
/// facts changed. Timers that fired are facts of the real policies and left out.
///
/// None for a timeline that does not begin with its filing.
#[must_use]
pub fn replay_marks(events: &[Event], book: &PolicyBook) -> Option<Vec<Mark>> {
    let (first, rest) = events.split_first()?;
    let EventKind::Filed { ticket } = &first.kind else {
        return None;
    };
    let mut ticket: Ticket = (**ticket).clone();
    let mut selected = book.select(&ticket);
    let mark = |event: &Event, what| Mark {
        at: event.at,
        by: event.actor.name.clone(),
        what,
    };
    let mut marks = vec![mark(
        first,
        MarkKind::Start {
            selected: selected.clone(),
        },
    )];
    for event in rest {
        ticket.apply(event);
        match mark_of(event) {
            Some(Mark {
                what:
                    MarkKind::Retarget { .. }
                    | MarkKind::AtRiskFired { .. }
                    | MarkKind::BreachFired { .. },
                ..
            })
            | None => {}
            Some(fact) => marks.push(fact),
        }
        let now_selected = book.select(&ticket);
        if ticket.status.is_live() && !now_selected.asks_the_same_as(&selected) {
            selected = now_selected;
            marks.push(mark(
                event,
                MarkKind::Retarget {
                    selected: selected.clone(),
                },
            ));
        }
    }
    Some(marks)
}
