//! A letter: something to be told that belongs to no one ticket, with its own
//! words: what a budget held back, several messages as one, news of a webhook, the
//! leads' digest.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    id::TicketNumber,
    notice::Notice,
    ticket_event::TicketEvent,
    words::{UnknownWord, words},
};

words! {
    /// What a letter is.
    LetterKind {
        /// What the budget of pages held back.
        HeldBack = "held_back",
        /// Several ordinary messages to one recipient as one.
        Bundle = "bundle",
        /// About a webhook: a test, or that it was disabled.
        Webhook = "webhook",
        /// What a day, a week or a month was like.
        Digest = "digest",
    }
}

/// What is told without a ticket, written when it was caused. Every text must be
/// masked; control characters are taken out when it is rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it is.
    pub kind: LetterKind,
    /// What makes it unique: the same cause never tells the same recipient
    /// twice, such as `bundle:` and the letter's id.
    pub cause: String,
    /// The subject, one line.
    pub subject: String,
    /// The body, from top to bottom.
    pub blocks: Vec<Block>,
}

/// One part of a letter's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading between parts.
    Heading(String),
    /// A paragraph; its line breaks stay.
    Paragraph(String),
    /// One item a line.
    List(Vec<String>),
    /// Rows of cells under a head, which may be empty.
    Table {
        /// What the columns are called.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// Where to read on.
    Link {
        /// What is found there.
        text: String,
        /// A whole URL, or a path of the desk such as `/v1/tickets/T-1042`,
        /// which is left out when people cannot reach the desk.
        to: String,
    },
}

/// What one row of the outbox tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// About a ticket; written when it is sent, of the ticket as it is then.
    Notice {
        /// Which ticket.
        ticket: TicketNumber,
        /// What of it.
        notice: Notice,
    },
    /// Written already.
    Letter(Letter),
    /// An event for a tool, signed when it is sent.
    Event {
        /// Of which ticket; none for a test.
        ticket: Option<TicketNumber>,
        /// The event.
        event: TicketEvent,
    },
}

impl Content {
    /// The ticket it is about, if it is about one.
    #[must_use]
    pub const fn ticket(&self) -> Option<TicketNumber> {
        match self {
            Self::Notice { ticket, .. } => Some(*ticket),
            Self::Letter(_) => None,
            Self::Event { ticket, .. } => *ticket,
        }
    }

    /// What caused it, unique for its ticket or among letters.
    #[must_use]
    pub fn cause(&self) -> &str {
        match self {
            Self::Notice { notice, .. } => &notice.cause,
            Self::Letter(letter) => &letter.cause,
            Self::Event { event, .. } => &event.cause,
        }
    }

    /// The name of what it tells.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Notice { notice, .. } => notice.kind.as_str(),
            Self::Letter(letter) => letter.kind.as_str(),
            Self::Event { event, .. } => event.kind.as_str(),
        }
    }

    /// The same for another recipient: `why` first, under a cause of its own.
    #[must_use]
    pub fn retold(&self, why: &str, cause: String) -> Self {
        match self {
            Self::Notice { ticket, notice } => Self::Notice {
                ticket: *ticket,
                notice: Notice {
                    reason: format!("{why}. {}", notice.reason),
                    cause,
                    ..notice.clone()
                },
            },
            Self::Letter(letter) => {
                let mut letter = letter.clone();
                letter.blocks.insert(0, Block::Paragraph(why.to_owned()));
                Self::Letter(Letter { cause, ..letter })
            }
            // A tool's events are for that tool alone.
            Self::Event { .. } => self.clone(),
        }
    }
}
