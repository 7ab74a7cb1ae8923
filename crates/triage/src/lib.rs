//! Triage of tickets by a runbook: which entry answers a ticket, how sure that
//! is and why, and which level it files at (`domain.md` sections 3 and 4).
//!
//! Pure: knows no clock, database, network or environment. [`Triage`] is built
//! once for a runbook; [`mask`] and [`extract`] need none.

mod assessment;
mod catalogue;
mod data;
mod extract;
mod fingerprint;
mod gaps;
mod gist;
mod hash;
mod hinge;
mod labelled;
mod learning;
mod levels;
mod linear;
mod mask;
mod text;
mod ticket;
mod topics;
mod triage;

pub mod evaluate;
pub mod text_classification;

pub use assessment::{
    Assessment, Background, EntryField, Field, LevelReason, LevelRule, Method, Outage, OutageRule,
    Ranked, Reason, TicketField,
};
pub use extract::{Amount, Extraction, OrderNumber, extract, fill_query};
pub use fingerprint::{Fingerprint, fingerprint, similarity};
pub use gaps::{Phrase, Said, missing_phrases};
pub use gist::{Gist, clusters, common_words, gist};
pub use learning::Example;
pub use mask::{Masked, Sensitive, mask};
pub use ticket::{Ticket, TicketKind};
pub use topics::{Saying, sayings};
pub use triage::{Triage, prepare};
