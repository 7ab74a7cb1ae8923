//! From notices to outbox rows: whom the runbook's contacts and the directory
//! name, one row per recipient and channel.

use chrono::{DateTime, Utc};
use runbook::Level;
use store::{NewNotification, Write};
use ticketing::{
    Audience, Content, Letter, Medium, Notice, NoticeKind, NotificationId, Recipient, Ticket,
    recipients, reporter,
};

use crate::{Desk, error::DeskError, rules::Rules};

impl Desk {
    pub(crate) fn notifications(
        &self,
        rules: &Rules,
        ticket: &Ticket,
        notices: Vec<Notice>,
        now: DateTime<Utc>,
    ) -> Vec<NewNotification> {
        let mut rows = Vec::new();
        if ticket.is_demo() {
            return rows;
        }
        for notice in notices {
            let level = notice.level.unwrap_or(ticket.level);
            let to = match notice.kind.audience() {
                Audience::Team => team(rules, notice.kind, level),
                Audience::Reporter => reporter(&rules.runbook, &rules.directory, ticket)
                    .into_iter()
                    .collect(),
            };
            rows.extend(to.into_iter().map(|recipient| NewNotification {
                id: NotificationId::new(now, self.entropy()),
                recipient,
                level,
                content: Content::Notice {
                    ticket: ticket.number,
                    notice: notice.clone(),
                },
                created_at: now,
            }));
        }
        rows
    }

    /// Posts a letter that nothing else is written with, such as a digest. The
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
        self.store.write(write).await?;
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

fn team(rules: &Rules, kind: NoticeKind, level: Level) -> Vec<Recipient> {
    let mut to = recipients(&rules.runbook, &rules.directory, level);
    if kind == NoticeKind::SlaBreached {
        to.extend(lead(rules));
        to.sort();
        to.dedup();
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
