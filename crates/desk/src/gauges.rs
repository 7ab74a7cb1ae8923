//! What an operator watches beside the log: read from the database when asked.

use chrono::{DateTime, TimeDelta, Utc};
use store::{OpenTickets, OutboxHealth, Waiting};
use ticketing::TicketNumber;

use crate::{
    Desk,
    error::DeskError,
    readiness::{DEAD_FOR, OVERDUE_BY},
};

/// How long after its instant a timer must have fired.
pub(crate) const TIMER_OVERDUE_BY: TimeDelta = TimeDelta::minutes(1);

/// How the desk stands.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// As of when.
    pub at: DateTime<Utc>,
    /// Open tickets by level; a level without any is left out.
    pub open: Vec<OpenTickets>,
    /// What waits in the outbox.
    pub waiting: Vec<Waiting>,
    /// What was given up in the last 24 h, and what should have left.
    pub outbox: OutboxHealth,
    /// Tickets with a timer that should have fired.
    pub timers_overdue: u64,
    /// Tickets with a running clock that nothing watches.
    pub without_timer: Vec<TicketNumber>,
}

impl Desk {
    /// How the desk stands.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn gauges(&self) -> Result<Gauges, DeskError> {
        let at = self.clock.now();
        Ok(Gauges {
            at,
            open: self.store.count_open_tickets().await?,
            waiting: self.store.count_waiting().await?,
            outbox: self
                .store
                .outbox_health(at - DEAD_FOR, at - OVERDUE_BY)
                .await?,
            timers_overdue: self.timers_overdue(at).await?,
            without_timer: self.store.list_without_timer(at).await?,
        })
    }

    pub(crate) async fn timers_overdue(&self, at: DateTime<Utc>) -> Result<u64, DeskError> {
        Ok(self
            .store
            .count_overdue_timers(at - TIMER_OVERDUE_BY)
            .await?)
    }
}
