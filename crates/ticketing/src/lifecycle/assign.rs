//! Taking a ticket, giving it, putting it down.

use crate::{
    event::EventKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
};

/// Assigns a ticket to someone, or to nobody. Assigning it as it already is
/// changes nothing.
///
/// # Errors
/// [`Refusal::IllegalMove`] unless the ticket is live.
pub fn assign(ticket: &Ticket, to: Option<String>, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    changing.require_live("assigned")?;
    reassign(&mut changing, to);
    Ok(changing.settle())
}

/// Records an assignment within a larger change.
pub(crate) fn reassign(changing: &mut Changing<'_>, to: Option<String>) {
    let from = changing.ticket.assignee.clone();
    if from != to {
        changing.open_if_new();
        changing.record(EventKind::Assigned { from, to });
    }
}
