//! Taking a ticket up again.

use crate::{
    event::EventKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    words::Status,
};

/// For how long a closed ticket can be reopened, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(pub i64);

/// Reopens a pending or resolved ticket, or a closed one within the window.
///
/// # Errors
/// [`Refusal::IllegalMove`], [`Refusal::ReopenWindowOver`], [`Refusal::Merged`].
pub fn reopen(
    ticket: &Ticket,
    reason: Option<String>,
    window: Window,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    match ticket.status {
        Status::New | Status::Open => return Err(changing.illegal("reopened")),
        Status::Pending | Status::Resolved => {}
        Status::Closed => {
            let closed_for = ticket.closed_at.map(|at| (scene.now - at).num_seconds());
            if closed_for.is_some_and(|seconds| seconds > window.0) {
                return Err(Refusal::ReopenWindowOver {
                    window_seconds: window.0,
                });
            }
        }
    }
    changing.record(EventKind::Reopened {
        from: ticket.status,
        reason,
    });
    Ok(changing.settle())
}
