//! The table of legal moves between statuses (`domain.md` section 3).

use crate::{
    event::EventKind,
    refusal::Refusal,
    settle::Changing,
    ticket::Ticket,
    words::{ClosedAs, Status},
};

/// What may be done with a ticket as it stands: statuses that `PATCH` may set,
/// and actions.
#[must_use]
pub fn legal_moves(ticket: &Ticket) -> Vec<&'static str> {
    match ticket.status {
        Status::New => vec!["open", "pending", "resolve", "close", "merge"],
        Status::Open => vec!["pending", "resolve", "close", "merge"],
        Status::Pending => vec!["open", "resolve", "close", "merge"],
        Status::Resolved => vec!["reopen", "close"],
        Status::Closed if ticket.closed_as == Some(ClosedAs::Merged) => vec![],
        Status::Closed => vec!["reopen"],
    }
}

/// Sets the status to `open` or `pending` by hand.
///
/// # Errors
/// [`Refusal::IllegalMove`] with the legal moves.
pub(crate) fn set_status(changing: &mut Changing<'_>, to: Status) -> Result<(), Refusal> {
    let from = changing.ticket.status;
    let legal = matches!(
        (from, to),
        (Status::New | Status::Pending, Status::Open)
            | (Status::New | Status::Open, Status::Pending)
    );
    if !legal {
        return Err(changing.illegal(to.as_str()));
    }
    changing.record(EventKind::StatusChanged { from, to });
    Ok(())
}

impl Changing<'_> {
    /// Refuses what only live tickets allow.
    pub(crate) fn require_live(&self, wanted: &'static str) -> Result<(), Refusal> {
        if self.ticket.status.is_live() {
            Ok(())
        } else {
            Err(self.illegal(wanted))
        }
    }

    pub(crate) fn illegal(&self, wanted: &'static str) -> Refusal {
        Refusal::IllegalMove {
            from: self.ticket.status,
            wanted,
            legal: legal_moves(&self.ticket),
        }
    }
}
