//! Looking at the outbox, and trying again by hand what was given up.

use store::{Attempt, Notification, NotificationFilter};
use ticketing::{Actor, NotificationId, Role};

use crate::{Desk, access::require, error::DeskError};

/// A page of notifications, newest first.
#[derive(Clone, Debug)]
pub struct NotificationPage {
    /// The notifications.
    pub items: Vec<Notification>,
    /// Where the next page begins; none on the last one.
    pub next: Option<NotificationId>,
}

impl Desk {
    /// Notifications that the filter matches.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for tools: recipients are the team's affair.
    pub async fn list_notifications(
        &self,
        actor: &Actor,
        filter: &NotificationFilter,
        limit: u64,
    ) -> Result<NotificationPage, DeskError> {
        require(actor, Role::Agent)?;
        let mut items = self.store.list_notifications(filter, limit + 1).await?;
        let full = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > full;
        items.truncate(full);
        let last = items.last().map(|item| item.id);
        Ok(NotificationPage {
            next: last.filter(|_| more),
            items,
        })
    }

    /// One notification with its attempts, oldest first.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Forbidden`] for tools.
    pub async fn notification(
        &self,
        actor: &Actor,
        id: NotificationId,
    ) -> Result<(Notification, Vec<Attempt>), DeskError> {
        require(actor, Role::Agent)?;
        let found = self.store.find_notification(id).await?;
        let found = found.ok_or_else(|| no_such(id))?;
        Ok((found, self.store.list_attempts(id).await?))
    }

    /// Tries a dead notification again; one that is not dead stays as it is.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anyone below a lead, [`DeskError::NotFound`].
    pub async fn retry_notification(
        &self,
        actor: &Actor,
        id: NotificationId,
    ) -> Result<Notification, DeskError> {
        require(actor, Role::Lead)?;
        if self.store.retry_notification(id, self.clock.now()).await? {
            self.wake.ring();
        }
        let found = self.store.find_notification(id).await?;
        found.ok_or_else(|| no_such(id))
    }
}

fn no_such(id: NotificationId) -> DeskError {
    DeskError::NotFound {
        what: "notification",
        id: id.to_string(),
    }
}
