//! Satisfaction: a reporter's link, signed instead of a login, and what they
//! say by it (`domain.md` section 8).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use store::{Outcome, TicketWrite, Write};
use ticketing::{Actor, Notice, Satisfaction, Score, Ticket, TicketId, TicketNumber, TicketRef};
use uuid::Uuid;

use crate::{Desk, change_ticket::TRIES, error::DeskError, masking::mask_text};

/// The secret's name in the database.
pub(crate) const SECRET: &str = "feedback";
/// For how long a link can be used.
const GOOD_FOR: TimeDelta = TimeDelta::days(30);
/// Ticket, event number and expiry.
const CLAIM: usize = 16 + 8 + 8;
/// HMAC-SHA256.
const MAC: usize = 32;

/// What a link is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackAsked {
    /// The ticket's number.
    pub number: TicketNumber,
    /// Its title, masked.
    pub title: String,
    /// The score that was given by this link already.
    pub given: Option<Score>,
}

/// Which resolution of which ticket is asked about, and until when.
struct Claim {
    ticket: TicketId,
    resolution: i64,
    until: i64,
}

impl Desk {
    /// The path under which the reporter says how a resolution went. It follows
    /// from the notice alone, so that every attempt to mail it is the same.
    pub(crate) fn feedback_path(
        &self,
        ticket: TicketId,
        notice: &Notice,
        at: DateTime<Utc>,
    ) -> Option<String> {
        let resolution = notice.cause.split(':').nth(1)?.parse().ok()?;
        let claim = Claim {
            ticket,
            resolution,
            until: (at + GOOD_FOR).timestamp(),
        };
        let mut bytes = claim.bytes();
        let mac = hmac::sign(&self.feedback_key, &bytes);
        bytes.extend_from_slice(mac.as_ref());
        Some(format!("/v1/feedback/{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What a link asks about. Nothing is recorded: mail scanners open links.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a link that is not the desk's or too old.
    pub async fn feedback_asked(&self, token: &str) -> Result<FeedbackAsked, DeskError> {
        let claim = self.claim(token)?;
        let ticket = self.asked_about(&claim).await?;
        let given = ticket.satisfaction.as_ref();
        let given = given.filter(|said| said.resolution >= claim.resolution);
        Ok(FeedbackAsked {
            number: ticket.number,
            given: given.map(|said| said.score),
            title: ticket.title,
        })
    }

    /// Records what the reporter says, once per link.
    ///
    /// # Errors
    /// As [`Desk::feedback_asked`]; [`DeskError::Refused`] the second time.
    pub async fn give_feedback(
        &self,
        token: &str,
        score: Score,
        words: Option<String>,
    ) -> Result<(), DeskError> {
        let claim = self.claim(token)?;
        let mut masked = Vec::new();
        let words = words.map(|mut words| {
            mask_text(&mut words, &mut masked);
            words
        });
        let said = Satisfaction {
            score,
            words,
            masked,
            resolution: claim.resolution,
        };
        for _ in 0..TRIES {
            let ticket = self.asked_about(&claim).await?;
            let (now, rules) = (self.clock.now(), self.rules());
            let decided = self.in_scene(&Actor::reporter(), now, &rules.book, |scene| {
                ticketing::rate(&ticket, said.clone(), scene)
            })?;
            let told = self.told(&rules, &decided.ticket, decided.notices, now);
            let mut write = Write {
                tickets: vec![TicketWrite {
                    seen: decided.seen,
                    ticket: decided.ticket,
                    events: decided.events,
                }],
                ..Write::default()
            };
            told.add_to(&mut write);
            if self.write(write).await? == Outcome::Written {
                self.wake.ring();
                return Ok(());
            }
        }
        Err(store::StoreError::Busy.into())
    }

    async fn asked_about(&self, claim: &Claim) -> Result<Ticket, DeskError> {
        let found = self.store.find_ticket(TicketRef::Id(claim.ticket)).await?;
        found.ok_or_else(no_longer)
    }

    fn claim(&self, token: &str) -> Result<Claim, DeskError> {
        let claim = verified(&self.feedback_key, token).ok_or_else(no_longer)?;
        if self.clock.now().timestamp() < claim.until {
            Ok(claim)
        } else {
            Err(no_longer())
        }
    }
}

/// One answer for all: nothing tells a wrong link from an old one.
fn no_longer() -> DeskError {
    DeskError::NotFound {
        what: "question any more behind",
        id: "this link".to_owned(),
    }
}

fn verified(key: &hmac::Key, token: &str) -> Option<Claim> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (claim, mac) = bytes.split_at_checked(CLAIM)?;
    // In constant time.
    (mac.len() == MAC && hmac::verify(key, claim, mac).is_ok()).then_some(())?;
    let (ticket, numbers) = claim.split_at_checked(16)?;
    let (resolution, until) = numbers.split_at_checked(8)?;
    Some(Claim {
        ticket: TicketId(Uuid::from_slice(ticket).ok()?),
        resolution: i64::from_be_bytes(resolution.try_into().ok()?),
        until: i64::from_be_bytes(until.try_into().ok()?),
    })
}

impl Claim {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.ticket.0.as_bytes().to_vec();
        bytes.extend(self.resolution.to_be_bytes());
        bytes.extend(self.until.to_be_bytes());
        bytes
    }
}
