//! Who is on call, and until when.

use chrono::{DateTime, Utc};
use runbook::Level;
use ticketing::{OnCall, Override, Person, Schedule, Turn, shifts_as_ics};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A schedule of A, B, C at level 3.
fn schedule(zone: &str, every: Turn, handover: &str, starting_on: &str) -> Schedule {
    Schedule {
        level: Level::ENGINEERING,
        time_zone: zone.parse().unwrap(),
        every,
        handover: handover.parse().unwrap(),
        starting_on: starting_on.parse().unwrap(),
        rotation: ["A", "B", "C"].map(str::to_owned).to_vec(),
        overrides: Vec::new(),
    }
}

fn over(person: &str, from: &str, until: &str) -> Override {
    Override {
        from: at(from),
        until: at(until),
        person: person.to_owned(),
    }
}

fn who(schedule: &Schedule, instant: &str) -> String {
    let shift = schedule.shift_at(at(instant));
    shift.map_or_else(|| "-".to_owned(), |shift| shift.person)
}

/// The shifts of a period as "person from/until", an override with a `*`.
fn shifts(schedule: &Schedule, from: &str, until: &str) -> Vec<String> {
    let line = |shift: ticketing::Shift| {
        let star = if shift.overridden { "*" } else { "" };
        let time = |at: DateTime<Utc>| at.format("%dT%H:%M:%SZ").to_string();
        format!(
            "{}{star} {}/{}",
            shift.person,
            time(shift.from),
            time(shift.until)
        )
    };
    schedule.shifts(at(from), at(until)).map(line).collect()
}

#[test]
fn a_week_is_handed_over_on_its_weekday_to_the_second() {
    // Sunday 09:00 in Kathmandu is 03:15 UTC.
    let weekly = schedule("Asia/Kathmandu", Turn::Week, "09:00:00", "2026-11-01");
    for (instant, person) in [
        ("2026-11-01T03:14:59Z", "-"),
        ("2026-11-01T03:15:00Z", "A"),
        ("2026-11-08T03:14:59Z", "A"),
        ("2026-11-08T03:15:00Z", "B"),
        ("2026-11-15T03:15:00Z", "C"),
        ("2026-11-22T03:15:00Z", "A"),
        ("2029-11-18T03:15:00Z", "A"),
    ] {
        assert_eq!(who(&weekly, instant), person, "{instant}");
    }
}

#[test]
fn a_day_is_handed_over_where_the_clock_of_its_zone_says_so() {
    // Midnight handover: the UTC date is another one.
    let daily = schedule("Asia/Kathmandu", Turn::Day, "00:00:00", "2026-11-01");
    assert_eq!(
        shifts(&daily, "2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z"),
        [
            "A 01T00:00:00Z/01T18:15:00Z",
            "B 01T18:15:00Z/02T18:15:00Z",
            "C 02T18:15:00Z/03T00:00:00Z",
        ]
    );
}

#[test]
fn the_wall_clock_hands_over_across_changes_of_the_offset() {
    // Before the change 09:00 is 08:00 UTC in Berlin's winter, 07:00 in summer.
    let berlin = schedule("Europe/Berlin", Turn::Day, "09:00:00", "2026-03-27");
    assert_eq!(
        shifts(&berlin, "2026-03-28T08:00:00Z", "2026-03-30T07:00:00Z"),
        ["B 28T08:00:00Z/29T07:00:00Z", "C 29T07:00:00Z/30T07:00:00Z"]
    );

    // 02:30 is missing on 29 March: handed over when the clock jumps, 01:00 UTC.
    let gap = schedule("Europe/Berlin", Turn::Day, "02:30:00", "2026-03-28");
    assert_eq!(
        shifts(&gap, "2026-03-28T01:30:00Z", "2026-03-31T00:30:00Z"),
        [
            "A 28T01:30:00Z/29T01:00:00Z",
            "B 29T01:00:00Z/30T00:30:00Z",
            "C 30T00:30:00Z/31T00:30:00Z",
        ]
    );

    // 02:30 comes twice on 25 October: handed over at the first, 00:30 UTC.
    let overlap = schedule("Europe/Berlin", Turn::Day, "02:30:00", "2026-10-24");
    assert_eq!(
        shifts(&overlap, "2026-10-24T00:30:00Z", "2026-10-27T01:30:00Z"),
        [
            "A 24T00:30:00Z/25T00:30:00Z",
            "B 25T00:30:00Z/26T01:30:00Z",
            "C 26T01:30:00Z/27T01:30:00Z",
        ]
    );
    // The clock shows 02:15 again, half an hour after B took over.
    assert_eq!(who(&overlap, "2026-10-25T01:15:00Z"), "B");

    // Lord Howe moves by half an hour: 02:15 is missing on 4 October 2026.
    let half = schedule("Australia/Lord_Howe", Turn::Day, "02:15:00", "2026-10-03");
    assert_eq!(who(&half, "2026-10-03T15:29:59Z"), "A");
    assert_eq!(who(&half, "2026-10-03T15:30:00Z"), "B");

    // Samoa had no 30 December 2011: its turn passed within the jump.
    let samoa = schedule("Pacific/Apia", Turn::Day, "09:00:00", "2011-12-29");
    assert_eq!(
        shifts(&samoa, "2011-12-29T19:00:00Z", "2011-12-31T19:00:00Z"),
        [
            "A 29T19:00:00Z/30T10:00:00Z",
            "B 30T10:00:00Z/30T19:00:00Z",
            "C 30T19:00:00Z/31T19:00:00Z",
        ]
    );
}

#[test]
fn an_override_takes_over_for_just_its_time_and_the_later_one_stands() {
    let mut daily = schedule("UTC", Turn::Day, "08:00:00", "2026-11-01");
    daily.overrides = vec![
        over("Z", "2026-11-01T20:00:00Z", "2026-11-02T10:00:00Z"),
        over("Y", "2026-11-01T22:00:00Z", "2026-11-01T23:00:00Z"),
    ];
    assert_eq!(
        shifts(&daily, "2026-11-01T08:00:00Z", "2026-11-03T08:00:00Z"),
        [
            "A 01T08:00:00Z/01T20:00:00Z",
            "Z* 01T20:00:00Z/01T22:00:00Z",
            "Y* 01T22:00:00Z/01T23:00:00Z",
            // Not cut by the handover at 08:00.
            "Z* 01T23:00:00Z/02T10:00:00Z",
            "B 02T10:00:00Z/03T08:00:00Z",
        ]
    );
}

#[test]
fn without_a_rotation_only_overrides_are_on_call() {
    let mut bare = schedule("UTC", Turn::Week, "08:00:00", "2026-11-01");
    bare.rotation.clear();
    assert_eq!(who(&bare, "2026-11-05T00:00:00Z"), "-");
    bare.overrides = vec![over("Z", "2026-11-05T00:00:00Z", "2026-11-06T00:00:00Z")];
    assert_eq!(
        shifts(&bare, "2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z"),
        ["Z* 05T00:00:00Z/06T00:00:00Z"]
    );
}

#[test]
fn what_cannot_be_followed_is_named_all_at_once() {
    let mut schedule = schedule("UTC", Turn::Week, "08:00:00", "0001-01-01");
    schedule.overrides = vec![over("A", "2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z")];
    let person = |name: &str, email: Option<&str>| Person {
        name: name.to_owned(),
        email: email.map(str::to_owned),
        page: Some("line\nbreak".to_owned()),
    };
    let wrong = OnCall {
        people: vec![
            person("A", Some("a b@example.com")),
            person("A", None),
            person("", None),
        ],
        schedules: vec![schedule.clone(), schedule],
    };
    let pointers: Vec<String> = wrong.faults().into_iter().map(|f| f.pointer).collect();
    assert_eq!(
        pointers,
        [
            "/people/0/page",
            "/people/0/email",
            "/people/1/page",
            "/people/1/name",
            "/people/2/name",
            "/people/2/page",
            "/schedules/0/starting_on",
            "/schedules/0/rotation/1",
            "/schedules/0/rotation/2",
            "/schedules/0/overrides/0/until",
            "/schedules/1/starting_on",
            "/schedules/1/rotation/1",
            "/schedules/1/rotation/2",
            "/schedules/1/overrides/0/until",
            "/schedules/1/level",
        ]
    );
    assert!(OnCall::default().faults().is_empty());
}

#[test]
fn shifts_are_exported_with_stable_identities_in_utc() {
    let daily = schedule("Asia/Kathmandu", Turn::Day, "09:00:00", "2026-11-01");
    let from = at("2026-11-01T03:15:00Z");
    let list: Vec<_> = daily.shifts(from, at("2026-11-03T03:15:00Z")).collect();
    let text = shifts_as_ics(&list, from);
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n"), "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
    for line in [
        "UID:on-call-3-1793502900@runbook-desk",
        "DTSTART:20261101T031500Z",
        "DTEND:20261102T031500Z",
        "DTSTAMP:20261101T031500Z",
        "SUMMARY:On call\\, level 3: A",
        "PRODID:-//Runbook Desk//On call//EN",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line}: {text}");
    }
}
