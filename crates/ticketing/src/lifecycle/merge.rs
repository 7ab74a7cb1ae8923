//! Merging: a ticket goes on in another one.

use crate::{
    event::{EventKind, Relation},
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    words::{ClosedAs, Status},
};

/// Merges `source` into `target`: the source is closed and linked, its clocks
/// are cancelled. Both changes belong into one transaction.
///
/// # Errors
/// [`Refusal::CannotMerge`] into itself or a ticket that was merged or is
/// closed (so no circle can arise); [`Refusal::IllegalMove`] when the source is
/// resolved or closed.
pub fn merge(
    source: &Ticket,
    target: &Ticket,
    reason: Option<String>,
    scene: &Scene<'_>,
) -> Result<(Decided, Decided), Refusal> {
    let refuse = |why| {
        Err(Refusal::CannotMerge {
            into: target.number,
            why,
        })
    };
    if source.id == target.id {
        return refuse("a ticket cannot be merged into itself");
    }
    if target.merged_into.is_some() {
        return refuse("it was merged itself");
    }
    if target.status == Status::Closed {
        return refuse("it is closed");
    }
    let mut closing = Changing::of(source, scene)?;
    closing.require_live("merged")?;
    closing.record(EventKind::Closed {
        from: source.status,
        closed_as: ClosedAs::Merged,
        merged_into: Some(target.number),
        reason,
    });
    let mut taking = Changing::of(target, scene)?;
    taking.record(EventKind::Linked {
        relation: Relation::MergedFrom,
        to: source.number,
    });
    Ok((closing.settle(), taking.settle()))
}
