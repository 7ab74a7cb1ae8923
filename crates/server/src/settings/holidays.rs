//! Holidays from an iCalendar file (RFC 5545): every whole-day event is one.

use chrono::NaiveDate;
use icalendar::{Calendar, CalendarComponent, Component, DatePerhapsTime, Event};
use sla::Holiday;

/// Longer holidays are a slip of the file.
const LONGEST_DAYS: usize = 366;

/// The holidays of a file's text, or all that is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Holiday>, Vec<String>> {
    let calendar: Calendar = text.parse().map_err(|_parser_state: String| {
        vec!["is no iCalendar file (BEGIN:VCALENDAR … END:VCALENDAR)".to_owned()]
    })?;
    let mut holidays = Vec::new();
    let mut faults = Vec::new();
    for component in calendar.components {
        let CalendarComponent::Event(event) = component else {
            continue;
        };
        let name = event.get_summary().map(str::to_owned);
        match days(&event) {
            Ok(days) => holidays.extend(days.into_iter().map(|date| Holiday {
                date,
                name: name.clone(),
            })),
            Err(why) => faults.push(format!(
                "the event {:?} {why}",
                name.unwrap_or_else(|| "without a summary".to_owned())
            )),
        }
    }
    if holidays.is_empty() && faults.is_empty() {
        faults.push("has no events".to_owned());
    }
    if faults.is_empty() {
        Ok(holidays)
    } else {
        Err(faults)
    }
}

/// The days of an event; its end is the first day after it.
fn days(event: &Event) -> Result<Vec<NaiveDate>, &'static str> {
    // Lists of holidays name each date, since few feasts keep theirs.
    if event.property_value("RRULE").is_some() || event.property_value("RDATE").is_some() {
        return Err("repeats; list each date");
    }
    let start = match event.get_start() {
        Some(DatePerhapsTime::Date(start)) => start,
        Some(DatePerhapsTime::DateTime(_)) => return Err("is no whole day; make it a break"),
        None => return Err("has no date"),
    };
    let end = match event.get_end() {
        Some(DatePerhapsTime::Date(end)) => end,
        Some(DatePerhapsTime::DateTime(_)) => return Err("ends within a day"),
        None => start.succ_opt().ok_or("is out of range")?,
    };
    let days: Vec<NaiveDate> = start
        .iter_days()
        .take_while(|day| *day < end)
        .take(LONGEST_DAYS + 1)
        .collect();
    match days.len() {
        0 => Err("ends before it begins"),
        1..=LONGEST_DAYS => Ok(days),
        _ => Err("lasts longer than a year"),
    }
}
