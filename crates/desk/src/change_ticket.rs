//! Every change of a ticket takes this way: load, decide, write under the
//! version that the decision was made on.

use store::{Outcome, StoredAnswer, TicketWrite, Write};
use ticketing::{Actor, Decided, Refusal, Scene, Ticket, TicketRef};

use crate::{
    Desk,
    error::DeskError,
    idempotent::{Answer, RequestKey, kept},
};

/// How often a change without `If-Match` is decided anew when somebody else
/// was first.
pub(crate) const TRIES: u32 = 20;

/// Which version the caller has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Any: the change is decided on what is there.
    Any,
    /// This one; another is [`DeskError::Stale`].
    Version(i64),
}

/// A change that happened, or that asked for what already was.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The ticket after it.
    pub ticket: Ticket,
    /// The timeline's number of its last event.
    pub version: i64,
}

/// Who acts on which ticket, seen at which version, under which key.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Which ticket.
    pub ticket: TicketRef,
    /// At which version.
    pub seen: Precondition,
    /// Under which key.
    pub request: Option<&'a RequestKey>,
}

/// Makes the answer of a change.
pub trait Render: Fn(&Changed) -> StoredAnswer {}
impl<F: Fn(&Changed) -> StoredAnswer> Render for F {}

impl Desk {
    /// Changes a ticket. `decide` may be called again on a newer version.
    pub(crate) async fn change(
        &self,
        act: Act<'_>,
        decide: impl Fn(&Ticket, &Scene<'_>) -> Result<Decided, Refusal>,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        let Act {
            actor,
            ticket: by,
            seen: precondition,
            request,
        } = act;
        let _running = self.start_keyed(&actor.name, request)?;
        for _ in 0..TRIES {
            let now = self.clock.now();
            let rules = self.rules();
            let ticket = self.ticket(actor, by).await?;
            if let Precondition::Version(seen) = precondition
                && seen != ticket.version
            {
                // A repeat of the request that made the newer version is
                // answered as the first was.
                if let Some(request) = request
                    && let Some(replayed) = self.replay(&actor.name, request).await?
                {
                    return Ok(replayed);
                }
                return Err(DeskError::Stale {
                    current: ticket.version,
                });
            }
            let decided = self.in_scene(actor, now, &rules.book, |scene| decide(&ticket, scene));
            let decided = match (decided, request) {
                (Ok(decided), _) => decided,
                // What the first request did may be why this one is refused.
                (Err(refusal), Some(request)) => {
                    return match self.replay(&actor.name, request).await? {
                        Some(replayed) => Ok(replayed),
                        None => Err(refusal.into()),
                    };
                }
                (Err(refusal), None) => return Err(refusal.into()),
            };
            let labels = self.labels_of(actor, &ticket, &decided.events, now);
            let unchanged = decided.is_unchanged();
            let told = self.told(&rules, &decided.ticket, decided.notices, now);
            let changed = Changed {
                version: decided.ticket.version,
                ticket: decided.ticket.clone(),
            };
            let answer = render(&changed);
            if unchanged && request.is_none() {
                return Ok(Answer::Fresh(answer));
            }
            let idempotency = request.map(|key| kept(&actor.name, key, &answer, now));
            let tickets = if unchanged {
                Vec::new()
            } else {
                vec![TicketWrite {
                    seen: decided.seen,
                    ticket: decided.ticket,
                    events: decided.events,
                }]
            };
            match self
                .write(Write {
                    idempotency,
                    tickets,
                    notifications: told.notifications,
                    pages: told.pages,
                    labels,
                    ..Write::default()
                })
                .await?
            {
                Outcome::Written => {
                    self.recent.follow(&changed.ticket);
                    self.wake.ring();
                    return Ok(Answer::Fresh(answer));
                }
                Outcome::Replayed => match request {
                    Some(key) => return self.must_replay(actor, key).await,
                    None => return Err(DeskError::KeyRunning),
                },
                Outcome::Stale { .. } | Outcome::Taken { .. } => {
                    if let Precondition::Version(_) = precondition {
                        let current = self.ticket(actor, by).await?.version;
                        return Err(DeskError::Stale { current });
                    }
                }
            }
        }
        Err(store::StoreError::Busy.into())
    }
}
