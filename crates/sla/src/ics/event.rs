//! The dates that one event stands for.

use chrono::{NaiveDate, TimeDelta};
use icalendar::parser::{Component, Property};

use super::rule::Rule;

/// The longest event; a longer one is a slip of the pen in its end.
const MAX_DAYS: i64 = 366;

/// Why an event is not understood.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EventProblem {
    /// There is no `DTSTART`.
    #[error("it has no DTSTART")]
    NoStart,
    /// It has a time of day.
    #[error("{0:?} is not a whole day; a holiday is an all-day event (VALUE=DATE)")]
    NotAllDay(String),
    /// It ends before it starts.
    #[error("it ends before it starts")]
    EndsBeforeStart,
    /// It lasts longer than a year.
    #[error("it lasts longer than {MAX_DAYS} days")]
    TooLong,
    /// Its `DURATION` is not a number of days or weeks.
    #[error("the duration {0:?} is not a number of days or weeks")]
    Duration(String),
    /// It recurs in a way that is not read.
    #[error("the recurrence {0:?} is not read; write a yearly rule or the dates themselves")]
    Recurrence(String),
    /// It changes one occurrence of another event.
    #[error("it changes an occurrence of another event (RECURRENCE-ID), which is not read")]
    Override,
}

/// The dates of the event, up to so many; none when it is cancelled.
pub(super) fn dates(event: &Component<'_>, most: usize) -> Result<Vec<NaiveDate>, EventProblem> {
    if find(event, "STATUS").is_some_and(|status| value(status).eq_ignore_ascii_case("CANCELLED")) {
        return Ok(Vec::new());
    }
    if find(event, "RECURRENCE-ID").is_some() {
        return Err(EventProblem::Override);
    }
    let start = find(event, "DTSTART").ok_or(EventProblem::NoStart)?;
    let first = date(value(start))?;
    let days = days(event, start, first)?;

    let mut firsts = match all(event, "RRULE").collect::<Vec<_>>().as_slice() {
        [] => vec![first],
        [rule] => {
            let unread = || EventProblem::Recurrence(shown(value(rule)));
            Rule::parse(value(rule), first)
                .ok_or_else(unread)?
                .occurrences(first)
        }
        [_, second, ..] => return Err(EventProblem::Recurrence(shown(value(second)))),
    };
    firsts.extend(listed(event, "RDATE")?);
    let mut excluded = listed(event, "EXDATE")?;
    excluded.sort_unstable();
    firsts.retain(|first| excluded.binary_search(first).is_err());
    let dates = firsts.iter().flat_map(|first| first.iter_days().take(days));
    Ok(dates.take(most).collect())
}

/// The event's summary in one line.
pub(super) fn name(event: &Component<'_>) -> Option<String> {
    const MOST: usize = 120;
    let summary = value(find(event, "SUMMARY")?);
    let words: Vec<&str> = summary
        .split(|char: char| char.is_whitespace() || char.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let name: String = words.join(" ").chars().take(MOST).collect();
    (!name.is_empty()).then_some(name)
}

/// How many days the event lasts.
fn days(
    event: &Component<'_>,
    start: &Property<'_>,
    first: NaiveDate,
) -> Result<usize, EventProblem> {
    let days = match (find(event, "DTEND"), find(event, "DURATION")) {
        // Some programs write the day itself as the end of a one-day event.
        (Some(end), _) => match (date(value(end))? - first).num_days() {
            0 if is_date(value(start)) => 1,
            0 => return Err(EventProblem::NotAllDay(shown(value(start)))),
            days => days,
        },
        (None, Some(duration)) => whole_days(value(duration))
            .ok_or_else(|| EventProblem::Duration(shown(value(duration))))?,
        (None, None) if is_date(value(start)) => 1,
        (None, None) => return Err(EventProblem::NotAllDay(shown(value(start)))),
    };
    if days > MAX_DAYS {
        return Err(EventProblem::TooLong);
    }
    match usize::try_from(days) {
        Ok(days) if days > 0 => Ok(days),
        _ => Err(EventProblem::EndsBeforeStart),
    }
}

/// The days of `P2D` or `P1W`, also with a time of nothing after them.
fn whole_days(duration: &str) -> Option<i64> {
    let rest = duration
        .strip_prefix('+')
        .unwrap_or(duration)
        .strip_prefix('P')?;
    let (rest, time) = rest.split_once('T').unwrap_or((rest, ""));
    if time
        .chars()
        .any(|char| char.is_ascii_digit() && char != '0')
    {
        return None;
    }
    match (rest.strip_suffix('D'), rest.strip_suffix('W')) {
        (Some(days), _) => days.parse().ok(),
        (_, Some(weeks)) => weeks.parse::<i64>().ok()?.checked_mul(7),
        _ => None,
    }
}

/// The dates of a property that lists them, over all its lines.
fn listed(event: &Component<'_>, name: &str) -> Result<Vec<NaiveDate>, EventProblem> {
    let values = all(event, name).flat_map(|property| value(property).split(','));
    values.map(|text| date(text.trim())).collect()
}

/// A date, or the midnight at which it begins on the local clock.
fn date(text: &str) -> Result<NaiveDate, EventProblem> {
    let day = text.strip_suffix("T000000").unwrap_or(text);
    let date = if is_date(day) {
        NaiveDate::parse_from_str(day, "%Y%m%d").ok()
    } else {
        None
    };
    // What lies at the edge of what chrono counts has no day after it.
    date.filter(|date| {
        date.checked_add_signed(TimeDelta::days(2 * MAX_DAYS))
            .is_some()
    })
    .ok_or_else(|| EventProblem::NotAllDay(shown(text)))
}

fn is_date(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn find<'a>(event: &'a Component<'a>, name: &str) -> Option<&'a Property<'a>> {
    all(event, name).next()
}

fn all<'a>(event: &'a Component<'a>, name: &str) -> impl Iterator<Item = &'a Property<'a>> {
    event
        .properties
        .iter()
        .filter(move |property| property.name.as_str().eq_ignore_ascii_case(name))
}

fn value<'a>(property: &'a Property<'a>) -> &'a str {
    property.val.as_str().trim()
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
