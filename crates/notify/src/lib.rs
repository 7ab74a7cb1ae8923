//! From a notice or letter to a message, and from a message to its recipient: mail
//! servers, Slack-compatible webhooks, files. The only user of lettre. And mail
//! that comes in, as what it says.
//!
//! Knows nothing of outboxes and retries: it answers what became of one
//! attempt, as an [`Outcome`], and never claims "sent" without a 250.

mod channel;
mod clean;
mod customer;
mod folder;
mod inbound;
mod letter;
mod look;
mod mail;
mod message;
mod notice;
mod outcome;
mod pager;
mod quiet;
mod slack;
mod smtp;
mod target;
mod webhook;

pub use channel::{Channels, Mailing, Session};
pub use clean::one_line;
pub use folder::Folder;
pub use inbound::{Correspondent, DeliveryReport, MailFault, ReceivedFile, ReceivedMail};
pub use letter::letter_text;
pub use look::Look;
pub use message::{Envelope, Message, MessageName, Page, PageAction};
pub use notice::Subject;
pub use outcome::Outcome;
pub use pager::Pager;
pub use quiet::QuietHours;
pub use slack::Slack;
pub use smtp::{Authorities, SMTP_PATIENCE, Smtp, SmtpUrlError};
pub use target::Reach;
pub use webhook::{Call, sign, webhook_secret};
