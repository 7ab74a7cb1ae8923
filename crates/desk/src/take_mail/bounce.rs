//! Mails that came back (RFC 3464): their notification is dead after all, and
//! somebody hears of it.

use chrono::{DateTime, Utc};
use notify::{DeliveryReport, MessageName, ReceivedMail};
use runbook::Level;
use store::{Bounced, NewNotification, Notification, Outcome, TicketWrite, Write};
use ticketing::{
    Actor, CommentAuthor, Content, Decided, Medium, NewComment, Notice, NoticeKind, NotificationId,
    Recipient, Status, Ticket, TicketRef, Visibility, comment, is_reporter, recipients,
};

use super::MailTaken;
use crate::{Desk, change_ticket::TRIES, error::DeskError, masking::mask_text, rules::Rules};

impl Desk {
    pub(super) async fn take_report(
        &self,
        actor: &Actor,
        id: &str,
        report: &DeliveryReport,
        mail: &ReceivedMail,
    ) -> Result<MailTaken, DeskError> {
        if !report.failed {
            let why = format!("it reports no failure: {}", report.reason);
            return Ok(MailTaken::ignored(why));
        }
        let Some(told) = self.bounced(report, mail).await? else {
            let why = "it is a bounce of no mail of this desk".to_owned();
            return Ok(MailTaken::ignored(why));
        };
        let mut reason = format!("it came back: {}", report.reason);
        mask_text(&mut reason, &mut Vec::new());
        for _ in 0..TRIES {
            let now = self.clock.now();
            let taken = MailTaken {
                outcome: "bounce".to_owned(),
                ticket: told.ticket,
                reason: Some(reason.clone()),
            };
            let mut write = Write {
                inbound: Some(taken.row(id, actor, now)),
                bounced: Some(Bounced {
                    notification: told.id,
                    reason: reason.clone(),
                    at: now,
                }),
                ..Write::default()
            };
            // A second report of one mail tells nothing new.
            if told.state != "dead" {
                self.tell_of_bounce(actor, &told, &reason, now, &mut write)
                    .await?;
            }
            match self.write(write).await? {
                Outcome::Written => {
                    self.wake.ring();
                    return Ok(taken);
                }
                Outcome::Replayed => return self.taken_before(id).await,
                Outcome::Stale { .. } | Outcome::Taken { .. } => {}
            }
        }
        Err(store::StoreError::Busy.into())
    }

    /// The notification whose mail came back: the mail itself is enclosed, or
    /// the report refers to it.
    async fn bounced(
        &self,
        report: &DeliveryReport,
        mail: &ReceivedMail,
    ) -> Result<Option<Notification>, DeskError> {
        for id in report.about.iter().chain(&mail.references) {
            if let Some(MessageName::Notification(id)) = MessageName::read(id)
                && let Some(told) = self.store.find_notification(id).await?
            {
                return Ok(Some(told));
            }
        }
        Ok(None)
    }

    /// A note on the ticket and a message to whoever works on it.
    async fn tell_of_bounce(
        &self,
        actor: &Actor,
        told: &Notification,
        reason: &str,
        now: DateTime<Utc>,
        write: &mut Write,
    ) -> Result<(), DeskError> {
        // A letter of no ticket is seen among the dead alone.
        let Some(number) = told.ticket else {
            return Ok(());
        };
        let found = self.store.find_ticket(TicketRef::Number(number)).await?;
        let Some(found) = found else {
            return Ok(());
        };
        let ticket = self.after_mergers(found, |_| {}).await?;
        if ticket.status == Status::Closed {
            return Ok(());
        }
        let rules = self.rules();
        let what = format!(
            "The message to {} by {} was not delivered",
            told.recipient, told.medium
        );
        let note = NewComment {
            visibility: Visibility::Internal,
            author: CommentAuthor::Agent,
            text: format!("{what}: {reason}"),
            masked: Vec::new(),
        };
        let noted = self.in_scene(actor, now, &rules.book, |scene| {
            comment(&ticket, note, scene)
        })?;
        let Decided {
            ticket,
            seen,
            events,
            notices,
        } = noted;
        self.told(&rules, &ticket, notices, now).add_to(write);
        // A message to the team never holds the reporter's address.
        let why = if is_reporter(&ticket, &told.recipient) {
            "The message to the reporter was not delivered: see the ticket".to_owned()
        } else {
            format!("{what}: {reason}")
        };
        for recipient in whom(&rules, &ticket, told) {
            write.notifications.push(NewNotification {
                id: NotificationId::new(now, self.entropy()),
                recipient,
                level: ticket.level,
                content: Content::Notice {
                    ticket: ticket.number,
                    notice: Notice {
                        kind: NoticeKind::Undelivered,
                        level: None,
                        reason: why.clone(),
                        cause: format!("undelivered:{}", told.id),
                    },
                },
                created_at: now,
            });
        }
        write.tickets = vec![TicketWrite {
            seen,
            ticket,
            events,
        }];
        Ok(())
    }
}

/// The assignee, where the name is an address; else the level's contacts. Whom
/// the message did not reach is not told by the same way; at levels 3 and 4,
/// and where nobody else is left, the fallback contact hears it.
fn whom(rules: &Rules, ticket: &Ticket, told: &Notification) -> Vec<Recipient> {
    let mail = |address: &String| Recipient {
        medium: Medium::Email,
        address: address.clone(),
    };
    let unreached = |to: &Recipient| {
        to.medium.as_str() == told.medium && to.address.eq_ignore_ascii_case(&told.recipient)
    };
    let assignee = ticket.assignee.as_ref().filter(|name| name.contains('@'));
    let mut to = match assignee {
        Some(address) => vec![mail(address)],
        None => recipients(&rules.runbook, &rules.directory, ticket.level),
    };
    to.retain(|to| !unreached(to));
    if to.is_empty() || ticket.level >= Level::ENGINEERING {
        to.extend(rules.directory.fallback.as_ref().map(mail));
    }
    to.retain(|to| !unreached(to));
    to.sort();
    to.dedup();
    to
}
