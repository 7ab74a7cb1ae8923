//! What a caller wants filed: checked at the edge, masked, not yet a ticket.

use std::collections::BTreeMap;

use crate::ticket::{Details, Reporter};

/// A ticket to be filed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// One line.
    pub title: String,
    /// The kind's own fields.
    pub details: Details,
    /// Template fields without a name of their own.
    pub extra: BTreeMap<String, String>,
    /// Who has the problem.
    pub reporter: Reporter,
    /// The source's own name of it.
    pub external_ref: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// A small JSON object.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// Kinds of sensitive data that were masked.
    pub masked: Vec<String>,
}
