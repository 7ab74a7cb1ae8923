//! What a ticket does by itself (`domain.md` section 5): an escalation that
//! nobody acknowledges is repeated and then rises; an outage that lasts rises.
//!
//! Pure folds over the ticket: the instants are those of the escalation and
//! the filing, never of the last look, so that after a long silence of the
//! desk what was missed collapses into one step.

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use serde::{Deserialize, Serialize};
use sla::Calendar;

use crate::{
    escalation::{Escalation, EscalationTrigger},
    event::EventKind,
    notice::Notice,
    pace::Pace,
    policy::PolicyBook,
    settle::Changing,
    ticket::Ticket,
    verdict::{LevelRule, OutageRule},
};

/// An outage that rises by itself when the ticket stays open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageWatch {
    /// The runbook's clause, and what met it.
    #[serde(flatten)]
    pub rule: OutageRule,
    /// The runbook's revision.
    pub runbook_revision: i64,
    /// Since when the ticket is open.
    pub since: DateTime<Utc>,
}

impl OutageWatch {
    /// The first instant at which the ticket has been open for longer than
    /// the clause says.
    fn rises_at(&self) -> Option<DateTime<Utc>> {
        let after = TimeDelta::try_seconds(self.rule.after_seconds)?;
        self.since
            .checked_add_signed(after + TimeDelta::microseconds(1))
    }
}

/// What is due.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The outage has lasted too long.
    Outage,
    /// The escalation is told again, for the `n`-th time.
    Repeat(u32),
    /// Nobody acknowledged in time.
    Raise,
}

/// When the ticket next does something by itself beside its clocks; none when
/// it waits for people alone. [`Ticket::next_step_at`] is a cache of it.
#[must_use]
pub fn next_step_at(ticket: &Ticket, book: &PolicyBook) -> Option<DateTime<Utc>> {
    if !ticket.status.is_live() {
        return None;
    }
    let outage = ticket.outage.as_ref().and_then(OutageWatch::rises_at);
    let repeat = waiting(ticket).and_then(|escalation| {
        let (next, pace) = (escalation.repeats + 1, pace(escalation));
        if next > last_step(escalation) {
            return None;
        }
        let seconds = pace.seconds_to(next);
        match calendar(escalation, ticket, book) {
            Some(calendar) => calendar.due(escalation.at, seconds).ok(),
            None => escalation
                .at
                .checked_add_signed(TimeDelta::try_seconds(seconds)?),
        }
    });
    [outage, repeat].into_iter().flatten().min()
}

/// The escalation that waits to be acknowledged.
pub(crate) fn waiting(ticket: &Ticket) -> Option<&Escalation> {
    let n = ticket.waiting?;
    ticket.escalations.iter().find(|found| found.n == n)
}

fn due(ticket: &Ticket, book: &PolicyBook, now: DateTime<Utc>) -> Option<Step> {
    if !ticket.status.is_live() {
        return None;
    }
    let outage = ticket.outage.as_ref().and_then(OutageWatch::rises_at);
    if outage.is_some_and(|at| at <= now) {
        return Some(Step::Outage);
    }
    let escalation = waiting(ticket)?;
    let seconds = match calendar(escalation, ticket, book) {
        Some(calendar) => calendar.elapsed(escalation.at, now),
        None => (now - escalation.at).num_seconds(),
    };
    // Several that are overdue are one: nobody needs three mails at once.
    let steps = pace(escalation)
        .steps_in(seconds)
        .min(last_step(escalation));
    if steps <= escalation.repeats {
        None
    } else if rises(escalation) && steps > escalation.pace.repeats {
        Some(Step::Raise)
    } else {
        Some(Step::Repeat(steps))
    }
}

/// By itself a ticket rises to engineering at most.
fn rises(escalation: &Escalation) -> bool {
    escalation.to < Level::ENGINEERING
}

fn last_step(escalation: &Escalation) -> u32 {
    if escalation.to >= Level::LEADERSHIP {
        u32::MAX
    } else {
        escalation
            .pace
            .repeats
            .saturating_add(u32::from(rises(escalation)))
    }
}

fn pace(escalation: &Escalation) -> Pace {
    if rises(escalation) {
        escalation.pace.rising()
    } else {
        escalation.pace
    }
}

/// Below level 3 time counts in the calendar of the ticket's policy; levels 3
/// and 4 have no closing time.
fn calendar<'a>(
    escalation: &Escalation,
    ticket: &Ticket,
    book: &'a PolicyBook,
) -> Option<&'a Calendar> {
    let selected = &ticket.clocks.selected;
    book.calendar(selected.version, &selected.calendar)
        .filter(|_| rises(escalation))
}

impl Changing<'_> {
    /// Does what is due by now beside the clocks.
    pub(crate) fn take_due_step(&mut self) {
        let step = due(&self.ticket, self.book(), self.now());
        match step {
            None => {}
            Some(Step::Outage) => self.raise_outage(),
            Some(Step::Repeat(repeat)) => self.repeat(repeat),
            Some(Step::Raise) => self.raise_unacknowledged(),
        }
    }

    fn raise_outage(&mut self) {
        let Some(watch) = self.ticket.outage.clone() else {
            return;
        };
        let minutes = watch.rule.after_seconds / 60;
        let escalation = Escalation {
            reason: format!(
                "the ticket says: {}; it has been open for more than {minutes} min",
                watch.rule.evidence
            ),
            clause: Some(watch.rule.clause),
            line: watch.rule.line,
            rule: Some(LevelRule::Outage),
            runbook_revision: watch.runbook_revision,
            ..self.by_itself(watch.rule.level, EscalationTrigger::Outage)
        };
        self.raise(escalation);
    }

    fn repeat(&mut self, repeat: u32) {
        let Some(escalation) = waiting(&self.ticket) else {
            return;
        };
        self.notices.push(Notice::repeated(escalation, repeat));
        self.record_by_desk(EventKind::EscalationRepeated {
            escalation: escalation.n,
            repeat,
        });
    }

    /// What nobody acknowledged rises with the clause that it rested on.
    fn raise_unacknowledged(&mut self) {
        let Some(old) = waiting(&self.ticket).cloned() else {
            return;
        };
        let next = Level::try_from(old.to.number() + 1).unwrap_or(Level::ENGINEERING);
        let new = self.by_itself(next, EscalationTrigger::Unacknowledged);
        let minutes = old
            .pace
            .rising()
            .seconds_to(old.pace.repeats.saturating_add(1))
            / 60;
        let reason = format!(
            "nobody acknowledged the escalation to level {} in {minutes} min; it was told {} times",
            old.to,
            old.repeats + 1
        );
        let escalation = match old.clause {
            Some(clause) => Escalation {
                reason,
                clause: Some(clause),
                line: old.line,
                runbook_revision: old.runbook_revision,
                ..new
            },
            None => Escalation { reason, ..new },
        };
        self.raise(escalation);
    }

    /// An escalation by the desk to that level; it cites the level's own
    /// heading until a closer clause is known.
    pub(crate) fn by_itself(&self, to: Level, trigger: EscalationTrigger) -> Escalation {
        let cited = self.book().citations().level(to);
        Escalation {
            n: self.next_escalation(),
            from: self.ticket.level,
            to,
            trigger,
            reason: String::new(),
            clause: cited.as_ref().map(|cited| cited.text.clone()),
            line: cited.as_ref().map(|cited| cited.line),
            rule: None,
            runbook_revision: self.book().citations().revision(),
            by: crate::actor::Actor::desk().name,
            at: self.now(),
            acknowledged: None,
            pace: self.book().pace(),
            repeats: 0,
            repeated_at: None,
        }
    }
}
