//! What a ticket does by itself: reminders, rising, outages.

use chrono::{DateTime, Utc};
use runbook::{Level, Runbook};
use ticketing::{
    Citations, Decided, EscalationTrigger, EventKind, OutageRule, Pace, PolicyBook, PolicySet,
    Severity, TargetSettings, Ticket, TicketNumber, Window, tick,
};

use crate::support::{agent, at, book, bug, feature, scene, start, tool, verdict};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

fn runbook() -> Runbook {
    let source = include_str!("../../../../runbook/customer-support.md");
    runbook::parse(source, start().date_naive()).runbook
}

fn level(number: u8) -> Level {
    Level::try_from(number).unwrap()
}

fn filed(at_level: u8) -> Ticket {
    let verdict = verdict(level(at_level));
    scene(&tool(), start(), &book(), |scene| {
        ticketing::file(bug(Severity::Medium), verdict, TicketNumber(1001), scene)
    })
    .ticket
}

fn tick_at(ticket: &Ticket, seconds: i64) -> Decided {
    scene(&agent(), at(seconds), &book(), |scene| tick(ticket, scene))
}

/// What the ticket does when it is looked at whenever it says.
fn lives(mut ticket: Ticket, until: i64) -> (Ticket, Vec<(i64, String)>) {
    let mut told = Vec::new();
    while let Some(next) = ticket.next_step_at.filter(|next| *next <= at(until)) {
        let seconds = (next - start()).num_seconds();
        let decided = scene(&agent(), next, &book(), |scene| tick(&ticket, scene));
        assert!(!decided.is_unchanged(), "nothing happened at {next}");
        told.extend(
            decided
                .notices
                .iter()
                .map(|one| (seconds, one.cause.clone())),
        );
        ticket = decided.ticket;
    }
    (ticket, told)
}

fn minutes(told: &[(i64, String)], of: &str) -> Vec<i64> {
    let repeats = told.iter().filter(|(_, cause)| cause.starts_with(of));
    repeats.map(|(seconds, _)| seconds / MINUTE).collect()
}

#[test]
fn at_level_2_it_is_repeated_three_times_and_then_rises_once() {
    let (ticket, told) = lives(filed(2), 3 * HOUR);
    assert_eq!(minutes(&told, "escalation_repeated:1:"), [15, 30, 45]);
    assert_eq!(minutes(&told, "escalated:2"), [60]);
    // Level 3 is repeated three times and goes no further by itself.
    assert_eq!(minutes(&told, "escalation_repeated:2:"), [75, 90, 105]);
    assert_eq!((ticket.level, ticket.next_step_at), (level(3), None));
    let risen = &ticket.escalations[1];
    assert_eq!(risen.trigger, EscalationTrigger::Unacknowledged);
    assert_eq!(risen.by, "runbook-desk");
    // It rests on the clause that nobody acknowledged.
    assert_eq!(risen.clause.as_deref(), Some("Site down"));
    assert_eq!(risen.line, Some(276));
}

#[test]
fn at_level_4_it_is_repeated_at_a_capped_pace_for_ever() {
    let (ticket, told) = lives(filed(4), 5 * HOUR);
    assert_eq!(
        minutes(&told, "escalation_repeated:1:"),
        [15, 30, 45, 105, 165, 225, 285]
    );
    assert_eq!(ticket.level, level(4));
    assert!(ticket.next_step_at.is_some());
}

#[test]
fn what_was_overdue_together_is_told_once() {
    let decided = tick_at(&filed(4), 10 * HOUR);
    let kinds: Vec<&str> = decided.events.iter().map(|one| one.kind.name()).collect();
    assert!(kinds.contains(&"escalation_repeated"), "{kinds:?}");
    assert_eq!(decided.ticket.escalations[0].repeats, 12);
    assert_eq!(
        decided
            .notices
            .iter()
            .filter(|one| one.cause.starts_with("escalation_repeated"))
            .count(),
        1
    );
    assert!(tick_at(&decided.ticket, 10 * HOUR).is_unchanged());

    // At level 2 everything was due, the rise last: it is all that is left.
    let decided = tick_at(&filed(2), 10 * HOUR);
    assert_eq!(decided.ticket.level, level(3));
    assert_eq!(decided.ticket.next_step_at, Some(at(10 * HOUR + 900)));
}

#[test]
fn acknowledging_resolving_lowering_closing_and_merging_stop_it() {
    type Act = fn(&Ticket, &ticketing::Scene<'_>) -> Decided;
    let acts: [Act; 5] = [
        |ticket, scene| ticketing::acknowledge(ticket, 1, scene).unwrap(),
        |ticket, scene| ticketing::resolve(ticket, Default::default(), scene).unwrap(),
        |ticket, scene| ticketing::deescalate(ticket, level(2), "Calm", scene).unwrap(),
        |ticket, scene| ticketing::close(ticket, None, scene).unwrap(),
        |ticket, scene| {
            let target = Ticket {
                id: ticketing::TicketId::new(at(1), [2; 10]),
                number: TicketNumber(1002),
                ..filed(1)
            };
            ticketing::merge(ticket, &target, None, scene).unwrap().0
        },
    ];
    for act in acts {
        let stopped = scene(&agent(), at(10 * MINUTE), &book(), |scene| {
            act(&filed(3), scene)
        });
        assert_eq!(stopped.ticket.waiting, None);
        assert_eq!(stopped.ticket.next_step_at, None);
        let rebuilt: Vec<_> = [filed_event(3)]
            .into_iter()
            .chain(stopped.events.clone())
            .collect();
        let mut rebuilt = Ticket::rebuild(&rebuilt).unwrap();
        assert_eq!(rebuilt.waiting, None);
        rebuilt.next_step_at = None;
        let later = tick_at(&stopped.ticket, 40 * MINUTE);
        let repeated = |kind: &EventKind| matches!(kind, EventKind::EscalationRepeated { .. });
        assert!(!later.events.iter().any(|event| repeated(&event.kind)));
    }
}

fn filed_event(at_level: u8) -> ticketing::Event {
    scene(&tool(), start(), &book(), |scene| {
        let verdict = verdict(level(at_level));
        ticketing::file(bug(Severity::Medium), verdict, TicketNumber(1001), scene)
    })
    .events
    .remove(0)
}

#[test]
fn the_pace_of_an_escalation_is_the_one_it_began_with() {
    let slow = Pace {
        every_seconds: HOUR,
        repeats: 1,
        capped_seconds: HOUR,
    };
    let book = book().with_pace(slow);
    let filed = scene(&tool(), start(), &book, |scene| {
        ticketing::file(
            bug(Severity::Medium),
            verdict(level(2)),
            TicketNumber(1),
            scene,
        )
    });
    // The settings say 15 minutes by now.
    let (ticket, told) = lives(filed.ticket, 2 * HOUR);
    assert_eq!(minutes(&told, "escalation_repeated:1:"), [60]);
    assert_eq!(minutes(&told, "escalated:2"), [120]);
    assert_eq!(ticket.escalations[1].pace, Pace::default());
}

/// Office hours in Kathmandu; the story begins on a Sunday at 15:45 there.
fn office() -> PolicyBook {
    let set: PolicySet = serde_json::from_value(serde_json::json!({
        "policies": [{"name": "office", "resolution_seconds": 864_000, "calendar": "office"}],
        "calendars": {"office": {
            "time_zone": "Asia/Kathmandu",
            "hours": {"sun": [["09:00", "16:00"]], "mon": [["09:00", "16:00"]]}
        }}
    }))
    .unwrap();
    let mut book = PolicyBook::default();
    book.add(1, &set).unwrap();
    book
}

#[test]
fn level_2_waits_for_office_hours_and_level_3_does_not() {
    let next = |at_level| -> DateTime<Utc> {
        let filed = scene(&tool(), start(), &office(), |scene| {
            let verdict = verdict(level(at_level));
            ticketing::file(bug(Severity::Low), verdict, TicketNumber(1), scene)
        });
        let first = filed.ticket.next_step_at.unwrap();
        let repeated = scene(&agent(), first, &office(), |scene| {
            tick(&filed.ticket, scene)
        });
        repeated.ticket.next_step_at.unwrap()
    };
    // 15 minutes are left of the day; the second reminder is on Monday, 09:15.
    assert_eq!(
        next(2),
        "2026-11-23T03:30:00Z".parse::<DateTime<Utc>>().unwrap()
    );
    assert_eq!(next(3), at(30 * MINUTE));
}

fn outage() -> OutageRule {
    OutageRule {
        level: Level::LEADERSHIP,
        after_seconds: 3600,
        clause: "Major outage > 1 hour".to_owned(),
        line: Some(287),
        evidence: "the site is down".to_owned(),
    }
}

fn down() -> Ticket {
    let verdict = ticketing::Verdict {
        outage: Some(outage()),
        ..verdict(level(3))
    };
    scene(&tool(), start(), &book(), |scene| {
        ticketing::file(bug(Severity::Critical), verdict, TicketNumber(1), scene)
    })
    .ticket
}

#[test]
fn an_outage_rises_once_it_is_open_for_more_than_an_hour() {
    let down = down();
    assert_eq!(tick_at(&down, HOUR).ticket.level, level(3));
    let risen = tick_at(&down, HOUR + 1).ticket;
    assert_eq!(risen.level, level(4));
    let escalation = risen.escalations.last().unwrap();
    assert_eq!(escalation.trigger, EscalationTrigger::Outage);
    assert_eq!(escalation.clause.as_deref(), Some("Major outage > 1 hour"));
    assert_eq!(
        (escalation.line, escalation.runbook_revision),
        (Some(287), 1)
    );
    assert_eq!(risen.outage, None);
}

#[test]
fn an_acknowledged_outage_rises_a_resolved_or_lowered_one_does_not() {
    let act =
        |ticket: &Ticket, seconds, act: &dyn Fn(&Ticket, &ticketing::Scene<'_>) -> Decided| {
            scene(&agent(), at(seconds), &book(), |scene| act(ticket, scene)).ticket
        };
    let taken = act(&down(), 60, &|ticket, scene| {
        ticketing::acknowledge(ticket, 1, scene).unwrap()
    });
    assert_eq!(tick_at(&taken, HOUR + 1).ticket.level, level(4));

    let lowered = act(&down(), 60, &|ticket, scene| {
        ticketing::deescalate(ticket, level(2), "Only his router", scene).unwrap()
    });
    assert_eq!(tick_at(&lowered, HOUR + 1).ticket.level, level(2));

    let resolved = act(&down(), 60, &|ticket, scene| {
        ticketing::resolve(ticket, Default::default(), scene).unwrap()
    });
    assert_eq!(resolved.next_step_at, None);
    // Down again: the hour begins anew.
    let again = act(&resolved, 2 * HOUR, &|ticket, scene| {
        ticketing::reopen(ticket, None, Window(86_400), scene).unwrap()
    });
    assert_eq!(tick_at(&again, 3 * HOUR).ticket.level, level(3));
    assert_eq!(tick_at(&again, 3 * HOUR + 1).ticket.level, level(4));
}

#[test]
fn a_breach_raises_urgent_bugs_by_one_and_cites_the_target() {
    let book = book().with_citations(Citations::of(&runbook(), 7));
    let filed = scene(&tool(), start(), &book, |scene| {
        ticketing::file(
            bug(Severity::High),
            verdict(level(1)),
            TicketNumber(1),
            scene,
        )
    });
    let late = at(2 * HOUR + 1);
    let risen = scene(&agent(), late, &book, |scene| tick(&filed.ticket, scene)).ticket;
    let escalation = risen.escalations.last().unwrap();
    assert_eq!(escalation.trigger, EscalationTrigger::SlaBreach);
    assert_eq!(escalation.clause.as_deref(), Some("First response < 2 h"));
    assert!(escalation.line.is_some());
    assert_eq!(escalation.runbook_revision, 7);
    assert_eq!(risen.level, level(2));
}

#[test]
fn no_breach_raises_calm_bugs_feature_requests_or_above_level_3() {
    let targets = TargetSettings {
        first_response_seconds: None,
        resolution_seconds: None,
        critical_resolution_seconds: 14_400,
    };
    let mut book = PolicyBook::default();
    book.add(1, &PolicySet::default().complete(&runbook(), &targets))
        .unwrap();
    let wish = || {
        let mut wish = feature();
        if let ticketing::Details::Feature(feature) = &mut wish.details {
            feature.priority = ticketing::Priority::High;
        }
        wish
    };
    for (draft, at_level) in [
        (bug(Severity::Medium), 1),
        (wish(), 1),
        (bug(Severity::Critical), 3),
        (bug(Severity::Critical), 4),
    ] {
        let filed = scene(&tool(), start(), &book, |scene| {
            ticketing::file(draft, verdict(level(at_level)), TicketNumber(1), scene)
        });
        let later = scene(&agent(), at(9 * 86_400), &book, |scene| {
            tick(&filed.ticket, scene)
        });
        assert_eq!(later.ticket.level, level(at_level));
    }
}

/// An agent who acts between the breach and the sweep takes nothing away.
#[test]
fn a_breach_that_an_agent_meets_first_raises_as_the_sweep_would() {
    let filed = scene(&tool(), start(), &book(), |scene| {
        ticketing::file(
            bug(Severity::High),
            verdict(level(1)),
            TicketNumber(1),
            scene,
        )
    });
    let late = at(2 * HOUR + 5);
    let assigned = scene(&agent(), late, &book(), |scene| {
        ticketing::assign(&filed.ticket, Some("asha".to_owned()), scene).unwrap()
    });
    assert_eq!(assigned.ticket.level, level(2));
    // The breach is told where it happened, the rise where it went.
    let levels: Vec<_> = assigned.notices.iter().map(|one| one.level).collect();
    assert_eq!(levels, [Some(level(1)), Some(level(2))]);

    let resolved = scene(&agent(), late, &book(), |scene| {
        ticketing::resolve(&filed.ticket, Default::default(), scene).unwrap()
    });
    assert_eq!(resolved.ticket.level, level(1));
}
