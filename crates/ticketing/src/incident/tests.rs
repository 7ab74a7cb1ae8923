use chrono::{DateTime, TimeDelta, Utc};

use super::*;

const RULES: IncidentRules = IncidentRules {
    reporters: 3,
    window_seconds: 1800,
    cooldown_seconds: 1800,
    quiet_seconds: 7200,
};

fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// Sightings by minute and reporter.
fn seen(of: &[(i64, &str)]) -> Vec<Sighting> {
    of.iter()
        .enumerate()
        .map(|(n, (minute, reporter))| Sighting {
            ticket: TicketNumber(i64::try_from(n).unwrap()),
            at: noon() + TimeDelta::minutes(*minute),
            reporter: (*reporter).to_owned(),
        })
        .collect()
}

fn places(of: &[(i64, &str)]) -> Option<Vec<usize>> {
    burst(&seen(of), &RULES).map(|(places, _)| places)
}

#[test]
fn a_burst_is_enough_distinct_reporters_within_the_window() {
    assert_eq!(places(&[]), None);
    assert_eq!(places(&[(0, "a"), (1, "b")]), None);
    assert_eq!(places(&[(0, "a"), (1, "b"), (2, "c")]), Some(vec![0, 1, 2]));
    // One reporter who writes often is one.
    assert_eq!(places(&[(0, "a"), (1, "a"), (2, "a"), (3, "b")]), None);
    // Exactly the window still counts, a second more does not.
    assert_eq!(
        places(&[(0, "a"), (1, "b"), (30, "c")]),
        Some(vec![0, 1, 2])
    );
    assert_eq!(places(&[(0, "a"), (1, "b"), (31, "c")]), None);
    // What is too old is left out, and the rest may still be enough.
    assert_eq!(
        places(&[(0, "a"), (40, "b"), (41, "b"), (50, "c"), (55, "d")]),
        Some(vec![1, 2, 3, 4])
    );
}

#[test]
fn no_reporters_switch_incidents_off() {
    let off = IncidentRules {
        reporters: 0,
        ..RULES
    };
    assert_eq!(burst(&seen(&[(0, "a"), (0, "b"), (0, "c")]), &off), None);
}

#[test]
fn a_reporter_is_whoever_is_named_best() {
    let reporter = |email: Option<&str>, phone: Option<&str>, name: Option<&str>| Reporter {
        email: email.map(str::to_owned),
        phone: phone.map(str::to_owned),
        name: name.map(str::to_owned),
        locale: None,
    };
    let who = |reporter: Reporter, reference| reporter_identity(&reporter, "shop", reference);
    assert_eq!(
        who(reporter(Some("Ana@x.example "), None, None), None),
        who(reporter(Some("ana@x.example"), Some("98"), None), Some("7"))
    );
    assert_eq!(
        who(reporter(None, Some("+977 98-4100"), None), None),
        who(reporter(None, Some("977984100"), None), None)
    );
    assert_ne!(
        who(reporter(None, None, Some("Ana")), None),
        who(reporter(None, None, Some("Bina")), None)
    );
    assert_ne!(
        who(reporter(None, None, None), Some("1")),
        who(reporter(None, None, None), Some("2"))
    );
    assert_eq!(
        who(reporter(None, None, None), None),
        who(reporter(Some(" "), None, None), None)
    );
}

#[test]
fn an_incident_is_acknowledged_once_and_closed_once() {
    let incident = Incident {
        id: IncidentId::new(noon(), [1; 10]),
        version: 1,
        entry: None,
        title: "black screen".to_owned(),
        reporters: 3,
        lead: TicketNumber(1001),
        escalation: 1,
        opened_at: noon(),
        acknowledged: None,
        closed: None,
        quiet_until: None,
    };
    let asha = Acknowledgement {
        by: "asha".to_owned(),
        at: noon(),
    };
    let closing = Closing {
        by: "asha".to_owned(),
        at: noon(),
        reason: None,
    };
    let acknowledged = incident.acknowledge(asha.clone()).unwrap();
    assert_eq!(acknowledged.status(), IncidentStatus::Acknowledged);
    assert!(acknowledged.acknowledge(asha.clone()).is_err());
    let closed = acknowledged.close(closing.clone(), &RULES).unwrap();
    assert_eq!(closed.status(), IncidentStatus::Closed);
    assert_eq!(closed.version, 3);
    assert_eq!(closed.quiet_until, Some(noon() + TimeDelta::minutes(30)));
    assert!(closed.close(closing, &RULES).is_err());
    assert!(closed.acknowledge(asha).is_err());
}
