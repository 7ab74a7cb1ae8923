//! Delivering the outbox (`domain.md` section 6). *Work once* is public; the
//! server's loop is thin.

use std::{collections::HashMap, pin::pin};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{
    FutureExt,
    future::{Fuse, FusedFuture},
};
use notify::Channels;
use store::{Claimed, Lane, Next, Settlement};
use ticketing::{EventId, Ticket, TicketNumber};
use tokio::sync::watch;

use crate::{Desk, backoff::untried, error::DeskError};

/// How many rows one round leases.
const ROUND: u32 = 50;
/// How long a round may go on beginning attempts before it gives the rest back.
const BUDGET: TimeDelta = TimeDelta::seconds(60);
/// For how long a ticket that was read ahead may stand for itself.
const FRESH: TimeDelta = TimeDelta::seconds(1);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken over by the peer.
    pub sent: usize,
    /// To be tried again.
    pub again: usize,
    /// Given up.
    pub dead: usize,
    /// No longer needed.
    pub superseded: usize,
    /// Whether there may be more to do now.
    pub more: bool,
}

/// A round under way.
struct Round {
    tickets: Ahead,
    ended: Vec<Settlement>,
    delivered: Delivered,
}

/// Tickets read at the beginning of a round.
#[derive(Default)]
struct Ahead {
    at: DateTime<Utc>,
    tickets: HashMap<TicketNumber, Ticket>,
}

impl Desk {
    /// Delivers once what is due at any level.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`]; what was not
    /// settled is tried again once its lease has run out.
    pub async fn deliver_pending(&self, channels: &Channels) -> Result<Delivered, DeskError> {
        let (_never, stop) = watch::channel(false);
        let urgent = self.deliver_lane(channels, Lane::Urgent, &stop).await?;
        let other = self.deliver_lane(channels, Lane::Ordinary, &stop).await?;
        let tools = self.deliver_lane(channels, Lane::Tools, &stop).await?;
        let lanes = [urgent, other, tools];
        let sum = |count: fn(&Delivered) -> usize| lanes.iter().map(count).sum();
        Ok(Delivered {
            sent: sum(|lane| lane.sent),
            again: sum(|lane| lane.again),
            dead: sum(|lane| lane.dead),
            superseded: sum(|lane| lane.superseded),
            more: lanes.iter().any(|lane| lane.more),
        })
    }

    /// Delivers once what is due in one lane; begins no attempt once `stop`
    /// says so. Nothing is sent while a transaction is open.
    ///
    /// # Errors
    /// As [`Desk::deliver_pending`].
    pub async fn deliver_lane(
        &self,
        channels: &Channels,
        lane: Lane,
        stop: &watch::Receiver<bool>,
    ) -> Result<Delivered, DeskError> {
        let begun = self.clock.now();
        // A claim is a write, also when it finds nothing; a look is not.
        let next = self.store.next_delivery_at(lane).await?;
        if next.is_none_or(|at| at > begun) {
            return Ok(Delivered::default());
        }
        // An attempt must end before its lease does, or another desk would
        // make a second one beside it.
        let lease_for = TimeDelta::from_std(notify::SMTP_PATIENCE).unwrap_or(BUDGET) + BUDGET;
        let lease = EventId::new(begun, self.entropy()).0;
        let claims = self
            .store
            .claim_notifications(lane, lease, begun, lease_for, ROUND)
            .await?;
        let found = claims.rows.len();
        #[cfg(feature = "crash-points")]
        if found > 0 {
            crash_points::point("after-claim");
        }
        let mut round = Round {
            tickets: Ahead::default(),
            ended: claims.corrupt,
            delivered: Delivered {
                more: u32::try_from(found).is_ok_and(|found| found == ROUND),
                ..Delivered::default()
            },
        };
        let rows = match lane {
            Lane::Ordinary => {
                let (rows, bundled) = self.bundle(channels, claims.rows).await?;
                round.ended.extend(bundled);
                round.tickets = self.read_ahead(&rows).await;
                rows
            }
            // Read one by one, as late as can be.
            Lane::Urgent | Lane::Tools => claims.rows,
        };
        let mut session = channels.session();
        let mut settling = pin!(Fuse::terminated());
        let mut settled = Ok(());
        for row in rows {
            let in_time = self.clock.now() - begun < BUDGET && !*stop.borrow();
            let ticket = round.tickets.take(&row, self.clock.now());
            let attempt = async {
                if in_time {
                    self.attempt(&mut session, channels, &row, ticket).await
                } else {
                    untried(&row, self.clock.now())
                }
            };
            let mut attempt = pin!(attempt);
            // What ended before is settled while this one is sent.
            let settlement = loop {
                tokio::select! {
                    settlement = &mut attempt => break settlement,
                    // An attempt under way is never given up for a database's fault.
                    done = &mut settling, if !settling.is_terminated() => settled = done,
                }
            };
            #[cfg(feature = "crash-points")]
            if settlement.next == Next::Sent {
                crash_points::point("after-250-before-settle");
            }
            round.ended.push(settlement);
            if round.ended.len() >= in_doubt(lane) && !settling.is_terminated() {
                settled = settling.as_mut().await;
            }
            if settled.is_err() {
                break;
            }
            if settling.is_terminated() {
                settling.set(self.settle_attempts(round.take_ended()).fuse());
            }
        }
        session.close().await;
        if !settling.is_terminated() {
            settled = settling.await;
        }
        // Also after a fault: what was sent since may still be settled.
        let rest = self.settle_attempts(round.take_ended()).await;
        settled.and(rest)?;
        // Of the round: while it goes on, the next mail is under way.
        #[cfg(feature = "crash-points")]
        crash_points::point("after-settle");
        Ok(round.delivered)
    }

    /// When the next notification of a lane is due, if any.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn next_delivery_at(&self, lane: Lane) -> Result<Option<DateTime<Utc>>, DeskError> {
        Ok(self.store.next_delivery_at(lane).await?)
    }

    async fn settle_attempts(&self, ended: Vec<Settlement>) -> Result<(), DeskError> {
        if ended.is_empty() {
            return Ok(());
        }
        let told_instead = ended.iter().any(|one| one.instead.is_some());
        self.store.settle_notifications(ended).await?;
        if told_instead {
            self.wake.ring();
        }
        Ok(())
    }

    /// The tickets of a round's rows in one read; what cannot be read so is
    /// read one by one.
    async fn read_ahead(&self, rows: &[Claimed]) -> Ahead {
        let numbers: Vec<TicketNumber> =
            rows.iter().filter_map(|row| row.content.ticket()).collect();
        let tickets = self.store.list_numbered(&numbers).await.unwrap_or_default();
        Ahead {
            at: self.clock.now(),
            tickets: tickets
                .into_iter()
                .map(|ticket| (ticket.number, ticket))
                .collect(),
        }
    }
}

/// How many messages may wait to be settled while further ones are sent: a
/// crash sends those and the one under way twice.
const fn in_doubt(lane: Lane) -> usize {
    match lane {
        Lane::Urgent | Lane::Tools => 1,
        // While many write, a commit is long: a receipt a commit would be slow.
        Lane::Ordinary => 8,
    }
}

impl Round {
    /// What ended since, counted.
    fn take_ended(&mut self) -> Vec<Settlement> {
        let ended = std::mem::take(&mut self.ended);
        for settlement in &ended {
            match settlement.next {
                Next::Sent => self.delivered.sent += 1,
                Next::Dead => self.delivered.dead += 1,
                Next::Superseded => self.delivered.superseded += 1,
                Next::Again { .. } => self.delivered.again += 1,
                Next::Untried { .. } => {}
            }
        }
        ended
    }
}

impl Ahead {
    /// The row's ticket, while what was read is fresh.
    fn take(&mut self, row: &Claimed, now: DateTime<Utc>) -> Option<Ticket> {
        let fresh = now - self.at <= FRESH;
        let number = row.content.ticket().filter(|_| fresh)?;
        // Two rows of one ticket are seldom in one round.
        self.tickets.remove(&number)
    }
}
