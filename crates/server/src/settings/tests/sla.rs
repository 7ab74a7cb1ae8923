//! Policies and calendars of the settings file.

use std::fs;

use tempfile::TempDir;

use super::{faults, load};

const KATHMANDU: &str = r#"
[[sla.policies]]
name = "critical"
match = { kind = "bug", urgency = "critical" }
first_response_seconds = 1800
resolution_seconds = 14400

[[sla.policies]]
name = "office"
first_response_seconds = 7200
calendar = "kathmandu"

[sla.calendars.kathmandu]
time_zone = "Asia/Kathmandu"
holidays = ["2026-10-20"]
hours = { sun = [["09:00", "18:00"]], mon = [["09:00", "18:00"]] }
"#;

#[test]
fn policies_and_calendars_come_from_the_file() {
    let settings = load(&TempDir::new().unwrap(), KATHMANDU, &[]).unwrap();

    let names: Vec<&str> = settings
        .sla
        .policies
        .iter()
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(names, ["critical", "office"]);
    assert!(settings.sla.calendars.contains_key("kathmandu"));
    let printed = settings.render();
    assert!(printed.contains("[[sla.policies]]") && printed.contains("[sla.calendars.kathmandu]"));
}

#[test]
fn faults_of_policies_and_calendars_name_their_place() {
    let rows = [
        (
            "calendar = \"kathmandu\"",
            "calendar = \"katmandu\"",
            "sla.policies.1.calendar",
        ),
        (
            "urgency = \"critical\"",
            "urgency = \"dire\"",
            "sla.policies.0.match.urgency",
        ),
        (
            "first_response_seconds = 7200",
            "respond = 1",
            "sla.policies.1",
        ),
        (
            "time_zone = \"Asia/Kathmandu\"",
            "timezone = \"X\"",
            "sla.calendars.kathmandu",
        ),
        (
            "time_zone =",
            "holidays_ics = \"none.ics\"\ntime_zone =",
            "sla.calendars.kathmandu.holidays_ics",
        ),
        (
            "[sla.calendars.kathmandu]",
            "[sla.calenders.kathmandu]",
            "sla.calenders",
        ),
    ];
    for (right, wrong, place) in rows {
        let file = KATHMANDU.replace(right, wrong);
        assert_ne!(file, KATHMANDU);
        let told = faults(&file, &[]);
        assert!(
            told.iter()
                .any(|fault| fault.starts_with(&format!("desk.toml: {place}"))),
            "{told:?}"
        );
    }
}

#[test]
fn holidays_come_from_a_calendar_file_too() {
    let folder = TempDir::new().unwrap();
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
        BEGIN:VEVENT\r\nSUMMARY:Dashain\r\nDTSTART;VALUE=DATE:20261019\r\nDTEND;VALUE=DATE:20261021\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261231\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    fs::write(folder.path().join("nepal.ics"), ics).unwrap();
    let file = KATHMANDU.replace("time_zone =", "holidays_ics = \"nepal.ics\"\ntime_zone =");

    let settings = load(&folder, &file, &[]).unwrap();
    let holidays = &settings.sla.calendars["kathmandu"].holidays;
    let read: Vec<_> = holidays
        .iter()
        .map(|one| (one.date(), one.name()))
        .collect();
    let expected = [
        ("2026-10-20", None),
        ("2026-10-19", Some("Dashain")),
        ("2026-10-20", Some("Dashain")),
        ("2026-12-31", None),
    ];
    assert_eq!(read, expected);

    for wrong in [
        "nothing",
        &ics.replace(";VALUE=DATE:20261231", ":20261231T100000Z"),
    ] {
        fs::write(folder.path().join("nepal.ics"), wrong).unwrap();
        let told = load(&folder, &file, &[]).unwrap_err();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].setting.ends_with("kathmandu.holidays_ics"),
            "{told:?}"
        );
    }
}
