//! One ticket's life, lived through the same rules as every ticket: its timers
//! fire at their instants, refused steps do not happen.

use std::{cell::RefCell, collections::VecDeque};

use chrono::{DateTime, Utc};
use runbook::Level;
use store::TicketWrite;
use ticketing::{
    Actor, CommentAuthor, Decided, Draft, Event, EventKind, NewComment, Patch, PolicyBook, Refusal,
    Resolution, Satisfaction, Scene, Score, Severity, Status, Ticket, TicketNumber, Verdict,
    Visibility, Window, acknowledge, assign, classify, close, close_if_due, comment, deescalate,
    escalate, file, merge, patch, rate, resolve, tick,
};

use super::{
    chance::Chance,
    script::{Planned, Step, script},
};

const ANSWERS: [&str; 8] = [
    "Thank you for writing. I am looking into it now.",
    "Namaste, could you tell us which phone and which app version you use?",
    "We see it on our side too and have told the team.",
    "Please sign out, clear the browser's cache and try once more.",
    "The order is found; the courier has it and delivers tomorrow.",
    "I have checked the payment: it will be returned within five days.",
    "Sorry for the trouble. The account is unlocked again.",
    "It should work now. Please tell us if it does not.",
];
const REPLIES: [&str; 5] = [
    "It is still the same.",
    "Thank you, now it works on the phone but not on the computer.",
    "Any news?",
    "Here is the order again, please have a look.",
    "Ahile samma bhayeko chhaina.",
];
const NOTES: [&str; 4] = [
    "Checked the payment's log: nothing unusual.",
    "Same as last week's; see the runbook's entry.",
    "Asked the vendor, waiting for a call.",
    "The customer was calm on the phone.",
];
const REASONS: [&str; 4] = [
    "the steps of the runbook did not help",
    "a bug in the shop's code is likely",
    "several customers report the same",
    "the vendor does not answer",
];

/// What all lives of a history share.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    pub(super) book: &'a PolicyBook,
    /// When the history ends.
    pub(super) until: DateTime<Utc>,
    /// From resolved to closed.
    pub(super) auto_close: Window,
}

/// A life under way.
pub(super) struct Life<'a> {
    world: World<'a>,
    chance: RefCell<Chance>,
    ticket: Ticket,
    events: Vec<Event>,
    ahead: VecDeque<Planned>,
}

impl<'a> Life<'a> {
    /// Begins with the filing.
    pub(super) fn file(
        world: World<'a>,
        mut chance: Chance,
        draft: Draft,
        verdict: Verdict,
        number: TicketNumber,
        (by, at): (&Actor, DateTime<Utc>),
    ) -> Self {
        let ids = RefCell::new(Chance::new(chance.next(), 0));
        let entropy = || ids.borrow_mut().bytes();
        let scene = Scene {
            actor: by,
            now: at,
            book: world.book,
            entropy: &entropy,
        };
        let filed = file(draft, verdict, number, &scene);
        let ahead = script(&filed.ticket, &mut chance).into();
        Self {
            world,
            chance: RefCell::new(chance),
            ticket: filed.ticket,
            events: filed.events,
            ahead,
        }
    }

    /// Lives on until `to`.
    pub(super) fn live(&mut self, to: DateTime<Utc>) {
        let to = to.min(self.world.until);
        while self.ahead.front().is_some_and(|next| next.at <= to) {
            if let Some(next) = self.ahead.pop_front() {
                self.pass(next.at);
                self.step(&next);
            }
        }
        self.pass(to);
    }

    /// Ends here: goes on in another ticket, if the rules allow it.
    pub(super) fn merge_into(&mut self, target: &mut Self, by: &Actor, at: DateTime<Utc>) {
        if at > self.world.until {
            return;
        }
        self.live(at);
        target.live(at);
        let reason = Some("the same order, written twice".to_owned());
        let merged = self.in_scene(by, at, |ticket, scene| {
            merge(ticket, &target.ticket, reason, scene)
        });
        if let Ok((source, taken)) = merged {
            self.take(source);
            target.take(taken);
            self.ahead.clear();
        }
    }

    /// What is written of it.
    pub(super) fn end(mut self) -> TicketWrite {
        self.live(self.world.until);
        TicketWrite {
            seen: 0,
            ticket: self.ticket,
            events: self.events,
        }
    }

    /// Fires what is due until then, each at its instant.
    fn pass(&mut self, to: DateTime<Utc>) {
        let desk = Actor::desk();
        loop {
            let timer = self.ticket.next_timer_at();
            let resolved = self.ticket.status == Status::Resolved;
            let after = chrono::TimeDelta::seconds(self.world.auto_close.0);
            let closes = self.ticket.resolved_at.filter(|_| resolved);
            let closes = closes.map(|at| at + after);
            let Some(next) = [timer, closes].into_iter().flatten().min() else {
                return;
            };
            let next = next.max(self.ticket.updated_at);
            if next > to {
                return;
            }
            let window = self.world.auto_close;
            let decided = self.in_scene(&desk, next, |ticket, scene| {
                close_if_due(ticket, window, scene).unwrap_or_else(|| tick(ticket, scene))
            });
            if decided.is_unchanged() {
                return;
            }
            self.take(decided);
        }
    }

    fn step(&mut self, planned: &Planned) {
        let Planned { at, by, step } = planned;
        let decided = self.in_scene(by, *at, |ticket, scene| self.decide(step, ticket, scene));
        if let Ok(decided) = decided {
            self.take(decided);
        }
    }

    fn decide(&self, step: &Step, ticket: &Ticket, scene: &Scene<'_>) -> Result<Decided, Refusal> {
        let one_of = |words: &[&str]| {
            let mut chance = self.chance.borrow_mut();
            chance
                .one_of(words)
                .map_or_else(String::new, |word| (*word).to_owned())
        };
        let say = |words: &[&str], author, visibility| NewComment {
            visibility,
            author,
            text: one_of(words),
            masked: Vec::new(),
        };
        match step {
            Step::Take => assign(ticket, Some(scene.actor.name.clone()), scene),
            Step::Acknowledge => {
                let last = ticket.escalations.last().map_or(0, |last| last.n);
                acknowledge(ticket, last, scene)
            }
            Step::Answer => {
                let answer = say(&ANSWERS, CommentAuthor::Agent, Visibility::Public);
                comment(ticket, answer, scene)
            }
            Step::Note => {
                let note = say(&NOTES, CommentAuthor::Agent, Visibility::Internal);
                comment(ticket, note, scene)
            }
            Step::Reply => {
                let reply = say(&REPLIES, CommentAuthor::Reporter, Visibility::Public);
                comment(ticket, reply, scene)
            }
            Step::Classify => {
                let offered = &ticket.classification.ranked;
                let right = self.chance.borrow_mut().once_in(0.7);
                let entry = if right {
                    ticket.entry().cloned()
                } else {
                    offered.get(1).map(|second| second.entry.clone())
                };
                classify(ticket, entry, scene)
            }
            Step::Soften => {
                let softer = Patch {
                    severity: Some(Severity::Medium),
                    ..Patch::default()
                };
                patch(ticket, softer, scene)
            }
            Step::Wait => {
                let wait = Patch {
                    status: Some(Status::Pending),
                    ..Patch::default()
                };
                patch(ticket, wait, scene)
            }
            Step::Escalate => {
                let next = Level::try_from(ticket.level.number() + 1);
                let to = next.unwrap_or(ticket.level).min(Level::ENGINEERING);
                escalate(ticket, to, &one_of(&REASONS), None, scene)
            }
            Step::Deescalate => {
                let reason = "found to be harmless";
                deescalate(ticket, Level::SUPPORT, reason, scene)
            }
            Step::Resolve => resolve(ticket, self.resolution(ticket), scene),
            Step::Rate => rate(ticket, self.satisfaction(ticket), scene),
            Step::Cancel => close(ticket, Some("no longer needed".to_owned()), scene),
        }
    }

    fn resolution(&self, ticket: &Ticket) -> Resolution {
        let mut chance = self.chance.borrow_mut();
        let entry = ticket.entry().filter(|_| chance.once_in(0.75)).cloned();
        Resolution {
            step: entry.as_ref().map(|_| 1 + chance.below(3) as u32),
            entry,
            note: None,
        }
    }

    /// Who waited beyond the target is less content.
    fn satisfaction(&self, ticket: &Ticket) -> Satisfaction {
        let late = ticket.clocks.resolution.as_ref();
        let late = late.is_some_and(|clock| clock.breached_at.is_some());
        let scores: &[u8] = if late {
            &[1, 2, 3, 4, 5]
        } else {
            &[3, 4, 4, 5, 5, 5, 5, 5]
        };
        let resolved = self.events.iter().rev();
        let mut resolved = resolved.filter(|e| matches!(e.kind, EventKind::Resolved { .. }));
        let chosen = self.chance.borrow_mut().one_of(scores).copied();
        Satisfaction {
            score: chosen.and_then(Score::new).unwrap_or(Score::BEST),
            words: None,
            masked: Vec::new(),
            resolution: resolved.next().map_or(0, |event| event.n),
        }
    }

    fn in_scene<T>(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        decide: impl FnOnce(&Ticket, &Scene<'_>) -> T,
    ) -> T {
        let entropy = || self.chance.borrow_mut().bytes();
        let scene = Scene {
            actor,
            now,
            book: self.world.book,
            entropy: &entropy,
        };
        decide(&self.ticket, &scene)
    }

    fn take(&mut self, mut decided: Decided) {
        self.ticket = decided.ticket;
        self.events.append(&mut decided.events);
    }
}
