//! Resolving: the ticket is answered, by which entry and which step.

use runbook::Slug;
use serde::{Deserialize, Serialize};

use crate::{
    event::EventKind,
    notice::NoticeKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
};

/// How a ticket was resolved; every field is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The entry that helped.
    pub entry: Option<Slug>,
    /// Which of its steps helped, from 1.
    pub step: Option<u32>,
    /// In words; masked.
    pub note: Option<String>,
}

/// Resolves a live ticket.
///
/// # Errors
/// [`Refusal::IllegalMove`] with the legal moves.
pub fn resolve(
    ticket: &Ticket,
    resolution: Resolution,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    changing.require_live("resolved")?;
    changing.record(EventKind::Resolved {
        from: ticket.status,
        resolution,
    });
    // The note is the team's; the reporter hears that it is done.
    changing.tell_reporter(NoticeKind::Solved, String::new());
    Ok(changing.settle())
}
