//! A ticket's clocks as they stand now, and why: the same derivation as at
//! every change, read instead of stored.

use chrono::{DateTime, SubsecRound, Utc};
use sla::{ExplainSegment, Judgement, Reason, State};
use ticketing::{
    ClockName, ClockState, Mark, MarkKind, PolicyBook, Selected, Ticket, clock_events, derive,
    engine_kind, terms,
};

use crate::Desk;

/// Both clocks as they stand now.
#[derive(Clone, Debug)]
pub struct TicketSla {
    /// The instant the figures are of.
    pub as_of: DateTime<Utc>,
    /// The policy, its version and why it applies.
    pub selected: Selected,
    /// None where the policy has no such target.
    pub first_response: Option<TicketClock>,
    /// None where the policy has no such target.
    pub resolution: Option<TicketClock>,
}

/// One clock as it stands now.
#[derive(Clone, Debug)]
pub struct TicketClock {
    /// In counted seconds.
    pub target_seconds: i64,
    /// How it stands.
    pub state: ClockState,
    /// The engine's judgement.
    pub judged: Judgement,
    /// Every segment, where asked for.
    pub segments: Option<Vec<TicketSegment>>,
}

/// A stretch of time that counts, or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketSegment {
    /// From this instant.
    pub from: DateTime<Utc>,
    /// Until before this one.
    pub to: DateTime<Utc>,
    /// Its length.
    pub seconds: i64,
    /// Whether it counts.
    pub counted: bool,
    /// One word.
    pub reason: &'static str,
    /// Which holiday, or who paused.
    pub note: Option<String>,
    /// Whether it lies after now.
    pub ahead: bool,
}

impl Desk {
    /// A ticket's clocks as they stand now.
    #[must_use]
    pub fn sla(&self, ticket: &Ticket, explain: bool) -> TicketSla {
        let now = self.clock.now();
        let rules = self.rules();
        let clock = |name| clock(name, ticket, &rules.book, now, explain);
        TicketSla {
            as_of: now,
            selected: ticket.clocks.selected.clone(),
            first_response: clock(ClockName::FirstResponse),
            resolution: clock(ClockName::Resolution),
        }
    }
}

fn clock(
    name: ClockName,
    ticket: &Ticket,
    book: &PolicyBook,
    now: DateTime<Utc>,
    explain: bool,
) -> Option<TicketClock> {
    let derived = derive(&ticket.marks, book, now)?;
    let cached = derived.clocks.get(name)?;
    let first = ticket.marks.first()?;
    let MarkKind::Start { selected } = &first.what else {
        return None;
    };
    let events = clock_events(name, &ticket.marks, book);
    let first_terms = terms(name, selected, book).or_else(|| {
        events.iter().find_map(|event| match event.kind {
            sla::EventKind::Retarget(terms) => Some(terms),
            _ => None,
        })
    })?;
    let engine = sla::Clock {
        kind: engine_kind(name),
        start: first.at,
        terms: first_terms,
        events: &events,
    };
    let judged = sla::judge(&engine, now).ok()?;
    let at_risk = cached.state == ClockState::Running
        && judged.state == State::Running
        && judged.at_risk_in_cycle_at.is_some();
    let segments = explain.then(|| {
        let until = judged.due_at.map_or(now, |due| due.max(now));
        let told = sla::explain(&engine, until).unwrap_or_default();
        let marks = marks_of(name, &ticket.marks);
        told.iter()
            .flat_map(|segment| split(segment, now, &marks))
            .collect()
    });
    Some(TicketClock {
        target_seconds: cached.target_seconds,
        state: if at_risk {
            ClockState::AtRisk
        } else {
            cached.state
        },
        judged,
        segments,
    })
}

/// The marks behind a clock's events, in the same order as [`clock_events`].
fn marks_of(name: ClockName, marks: &[Mark]) -> Vec<&Mark> {
    let resolution = name == ClockName::Resolution;
    let reaches = |mark: &&Mark| match mark.what {
        MarkKind::Pause | MarkKind::Resume | MarkKind::Reopen => resolution,
        MarkKind::Respond => !resolution,
        MarkKind::Stop | MarkKind::Cancel => true,
        _ => false,
    };
    marks.iter().filter(reaches).collect()
}

/// A segment, cut at now.
fn split(segment: &ExplainSegment, now: DateTime<Utc>, marks: &[&Mark]) -> Vec<TicketSegment> {
    let now = now.trunc_subsecs(0);
    let (reason, note) = match &segment.reason {
        Reason::Counted => ("counted", None),
        Reason::Closed => ("closed", None),
        Reason::Holiday { date, name } => {
            let name = name
                .as_ref()
                .map_or_else(|| date.to_string(), |name| format!("{date} {name}"));
            ("holiday", Some(name))
        }
        Reason::Break => ("break", None),
        Reason::Paused => ("paused", paused_by(segment, marks)),
        Reason::Stopped => ("stopped", None),
    };
    let piece = |from: DateTime<Utc>, to: DateTime<Utc>| TicketSegment {
        from,
        to,
        seconds: (to - from).num_seconds(),
        counted: segment.counted,
        reason,
        note: note.clone(),
        ahead: from >= now,
    };
    if segment.from < now && now < segment.to {
        vec![piece(segment.from, now), piece(now, segment.to)]
    } else {
        vec![piece(segment.from, segment.to)]
    }
}

/// Who paused: the last pause at or before the segment's start.
fn paused_by(segment: &ExplainSegment, marks: &[&Mark]) -> Option<String> {
    let pauses = marks
        .iter()
        .rev()
        .filter(|mark| mark.what == MarkKind::Pause);
    let found = pauses
        .into_iter()
        .find(|mark| mark.at.trunc_subsecs(0) <= segment.from)?;
    Some(format!("by {}", found.by))
}
