//! Merging two tickets: both change in one transaction.

use store::{Outcome, TicketWrite, Write};
use ticketing::{Role, TicketRef};

use crate::{
    Desk,
    access::require,
    change_ticket::{Act, Changed, Precondition, Render, TRIES},
    error::DeskError,
    idempotent::{Answer, kept},
    notices::Told,
    ticket_acts::masked,
};

impl Desk {
    /// Merges a ticket into another one: both change in one transaction.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::NotFound`], [`DeskError::Refused`],
    /// [`DeskError::Stale`].
    pub async fn merge_ticket(
        &self,
        act: Act<'_>,
        into: TicketRef,
        reason: Option<String>,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let _running = self.start_keyed(&act.actor.name, act.request)?;
        let reason = masked(reason);
        for _ in 0..TRIES {
            let now = self.clock.now();
            let rules = self.rules();
            let source = self.ticket(act.actor, act.ticket).await?;
            let target = self.ticket(act.actor, into).await?;
            if let Some(request) = act.request
                && let Some(replayed) = self.replay(&act.actor.name, request).await?
            {
                return Ok(replayed);
            }
            if let Precondition::Version(seen) = act.seen
                && seen != source.version
            {
                return Err(DeskError::Stale {
                    current: source.version,
                });
            }
            let (closed, taken) = self.in_scene(act.actor, now, &rules.book, |scene| {
                ticketing::merge(&source, &target, reason.clone(), scene)
            })?;
            let changed = Changed {
                version: closed.ticket.version,
                ticket: closed.ticket.clone(),
            };
            let answer = render(&changed);
            let mut told = Told::default();
            let mut tickets = Vec::new();
            for decided in [closed, taken] {
                told.extend(self.told(&rules, &decided.ticket, decided.notices, now));
                tickets.push(TicketWrite {
                    seen: decided.seen,
                    ticket: decided.ticket,
                    events: decided.events,
                });
            }
            let idempotency = act
                .request
                .map(|key| kept(&act.actor.name, key, &answer, now));
            match self
                .write(Write {
                    idempotency,
                    tickets,
                    notifications: told.notifications,
                    pages: told.pages,
                    ..Write::default()
                })
                .await?
            {
                Outcome::Written => {
                    self.recent.follow(&changed.ticket);
                    self.wake.ring();
                    return Ok(Answer::Fresh(answer));
                }
                Outcome::Replayed => match act.request {
                    Some(key) => return self.must_replay(act.actor, key).await,
                    None => return Err(DeskError::KeyRunning),
                },
                Outcome::Stale { .. } | Outcome::Taken { .. } => {}
            }
        }
        Err(store::StoreError::Busy.into())
    }
}
