//! An agent corrects or confirms what triage decided.

use runbook::Slug;

use crate::{
    event::EventKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    verdict::ClassificationMethod,
};

/// Sets the entry, or none. The same entry as before confirms it.
///
/// # Errors
/// [`Refusal::Merged`].
pub fn classify(ticket: &Ticket, to: Option<Slug>, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    let from = ticket.classification.entry.clone();
    let method = if from == to {
        ClassificationMethod::Confirmed
    } else {
        ClassificationMethod::Corrected
    };
    changing.open_if_new();
    changing.record(EventKind::Classified { from, to, method });
    Ok(changing.settle())
}
