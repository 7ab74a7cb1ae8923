//! Delivering the outbox (`domain.md` section 6). *Work once* is public; the
//! server's loop is thin.

use std::panic::AssertUnwindSafe;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{FutureExt, future::join};
use metrics::counter;
use notify::{Channels, Envelope, Message, Outcome, Session, Subject};
use runbook::Level;
use store::{Claimed, Lane, NewNotification, Next, Settlement};
use ticketing::{
    Content, EventId, Letter, LetterKind, Medium, Notice, NoticeKind, NotificationId, Recipient,
    Ticket, TicketNumber, TicketRef, superseded,
};
use tokio::sync::watch;
use tracing::{error, warn};

use crate::{
    Desk,
    backoff::{FIRST_WAIT, untried},
    error::DeskError,
};

/// How many rows one round leases.
const ROUND: u32 = 50;
/// How long a round may go on beginning attempts before it gives the rest back.
const BUDGET: TimeDelta = TimeDelta::seconds(60);
/// What a fallback's cause ends with.
pub(crate) const FALLBACK: &str = ":fallback";

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
        let mut delivered = Delivered {
            more: u32::try_from(found).is_ok_and(|found| found == ROUND),
            ..Delivered::default()
        };
        let mut session = channels.session();
        let mut ended = claims.corrupt;
        let (rows, bundled) = match lane {
            Lane::Ordinary => self.bundle(channels, claims.rows).await?,
            Lane::Urgent | Lane::Tools => (claims.rows, Vec::new()),
        };
        ended.extend(bundled);
        for row in rows {
            let in_time = self.clock.now() - begun < BUDGET && !*stop.borrow();
            let attempt = async {
                if in_time {
                    self.attempt(&mut session, channels, &row).await
                } else {
                    untried(&row, self.clock.now())
                }
            };
            // The row before is settled while this one is sent.
            let settling = self.settle_attempts(std::mem::take(&mut ended), &mut delivered);
            let (settlement, settled) = join(attempt, settling).await;
            #[cfg(feature = "crash-points")]
            if settlement.next == Next::Sent {
                crash_points::point("after-250-before-settle");
            }
            ended.push(settlement);
            settled?;
        }
        session.close().await;
        self.settle_attempts(ended, &mut delivered).await?;
        // Of the round: while it goes on, the next mail is under way.
        #[cfg(feature = "crash-points")]
        crash_points::point("after-settle");
        Ok(delivered)
    }

    /// When the next notification of a lane is due, if any.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn next_delivery_at(&self, lane: Lane) -> Result<Option<DateTime<Utc>>, DeskError> {
        Ok(self.store.next_delivery_at(lane).await?)
    }

    async fn settle_attempts(
        &self,
        ended: Vec<Settlement>,
        delivered: &mut Delivered,
    ) -> Result<(), DeskError> {
        if ended.is_empty() {
            return Ok(());
        }
        for settlement in &ended {
            match settlement.next {
                Next::Sent => delivered.sent += 1,
                Next::Dead => delivered.dead += 1,
                Next::Superseded => delivered.superseded += 1,
                Next::Again { .. } => delivered.again += 1,
                Next::Untried { .. } => {}
            }
        }
        let told_instead = ended.iter().any(|one| one.instead.is_some());
        let count = ended.len();
        let settled = self.store.settle_notifications(ended).await?;
        if settled < count {
            warn!(
                count,
                settled, "a lease had run out before its attempt ended"
            );
        }
        if told_instead {
            self.wake.ring();
        }
        Ok(())
    }

    async fn attempt(
        &self,
        session: &mut Session<'_>,
        channels: &Channels,
        row: &Claimed,
    ) -> Settlement {
        let now = self.clock.now();
        if let Some(end) = channels.quiet_until(&row.recipient, row.level, now) {
            return untried(row, end);
        }
        match &row.content {
            Content::Event { event, .. } => self.attempt_call(session, row, event).await,
            Content::Notice { ticket, notice } => {
                self.attempt_notice(session, channels, row, *ticket, notice)
                    .await
            }
            Content::Letter(letter) if letter.kind == LetterKind::HeldBack => {
                self.attempt_held_back(session, channels, row, letter).await
            }
            Content::Letter(letter) => {
                let written = || channels.render_letter(&envelope(row), letter);
                let outcome = self.send(session, row, written).await;
                self.judge(row, &outcome)
            }
        }
    }

    /// What a budget held back is listed as it stands when it is sent.
    async fn attempt_held_back(
        &self,
        session: &mut Session<'_>,
        channels: &Channels,
        row: &Claimed,
        letter: &Letter,
    ) -> Settlement {
        match self.held_back(letter).await {
            Ok(Some(letter)) => {
                let written = || channels.render_letter(&envelope(row), &letter);
                let outcome = self.send(session, row, written).await;
                self.judge(row, &outcome)
            }
            Ok(None) => {
                let why = "nobody waits for it any more";
                self.settlement(row, "superseded", why, Next::Superseded)
            }
            Err(error) => {
                error!(%error, "what was held back could not be read; its letter waits");
                untried(row, self.clock.now() + TimeDelta::seconds(FIRST_WAIT))
            }
        }
    }

    async fn attempt_notice(
        &self,
        session: &mut Session<'_>,
        channels: &Channels,
        row: &Claimed,
        number: TicketNumber,
        notice: &Notice,
    ) -> Settlement {
        // Read as late as can be: whoever acknowledged meanwhile is left alone.
        let ticket = self.store.find_ticket(TicketRef::Number(number)).await;
        let outcome = match &ticket {
            Ok(Some(ticket)) => {
                if let Some(why) = superseded(notice, ticket) {
                    return self.settlement(row, "superseded", why, Next::Superseded);
                }
                let written = || self.write_notice(channels, row, notice, ticket);
                self.send(session, row, written).await
            }
            Ok(None) => Outcome::Permanent("the ticket is gone".to_owned()),
            Err(store::StoreError::Corrupt { .. }) => {
                Outcome::Permanent("the ticket cannot be read".to_owned())
            }
            Err(error) => {
                error!(%error, "a ticket could not be read; its notification waits");
                return untried(row, self.clock.now() + TimeDelta::seconds(FIRST_WAIT));
            }
        };
        self.judge(row, &outcome)
    }

    pub(crate) fn write_notice(
        &self,
        channels: &Channels,
        row: &Claimed,
        notice: &Notice,
        ticket: &Ticket,
    ) -> Message {
        let rules = self.rules();
        let entry = ticket.entry().and_then(|slug| {
            let mut entries = rules.runbook.entries.iter();
            entries.find(|entry| entry.slug == *slug)
        });
        let feedback = match notice.kind {
            NoticeKind::Solved => self.feedback_path(ticket.id, notice, row.created_at),
            _ => None,
        };
        channels.render(&Subject {
            envelope: envelope(row),
            notice,
            ticket,
            entry,
            feedback: feedback.as_deref(),
        })
    }

    /// A message that makes the code panic must not stop the others.
    async fn send(
        &self,
        session: &mut Session<'_>,
        row: &Claimed,
        written: impl FnOnce() -> Message,
    ) -> Outcome {
        let sending = async { session.send(&written(), &row.recipient).await };
        match AssertUnwindSafe(sending).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(_panic) => {
                error!(notification = %row.id, "a message could not be made or sent: the code panicked");
                Outcome::Permanent("the desk failed at this message; see its log".to_owned())
            }
        }
    }

    pub(crate) fn judge(&self, row: &Claimed, outcome: &Outcome) -> Settlement {
        let now = self.clock.now();
        let next = match outcome {
            Outcome::Sent(_) => Next::Sent,
            Outcome::Permanent(_) => Next::Dead,
            _ if now >= row.expires_at => Next::Dead,
            Outcome::Transient(_) | Outcome::Unknown(_) | Outcome::Misconfigured(_) => {
                let wait = self.wait_before_next(row.attempt, row.level);
                Next::Again {
                    // The last attempt is made at the very end.
                    at: (now + wait).min(row.expires_at),
                    maybe_delivered: matches!(outcome, Outcome::Unknown(_)),
                }
            }
        };
        if !matches!(outcome, Outcome::Sent(_)) {
            let (reply, outcome) = (outcome.reply(), outcome.name());
            warn!(notification = %row.id, attempt = row.attempt, outcome, reply, "not delivered");
        }
        let mut settlement = self.settlement(row, outcome.name(), outcome.reply(), next);
        if next == Next::Dead {
            settlement.instead = self.instead(row, outcome.reply(), now);
        }
        settlement
    }

    /// Levels 3 and 4 must reach somebody: the fallback contact hears what its
    /// first recipient could not be told.
    fn instead(&self, row: &Claimed, reply: &str, now: DateTime<Utc>) -> Option<NewNotification> {
        let rules = self.rules();
        let address = rules.directory.fallback.clone()?;
        let recipient = Recipient {
            medium: Medium::Email,
            address,
        };
        let page_over = matches!(
            &row.content,
            Content::Notice { notice, .. } if matches!(
                notice.kind,
                NoticeKind::PageAcknowledged | NoticeKind::PageResolved
            )
        );
        let urgent = row.level >= Level::ENGINEERING && !page_over;
        let cause = row.content.cause();
        if !urgent || cause.ends_with(FALLBACK) || row.recipient == recipient {
            return None;
        }
        let Recipient { medium, address } = &row.recipient;
        let why = format!("{address} could not be told by {medium} ({reply})");
        Some(NewNotification {
            id: NotificationId::new(now, self.entropy()),
            recipient,
            level: row.level,
            content: row.content.retold(&why, format!("{cause}{FALLBACK}")),
            created_at: now,
        })
    }

    pub(crate) fn settlement(
        &self,
        row: &Claimed,
        outcome: &'static str,
        reply: &str,
        next: Next,
    ) -> Settlement {
        let medium = row.recipient.medium.as_str();
        counter!("runbook_desk_deliveries_total", "medium" => medium, "outcome" => outcome)
            .increment(1);
        Settlement {
            id: row.id,
            lease: row.lease,
            attempt: row.attempt,
            at: self.clock.now(),
            outcome,
            reply: reply.to_owned(),
            next,
            instead: None,
        }
    }
}

fn envelope(row: &Claimed) -> Envelope {
    Envelope {
        id: row.id,
        level: row.level,
        at: row.created_at,
    }
}
