//! The common end of every decision: number the events, fold them into the
//! ticket, let the clocks follow.

use chrono::{DateTime, Utc};

use crate::{
    actor::Actor,
    clocks::{Derived, DueTimer, derive},
    event::{Event, EventKind},
    id::EventId,
    notice::{Notice, NoticeKind},
    policy::PolicyBook,
    refusal::Refusal,
    step::next_step_at,
    ticket::Ticket,
    words::Status,
};

/// What every decision is given beside the ticket.
pub struct Scene<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// When: read once per use case.
    pub now: DateTime<Utc>,
    /// The policies that judge clocks.
    pub book: &'a PolicyBook,
    /// Ten random bytes per id.
    pub entropy: &'a dyn Fn() -> [u8; 10],
}

/// What was decided: the ticket after the change, what is added to its
/// timeline, and who is to be told.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Decided {
    /// The ticket as it now is.
    pub ticket: Ticket,
    /// The version the decision was made on: the write checks it. 0 for a new
    /// ticket.
    pub seen: i64,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What is to be told; contacts are resolved from the directory.
    pub notices: Vec<Notice>,
}

impl Decided {
    /// Whether nothing changed.
    #[must_use]
    pub const fn is_unchanged(&self) -> bool {
        self.events.is_empty()
    }

    /// This decision and the one that was made on its ticket, as one change.
    pub fn then(mut self, next: Self) -> Self {
        self.ticket = next.ticket;
        self.events.extend(next.events);
        self.notices.extend(next.notices);
        self
    }
}

/// A change under way: its events are folded as they are recorded.
pub(crate) struct Changing<'a> {
    pub(crate) ticket: Ticket,
    seen: i64,
    events: Vec<Event>,
    pub(crate) notices: Vec<Notice>,
    scene: &'a Scene<'a>,
}

impl<'a> Changing<'a> {
    /// Begins a change of a ticket that already is. Timers that are due by now
    /// fire first, so that a breach is never overtaken by the stop after it.
    ///
    /// # Errors
    /// [`Refusal::Merged`] when the ticket went on in another one.
    pub(crate) fn of(ticket: &Ticket, scene: &'a Scene<'a>) -> Result<Self, Refusal> {
        if let Some(into) = ticket.merged_into {
            return Err(Refusal::Merged { into });
        }
        let mut changing = Self::begin(ticket, scene);
        changing.fire_breaches();
        Ok(changing)
    }

    fn begin(ticket: &Ticket, scene: &'a Scene<'a>) -> Self {
        Self {
            ticket: ticket.clone(),
            seen: ticket.version,
            events: Vec::new(),
            notices: Vec::new(),
            scene,
        }
    }

    pub(crate) const fn now(&self) -> DateTime<Utc> {
        self.scene.now
    }

    pub(crate) const fn book(&self) -> &'a PolicyBook {
        self.scene.book
    }

    /// What was recorded so far.
    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Records what the desk did by itself.
    pub(crate) fn record_by_desk(&mut self, kind: EventKind) {
        self.record_by(Actor::desk(), kind);
    }

    /// Records what happened, by the scene's actor.
    pub(crate) fn record(&mut self, kind: EventKind) {
        self.record_by(self.scene.actor.clone(), kind);
    }

    fn record_by(&mut self, actor: Actor, kind: EventKind) {
        let event = Event {
            id: EventId::new(self.scene.now, (self.scene.entropy)()),
            ticket: self.ticket.id,
            n: self.ticket.version + 1,
            at: self.scene.now,
            actor,
            kind,
        };
        self.ticket.apply(&event);
        self.events.push(event);
    }

    /// Tells the reporter of the event that was recorded last, if they left an
    /// address.
    pub(crate) fn tell_reporter(&mut self, kind: NoticeKind, text: String) {
        let n = self.ticket.version;
        self.notices
            .extend(Notice::to_reporter(kind, &self.ticket, n, text));
    }

    /// An agent's first act opens a new ticket.
    pub(crate) fn open_if_new(&mut self) {
        if self.ticket.status == Status::New && self.scene.actor.works_on_tickets() {
            self.record(EventKind::StatusChanged {
                from: Status::New,
                to: Status::Open,
            });
        }
    }

    fn fire_breaches(&mut self) {
        if let Some(derived) = derive(&self.ticket.marks, self.scene.book, self.scene.now) {
            self.fire(&derived, Fire::BreachesOnly);
        }
    }

    fn fire(&mut self, derived: &Derived, which: Fire) {
        for timer in &derived.due {
            if timer.breach {
                self.record_by(
                    Actor::desk(),
                    EventKind::SlaBreached {
                        clock: timer.clock,
                        cycle: timer.cycle,
                        instant: timer.instant,
                        target_seconds: timer.target_seconds,
                    },
                );
                self.tell_of(NoticeKind::SlaBreached, timer);
            } else if which == Fire::All {
                self.record_by(
                    Actor::desk(),
                    EventKind::SlaAtRisk {
                        clock: timer.clock,
                        cycle: timer.cycle,
                        instant: timer.instant,
                        due_at: timer.due_at,
                    },
                );
                // Whoever hears of a breach need not hear that it was near.
                let breached = derived
                    .due
                    .iter()
                    .any(|other| other.breach && other.clock == timer.clock);
                if !breached {
                    self.tell_of(NoticeKind::SlaAtRisk, timer);
                }
            }
        }
    }

    /// Told at the level that it happened at: a breach may raise it after that.
    fn tell_of(&mut self, kind: NoticeKind, timer: &DueTimer) {
        let level = self.ticket.level;
        self.notices.push(Notice::of_clock(kind, timer, level));
    }

    /// Ends the change: a breach raises the level, another policy may apply
    /// now, and clocks and steps follow.
    pub(crate) fn settle(mut self) -> Decided {
        if self.events.is_empty() {
            return self.done();
        }
        self.escalate_on_breach();
        let selected = self.scene.book.select(&self.ticket);
        if self.ticket.status.is_live() && self.facts_changed() && self.asks_for_other(&selected) {
            // A target already overrun at the change is breached at the change:
            // the sweep finds it a second later, as it finds every breach.
            self.record_by(Actor::desk(), EventKind::Retargeted { selected });
        }
        if let Some(derived) = derive(&self.ticket.marks, self.scene.book, self.scene.now) {
            self.ticket.clocks = derived.clocks;
        }
        self.ticket.next_step_at = next_step_at(&self.ticket, self.scene.book);
        self.done()
    }

    fn facts_changed(&self) -> bool {
        self.events.iter().any(|event| {
            matches!(
                event.kind,
                EventKind::Changed { .. }
                    | EventKind::Classified { .. }
                    | EventKind::Escalated(_)
                    | EventKind::Deescalated { .. }
                    | EventKind::Reopened { .. }
            )
        })
    }

    fn asks_for_other(&self, selected: &crate::policy::Selected) -> bool {
        let current = &self.ticket.clocks.selected;
        let book = self.scene.book;
        let spec = |of: &crate::policy::Selected| {
            book.calendar(of.version, &of.calendar)
                .map(|calendar| calendar.spec().clone())
        };
        !selected.asks_the_same_as(current)
            || (selected.version != current.version && spec(selected) != spec(current))
    }

    fn done(self) -> Decided {
        Decided {
            ticket: self.ticket,
            seen: self.seen,
            events: self.events,
            notices: self.notices,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fire {
    BreachesOnly,
    All,
}

/// Does what is due by itself: each timer of a clock fires once per clock,
/// target and cycle; what nobody acknowledged is told again or rises; an outage
/// that lasts rises (`domain.md` section 5).
pub fn tick(ticket: &Ticket, scene: &Scene<'_>) -> Decided {
    let mut changing = Changing::begin(ticket, scene);
    if let Some(derived) = derive(&changing.ticket.marks, scene.book, scene.now) {
        changing.fire(&derived, Fire::All);
    }
    changing.take_due_step();
    changing.settle()
}
