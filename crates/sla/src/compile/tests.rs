use crate::calendar::Calendar;
use crate::spec::CalendarSpec;

/// The faults of a spec, one a line.
fn faults(spec: &str) -> String {
    let spec: CalendarSpec = serde_json::from_str(spec).unwrap();
    let faults = Calendar::compile(&spec).unwrap_err();
    faults.iter().map(|fault| format!("{fault}\n")).collect()
}

#[test]
fn every_fault_is_named_in_its_place_at_once() {
    let told = faults(
        r#"{"time_zone": "Asia/Katmandoo",
            "hours": {"mon": [["9:00","18:00"], ["18:00","24:30"]],
                      "tue": [["22:00","06:00"]],
                      "wed": [["13:00","18:00"], ["09:00","13:01"]]},
            "holidays": ["2026-10-20", "2026-02-30", {"date": "2026-1-1", "name": "New Year"}],
            "breaks": {"2026/10/20": [["12:00","12:00"]], "2026-10-21": [["x","13:00"]]}}"#,
    );
    let expected = [
        "/time_zone: \"Asia/Katmandoo\" is not an IANA time zone",
        "/hours/mon/0/0: \"9:00\" is not a time; write \"HH:MM\" from \"00:00\" to \"24:00\"",
        "/hours/mon/1/1: \"24:30\" is not a time",
        "/hours/tue/0: \"22:00\" does not come before \"06:00\"; split a shift",
        "/hours/wed/1: overlaps /hours/wed/0; intervals of one day may touch",
        "/holidays/1: \"2026-02-30\" is not a date; write \"YYYY-MM-DD\"",
        "/holidays/2: \"2026-1-1\" is not a date",
        "/breaks/2026-10-21/0/0: \"x\" is not a time",
        "/breaks/2026~110~120/0: \"12:00\" does not come before \"12:00\"",
        "/breaks/2026~110~120: \"2026/10/20\" is not a date",
    ];
    assert_eq!(told.lines().count(), expected.len(), "{told}");
    for (line, expected) in told.lines().zip(expected) {
        assert!(
            line.starts_with(expected),
            "{line}\nshould begin\n{expected}"
        );
    }
}

#[test]
fn a_hostile_spec_gets_a_bounded_answer() {
    let long = "9".repeat(100_000);
    let bad: Vec<String> = (0..5_000)
        .map(|_| format!("[\"{long}\",\"x\"]"))
        .take(300)
        .collect();
    let told = faults(&format!(
        r#"{{"time_zone": "{long}", "hours": {{"mon": [{}]}}}}"#,
        bad.join(",")
    ));
    assert_eq!(told.lines().count(), 100);
    assert!(told.len() < 20_000);
}

#[test]
fn texts_that_are_nearly_times_or_dates_are_refused() {
    for time in [
        "",
        "24:01",
        "12:60",
        "-1:00",
        "+1:00",
        "12:3",
        "12:30:00",
        "１２:00",
        "aa:bb",
    ] {
        let spec = format!(r#"{{"time_zone": "UTC", "hours": {{"mon": [["{time}","24:00"]]}}}}"#);
        assert!(faults(&spec).starts_with("/hours/mon/0/0: "), "{time}");
    }
    for date in [
        "",
        "2026-13-01",
        "+026-01-01",
        "2026-01-1",
        "20260101",
        "2026-01-01T00:00",
        "２０２６",
    ] {
        let spec = format!(r#"{{"time_zone": "UTC", "hours": {{}}, "holidays": ["{date}"]}}"#);
        assert!(faults(&spec).starts_with("/holidays/0: "), "{date}");
    }
}

#[test]
fn unknown_members_and_weekdays_are_refused_when_read() {
    for spec in [
        r#"{"time_zone": "UTC", "hours": {}, "holiday": []}"#,
        r#"{"time_zone": "UTC", "hours": {"monday": []}}"#,
        r#"{"time_zone": "UTC"}"#,
        r#"{"time_zone": "UTC", "hours": {"mon": [["09:00"]]}}"#,
        r#"{"time_zone": "UTC", "hours": {}, "holidays": [{"date": "2026-01-01", "nam": "x"}]}"#,
    ] {
        assert!(
            serde_json::from_str::<CalendarSpec>(spec).is_err(),
            "{spec}"
        );
    }
}

#[test]
fn a_spec_is_written_as_it_is_read() {
    let text = r#"{"time_zone":"UTC","hours":{"sun":[["00:00","24:00"]],"mon":[]},"holidays":["2026-10-20",{"date":"2026-10-21","name":"Dashain"}],"breaks":{"2026-10-22":[["12:00","13:00"]]}}"#;
    let spec: CalendarSpec = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&spec).unwrap(), text);
    assert_eq!(Calendar::compile(&spec).unwrap().spec(), &spec);
}

#[test]
fn touching_intervals_and_holidays_given_twice_are_sound() {
    let spec: CalendarSpec = serde_json::from_str(
        r#"{"time_zone": "UTC", "hours": {"thu": [["12:00","24:00"], ["00:00","12:00"]]},
            "holidays": ["1970-01-08", {"date": "1970-01-08", "name": "Twice"}],
            "breaks": {"1970-01-08": [["00:00","01:00"]], "1970-01-15": []}}"#,
    )
    .unwrap();
    let calendar = Calendar::compile(&spec).unwrap();
    let day = |text: &str| text.parse().unwrap();
    let (start, end) = (day("1970-01-01T00:00:00Z"), day("1970-01-22T00:00:00Z"));
    assert_eq!(calendar.elapsed(start, end), 2 * 86_400);
}
