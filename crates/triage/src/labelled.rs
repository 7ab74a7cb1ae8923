//! The project's own labelled tickets: what the shipped models learn from beside
//! phrases.

use crate::{
    data,
    evaluate::{Sample, read_samples},
    ticket::TicketKind,
};

/// The shipped labelled tickets, without feature requests; read anew each time,
/// so that a desk does not keep what it has learned from.
pub(crate) fn tickets() -> Vec<Sample> {
    data::TICKETS
        .into_iter()
        .filter_map(|file| read_samples(file).ok())
        .flatten()
        .filter(|sample| sample.kind == TicketKind::Bug)
        .collect()
}
