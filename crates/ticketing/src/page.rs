//! What follows a page: whoever was paged sees on their tool that somebody took
//! over, or that it is over.

use crate::{
    escalation::Escalation,
    event::{Event, EventKind},
    notice::{Notice, NoticeKind},
    ticket::Ticket,
};

/// What an event tells about pages of the ticket's escalations, each notice for
/// the contacts of its level.
#[must_use]
pub fn page_updates(ticket: &Ticket, event: &Event) -> Vec<Notice> {
    let over = |lowered_to: Option<runbook::Level>| {
        let ended = move |one: &&Escalation| lowered_to.is_none_or(|level| one.to > level);
        let escalations = ticket.escalations.iter().filter(ended);
        let update = |one| update(NoticeKind::PageResolved, one, event);
        escalations.map(update).collect()
    };
    match &event.kind {
        EventKind::Acknowledged { escalation, .. } => {
            let found = ticket.escalations.iter().filter(|one| one.n == *escalation);
            let update = |one| update(NoticeKind::PageAcknowledged, one, event);
            found.map(update).collect()
        }
        EventKind::Resolved { .. } | EventKind::Closed { .. } => over(None),
        EventKind::Deescalated { to, .. } => over(Some(*to)),
        _ => Vec::new(),
    }
}

fn update(kind: NoticeKind, escalation: &Escalation, event: &Event) -> Notice {
    Notice {
        kind,
        level: Some(escalation.to),
        reason: format!("{} by {}", event.kind.name(), event.actor.name),
        cause: format!("{kind}:{}:{}", escalation.n, event.n),
    }
}
