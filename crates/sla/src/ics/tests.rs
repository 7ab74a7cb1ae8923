use proptest::prelude::*;
use proptest::sample::select;

use super::{IcsError, MAX_BYTES, MAX_DEPTH, MAX_HOLIDAYS, holidays_from_ics};

/// A file with one event of these lines.
fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n")
}

/// The holidays of a file, each as `date name`.
fn holidays(text: &str) -> Vec<String> {
    let holidays = holidays_from_ics(text).unwrap();
    holidays
        .iter()
        .map(|holiday| {
            format!(
                "{} {}",
                holiday.date,
                holiday.name.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

/// Why a file with one event of these lines is refused.
fn refusal(lines: &str) -> String {
    holidays_from_ics(&event(lines)).unwrap_err().to_string()
}

#[test]
fn a_published_calendar_gives_its_days_and_names() {
    let text = "\u{feff}BEGIN:VCALENDAR\r\nPRODID:-//Example//EN\r\nVERSION:2.0\r\n\
        X-WR-CALNAME:Holidays in Nepal\r\nBEGIN:VTIMEZONE\r\nTZID:Asia/Kathmandu\r\nEND:VTIMEZONE\r\n\
        BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261018\r\nDTEND;VALUE=DATE:20261022\r\nUID:1\r\n\
        SUMMARY:Dashain\\, the great\r\n  festival\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\n\
        END:VEVENT\r\nBEGIN:VEVENT\r\nSTATUS:CONFIRMED\r\nSUMMARY:Constitution Day\r\n\
        DTSTART;VALUE=DATE:20260919\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSTATUS:CANCELLED\r\n\
        DTSTART:20260101T101010Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(
        holidays(text),
        [
            "2026-09-19 Constitution Day",
            "2026-10-18 Dashain, the great festival",
            "2026-10-19 Dashain, the great festival",
            "2026-10-20 Dashain, the great festival",
            "2026-10-21 Dashain, the great festival",
        ]
    );
}

#[test]
fn one_date_is_one_holiday_and_a_name_is_preferred() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260101\nSUMMARY:New Year\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260101\nSUMMARY:Again\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(holidays(text), ["2026-01-01 New Year"]);
}

#[test]
fn the_length_of_an_event_is_read_in_all_its_forms() {
    for (lines, count) in [
        ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260101", 1),
        ("DTSTART;VALUE=DATE:20260101\nDURATION:P1D", 1),
        ("DTSTART;VALUE=DATE:20260101\nDURATION:P1W", 7),
        ("DTSTART;VALUE=DATE:20260101\nDURATION:P2DT0H0M0S", 2),
        (
            "DTSTART;TZID=Asia/Kathmandu:20260101T000000\nDTEND;TZID=Asia/Kathmandu:20260103T000000",
            2,
        ),
        ("dtstart;value=date:20260101", 1),
    ] {
        assert_eq!(holidays(&event(lines)).len(), count, "{lines}");
    }
}

#[test]
fn a_yearly_rule_is_followed_to_its_end() {
    let rule = |start: &str, rule: &str| {
        holidays(&event(&format!(
            "DTSTART;VALUE=DATE:{start}\nRRULE:{rule}\nSUMMARY:x"
        )))
    };
    assert_eq!(
        rule("20240501", "FREQ=YEARLY;COUNT=3"),
        ["2024-05-01 x", "2025-05-01 x", "2026-05-01 x"]
    );
    assert_eq!(
        rule(
            "20240501",
            "FREQ=YEARLY;INTERVAL=2;UNTIL=20280501T000000Z;WKST=SU"
        ),
        ["2024-05-01 x", "2026-05-01 x", "2028-05-01 x"]
    );
    assert_eq!(
        rule(
            "20240229",
            "FREQ=YEARLY;UNTIL=20330101;BYMONTH=2;BYMONTHDAY=29"
        ),
        ["2024-02-29 x", "2028-02-29 x", "2032-02-29 x"]
    );
    assert_eq!(
        rule("20241128", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3"),
        ["2024-11-28 x", "2025-11-27 x", "2026-11-26 x"]
    );
    assert_eq!(
        rule("20240527", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=3"),
        ["2024-05-27 x", "2025-05-26 x", "2026-05-25 x"]
    );
    let endless = rule("20240501", "FREQ=YEARLY");
    assert_eq!(
        (endless.len(), endless.last().map(String::as_str)),
        (76, Some("2099-05-01 x"))
    );
}

#[test]
fn added_and_excluded_dates_are_read() {
    let lines = "DTSTART;VALUE=DATE:20240501\nDTEND;VALUE=DATE:20240503\nRRULE:FREQ=YEARLY;COUNT=3\n\
        EXDATE;VALUE=DATE:20250501\nRDATE;VALUE=DATE:20250601,20250701";
    assert_eq!(
        holidays(&event(lines)),
        [
            "2024-05-01 -",
            "2024-05-02 -",
            "2025-06-01 -",
            "2025-06-02 -",
            "2025-07-01 -",
            "2025-07-02 -",
            "2026-05-01 -",
            "2026-05-02 -",
        ]
    );
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    for (lines, expected) in [
        ("SUMMARY:Lost", "event \"Lost\": it has no DTSTART"),
        (
            "DTSTART:20260101T090000Z\nSUMMARY:Talk",
            "event \"Talk\": \"20260101T090000Z\" is not a whole day",
        ),
        (
            "DTSTART:20260101T000000",
            "event \"number 1\": \"20260101T000000\" is not a whole day",
        ),
        (
            "DTSTART:20260101T000000Z\nDTEND:20260102T000000Z",
            "event \"number 1\": \"20260101T000000Z\" is not",
        ),
        (
            "DTSTART:20260230",
            "event \"number 1\": \"20260230\" is not a whole day",
        ),
        (
            "DTSTART:20260102\nDTEND:20260101",
            "event \"number 1\": it ends before it starts",
        ),
        (
            "DTSTART:20260102\nDURATION:-P1D",
            "event \"number 1\": the duration \"-P1D\"",
        ),
        (
            "DTSTART:20260102\nDURATION:PT8H",
            "event \"number 1\": the duration \"PT8H\"",
        ),
        (
            "DTSTART:20260102\nDTEND:20990101",
            "event \"number 1\": it lasts longer than 366 days",
        ),
        (
            "DTSTART:20260102\nRRULE:FREQ=WEEKLY",
            "event \"number 1\": the recurrence \"FREQ=WEEKLY\"",
        ),
        (
            "DTSTART:20260102\nRRULE:FREQ=YEARLY;BYDAY=MO",
            "event \"number 1\": the recurrence",
        ),
        (
            "DTSTART:20260102\nRRULE:FREQ=YEARLY;BYDAY=1MO",
            "event \"number 1\": the recurrence",
        ),
        (
            "DTSTART:20260102\nRRULE:FREQ=YEARLY;BYSETPOS=1",
            "event \"number 1\": the recurrence",
        ),
        (
            "DTSTART:20260102\nRRULE:FREQ=YEARLY;INTERVAL=0",
            "event \"number 1\": the recurrence",
        ),
        (
            "DTSTART:20260102\nRECURRENCE-ID:20260101",
            "event \"number 1\": it changes an occurrence",
        ),
    ] {
        let told = refusal(lines);
        assert!(
            told.starts_with(expected),
            "{told}\nshould begin\n{expected}"
        );
    }
}

#[test]
fn what_is_no_calendar_is_refused_where_it_breaks() {
    for text in [
        "",
        "BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
        "hello",
        "<html></html>",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        "BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n",
        "BEGIN:VCALENDAR\nEND:VCALENDAR\ntrailing words\n",
    ] {
        let told = holidays_from_ics(text);
        assert!(
            matches!(told, Err(IcsError::Syntax { .. })),
            "{text:?} gave {told:?}"
        );
    }
    assert_eq!(holidays("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), [""; 0]);
}

#[test]
fn hostile_files_are_refused_in_bounded_time_and_memory() {
    let large = "x".repeat(MAX_BYTES + 1);
    assert_eq!(
        holidays_from_ics(&large),
        Err(IcsError::TooLarge { limit: MAX_BYTES })
    );
    let deep = "BEGIN:A\n".repeat(100_000);
    assert_eq!(
        holidays_from_ics(&deep),
        Err(IcsError::TooDeep { limit: MAX_DEPTH })
    );
    let mut many = "BEGIN:VCALENDAR\n".to_owned();
    for _ in 0..5_000 {
        many.push_str(
            "BEGIN:VEVENT\nDTSTART:19000101\nDURATION:P9W\nRRULE:FREQ=YEARLY\nEND:VEVENT\n",
        );
    }
    many.push_str("END:VCALENDAR\n");
    assert_eq!(
        holidays_from_ics(&many),
        Err(IcsError::TooMany {
            limit: MAX_HOLIDAYS
        })
    );
    let listed = format!(
        "DTSTART:20260101\nRDATE:{}20260102",
        "20260101,".repeat(50_000)
    );
    let excluded = format!("{listed}\nEXDATE:{}20260103", "20260102,".repeat(50_000));
    let told = holidays_from_ics(&event(&excluded));
    assert_eq!(
        told,
        Err(IcsError::TooMany {
            limit: MAX_HOLIDAYS
        })
    );
    let long_line = format!("DTSTART;{}:20260101", "A=B;".repeat(200_000));
    let _ = holidays_from_ics(&event(&long_line));
}

/// Pieces of which calendars are made, sound and broken.
const PIECES: [&str; 24] = [
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "\n",
    "\r\n",
    "\n ",
    "DTSTART",
    "DTEND",
    "RRULE",
    "EXDATE",
    "SUMMARY",
    "DURATION",
    ":",
    ";",
    "=",
    ",",
    "20260101",
    "99991231",
    "P999999999999999999W",
    "FREQ=YEARLY",
    "BYMONTH=2;BYDAY=-5SU",
    "é\\",
    "\"",
];

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(pieces in prop::collection::vec(select(&PIECES[..]), 0..60)) {
        let text = pieces.concat();
        let _ = holidays_from_ics(&text);
        let _ = holidays_from_ics(&event(&text));
        let _ = holidays_from_ics(&event(&format!("DTSTART:20240229\nRRULE:{text}")));
    }
}
