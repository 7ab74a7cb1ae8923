//! Digests are posted once per period and recipient: the outbox knows what was
//! posted, so any replica may do it, and one that was down does it late.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use runbook::Level;
use ticketing::{Medium, Recipient};

use crate::{Desk, error::DeskError};

/// Until when there is nothing to do; none: not looked yet.
#[derive(Debug, Default)]
pub(crate) struct DigestWatch(Mutex<Option<DateTime<Utc>>>);

impl DigestWatch {
    fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        let next = self.0.lock().ok().and_then(|next| *next);
        next.is_some_and(|next| now < next)
    }

    fn rest(&self, until: Option<DateTime<Utc>>) {
        if let Ok(mut next) = self.0.lock() {
            *next = until;
        }
    }
}

impl Desk {
    /// Posts the digests that are due and not posted yet; answers how many
    /// letters that were. Between two turns it does nothing at all.
    ///
    /// Of each kind it is the latest one that is due, until the next one is: a
    /// desk that was down posts that one late, and none before it. What was due
    /// before the desk was first opened is nobody's.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`]: what was not posted
    /// is due at the next call.
    pub async fn send_digests(&self) -> Result<usize, DeskError> {
        let settings = &self.digest_settings;
        let now = self.clock.now();
        if settings.to.is_empty() || self.digest_watch.is_quiet(now) {
            return Ok(0);
        }
        let first = self.store.find_runbook(1).await?;
        let opened = first.map_or(now, |first| first.activated_at);
        let to: Vec<Recipient> = settings.to.iter().map(|address| lead(address)).collect();
        let mut posted = 0;
        for edition in settings.plan.due(now) {
            if edition.at < opened {
                continue;
            }
            let told = self.store.told_by_letter(&edition.cause(), &to).await?;
            let mut left = to.clone();
            left.retain(|recipient| !told.contains(recipient));
            if left.is_empty() {
                continue;
            }
            posted += left.len();
            let letter = self.digest(edition, now).await?.letter();
            self.post_letter(&letter, Level::SUPPORT, left).await?;
        }
        self.digest_watch.rest(settings.plan.next_at(now));
        Ok(posted)
    }
}

fn lead(address: &str) -> Recipient {
    Recipient {
        medium: Medium::Email,
        address: address.to_owned(),
    }
}
