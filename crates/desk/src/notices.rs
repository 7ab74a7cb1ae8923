//! From notices to outbox rows: whom the runbook's contacts and the directory
//! name, one row per recipient and channel.

use chrono::{DateTime, Utc};
use runbook::Level;
use store::{BudgetedPage, NewNotification, Write};
use ticketing::{
    Audience, Content, Directory, Letter, Medium, Notice, NoticeKind, NotificationId, Reached,
    Recipient, Ticket, reach, reporter,
};

use crate::{Desk, error::DeskError, rules::Rules};

/// What is to be told of one change.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// What is sent in any case.
    pub(crate) notifications: Vec<NewNotification>,
    /// What is sent when the tool's budget has room for it.
    pub(crate) pages: Vec<BudgetedPage>,
}

impl Told {
    pub(crate) fn add_to(self, write: &mut Write) {
        write.notifications.extend(self.notifications);
        write.pages.extend(self.pages);
    }

    pub(crate) fn extend(&mut self, more: Self) {
        self.notifications.extend(more.notifications);
        self.pages.extend(more.pages);
    }
}

impl Desk {
    pub(crate) fn told(
        &self,
        rules: &Rules,
        ticket: &Ticket,
        notices: Vec<Notice>,
        now: DateTime<Utc>,
    ) -> Told {
        let mut told = Told::default();
        if ticket.is_demo() || notices.is_empty() {
            return told;
        }
        let directory = rules.directory_at(now);
        for mut notice in notices {
            let level = notice.level.unwrap_or(ticket.level);
            let to = match notice.kind.audience() {
                Audience::Team => whom(rules, &directory, ticket, &notice, level),
                Audience::Reporter => Reached {
                    recipients: reporter(&rules.runbook, &directory, ticket)
                        .into_iter()
                        .collect(),
                    instead: false,
                },
            };
            if to.instead {
                notice.reason = format!(
                    "nobody of level {level} can be reached, and so you are told. {}",
                    notice.reason
                );
            }
            let rows = to.recipients.into_iter().map(|recipient| NewNotification {
                id: NotificationId::new(now, self.entropy()),
                recipient,
                level,
                content: Content::Notice {
                    ticket: ticket.number,
                    notice: notice.clone(),
                },
                created_at: now,
            });
            let rows = rows.collect();
            match self.page_budget(rules, ticket, &notice, level) {
                Some(per_hour) => told
                    .pages
                    .push(self.page(ticket, level, per_hour, rows, now)),
                None => told.notifications.extend(rows),
            }
        }
        told
    }

    /// Posts a letter that nothing else is written with, such as news of a webhook. The
    /// same cause posts nothing again.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn post_letter(
        &self,
        letter: &Letter,
        level: Level,
        to: Vec<Recipient>,
    ) -> Result<(), DeskError> {
        let notifications = self.letters(letter, level, to, self.clock.now());
        let write = Write {
            notifications,
            ..Write::default()
        };
        self.write(write).await?;
        self.wake.ring();
        Ok(())
    }

    /// A letter to each of the recipients: rows for the write of what caused it.
    pub(crate) fn letters(
        &self,
        letter: &Letter,
        level: Level,
        to: impl IntoIterator<Item = Recipient>,
        now: DateTime<Utc>,
    ) -> Vec<NewNotification> {
        let row = |recipient| NewNotification {
            id: NotificationId::new(now, self.entropy()),
            recipient,
            level,
            content: Content::Letter(letter.clone()),
            created_at: now,
        };
        to.into_iter().map(row).collect()
    }
}

/// Who is told. Each level's contacts; of what is at risk the assignee, where
/// the settings know one; of a breach the lead, too.
fn whom(
    rules: &Rules,
    directory: &Directory,
    ticket: &Ticket,
    notice: &Notice,
    level: Level,
) -> Reached {
    let assignee = ticket.assignee.as_ref();
    let mut to = match assignee.and_then(|name| directory.person(name)) {
        Some(person) if notice.kind == NoticeKind::SlaAtRisk => Reached {
            recipients: vec![person],
            instead: false,
        },
        _ => reach(&rules.runbook, directory, level),
    };
    if notice.kind == NoticeKind::SlaBreached {
        to.recipients.extend(lead(rules));
        to.recipients.sort();
        to.recipients.dedup();
    }
    if to.recipients.is_empty() {
        to = Reached::fallback(directory);
    }
    to
}

/// The support lead is told of breaches, where the settings name one.
fn lead(rules: &Rules) -> Option<Recipient> {
    let address = rules.directory.role("support lead")?;
    Some(Recipient {
        medium: Medium::Email,
        address: address.clone(),
    })
}
