//! One attempt to deliver a notification: re-checked, written, sent, judged.

use std::panic::AssertUnwindSafe;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use metrics::counter;
use notify::{Channels, Envelope, Message, Outcome, Session, Subject};
use runbook::Level;
use store::{Claimed, NewNotification, Next, Settlement, StoreError};
use ticketing::{
    Content, Letter, LetterKind, Medium, Notice, NoticeKind, NotificationId, Recipient, Ticket,
    TicketRef, superseded,
};
use tracing::{error, warn};

use crate::{
    Desk,
    backoff::{FIRST_WAIT, untried},
};

/// What a fallback's cause ends with.
pub(crate) const FALLBACK: &str = ":fallback";

impl Desk {
    /// Makes one attempt. `read` is its ticket, when it was read just now.
    pub(crate) async fn attempt(
        &self,
        session: &mut Session<'_>,
        channels: &Channels,
        row: &Claimed,
        read: Option<Ticket>,
    ) -> Settlement {
        let now = self.clock.now();
        if let Some(end) = channels.quiet_until(&row.recipient, row.level, now) {
            return untried(row, end);
        }
        match &row.content {
            Content::Event { event, .. } => self.attempt_call(session, row, event).await,
            Content::Notice { ticket, notice } => {
                let ticket = match read {
                    Some(ticket) => Ok(Some(ticket)),
                    None => self.store.find_ticket(TicketRef::Number(*ticket)).await,
                };
                self.attempt_notice(session, channels, row, notice, ticket)
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
        notice: &Notice,
        ticket: Result<Option<Ticket>, StoreError>,
    ) -> Settlement {
        let outcome = match &ticket {
            Ok(Some(ticket)) => {
                // Whoever acknowledged meanwhile is left alone.
                if let Some(why) = superseded(notice, ticket) {
                    return self.settlement(row, "superseded", why, Next::Superseded);
                }
                let written = || self.write_notice(channels, row, notice, ticket);
                self.send(session, row, written).await
            }
            Ok(None) => Outcome::Permanent("the ticket is gone".to_owned()),
            Err(StoreError::Corrupt { .. }) => {
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
