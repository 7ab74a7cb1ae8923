//! A message as every channel takes it, and what it has from its outbox row.

use chrono::{DateTime, Utc};
use runbook::Level;
use ticketing::{NotificationId, TicketId};
use uuid::Uuid;

use crate::look::Look;

/// What every message has from its row of the outbox.
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    /// The outbox row.
    pub id: NotificationId,
    /// At which level it is told.
    pub level: Level,
    /// When it was caused.
    pub at: DateTime<Utc>,
}

/// A message, ready for any channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The outbox row.
    pub id: NotificationId,
    /// The ticket's key, such as `T-1042`, or what kind of letter it is.
    pub about: String,
    /// One line without control characters.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML, escaped by the template engine.
    pub html: String,
    /// The mail's `Message-ID`: the same in every attempt.
    pub message_id: String,
    /// The id that all mails of one thread refer to.
    pub thread_id: Option<String>,
    /// Where replies go, if somebody reads them.
    pub reply_to: Option<String>,
    /// Where the ticket is seen, if people can reach the desk.
    pub link: Option<String>,
    /// How it stands on a pager.
    pub page: Page,
    /// When it was caused; the mail's `Date`, the same in every attempt.
    pub at: DateTime<Utc>,
}

/// How a message stands on a pager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What it does there.
    pub action: PageAction,
    /// What ties what follows to the page: one per escalation.
    pub key: String,
    /// Levels 3 and 4.
    pub urgent: bool,
}

/// What a message does on a pager.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageAction {
    /// Somebody is asked to act.
    #[default]
    Trigger,
    /// Somebody does.
    Acknowledge,
    /// It is over.
    Resolve,
}

impl PageAction {
    /// Its name in PagerDuty's Events API v2.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Acknowledge => "acknowledge",
            Self::Resolve => "resolve",
        }
    }
}

impl Envelope {
    /// The mail's `Message-ID`: made from the row alone.
    pub(crate) fn message_id(&self, look: &Look) -> String {
        format!("<{}@{}>", self.id, look.domain())
    }
}

/// What a message id of ours stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageName {
    /// One message.
    Notification(NotificationId),
    /// All messages of a ticket.
    Thread(TicketId),
}

impl MessageName {
    /// Reads a message id without its angle brackets. The domain is not looked
    /// at: it follows the settings, and the id is unique without it.
    #[must_use]
    pub fn read(message_id: &str) -> Option<Self> {
        let (local, _domain) = message_id.split_once('@')?;
        // Nothing but the form that is written.
        let uuid = |text: &str| {
            text.parse()
                .ok()
                .filter(|uuid: &Uuid| uuid.to_string() == text)
        };
        // The team's thread of a ticket, and its reporter's.
        let thread = local.strip_prefix("ticket.");
        match thread.or_else(|| local.strip_prefix("customer.")) {
            Some(ticket) => uuid(ticket).map(|id| Self::Thread(TicketId(id))),
            None => uuid(local).map(|id| Self::Notification(NotificationId(id))),
        }
    }
}
