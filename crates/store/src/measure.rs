//! What the writer counts for whoever watches the process.

use metrics::{counter, histogram};

use crate::write::{Outcome, Write};

/// Counts a transaction that was committed: its writes, and their events by
/// kind.
pub(crate) fn written(writes: &[&Write], outcomes: &[Outcome]) {
    let count = u32::try_from(writes.len()).unwrap_or(u32::MAX);
    histogram!("runbook_desk_writer_batch_writes").record(f64::from(count));
    let written = writes
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::Written);
    for event in written
        .flat_map(|(write, _)| &write.tickets)
        .flat_map(|ticket| &ticket.events)
    {
        counter!("runbook_desk_events_total", "kind" => event.kind.name()).increment(1);
    }
}
