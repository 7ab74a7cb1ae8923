//! Triage.

mod extract;
mod mask;

pub use extract::{Amount, Extraction, OrderNumber, extract, fill_query};
pub use mask::{Masked, Sensitive, mask};
