//! From notices to outbox rows: whom the runbook's contacts and the directory
//! name, one row per recipient and channel.

use chrono::{DateTime, Utc};
use store::NewNotification;
use ticketing::{Medium, Notice, NoticeKind, NotificationId, Recipient, Ticket, recipients};

use crate::{Desk, rules::Rules};

impl Desk {
    pub(crate) fn notifications(
        &self,
        rules: &Rules,
        ticket: &Ticket,
        notices: Vec<Notice>,
        now: DateTime<Utc>,
    ) -> Vec<NewNotification> {
        let mut rows = Vec::new();
        for notice in notices {
            let level = notice.level.unwrap_or(ticket.level);
            let mut to = recipients(&rules.runbook, &rules.directory, level);
            if notice.kind == NoticeKind::SlaBreached {
                to.extend(lead(rules));
                to.sort();
                to.dedup();
            }
            rows.extend(to.into_iter().map(|recipient| NewNotification {
                id: NotificationId::new(now, self.entropy()),
                ticket: ticket.number,
                recipient,
                level,
                notice: notice.clone(),
                created_at: now,
            }));
        }
        rows
    }
}

/// The support lead is told of breaches, where the settings name one.
fn lead(rules: &Rules) -> Option<Recipient> {
    let address = rules.directory.role("support lead")?;
    Some(Recipient {
        medium: Medium::Email,
        address: address.clone(),
    })
}
