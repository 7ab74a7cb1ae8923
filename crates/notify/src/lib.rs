//! From a notice or letter to a message, and from a message to its recipient: mail
//! servers, Slack-compatible webhooks, files. The only user of lettre.
//!
//! Knows nothing of outboxes and retries: it answers what became of one
//! attempt, as an [`Outcome`], and never claims "sent" without a 250.

mod channel;
mod clean;
mod customer;
mod folder;
mod letter;
mod look;
mod mail;
mod message;
mod notice;
mod outcome;
mod slack;
mod smtp;

pub use channel::{Channels, Mailing, Session};
pub use clean::one_line;
pub use folder::Folder;
pub use look::Look;
pub use message::{Envelope, Message};
pub use notice::Subject;
pub use outcome::Outcome;
pub use slack::Slack;
pub use smtp::{SMTP_PATIENCE, Smtp, SmtpUrlError};
