//! When digests are due, and which checks are whose.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use runbook::Clause;

use super::{
    Asked, Check, DAILY, Digest, DigestPeriod, DigestPlan, Gaps, MONTHLY, Turns, TurnsError,
    WEEKLY, check_of, checklist,
};
use crate::{
    Block,
    report::{
        BacklogFigures, Distribution, Figures, Kpi, KpiFigure, KpiMetric, KpiTarget, Rate,
        Sections, Tally,
    },
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn plan(zone: &str, daily: &str, weekly: &str, monthly: &str) -> DigestPlan {
    DigestPlan {
        zone: zone.parse().unwrap(),
        daily: daily.parse().ok(),
        weekly: weekly.parse().ok(),
        monthly: monthly.parse().ok(),
    }
}

#[test]
fn a_schedule_is_one_time_of_day() {
    for good in [
        DAILY,
        WEEKLY,
        MONTHLY,
        "30 17 L * *",
        "5 9 * * MON-FRI",
        "0 7 1,15 * *",
    ] {
        assert_eq!(good.parse::<Turns>().unwrap().to_string(), good);
    }
    let fault = |text: &str| text.parse::<Turns>().unwrap_err();
    assert_eq!(fault("* 8 * * *"), TurnsError::Repeats);
    assert_eq!(fault("0 8,20 * * *"), TurnsError::Repeats);
    assert_eq!(fault("0 8 30 2 *"), TurnsError::Never);
    for bad in [
        "",
        "off",
        "8:00",
        "0 25 * * *",
        "0 8 * *",
        "0 0 8 * * *",
        "0 8 * * 1 2026",
        "@daily",
    ] {
        assert!(matches!(fault(bad), TurnsError::Malformed(_)), "{bad}");
    }
}

#[test]
fn periods_are_whole_days_of_the_leads_zone_and_meet() {
    let plan = plan("Asia/Kathmandu", DAILY, "0 8 * * 0", MONTHLY);
    // Sunday 22 November 2026, 08:00 in Kathmandu is 02:15 in UTC.
    let due = plan.due(at("2026-11-22T02:15:00Z"));
    let [daily, weekly, monthly] = due.as_slice() else {
        panic!("{due:?}")
    };
    assert_eq!(weekly.at, at("2026-11-22T02:15:00Z"));
    assert_eq!(weekly.from, at("2026-11-14T18:15:00Z"));
    assert_eq!(weekly.to, at("2026-11-21T18:15:00Z"));
    assert_eq!(weekly.first_day().to_string(), "2026-11-15");
    assert_eq!(weekly.last_day().to_string(), "2026-11-21");
    assert_eq!(weekly.cause(), "digest:weekly:2026-11-22");
    assert_eq!(daily.to - daily.from, TimeDelta::days(1));
    assert_eq!(daily.to, weekly.to);
    assert_eq!(monthly.from, at("2026-09-30T18:15:00Z"));
    assert_eq!(monthly.to, at("2026-10-31T18:15:00Z"));

    let before = plan.due(at("2026-11-22T02:14:59.999999Z"));
    assert_eq!(before[1].to, weekly.from, "one ends where the next begins");
    let next = plan.next_at(at("2026-11-21T02:15:00Z"));
    assert_eq!(next, Some(at("2026-11-22T02:15:00Z")));
}

#[test]
fn working_days_take_the_weekend_with_them() {
    let plan = plan("UTC", "0 8 * * 1-5", "off", "off");
    let due = plan.due(at("2026-11-23T09:00:00Z"));
    assert_eq!(due.len(), 1, "what is off is not due: {due:?}");
    assert_eq!(due[0].from, at("2026-11-20T00:00:00Z"));
    assert_eq!(due[0].to, at("2026-11-23T00:00:00Z"));
    let weekly = plan.edition(DigestPeriod::Weekly, at("2026-11-23T09:00:00Z"));
    assert_eq!(
        weekly.unwrap().from,
        at("2026-11-16T00:00:00Z"),
        "it can be looked at"
    );
}

#[test]
fn the_hour_stays_when_the_clock_changes() {
    let plan = plan("Europe/Berlin", "30 2 * * *", "0 8 * * 1", "off");
    let weekly = |now: &str| plan.edition(DigestPeriod::Weekly, at(now)).unwrap();
    assert_eq!(
        weekly("2026-10-22T00:00:00Z").at,
        at("2026-10-19T06:00:00Z")
    );
    assert_eq!(
        weekly("2026-10-29T00:00:00Z").at,
        at("2026-10-26T07:00:00Z")
    );
    let long = weekly("2026-10-29T00:00:00Z");
    assert_eq!(long.to - long.from, TimeDelta::hours(7 * 24 + 1));

    // 29 March has no half past two, 25 October has it twice.
    let daily = |now: &str| plan.edition(DigestPeriod::Daily, at(now)).unwrap();
    let spring = daily("2026-03-29T20:00:00Z");
    assert_eq!(spring.at, at("2026-03-29T01:00:00Z"));
    assert_eq!(spring.cause(), "digest:daily:2026-03-29");
    assert_eq!(spring.to - spring.from, TimeDelta::hours(24));
    let autumn = daily("2026-10-25T20:00:00Z");
    assert_eq!(autumn.at, at("2026-10-25T00:30:00Z"));
    assert_eq!(plan.next_at(autumn.at), Some(at("2026-10-26T01:30:00Z")));
}

#[test]
fn every_turn_of_years_is_found_from_both_sides() {
    for zone in [
        "Asia/Kathmandu",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
    ] {
        let zone: Tz = zone.parse().unwrap();
        for text in ["30 2 * * *", "0 0 * * *", "15 8 * * 0", MONTHLY] {
            let turns: Turns = text.parse().unwrap();
            let mut now = at("2026-01-01T00:00:00Z");
            while now < at("2028-01-01T00:00:00Z") {
                let next = turns.next(zone, now).unwrap();
                assert!(next > now);
                assert_eq!(turns.latest(zone, next), Some(next), "{zone} {text} {next}");
                let almost = next - TimeDelta::seconds(1);
                assert!(
                    turns.latest(zone, almost) < Some(next),
                    "{zone} {text} {next}"
                );
                now = next;
            }
        }
    }
}

#[test]
fn checks_are_read_by_their_words() {
    use Asked::{Better, Look};
    let table = [
        (
            "Review customer support tickets",
            Some((Check::Tickets, Look)),
        ),
        (
            "Go through the customers' support tickets",
            Some((Check::Tickets, Look)),
        ),
        (
            "Read the new tickets in the queue",
            Some((Check::Tickets, Look)),
        ),
        (
            "Review escalation metrics",
            Some((Check::Escalations, Look)),
        ),
        (
            "Look at how the escalation rate developed",
            Some((Check::Escalations, Look)),
        ),
        (
            "Reduce the escalation rate",
            Some((Check::Escalations, Better)),
        ),
        ("Review common issues", Some((Check::CommonIssues, Look))),
        (
            "List the most frequent complaints",
            Some((Check::CommonIssues, Look)),
        ),
        (
            "Check customer satisfaction",
            Some((Check::Satisfaction, Look)),
        ),
        ("Review response times", Some((Check::ResponseTimes, Look))),
        (
            "Review and improve response times",
            Some((Check::ResponseTimes, Better)),
        ),
        (
            "Review the time to resolution",
            Some((Check::ResolutionTimes, Look)),
        ),
        ("Look at SLA breaches", Some((Check::Targets, Look))),
        (
            "Audit resolved vs unresolved tickets",
            Some((Check::Progress, Look)),
        ),
        (
            "Compare resolved with unresolved tickets",
            Some((Check::Progress, Look)),
        ),
        ("Clear the backlog", Some((Check::Progress, Better))),
        (
            "Update runbook with new issues",
            Some((Check::Runbook, Look)),
        ),
        (
            "Add new issues to this runbook",
            Some((Check::Runbook, Look)),
        ),
        ("Update FAQ if needed", Some((Check::Questions, Look))),
        // What the desk cannot know.
        ("Check error rates in Sentry", None),
        ("Verify site is accessible", None),
        ("Check payment success rate", None),
        ("Check database backup status", None),
        ("Train team on new features", None),
        ("Check response times of the website", None),
        ("Review escalation contacts", None),
        ("Review escalated tickets", None),
        ("Review the ticket templates", None),
        ("Ask employees how satisfied they are", None),
        ("Water the plants", None),
        ("", None),
    ];
    for (text, wanted) in table {
        assert_eq!(check_of(text), wanted, "{text}");
    }
}

/// Ten tickets, two of them escalated, where less than one should have been.
fn digest(before: f64) -> Digest {
    let percent = |value| KpiFigure {
        n: 10,
        value: Some(value),
        ..KpiFigure::default()
    };
    let sections = Sections {
        durations: true,
        escalations: false,
    };
    let plan = plan("Asia/Kathmandu", DAILY, WEEKLY, MONTHLY);
    let now = at("2026-11-23T02:15:00Z");
    Digest {
        edition: plan.edition(DigestPeriod::Weekly, now).unwrap(),
        as_of: now,
        figures: Figures {
            n: 10,
            open: 3,
            resolved: 7,
            escalated: Rate { part: 2, of: 10 },
            ..Figures::from(Tally::new(sections))
        },
        untouched: 0,
        kpis: vec![Kpi {
            target: KpiTarget {
                metric: KpiMetric::EscalationRate,
                above: false,
                bound: 10,
                without_critical: false,
                line: Some(7),
            },
            now: percent(20.0),
            before: percent(before),
        }],
        commonest: Vec::new(),
        breached: 0,
        breaches: Vec::new(),
        backlog: BacklogFigures {
            n: 4,
            unassigned: 1,
            first_response_breached: 0,
            resolution_breached: 0,
            ages: [0; 7],
            age: Distribution::default(),
            oldest: None,
        },
        next: Vec::new(),
        gaps: Gaps::default(),
        revisions: 0,
        review: None,
        checklist: Vec::new(),
    }
}

fn ticked(text: &str, digest: &Digest) -> (bool, Option<String>) {
    let check = Clause {
        text: text.to_owned(),
        line: 9,
    };
    let mut items = checklist(&[check], digest);
    let item = items.remove(0);
    assert_eq!((item.text.as_str(), item.line), (text, 9));
    (item.done, item.evidence)
}

#[test]
fn a_box_is_ticked_by_what_the_figures_show() {
    let (better, worse) = (digest(30.0), digest(10.0));
    let known = |trend: &str| {
        let figure = "2 of 10 (20.0 %) tickets escalated, target missed";
        Some(format!("{figure}, {trend} than before"))
    };
    let look = "Review escalation metrics";
    assert_eq!(ticked(look, &better), (true, known("better")));
    assert_eq!(ticked(look, &worse), (true, known("worse")));
    let act = "Bring the escalation rate down";
    assert_eq!(ticked(act, &better), (true, known("better")));
    assert_eq!(ticked(act, &worse), (false, known("worse")));

    assert!(ticked("Review support tickets", &better).0);
    let untouched = Digest {
        untouched: 2,
        ..digest(30.0)
    };
    assert!(!ticked("Review support tickets", &untouched).0);
    let none_yet = (false, Some("there is no figure yet".to_owned()));
    assert_eq!(ticked("Check customer satisfaction", &better), none_yet);
    assert!(!ticked("Review common issues", &better).0, "none is known");
    assert!(ticked("Audit resolved vs unresolved tickets", &better).0);
    assert!(!ticked("Clear the backlog", &better).0, "four are open");

    let revised = Digest {
        revisions: 1,
        ..digest(30.0)
    };
    assert!(ticked("Update runbook with new issues", &revised).0);
    assert!(!ticked("Update runbook with new issues", &better).0);
    assert!(!ticked("Update FAQ if needed", &revised).0);
    assert_eq!(
        ticked("Check database backup status", &better),
        (false, None)
    );
}

#[test]
fn the_letter_says_period_figures_and_targets() {
    let letter = digest(30.0).letter();
    assert_eq!(letter.cause, "digest:weekly:2026-11-23");
    assert_eq!(
        letter.subject,
        "Weekly digest, 2026-11-16 to 2026-11-22: 10 filed, 0 breached, 1 of 1 target missed"
    );
    let tables = letter.blocks.iter().filter_map(|block| match block {
        Block::Table { rows, .. } => Some(rows),
        _ => None,
    });
    let rows: Vec<String> = tables.flatten().map(|row| row.join("|")).collect();
    for row in [
        "Filed|10|-",
        "Answered in time|-|n 0, p50 -, p90 -",
        "Escalated|2 of 10 (20.0 %)|-",
        "Open in all|4|1 with nobody, 0 overdue",
        "Escalation rate < 10 %|20.0 %|missed|10|-|30.0 %|better",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row}: {rows:#?}");
    }
}
