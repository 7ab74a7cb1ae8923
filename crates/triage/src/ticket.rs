//! What triage is asked: a ticket's text and the two fields that rules need.

use serde::{Deserialize, Serialize};

/// A bug report or a feature request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    /// Something does not work, or a question.
    Bug,
    /// A wish for something new.
    Feature,
}

/// A ticket as triage sees it.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'a> {
    /// Bug or feature.
    pub kind: TicketKind,
    /// Its title.
    pub title: &'a str,
    /// Everything else that is written: steps, expected, actual, use case, details.
    pub body: &'a str,
    /// Whether its severity is critical.
    pub critical: bool,
    /// How many users are affected, when that was counted.
    pub affected_users: Option<u32>,
}
