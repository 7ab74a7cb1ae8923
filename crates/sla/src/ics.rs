//! Holidays from an iCalendar file (RFC 5545), as offices publish them.
//!
//! The `icalendar` crate reads the file; which dates an event stands for is
//! decided here, and what cannot be understood is an error that names the
//! event, never a holiday less.

mod event;
mod rule;

use icalendar::parser::{Component, read_calendar_simple, unfold};

use crate::spec::Holiday;

pub use event::EventProblem;

/// The largest file that is read, in bytes: decades of holidays need a tenth.
const MAX_BYTES: usize = 1 << 20;

/// How deep components may nest; an alarm in an event in a calendar is three.
/// The parser calls itself for each, so a hostile file must not decide.
const MAX_DEPTH: usize = 8;

/// The most dates that one file gives.
const MAX_HOLIDAYS: usize = 10_000;

/// Why a file gives no holidays.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum IcsError {
    /// The file is larger than is read.
    #[error("the file has more than {limit} bytes")]
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// Components stand in components in components.
    #[error("components are nested more than {limit} deep")]
    TooDeep {
        /// In components.
        limit: usize,
    },
    /// It is not an iCalendar file, or a broken one.
    #[error("not a sound iCalendar file: it cannot be read at {near:?}")]
    Syntax {
        /// The beginning of the line (unfolded) that cannot be read.
        near: String,
    },
    /// The events stand for more dates than are taken.
    #[error("the file gives more than {limit} holidays")]
    TooMany {
        /// In dates.
        limit: usize,
    },
    /// An event is not understood.
    #[error("event {event:?}: {problem}")]
    Event {
        /// Its summary, or its place in the file.
        event: String,
        /// What is not understood about it.
        problem: EventProblem,
    },
}

/// The holidays of an iCalendar file with one calendar, in ascending order, one a date.
///
/// Taken are all-day events (`VEVENT`) of one or more days (`DTEND` is the
/// first day after), named by their summary; also such as last from midnight
/// to midnight. An event that recurs yearly, on a date or on a weekday such as
/// the fourth Thursday of November, is taken for each year up to its end or
/// 2099. Cancelled events are left out. Of two events on one date the first
/// with a name is told.
///
/// # Errors
/// When the file is not sound or too large, and for each event that is none
/// of these: one with a time of day, or with another recurrence.
pub fn holidays_from_ics(text: &str) -> Result<Vec<Holiday>, IcsError> {
    if text.len() > MAX_BYTES {
        return Err(IcsError::TooLarge { limit: MAX_BYTES });
    }
    // The parser looks for CR LF first, through to the end of the file: with
    // other line ends it would take lines together, or the square of the time.
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    let text = unfold(&lines.join("\r\n"));
    if depth(&text) > MAX_DEPTH {
        return Err(IcsError::TooDeep { limit: MAX_DEPTH });
    }
    // One calendar a file: the parser refuses what follows the first.
    let calendars = read_calendar_simple(&text).map_err(|error| syntax(error.input))?;

    let mut holidays = Vec::new();
    for calendar in &calendars {
        if !calendar.name.as_str().eq_ignore_ascii_case("VCALENDAR") {
            return Err(syntax(calendar.name.as_str()));
        }
        let events = calendar
            .components
            .iter()
            .filter(|component| is_event(component));
        for (index, component) in events.enumerate() {
            let dates =
                event::dates(component, MAX_HOLIDAYS + 1).map_err(|problem| IcsError::Event {
                    event: event::name(component)
                        .unwrap_or_else(|| format!("number {}", index + 1)),
                    problem,
                })?;
            if holidays.len() + dates.len() > MAX_HOLIDAYS {
                return Err(IcsError::TooMany {
                    limit: MAX_HOLIDAYS,
                });
            }
            let name = event::name(component);
            holidays.extend(dates.into_iter().map(|date| Holiday {
                date,
                name: name.clone(),
            }));
        }
    }
    holidays.sort_by_key(|holiday| (holiday.date, holiday.name.is_none()));
    holidays.dedup_by_key(|holiday| holiday.date);
    Ok(holidays)
}

fn is_event(component: &Component<'_>) -> bool {
    component.name.as_str().eq_ignore_ascii_case("VEVENT")
}

/// How many components are open at most at one time.
fn depth(text: &str) -> usize {
    let mut open: usize = 0;
    let mut most = 0;
    for line in text.lines() {
        let (name, _) = line.split_once(':').unwrap_or_default();
        if name.trim().eq_ignore_ascii_case("BEGIN") {
            open += 1;
            most = most.max(open);
        } else if name.trim().eq_ignore_ascii_case("END") {
            open = open.saturating_sub(1);
        }
    }
    most
}

fn syntax(rest: &str) -> IcsError {
    let line = rest
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    IcsError::Syntax {
        near: line.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests;
