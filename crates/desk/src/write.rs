//! The one way from a use case to the store: tools and pagers are told in the
//! same transaction.

use store::{NewNotification, Outcome, StoreError, TicketWrite, Write};
use ticketing::{Content, Medium, NotificationId, page_updates, recipients};

use crate::Desk;

impl Desk {
    /// Writes all or nothing, with what its events tell tools and pagers.
    pub(crate) async fn write(&self, mut write: Write) -> Result<Outcome, StoreError> {
        let tools = self.told_to_tools(&write.tickets);
        write.notifications.extend(tools);
        let pagers = self.told_to_pagers(&write.tickets);
        write.notifications.extend(pagers);
        self.store.write(write).await
    }

    /// Whoever was paged sees that somebody took over, or that it is over.
    fn told_to_pagers(&self, tickets: &[TicketWrite]) -> Vec<NewNotification> {
        let rules = self.rules();
        if !rules.directory.pager {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for TicketWrite { ticket, events, .. } in tickets {
            for event in events {
                for notice in page_updates(ticket, event) {
                    let level = notice.level.unwrap_or(ticket.level);
                    let mut to = recipients(&rules.runbook, &rules.directory, level);
                    to.retain(|recipient| recipient.medium == Medium::Page);
                    rows.extend(to.into_iter().map(|recipient| NewNotification {
                        id: NotificationId::new(event.at, self.entropy()),
                        recipient,
                        level,
                        content: Content::Notice {
                            ticket: ticket.number,
                            notice: notice.clone(),
                        },
                        created_at: event.at,
                    }));
                }
            }
        }
        rows
    }
}
