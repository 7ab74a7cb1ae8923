//! Shifts as an iCalendar file (RFC 5545), for everybody's own calendar.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};

use super::Shift;

/// The shifts as one calendar. Instants stand in UTC: every calendar shows them
/// by its reader's clock, and no zone definition can be wrong.
#[must_use]
pub fn shifts_as_ics(shifts: &[Shift], now: DateTime<Utc>) -> String {
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("PRODID", "-//Runbook Desk//On call//EN"));
    calendar.name("On call");
    for shift in shifts {
        let mut event = Event::new();
        let (level, begin) = (shift.level, shift.from.timestamp());
        event
            // The same shift keeps its identity from one export to the next.
            .uid(&format!("on-call-{level}-{begin}@runbook-desk"))
            .timestamp(now)
            .summary(&format!("On call, level {level}: {}", shift.person))
            .starts(shift.from)
            .ends(shift.until);
        if shift.overridden {
            event.description("An override of the rotation");
        }
        calendar.push(event.done());
    }
    calendar.done().to_string()
}
