//! Closing: after resolution, by itself after a while, or as cancelled.

use chrono::TimeDelta;

use crate::{
    event::EventKind,
    lifecycle::Window,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    words::{ClosedAs, Status},
};

/// Closes a resolved ticket; a live one is closed as cancelled.
///
/// # Errors
/// [`Refusal::IllegalMove`] when it is closed already.
pub fn close(
    ticket: &Ticket,
    reason: Option<String>,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    let closed_as = match ticket.status {
        Status::New | Status::Open | Status::Pending => ClosedAs::Cancelled,
        Status::Resolved => ClosedAs::Resolved,
        Status::Closed => return Err(changing.illegal("closed")),
    };
    changing.record(EventKind::Closed {
        from: ticket.status,
        closed_as,
        merged_into: None,
        reason,
    });
    Ok(changing.settle())
}

/// Closes a ticket that has been resolved for longer than `after`; anything
/// else stays as it is.
pub fn close_if_due(ticket: &Ticket, after: Window, scene: &Scene<'_>) -> Option<Decided> {
    let due = ticket.resolved_at? + TimeDelta::seconds(after.0);
    if ticket.status != Status::Resolved || due > scene.now {
        return None;
    }
    close(ticket, Some("resolved and not reopened".to_owned()), scene).ok()
}
