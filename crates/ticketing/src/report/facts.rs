//! What reports know of one ticket, and how it is written as one line.
//!
//! A line is read a million times for one report, so it is text that the
//! database can string together and that needs no allocation to be read.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    clocks::Clock,
    report::{
        bits::Bits,
        question::{ClockOutcome, Cohort},
    },
    ticket::Ticket,
};

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// The facts of a ticket in the form in which they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Small facts.
    pub bits: Bits,
    /// The second after which the first-response clock is breached if nothing
    /// happens; `i64::MAX` for never.
    pub first_response_breaks: i64,
    /// Likewise of the resolution clock.
    pub resolution_breaks: i64,
    /// The ticket's deadline in seconds; `i64::MAX` without one.
    pub deadline: i64,
    /// All of it as a line.
    pub line: String,
}

/// The facts of a ticket. Instants are counted from 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Its number.
    pub number: i64,
    /// When it was filed, in microseconds.
    pub created: i64,
    /// Small facts.
    pub bits: Bits,
    /// The entry's slug; empty for none.
    pub entry: &'a str,
    /// Empty for nobody.
    pub assignee: &'a str,
    /// Who filed it.
    pub source: &'a str,
    /// The last resolution that still stands, in microseconds.
    pub resolved: Option<i64>,
    /// From filing to the first answer.
    pub first_response: ClockFacts,
    /// From filing to resolution.
    pub resolution: ClockFacts,
    levels: &'a str,
    escalations: &'a str,
}

/// The facts of a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockFacts {
    /// The second after which it is breached if nothing happens.
    pub breaks: Option<i64>,
    /// When it is, was or would have been due, in seconds.
    pub deadline: Option<i64>,
    /// At the first stop.
    pub first: Option<Measure>,
    /// At the stop at which it stands.
    pub total: Option<Measure>,
}

/// How long something took, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Working seconds that counted.
    pub working: i64,
    /// By the wall clock, pauses included.
    pub wall: i64,
}

/// A line that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is no line of facts")]
pub struct FactsError;

impl Recorded {
    /// The facts of a ticket.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        let bits = Bits::of(ticket);
        let clocks = &ticket.clocks;
        let created = ticket.created_at;
        let breaks = |clock: &Option<Clock>| {
            let breaks = clock.as_ref().and_then(Clock::breaks_at);
            breaks.map_or(i64::MAX, |at| at.timestamp())
        };
        let mut line = format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t",
            ticket.number.0,
            created.timestamp_micros(),
            bits.0,
            clean(ticket.entry().map_or("", |slug| slug.as_str())),
            clean(ticket.assignee.as_deref().unwrap_or_default()),
            clean(&ticket.source),
        );
        // Writing to a String cannot fail.
        if let Some(resolved) = ticket.resolved_at {
            let after = resolved.timestamp_micros() - created.timestamp_micros();
            let _ = write!(line, "{after}");
        }
        for clock in [&clocks.first_response, &clocks.resolution] {
            line.push('\t');
            if let Some(clock) = clock {
                write_clock(&mut line, clock, created);
            }
        }
        line.push('\t');
        write_levels(&mut line, ticket);
        line.push('\t');
        for (index, escalation) in ticket.escalations.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let _ = write!(line, "{space}{}:{}", escalation.to, escalation.trigger);
            if let Some(acknowledged) = &escalation.acknowledged {
                let after = acknowledged.at.timestamp() - escalation.at.timestamp();
                let _ = write!(line, ":{after}");
            }
        }
        let deadline = match &clocks.resolution {
            Some(clock) => clock.deadline(),
            None => clocks.first_response.as_ref().and_then(Clock::deadline),
        };
        Self {
            bits,
            first_response_breaks: breaks(&clocks.first_response),
            resolution_breaks: breaks(&clocks.resolution),
            deadline: deadline.map_or(i64::MAX, |at| at.timestamp()),
            line,
        }
    }
}

fn write_clock(line: &mut String, clock: &Clock, created: DateTime<Utc>) {
    let mut gap = "";
    let mut put = |value: Option<i64>| {
        let _ = match value {
            Some(value) => write!(line, "{gap}{value}"),
            None => write!(line, "{gap}-"),
        };
        gap = " ";
    };
    let since = |at: DateTime<Utc>| at.timestamp() - created.timestamp();
    put(clock.breaks_at().map(since));
    put(clock.deadline().map(since));
    for stop in [clock.first_stop.as_ref(), clock.stop()] {
        put(stop.map(|stop| stop.elapsed_seconds));
        put(stop.map(|stop| since(stop.at)));
    }
}

/// Each level with the second since filing at which it was reached.
fn write_levels(line: &mut String, ticket: &Ticket) {
    let raised = ticket.escalations.iter().map(|one| (one.at, one.to));
    let lowered = ticket.lowered.iter().map(|one| (one.at, one.to));
    let mut moves: Vec<_> = raised.chain(lowered).collect();
    moves.sort_by_key(|(at, _)| *at);
    let filed_at = ticket.created_at;
    if moves.first().is_none_or(|(at, _)| *at > filed_at) {
        let from = ticket
            .escalations
            .first()
            .map_or(ticket.level, |one| one.from);
        moves.insert(0, (filed_at, from));
    }
    for (index, (at, to)) in moves.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        let since = at.timestamp() - filed_at.timestamp();
        let _ = write!(line, "{space}{to}:{since}");
    }
}

/// A name without what separates fields and lines.
fn clean(name: &str) -> String {
    name.replace(char::is_control, " ")
}

impl<'a> Facts<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// [`FactsError`] for anything that [`Recorded::of`] did not write.
    pub fn read(line: &'a str) -> Result<Self, FactsError> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().ok_or(FactsError);
        let number = number(next()?)?;
        let created = self::number(next()?)?;
        let bits = Bits(i32::try_from(self::number(next()?)?).map_err(|_wide| FactsError)?);
        let (entry, assignee, source) = (next()?, next()?, next()?);
        let resolved = match next()? {
            "" => None,
            after => Some(created + self::number(after)?),
        };
        let filed_at = created.div_euclid(SECOND);
        Ok(Self {
            number,
            created,
            bits,
            entry,
            assignee,
            source,
            resolved,
            first_response: clock(next()?, filed_at)?,
            resolution: clock(next()?, filed_at)?,
            levels: next()?,
            escalations: next()?,
        })
    }

    /// Whether the ticket is counted: neither cancelled nor merged.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        self.bits.get(Bits::CLOSED_AS) < 2
    }

    /// Whether it is resolved now.
    #[must_use]
    pub const fn is_resolved(&self) -> bool {
        self.bits.get(Bits::STATUS) > 2 && self.is_counted()
    }

    /// The instant by which a cohort holds it, in microseconds.
    #[must_use]
    pub fn instant(&self, cohort: Cohort) -> Option<i64> {
        match cohort {
            Cohort::Filed => Some(self.created),
            Cohort::Resolved => self.resolved,
            Cohort::Due => self.deadline().map(|at| at.saturating_mul(SECOND)),
        }
    }

    /// Its deadline in seconds: the resolution's, or the first response's where
    /// there is no resolution target.
    #[must_use]
    pub const fn deadline(&self) -> Option<i64> {
        if self.bits.is(Bits::RESOLUTION) {
            self.resolution.deadline
        } else {
            self.first_response.deadline
        }
    }

    /// How its first-response clock counts at a second.
    #[must_use]
    pub fn first_response_outcome(&self, now: i64) -> ClockOutcome {
        self.bits
            .outcome(Bits::FIRST_RESPONSE, self.first_response.breaks, now)
    }

    /// How its resolution clock counts at a second.
    #[must_use]
    pub fn resolution_outcome(&self, now: i64) -> ClockOutcome {
        self.bits
            .outcome(Bits::RESOLUTION, self.resolution.breaks, now)
    }

    /// Each stay at a level with its seconds, until the resolution that stands
    /// or else until `now`.
    pub fn levels(&self, now: i64) -> impl Iterator<Item = (u8, i64)> {
        let filed_at = self.created.div_euclid(SECOND);
        let end = self.resolved.map_or(now, |at| at.div_euclid(SECOND)) - filed_at;
        let reached = |text: &str| {
            let (level, since) = text.split_once(':')?;
            Some((level.parse::<u8>().ok()?, since.parse::<i64>().ok()?))
        };
        let stays = self.levels.split(' ').filter_map(reached);
        let ends = self.levels.split(' ').filter_map(reached).skip(1);
        let ends = ends.map(|(_, since)| since).chain([end]);
        stays
            .zip(ends)
            .map(move |((level, from), to)| (level, (to.min(end) - from).max(0)))
    }

    /// Each escalation: to which level, by which trigger, and how many seconds
    /// it waited to be acknowledged.
    pub fn escalations(&self) -> impl Iterator<Item = (u8, &'a str, Option<i64>)> {
        self.escalations.split(' ').filter_map(|text| {
            let mut parts = text.split(':');
            let level = parts.next()?.parse().ok()?;
            let trigger = parts.next()?;
            Some((level, trigger, parts.next().and_then(|s| s.parse().ok())))
        })
    }
}

fn number(text: &str) -> Result<i64, FactsError> {
    text.parse().map_err(|_source| FactsError)
}

fn clock(text: &str, filed_at: i64) -> Result<ClockFacts, FactsError> {
    if text.is_empty() {
        return Ok(ClockFacts::default());
    }
    let mut parts = text.split(' ');
    let mut next = || match parts.next() {
        Some("-") => Ok(None),
        Some(text) => number(text).map(Some),
        None => Err(FactsError),
    };
    let (breaks, deadline) = (next()?, next()?);
    let measure = |working: Option<i64>, wall: Option<i64>| {
        working
            .zip(wall)
            .map(|(working, wall)| Measure { working, wall })
    };
    Ok(ClockFacts {
        breaks: breaks.map(|since| filed_at + since),
        deadline: deadline.map(|since| filed_at + since),
        first: measure(next()?, next()?),
        total: measure(next()?, next()?),
    })
}
