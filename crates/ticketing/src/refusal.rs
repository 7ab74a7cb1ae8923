//! Why a change is refused: a rule of the lifecycle, not bad input.

use runbook::Level;
use thiserror::Error;

use crate::{id::TicketNumber, words::Status};

/// A change that the ticket's state does not allow.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The status does not lead there.
    #[error("a {from} ticket cannot become {wanted}")]
    IllegalMove {
        /// Where it stands.
        from: Status,
        /// What was asked for.
        wanted: &'static str,
        /// What is legal from there: actions and statuses.
        legal: Vec<&'static str>,
    },
    /// It was merged: go on there.
    #[error("the ticket was merged into {into}")]
    Merged {
        /// The ticket it went on in.
        into: TicketNumber,
    },
    /// The reopen window is over.
    #[error("the ticket was closed more than {window_seconds} s ago and cannot be reopened")]
    ReopenWindowOver {
        /// The window in seconds.
        window_seconds: i64,
    },
    /// Merging would go in circles or into itself.
    #[error("{into} cannot take this ticket: {why}")]
    CannotMerge {
        /// The target.
        into: TicketNumber,
        /// Why not.
        why: &'static str,
    },
    /// The ticket already has that level.
    #[error("the ticket already is at level {level}")]
    AlreadyAtLevel {
        /// Its level.
        level: Level,
    },
    /// Escalation goes up, de-escalation down.
    #[error("level {wanted} is not {direction} level {current}")]
    WrongDirection {
        /// Its level.
        current: Level,
        /// What was asked for.
        wanted: Level,
        /// "above" or "below".
        direction: &'static str,
    },
    /// There is no such escalation.
    #[error("the ticket has no escalation {n}")]
    NoSuchEscalation {
        /// What was asked for.
        n: u32,
    },
    /// Someone already did.
    #[error("escalation {n} was already acknowledged by {by}")]
    AlreadyAcknowledged {
        /// Which.
        n: u32,
        /// By whom.
        by: String,
    },
    /// The incident is over.
    #[error("the incident was closed by {by}")]
    IncidentClosed {
        /// By whom.
        by: String,
    },
    /// Someone already did.
    #[error("the incident was already acknowledged by {by}")]
    IncidentAcknowledged {
        /// By whom.
        by: String,
    },
    /// The reporter said how satisfied they are already.
    #[error("a score was given for this already; thank you")]
    AlreadyRated,
    /// As many files are attached as a ticket takes.
    #[error("the ticket has {max} attachments already, as many as it takes")]
    TooManyAttachments {
        /// How many it takes.
        max: u32,
    },
    /// The attached files would be larger than a ticket takes.
    #[error("{used} of {max} bytes are attached already; a file of {size} bytes is too much")]
    AttachmentsTooLarge {
        /// Bytes attached.
        used: i64,
        /// Bytes of the new file.
        size: i64,
        /// Bytes that a ticket takes.
        max: i64,
    },
    /// A field that the kind of ticket does not have.
    #[error("a {kind} has no {field}")]
    NoSuchField {
        /// Bug or feature.
        kind: crate::words::Kind,
        /// The field.
        field: &'static str,
    },
}
