//! Acting on due times: clocks at risk or breached, tickets to close, keys to
//! forget. *Work once* is public; the server's loop is thin.

use chrono::{DateTime, TimeDelta, Utc};
use store::{Outcome, TicketWrite, Write};
use ticketing::{Actor, Decided, Window, close_if_due, tick};

use crate::{Desk, error::DeskError};

/// How many tickets one round takes: small enough not to starve the API.
const ROUND: u64 = 200;
/// For how long idempotency keys are kept.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(24);
/// For how long what a budget held back is known: longer than its notice is
/// tried for.
const PAGES_KEPT: TimeDelta = TimeDelta::days(3);
/// For how long content may wait for its attachment: longer than any upload.
const CONTENT_KEPT: TimeDelta = TimeDelta::hours(1);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Tickets whose clocks fired.
    pub fired: usize,
    /// Tickets closed after resolution.
    pub closed: usize,
    /// Whether there may be more to do now.
    pub more: bool,
}

impl Desk {
    /// Acts once on what is due, oldest first.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`]; what was not done stays due.
    pub async fn sweep(&self) -> Result<Swept, DeskError> {
        let now = self.clock.now();
        let desk = Actor::desk();
        let rules = self.rules();

        let due = self.store.list_due_timers(now, ROUND).await?;
        let closing = self
            .store
            .list_to_close(now - self.auto_close_after(), ROUND)
            .await?;
        let full = |found: usize| u64::try_from(found).is_ok_and(|found| found == ROUND);
        let mut swept = Swept {
            more: full(due.len()) || full(closing.len()),
            ..Swept::default()
        };

        let fired: Vec<Decided> = due
            .iter()
            .map(|ticket| self.in_scene(&desk, now, &rules.book, |scene| tick(ticket, scene)))
            .collect();
        swept.fired = self.settle(fired, now).await?;

        let window = Window(self.auto_close_seconds);
        let closed = closing.iter().filter_map(|ticket| {
            self.in_scene(&desk, now, &rules.book, |scene| {
                close_if_due(ticket, window, scene)
            })
        });
        swept.closed = self.settle(closed.collect(), now).await?;
        Ok(swept)
    }

    /// Forgets what is kept for a while only.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn tidy(&self) -> Result<u64, DeskError> {
        let now = self.clock.now();
        self.store.sweep_content(now - CONTENT_KEPT).await?;
        self.store.forget_pages(now - PAGES_KEPT).await?;
        Ok(self.store.forget_idempotency(now - KEYS_KEPT).await?)
    }

    /// When the next clock timer is due, if any.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn next_timer_at(&self) -> Result<Option<DateTime<Utc>>, DeskError> {
        Ok(self.store.next_timer_at().await?)
    }

    fn auto_close_after(&self) -> TimeDelta {
        TimeDelta::seconds(self.auto_close_seconds)
    }

    /// Writes decisions side by side, so that the writer groups them. One that
    /// somebody else was faster than is simply still due.
    async fn settle(
        &self,
        decisions: Vec<Decided>,
        now: DateTime<Utc>,
    ) -> Result<usize, DeskError> {
        let rules = self.rules();
        let writes = decisions
            .into_iter()
            .filter(|decided| !decided.is_unchanged())
            .map(|decided| {
                let told = self.told(&rules, &decided.ticket, decided.notices, now);
                let ticket = TicketWrite {
                    seen: decided.seen,
                    ticket: decided.ticket,
                    events: decided.events,
                };
                self.write(Write {
                    idempotency: None,
                    tickets: vec![ticket],
                    notifications: told.notifications,
                    pages: told.pages,
                    ..Write::default()
                })
            });
        let mut written = 0;
        for outcome in futures_util::future::join_all(writes).await {
            if outcome? == Outcome::Written {
                written += 1;
            }
        }
        if written > 0 {
            self.wake.ring();
        }
        Ok(written)
    }
}
