//! Filing: one ticket or up to a thousand, each with its first decisions.

use std::{num::NonZero, sync::Arc, thread::available_parallelism};

use chrono::{DateTime, Utc};
use futures_util::future::join;
use store::{Outcome, StoredAnswer, TicketWrite, Write};
use ticketing::{Actor, Draft, Ticket, TicketNumber, file};
use tokio::task::spawn_blocking;

use crate::{
    Desk,
    duplicates::{Duplicate, Sketch},
    error::DeskError,
    idempotent::{Answer, RequestKey, kept},
    masking::mask_draft,
    rules::Rules,
    suggestion::{Suggestion, suggest},
    verdict::{OFFERED, verdict},
};

/// Up to how many tickets are decided on the thread that asks.
const SHARE: usize = 64;

/// A ticket as filed, with what the runbook says to it.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The ticket.
    pub ticket: Ticket,
    /// The runbook's entry for it.
    pub suggestion: Option<Suggestion>,
    /// Open tickets that may say the same, likeliest first.
    pub duplicates: Vec<Duplicate>,
}

/// How a filing ended.
#[derive(Clone, Debug)]
pub enum FiledAnswer {
    /// The answer to send: fresh or replayed.
    Answer(Answer),
    /// The source filed it before under its `external_ref`.
    Existing(Box<Filed>),
}

/// What became of one item of a batch.
#[derive(Clone, Debug)]
pub enum ItemResult {
    /// It was filed.
    Filed(Box<Filed>),
    /// It had been filed under its `external_ref`.
    Existing(Box<Filed>),
}

impl Desk {
    /// Files a ticket: masked, classified, levelled, its clocks started, its
    /// escalation and notifications written with it in one transaction.
    /// `render` makes the answer that repeats of the request get.
    ///
    /// # Errors
    /// [`DeskError::KeyReused`], [`DeskError::KeyRunning`], [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn file_ticket(
        &self,
        actor: &Actor,
        draft: Draft,
        request: Option<&RequestKey>,
        render: impl Fn(&Filed) -> StoredAnswer,
    ) -> Result<FiledAnswer, DeskError> {
        let _running = self.start_keyed(&actor.name, request)?;
        let rules = self.rules();
        let (write, filed) = self.prepare(actor, vec![draft], &rules).await?;
        let Some((filed, sketch)) = filed.into_iter().next() else {
            return Err(store::StoreError::Stopped.into());
        };
        let answer = render(&filed);
        let idempotency =
            request.map(|key| kept(&actor.name, key, &answer, filed.ticket.created_at));
        match self
            .write(Write {
                idempotency,
                ..write
            })
            .await?
        {
            Outcome::Written => {
                self.wake.ring();
                self.recent.remember(sketch);
                Ok(FiledAnswer::Answer(Answer::Fresh(answer)))
            }
            Outcome::Taken { .. } | Outcome::Stale { .. } => {
                let existing = self.existing(actor, &filed.ticket, &rules).await?;
                Ok(FiledAnswer::Existing(Box::new(existing)))
            }
            Outcome::Replayed => match request {
                Some(key) => Ok(FiledAnswer::Answer(self.must_replay(actor, key).await?)),
                None => Err(DeskError::KeyRunning),
            },
        }
    }

    /// Files many tickets in one transaction, all or none. Items that the
    /// source filed before under their `external_ref` are answered as they are,
    /// unless `atomic`: then nothing is filed and the result is `Err` with
    /// the index of the first such item.
    ///
    /// # Errors
    /// As [`Desk::file_ticket`].
    pub async fn file_tickets(
        &self,
        actor: &Actor,
        drafts: Vec<Draft>,
        atomic: bool,
        request: Option<&RequestKey>,
        render: impl Fn(&[ItemResult]) -> StoredAnswer,
    ) -> Result<Result<Answer, usize>, DeskError> {
        let _running = self.start_keyed(&actor.name, request)?;
        let rules = self.rules();
        let (mut write, filed) = self.prepare(actor, drafts, &rules).await?;
        let (mut results, mut sketches) = (Vec::new(), Vec::new());
        for (filed, sketch) in filed {
            results.push(ItemResult::Filed(Box::new(filed)));
            sketches.push(sketch);
        }
        let now = self.clock.now();
        loop {
            let (outcome, answer) = match request {
                Some(key) => {
                    // What a repeat gets is written with the tickets.
                    let answer = render(&results);
                    write.idempotency = Some(kept(&actor.name, key, &answer, now));
                    (self.write(write.clone()).await, answer)
                }
                None => join(self.write(write.clone()), async { render(&results) }).await,
            };
            match outcome? {
                Outcome::Written => {
                    self.wake.ring();
                    for sketch in sketches {
                        self.recent.remember(sketch);
                    }
                    return Ok(Ok(Answer::Fresh(answer)));
                }
                Outcome::Replayed => match request {
                    Some(key) => return Ok(Ok(self.must_replay(actor, key).await?)),
                    None => return Err(DeskError::KeyRunning),
                },
                Outcome::Taken { index } | Outcome::Stale { index } => {
                    let taken = write.tickets.remove(index).ticket;
                    sketches.retain(|sketch| !sketch.is_of(taken.number));
                    let filed_as = |result: &ItemResult| match result {
                        ItemResult::Filed(filed) => filed.ticket.id == taken.id,
                        ItemResult::Existing(_) => false,
                    };
                    let position = results.iter().position(filed_as).unwrap_or(index);
                    if atomic {
                        return Ok(Err(position));
                    }
                    write
                        .notifications
                        .retain(|row| row.content.ticket() != Some(taken.number));
                    write.pages.retain(|page| page.ticket != taken.number);
                    let existing = match earlier_in_batch(&results, &taken) {
                        Some(earlier) => earlier,
                        None => self.existing(actor, &taken, &rules).await?,
                    };
                    if let Some(result) = results.get_mut(position) {
                        *result = ItemResult::Existing(Box::new(existing));
                    }
                }
            }
        }
    }

    /// Decides everything about new tickets, many of them on several threads;
    /// nothing is written yet.
    pub(crate) async fn prepare(
        &self,
        actor: &Actor,
        drafts: Vec<Draft>,
        rules: &Arc<Rules>,
    ) -> Result<(Write, Vec<(Filed, Sketch)>), DeskError> {
        let now = self.clock.now();
        let numbers = self.store.take_numbers(drafts.len()).await?;
        let mut drafts: Vec<(Draft, TicketNumber)> = drafts.into_iter().zip(numbers).collect();
        if drafts.len() <= SHARE {
            return Ok(self.decide(actor, drafts, rules, now));
        }
        let threads = available_parallelism().map_or(1, NonZero::get);
        let length = drafts.len().div_ceil(threads).max(SHARE);
        let mut shares = Vec::with_capacity(threads);
        while !drafts.is_empty() {
            let rest = drafts.split_off(length.min(drafts.len()));
            let share = std::mem::replace(&mut drafts, rest);
            let (desk, actor, rules) = (self.clone(), actor.clone(), Arc::clone(rules));
            shares.push(spawn_blocking(move || {
                desk.decide(&actor, share, &rules, now)
            }));
        }
        let (mut all, mut filed) = (Write::default(), Vec::new());
        for share in shares {
            let decided = share.await;
            let (write, more) = decided.map_err(|died| DeskError::Internal(died.to_string()))?;
            all.tickets.extend(write.tickets);
            all.notifications.extend(write.notifications);
            all.pages.extend(write.pages);
            filed.extend(more);
        }
        Ok((all, filed))
    }

    fn decide(
        &self,
        actor: &Actor,
        drafts: Vec<(Draft, TicketNumber)>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> (Write, Vec<(Filed, Sketch)>) {
        let mut write = Write::default();
        let mut filed = Vec::with_capacity(drafts.len());
        for (mut draft, number) in drafts {
            mask_draft(&mut draft);
            let verdict = verdict(rules, &draft, OFFERED);
            let decided = self.in_scene(actor, now, &rules.book, |scene| {
                file(draft, verdict, number, scene)
            });
            self.told(rules, &decided.ticket, decided.notices, now)
                .add_to(&mut write);
            let found = triage::extract(&decided.ticket.text());
            let suggestion = suggest(rules, &decided.ticket, &found, actor.role);
            let sketch = Sketch::with(&decided.ticket, &found);
            let duplicates = self.recent.like(&sketch, actor);
            let one = Filed {
                ticket: decided.ticket.clone(),
                suggestion,
                duplicates,
            };
            filed.push((one, sketch));
            write.tickets.push(TicketWrite {
                seen: decided.seen,
                ticket: decided.ticket,
                events: decided.events,
            });
        }
        (write, filed)
    }

    async fn existing(
        &self,
        actor: &Actor,
        new: &Ticket,
        rules: &Rules,
    ) -> Result<Filed, DeskError> {
        let reference = new.external_ref.as_deref().unwrap_or_default();
        let found = self
            .store
            .find_by_external_ref(&new.source, reference)
            .await?;
        let ticket = found.ok_or_else(|| DeskError::NotFound {
            what: "ticket",
            id: reference.to_owned(),
        })?;
        let found = triage::extract(&ticket.text());
        let suggestion = suggest(rules, &ticket, &found, actor.role);
        let duplicates = self.recent.like(&Sketch::with(&ticket, &found), actor);
        Ok(Filed {
            ticket,
            suggestion,
            duplicates,
        })
    }

    /// The answer of the request that was first with this key.
    pub(crate) async fn must_replay(
        &self,
        actor: &Actor,
        key: &RequestKey,
    ) -> Result<Answer, DeskError> {
        // The row can only be gone when it was cleaned up in between.
        self.replay(&actor.name, key)
            .await?
            .ok_or(DeskError::KeyRunning)
    }

    /// What triage says of a text, without filing it.
    #[must_use]
    pub fn triage(&self, mut draft: Draft) -> ticketing::Verdict {
        mask_draft(&mut draft);
        verdict(&self.rules(), &draft, usize::MAX)
    }
}

/// The same reference twice in one batch: the first one is the ticket.
fn earlier_in_batch(results: &[ItemResult], taken: &Ticket) -> Option<Filed> {
    results.iter().find_map(|result| match result {
        ItemResult::Filed(filed)
            if filed.ticket.id != taken.id
                && filed.ticket.source == taken.source
                && filed.ticket.external_ref.is_some()
                && filed.ticket.external_ref == taken.external_ref =>
        {
            Some((**filed).clone())
        }
        _ => None,
    })
}
