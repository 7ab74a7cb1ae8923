//! A clock whose terms change on its way.

use super::*;

#[test]
fn a_target_overrun_at_its_change_is_breached_at_the_change() {
    let always = Calendar::always();
    let to = |target_s| {
        EventKind::Retarget(Terms {
            calendar: &always,
            target_s,
        })
    };
    assert_eq!(
        of(judged(Resolution, &[(60, to(50))], 60).next_breach),
        Some(60)
    );
    let running = judged(Resolution, &[(60, to(50))], 61);
    assert_eq!(
        (of(running.breached_at), of(running.due_at)),
        (Some(60), Some(50))
    );
    assert_eq!(of(running.at_risk_at), Some(60));
    let paused = judged(Resolution, &[(55, Pause), (60, to(50))], 100);
    assert_eq!(of(paused.breached_at), Some(60));
    let stopped = judged(Resolution, &[(55, Stop), (60, to(50))], 100);
    assert_eq!(
        (stopped.breached_at, stopped.remaining_s),
        (None, -5),
        "what is met stays met"
    );
    let reopened = judged(Resolution, &[(55, Stop), (60, to(50)), (90, Reopen)], 100);
    assert_eq!(of(reopened.breached_at), Some(90));
    let saved = judged(Resolution, &[(60, to(50)), (60, to(200))], 100);
    assert_eq!(
        saved.breached_at, None,
        "changes of one second are one change"
    );
}

#[test]
fn a_longer_target_counts_from_the_start_with_the_same_pauses() {
    let always = Calendar::always();
    let longer = EventKind::Retarget(Terms {
        calendar: &always,
        target_s: 200,
    });
    let events = [(10, Pause), (40, Resume), (120, longer)];
    let judged = judged(Resolution, &events, 125);
    assert_eq!((judged.elapsed_s, of(judged.due_at)), (95, Some(230)));
    assert_eq!(of(judged.at_risk_at), Some(110), "by the terms of the time");
    assert_eq!(
        (judged.at_risk_in_cycle_at, of(judged.next_at_risk)),
        (None, Some(190))
    );
}

#[test]
fn another_calendar_counts_the_whole_life_again() {
    let spec: CalendarSpec = serde_json::from_str(
        r#"{"time_zone": "UTC", "hours": {"fri": [["08:00","08:01"]], "sat": [["00:00","24:00"]]}}"#,
    )
    .unwrap();
    let calendar = Calendar::compile(&spec).unwrap();
    // The start is Friday 2027-01-15 08:00:00.
    assert_eq!(at(0).to_rfc3339(), "2027-01-15T08:00:00+00:00");
    let terms = Terms {
        calendar: &calendar,
        target_s: 70,
    };
    let events = [(30, Pause), (50, Resume), (90, EventKind::Retarget(terms))];
    let judged = judged(Resolution, &events, 100);
    assert_eq!((judged.elapsed_s, judged.breached_at), (30 + 10, None));
    assert_eq!(judged.due_at, Some("2027-01-16T00:00:30Z".parse().unwrap()));
}

#[test]
fn nothing_that_happens_later_undoes_a_breach() {
    let long = Calendar::always();
    let retarget = EventKind::Retarget(Terms {
        calendar: &long,
        target_s: 1_000_000,
    });
    let later = [
        (200, Pause),
        (210, Resume),
        (220, Stop),
        (230, Reopen),
        (240, retarget),
    ];
    for count in 0..=later.len() {
        let judged = judged(Resolution, &later[..count], 9_000);
        assert_eq!(
            (of(judged.breached_at), of(judged.at_risk_at)),
            (Some(100), Some(80))
        );
        assert_eq!(
            judged.next_at_risk.or(judged.next_breach),
            None,
            "it fires once"
        );
    }
}
