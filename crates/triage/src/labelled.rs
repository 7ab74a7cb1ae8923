//! The project's own labelled tickets: what the shipped models learn from beside
//! phrases.

use std::sync::OnceLock;

use crate::{
    data,
    evaluate::{Sample, read_samples},
    ticket::TicketKind,
};

/// The shipped labelled tickets, without feature requests.
pub(crate) fn tickets() -> &'static [Sample] {
    static TICKETS: OnceLock<Vec<Sample>> = OnceLock::new();
    TICKETS.get_or_init(|| {
        data::TICKETS
            .into_iter()
            .filter_map(|file| read_samples(file).ok())
            .flatten()
            .filter(|sample| sample.kind == TicketKind::Bug)
            .collect()
    })
}
