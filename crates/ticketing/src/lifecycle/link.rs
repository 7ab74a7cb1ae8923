//! Links between tickets.

use crate::{
    event::{EventKind, Relation},
    id::TicketNumber,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
};

/// Links a ticket with another. A link that is there already changes nothing.
///
/// # Errors
/// [`Refusal::Merged`].
pub fn link(
    ticket: &Ticket,
    relation: Relation,
    to: TicketNumber,
    scene: &Scene<'_>,
) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    if to != ticket.number && !ticket.links.contains(&(relation, to)) {
        changing.record(EventKind::Linked { relation, to });
    }
    Ok(changing.settle())
}
