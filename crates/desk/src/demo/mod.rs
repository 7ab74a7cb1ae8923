//! A made-up history: a shop's tickets over months, lived through the same
//! rules as real ones, for trying reports, benchmarks and screens.
//!
//! Its sources begin with [`ticketing::DEMO_SOURCE`]: nobody is ever told of
//! such a ticket, and no label is kept of it, so the classifier does not learn
//! from what was made up.

mod chance;
mod day;
mod life;
mod people;
mod script;
mod season;
mod texts;

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use store::{Contents, HistoryBatch};
use thiserror::Error;
use ticketing::{TicketNumber, Window};

use self::{chance::Chance, day::History, texts::Texts};
use crate::{Desk, error::DeskError};

/// Tickets of one transaction.
const BATCH: usize = 2000;

/// What history is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoRequest {
    /// How many tickets.
    pub tickets: u32,
    /// Over how many days, up to now.
    pub days: u32,
    /// The same seed at the same instant gives an empty database the same
    /// history.
    pub seed: u64,
    /// Whether a database that holds a made-up history already gets another.
    pub add: bool,
    /// How many lives are lived at once.
    pub threads: usize,
}

/// Why no history was made.
#[derive(Debug, Error)]
pub enum DemoError {
    /// Somebody works with this database.
    #[error("the database holds real tickets; a demonstration needs one of its own")]
    RealTickets,
    /// It was filled before.
    #[error("the database holds a demonstration already; --add makes more of it")]
    FilledBefore,
    /// The desk.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A life ended unexpectedly.
    #[error("a part of the history could not be made")]
    Broken,
}

impl From<store::StoreError> for DemoError {
    fn from(error: store::StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl Desk {
    /// Fills the database with a made-up history; `progress` is told how many
    /// tickets are written so far.
    ///
    /// # Errors
    /// [`DemoError::RealTickets`] and [`DemoError::FilledBefore`] before
    /// anything is written; what was written before another error stays.
    pub async fn fill_demo(
        &self,
        request: DemoRequest,
        mut progress: impl FnMut(usize),
    ) -> Result<usize, DemoError> {
        match self.store.contents().await? {
            Contents::Real => return Err(DemoError::RealTickets),
            Contents::DemoOnly if !request.add => return Err(DemoError::FilledBefore),
            Contents::DemoOnly | Contents::Nothing => {}
        }
        let until = self.clock.now();
        let first = self.store.take_run(i64::from(request.tickets)).await?;
        // More of the same seed at the same instant must not be the same again.
        let seed = Chance::new(request.seed, first.0.unsigned_abs()).next();
        let tickets = usize::try_from(request.tickets).unwrap_or(usize::MAX);
        let days = season::days(until, request.days, tickets, seed);
        let history = Arc::new(History {
            rules: self.rules(),
            texts: Texts::new(),
            until,
            auto_close: Window(self.auto_close_seconds),
            seed,
        });
        self.store.begin_bulk().await?;

        // Days are lived side by side and written in their order.
        let mut lives = stream::iter(numbered(days, first))
            .map(|(day, first)| {
                let history = history.clone();
                tokio::task::spawn_blocking(move || {
                    HistoryBatch::prepare(&day::live(&history, &day, first))
                })
            })
            .buffered(request.threads.max(1) + 1);
        let mut written = 0;
        let mut batch = HistoryBatch::default();
        while let Some(day) = lives.next().await {
            batch.append(day.map_err(|_panicked| DemoError::Broken)??);
            if batch.len() >= BATCH {
                written += self.write_batch(&mut batch).await?;
                progress(written);
            }
        }
        written += self.write_batch(&mut batch).await?;
        progress(written);
        self.store.end_bulk().await?;
        Ok(written)
    }

    async fn write_batch(&self, batch: &mut HistoryBatch) -> Result<usize, DemoError> {
        let full = std::mem::take(batch);
        let count = full.len();
        if count > 0 {
            self.store.write_histories(full).await?;
        }
        Ok(count)
    }
}

fn numbered(
    days: Vec<season::Day>,
    first: TicketNumber,
) -> impl Iterator<Item = (season::Day, TicketNumber)> {
    let mut next = first.0;
    days.into_iter().map(move |day| {
        let first = TicketNumber(next);
        next += i64::try_from(day.tickets).unwrap_or(0);
        (day, first)
    })
}

#[cfg(test)]
mod tests;
