//! Random calendars near the awkward hours of awkward zones.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use sla::{CalendarSpec, HolidayEntry, Weekday};

use crate::life::{Happening, Life, What};
use crate::wall::{Seconds, offset};

/// Length of what is simulated, in seconds.
pub const WINDOW: i64 = 3 * 86_400;

const ZONES: [&str; 16] = [
    "UTC",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "Europe/London",
    "Europe/Dublin",
    "Antarctica/Troll",
    "Africa/Monrovia",
    "Europe/Amsterdam",
    "America/Caracas",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
    "Asia/Gaza",
];

/// Calendars of one zone each, and which seconds of the window they work.
#[derive(Clone, Debug)]
pub struct Scene {
    pub from: i64,
    pub until: i64,
    pub specs: Vec<CalendarSpec>,
    pub seconds: Vec<Seconds>,
}

pub fn scene() -> impl Strategy<Value = Scene> {
    // From 1930 to 2045.
    let anchor = (
        select(&ZONES[..]),
        -1_262_304_000..2_366_841_600_i64,
        any::<bool>(),
    );
    (anchor, vec(rough_calendar(), 3), 0..WINDOW).prop_map(|(anchor, rough, lead)| {
        let (zone, at, near_change) = anchor;
        let change = near_change.then(|| next_change(zone, at)).flatten();
        let from = change.map_or(at, |change| change - lead);
        let specs: Vec<CalendarSpec> = rough
            .into_iter()
            .map(|rough| rough.spec(zone, from))
            .collect();
        let until = from + WINDOW;
        let seconds = specs
            .iter()
            .map(|spec| Seconds::new(spec, from, until))
            .collect();
        Scene {
            from,
            until,
            specs,
            seconds,
        }
    })
}

/// The next change of offset within a year, to the hour.
fn next_change(zone: &str, at: i64) -> Option<i64> {
    let zone: Tz = zone.parse().unwrap();
    let hours = (0..9_000).map(|hour| at + hour * 3_600);
    hours
        .into_iter()
        .find(|at| offset(zone, *at) != offset(zone, at + 3_600))
}

/// A calendar whose dates are days after the window's beginning.
#[derive(Clone, Debug)]
struct Rough {
    hours: BTreeMap<usize, Vec<(String, String)>>,
    holidays: Vec<i64>,
    breaks: BTreeMap<i64, Vec<(String, String)>>,
}

fn rough_calendar() -> impl Strategy<Value = Rough> {
    let holidays = vec(-1..6_i64, 0..3);
    let breaks = btree_map(-1..6_i64, vec(interval(), 0..3), 0..3);
    (btree_map(0..7_usize, day(), 0..=7), holidays, breaks).prop_map(|(hours, holidays, breaks)| {
        Rough {
            hours,
            holidays,
            breaks,
        }
    })
}

/// Intervals that may touch but never overlap, in any order.
fn day() -> impl Strategy<Value = Vec<(String, String)>> {
    let all_day = Just(vec![("00:00".to_owned(), "24:00".to_owned())]);
    let split = (vec(0..96_i64, 2..7), select(vec![1, 15])).prop_map(|(mut quarters, minutes)| {
        quarters.sort_unstable();
        quarters.dedup();
        let mut edges: Vec<i64> = quarters
            .iter()
            .map(|quarter| quarter * 15 + quarter % minutes)
            .collect();
        if edges.len() % 2 == 1 {
            edges.push(1_440);
        }
        let touching = edges.len() > 3 && edges[0] % 2 == 0;
        if touching {
            edges[2] = edges[1];
        }
        let mut day: Vec<(String, String)> = edges
            .chunks(2)
            .map(|pair| (time(pair[0]), time(pair[1])))
            .collect();
        day.reverse();
        day
    });
    prop_oneof![1 => all_day, 5 => split]
}

fn interval() -> impl Strategy<Value = (String, String)> {
    (0..1_440_i64, 1..600_i64)
        .prop_map(|(open, length)| (time(open), time((open + length).min(1_440))))
}

fn time(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl Rough {
    fn spec(self, zone: &str, from: i64) -> CalendarSpec {
        let first = DateTime::from_timestamp(from, 0).unwrap().date_naive();
        let date = |days: i64| (first + TimeDelta::days(days)).to_string();
        CalendarSpec {
            time_zone: zone.to_owned(),
            hours: self
                .hours
                .into_iter()
                .map(|(day, hours)| (Weekday::ALL[day], hours))
                .collect(),
            holidays: self
                .holidays
                .iter()
                .map(|days| HolidayEntry::Date(date(*days)))
                .collect(),
            breaks: self
                .breaks
                .into_iter()
                .map(|(days, breaks)| (date(days), breaks))
                .collect(),
        }
    }
}

pub fn life() -> impl Strategy<Value = Life> {
    let what = prop_oneof![
        3 => Just(What::Pause),
        3 => Just(What::Resume),
        3 => Just(What::Stop),
        3 => Just(What::Reopen),
        2 => (0..3_usize, target()).prop_map(|(calendar, target_s)| What::Retarget { calendar, target_s }),
    ];
    // Hours and minutes make ties and coincidences with edges likely.
    let when = prop_oneof![0..WINDOW, (0..WINDOW / 3_600).prop_map(|hour| hour * 3_600)];
    let event = (when, what, any::<bool>()).prop_map(|(at, what, is_at_due)| Happening {
        at,
        what,
        is_at_due,
    });
    (
        any::<bool>(),
        0..WINDOW / 4,
        target(),
        vec(event, 0..9),
        vec(0..WINDOW, 2),
    )
        .prop_map(|(is_resolution, start, target_s, mut events, random)| {
            events.sort_by_key(|event| event.at);
            Life {
                is_resolution,
                start,
                target_s,
                events,
                random,
            }
        })
}

fn target() -> impl Strategy<Value = i64> {
    prop_oneof![
        1..60_i64,
        1..100_000_i64,
        (1..20_i64).prop_map(|hours| hours * 3_600)
    ]
}
