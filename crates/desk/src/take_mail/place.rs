//! Where a mail goes: the ticket of its thread, the one that its subject names,
//! or a new one.

use chrono::{DateTime, Utc};
use notify::MessageName;
use ticketing::{
    Actor, Ticket, TicketNumber, TicketRef, Writer, is_reporter, subject_ticket, takes_replies,
};

use super::Letter;
use crate::{Desk, error::DeskError, rules::Rules};

/// How many mergers are followed.
const MERGERS: usize = 20;

/// Where a mail goes.
pub(super) enum Place {
    /// To a ticket.
    Ticket(Box<Ticket>, Writer),
    /// To one of its own.
    New {
        /// The closed ticket that it would have gone to.
        instead_of: Option<TicketNumber>,
    },
}

impl Desk {
    pub(super) async fn place_of(
        &self,
        letter: &Letter,
        actor: &Actor,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Result<Place, DeskError> {
        let Some(found) = self.addressed(letter).await? else {
            return Ok(Place::New { instead_of: None });
        };
        let address = letter.from.address.as_str();
        let mut reported = is_reporter(&found, address);
        let ticket = self.after_mergers(found, |ticket| {
            reported |= is_reporter(ticket, address);
        });
        let ticket = ticket.await?;
        let writer = if is_reporter(&ticket, address) {
            Writer::Reporter
        } else if reported {
            Writer::MergedReporter
        } else {
            Writer::Stranger
        };
        let taken = self.in_scene(actor, now, &rules.book, |scene| {
            takes_replies(&ticket, writer, self.reopen_window, scene)
        });
        Ok(if taken {
            Place::Ticket(Box::new(ticket), writer)
        } else {
            Place::New {
                instead_of: Some(ticket.number),
            }
        })
    }

    /// The ticket that a mail is about. To know a message id of a ticket is to
    /// have got its mail; a subject is anyone's guess, so it counts only from
    /// the reporter.
    async fn addressed(&self, letter: &Letter) -> Result<Option<Ticket>, DeskError> {
        for id in &letter.mail.references {
            if let Some(ticket) = self.ticket_of_message(id).await? {
                return Ok(Some(ticket));
            }
        }
        let Some(number) = subject_ticket(&letter.mail.subject) else {
            return Ok(None);
        };
        let named = self.store.find_ticket(TicketRef::Number(number)).await?;
        Ok(named.filter(|ticket| is_reporter(ticket, &letter.from.address)))
    }

    /// The ticket of a message of ours, or of a mail that was taken in.
    async fn ticket_of_message(&self, id: &str) -> Result<Option<Ticket>, DeskError> {
        let by = match MessageName::read(id) {
            Some(MessageName::Thread(ticket)) => Some(TicketRef::Id(ticket)),
            Some(MessageName::Notification(id)) => {
                let told = self.store.find_notification(id).await?;
                told.and_then(|told| told.ticket).map(TicketRef::Number)
            }
            None => {
                let mail = self.store.find_inbound(id).await?;
                mail.and_then(|mail| mail.ticket).map(TicketRef::Number)
            }
        };
        match by {
            Some(by) => Ok(self.store.find_ticket(by).await?),
            None => Ok(None),
        }
    }

    /// The ticket that goes on for this one; `passed` sees each on the way.
    pub(super) async fn after_mergers(
        &self,
        mut ticket: Ticket,
        mut passed: impl FnMut(&Ticket),
    ) -> Result<Ticket, DeskError> {
        for _ in 0..MERGERS {
            passed(&ticket);
            let Some(into) = ticket.merged_into else {
                break;
            };
            match self.store.find_ticket(TicketRef::Number(into)).await? {
                Some(target) => ticket = target,
                None => break,
            }
        }
        Ok(ticket)
    }

    /// Whether a mail is one that this desk sent: it came back around.
    pub(super) async fn is_ours(&self, id: &str) -> Result<bool, DeskError> {
        match MessageName::read(id) {
            Some(MessageName::Notification(id)) => {
                Ok(self.store.find_notification(id).await?.is_some())
            }
            Some(MessageName::Thread(_)) | None => Ok(false),
        }
    }
}
