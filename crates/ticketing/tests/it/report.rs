//! Report figures: facts, percentiles, time units, groups.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use runbook::Level;
use ticketing::{
    CommentAuthor, NewComment, Resolution, Severity, Ticket, Visibility, Window,
    report::{
        BacklogCollector, Buckets, ClockOutcome, Cohort, Collector, Dimension, Distribution, Facts,
        Figures, Key, KpiMetric, Kpis, Measure, Question, Recorded, Sections, Tally, TimeUnit,
        kpi_targets, nearest_rank, start_of,
    },
};

use crate::support::{agent, at, book, bug, feature, filed, scene, start, ticket, tool};

const HOUR: i64 = 3600;
const ALL: Sections = Sections {
    durations: true,
    escalations: true,
};

fn answered(ticket: &Ticket, after: i64) -> Ticket {
    let new = NewComment {
        visibility: Visibility::Public,
        author: CommentAuthor::Agent,
        text: "on it".to_owned(),
        masked: Vec::new(),
    };
    scene(&agent(), at(after), &book(), |scene| {
        ticketing::comment(ticket, new, scene).unwrap().ticket
    })
}

fn resolved(ticket: &Ticket, after: i64) -> Ticket {
    scene(&agent(), at(after), &book(), |scene| {
        ticketing::resolve(ticket, Resolution::default(), scene)
            .unwrap()
            .ticket
    })
}

fn reopened(ticket: &Ticket, after: i64) -> Ticket {
    scene(&agent(), at(after), &book(), |scene| {
        ticketing::reopen(ticket, None, Window(604_800), scene)
            .unwrap()
            .ticket
    })
}

fn closed(ticket: &Ticket, after: i64) -> Ticket {
    scene(&agent(), at(after), &book(), |scene| {
        ticketing::close(ticket, None, scene).unwrap().ticket
    })
}

fn question(group_by: &[Dimension]) -> Question {
    Question {
        cohort: Cohort::Filed,
        from: start() - TimeDelta::days(1),
        to: start() + TimeDelta::days(1),
        zone: Tz::UTC,
        group_by: group_by.to_vec(),
        as_of: at(3 * HOUR),
    }
}

fn figures(tickets: &[Ticket], now: i64) -> Figures {
    let question = Question {
        as_of: at(now),
        ..question(&[])
    };
    let mut collector = Collector::new(question, Tally::new(ALL));
    for ticket in tickets {
        let recorded = Recorded::of(ticket);
        collector.add(&Facts::read(&recorded.line).unwrap());
    }
    collector.finish().total.into()
}

#[test]
fn a_line_of_facts_says_what_the_ticket_says() {
    let done = resolved(&answered(&ticket(Severity::High), 600), 5 * HOUR);
    let again = resolved(&reopened(&done, 6 * HOUR), 8 * HOUR);
    let recorded = Recorded::of(&again);
    let facts = Facts::read(&recorded.line).unwrap();

    assert_eq!(facts.number, 1001);
    assert_eq!(facts.created, start().timestamp_micros());
    assert_eq!(facts.source, "shop");
    let minutes = |working: i64, wall: i64| Some(Measure { working, wall });
    assert_eq!(facts.first_response.first, minutes(600, 600));
    assert_eq!(facts.resolution.first, minutes(5 * HOUR, 5 * HOUR));
    // The hour in which it was resolved does not count.
    assert_eq!(facts.resolution.total, minutes(7 * HOUR, 8 * HOUR));
    assert_eq!(facts.resolved, Some(at(8 * HOUR).timestamp_micros()));
    assert_eq!(facts.resolution_outcome(0), ClockOutcome::Met);
    // 24 h of work and the hour in between.
    assert_eq!(facts.deadline(), Some(at(25 * HOUR).timestamp()));
    assert_eq!(Facts::read("1\t2"), Err(ticketing::report::FactsError));
}

#[test]
fn an_open_clock_counts_as_breached_from_the_second_after_its_due_instant() {
    let open = ticket(Severity::High);
    for (now, met, breached, left_out) in [(2 * HOUR, 0, 0, 1), (2 * HOUR + 1, 0, 1, 0)] {
        let found = figures(std::slice::from_ref(&open), now).first_response;
        assert_eq!(
            (found.met, found.breached, found.open),
            (met, breached, left_out)
        );
    }
}

#[test]
fn cancelled_tickets_are_counted_apart_and_of_nothing_there_is_no_share() {
    let nothing = figures(&[], 0);
    assert_eq!(nothing.first_response.compliance().share(), None);
    assert_eq!(nothing.escalated.share(), None);
    assert_eq!(nothing.score_mean, None);
    assert_eq!(
        nothing.resolution.total.unwrap().working,
        Distribution::of(vec![])
    );

    let cancelled = closed(&ticket(Severity::High), 60);
    let found = figures(&[cancelled], HOUR);
    assert_eq!((found.n, found.cancelled), (0, 1));
    assert_eq!(found.first_response.compliance().of, 0);
}

#[test]
fn satisfied_are_scores_of_four_and_five() {
    let done = resolved(&ticket(Severity::High), 60);
    let rated = |score| {
        let said = ticketing::Satisfaction {
            score: ticketing::Score::new(score).unwrap(),
            words: None,
            masked: Vec::new(),
            resolution: 2,
        };
        scene(&tool(), at(120), &book(), |scene| {
            ticketing::rate(&done, said, scene).unwrap().ticket
        })
    };
    let found = figures(&[rated(5), rated(4), rated(3), done.clone()], HOUR);
    assert_eq!((found.satisfied.part, found.satisfied.of), (2, 3));
    assert_eq!(found.score_mean, Some(4.0));
}

#[test]
fn feature_requests_have_no_resolution_target() {
    let wish = filed(feature(), Level::SUPPORT).ticket;
    let found = figures(&[resolved(&wish, HOUR)], 2 * HOUR);
    assert_eq!(found.resolution.without, 1);
    assert_eq!(found.resolution.total.unwrap().working.n, 0);
    assert_eq!(found.resolved, 1);
}

#[test]
fn time_at_a_level_runs_until_the_next_move_or_the_resolution() {
    let urgent = filed(bug(Severity::High), Level::ENGINEERING).ticket;
    let taken = scene(&agent(), at(300), &book(), |scene| {
        ticketing::acknowledge(&urgent, 1, scene).unwrap().ticket
    });
    let lowered = scene(&agent(), at(HOUR), &book(), |scene| {
        ticketing::deescalate(&taken, Level::SUPPORT, "calm", scene)
            .unwrap()
            .ticket
    });
    let done = resolved(&lowered, 3 * HOUR);
    let found = figures(&[done], 9 * HOUR).escalations.unwrap();
    let seconds = |level: usize| found.stays[level].p50;
    assert_eq!(seconds(0), Some(7200));
    assert_eq!(seconds(1), None);
    assert_eq!(seconds(2), Some(3600));
    assert_eq!((found.count, found.raised_to), (1, [0, 0, 1, 0]));
    assert_eq!(found.acknowledged.p50, Some(300));
    assert_eq!(found.unacknowledged, 0);
}

#[test]
fn percentiles_are_by_nearest_rank() {
    let values = [15, 20, 35, 40, 50];
    for (percent, expected) in [(5, 15), (30, 20), (40, 20), (50, 35), (100, 50)] {
        assert_eq!(nearest_rank(&values, percent), Some(expected), "p{percent}");
    }
    assert_eq!(nearest_rank(&[7], 99), Some(7));
    assert_eq!(nearest_rank(&[], 50), None);
}

#[test]
fn days_begin_where_the_zone_says() {
    for (zone, day, begins, hours) in [
        ("Asia/Kathmandu", "2026-11-22", "2026-11-21T18:15:00Z", 24),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25),
        // Midnight itself is leapt over.
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 23),
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", 23),
    ] {
        let zone: Tz = zone.parse().unwrap();
        let day: NaiveDate = day.parse().unwrap();
        let begin: DateTime<Utc> = begins.parse().unwrap();
        assert_eq!(start_of(zone, day), begin, "{zone}");
        let mut buckets = Buckets::new(zone, TimeUnit::Day);
        let (from, to) = buckets.bounds(day);
        assert_eq!((from, (to - from).num_hours()), (begin, hours), "{zone}");
        assert_eq!(buckets.first_day(from.timestamp_micros()), day);
        assert_eq!(buckets.first_day(to.timestamp_micros() - 1), day);
        assert_ne!(buckets.first_day(to.timestamp_micros()), day);
    }
}

#[test]
fn weeks_begin_on_monday_and_empty_ones_are_listed() {
    let asked = Question {
        from: "2026-11-02T00:00:00Z".parse().unwrap(),
        ..question(&[Dimension::Week])
    };
    let mut collector = Collector::new(asked, Tally::new(ALL));
    let recorded = Recorded::of(&ticket(Severity::Low));
    collector.add(&Facts::read(&recorded.line).unwrap());
    let found = collector.finish().map(Figures::from);
    let weeks: Vec<(String, u64)> = found
        .groups
        .iter()
        .map(|group| match &group.keys[..] {
            [Key::Time { first_day, .. }] => (first_day.to_string(), group.figures.n),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("2026-11-02", 0),
        ("2026-11-09", 0),
        ("2026-11-16", 1),
        ("2026-11-23", 0),
    ];
    let expected: Vec<_> = expected.map(|(day, n)| (day.to_owned(), n)).into();
    // The period ends on Monday the 23rd at ten.
    assert_eq!(weeks, expected);
}

#[test]
fn a_target_is_taken_strictly_and_of_nothing_there_is_no_verdict() {
    let source = include_str!("../../../../runbook/customer-support.md");
    let runbook = runbook::parse(source, start().date_naive()).runbook;
    let targets = kpi_targets(&runbook.targets, 14_400);
    let mut kpis = Kpis::new(question(&[]));
    for (severity, after) in [(Severity::High, 2 * HOUR), (Severity::Critical, 60)] {
        let recorded = Recorded::of(&answered(&ticket(severity), after));
        kpis.add(&Facts::read(&recorded.line).unwrap());
    }
    let (kpis, whole) = kpis.finish(&targets);
    assert_eq!(whole.n, 2);
    let kpi = |metric| kpis.iter().find(|kpi| kpi.target.metric == metric).unwrap();
    let first = kpi(KpiMetric::FirstResponse);
    // p90 of 60 s and 2 h is 2 h, and the target is less than that.
    assert_eq!(
        (first.now.value, first.is_met()),
        (Some(7200.0), Some(false))
    );
    assert_eq!((first.before.n, first.change()), (0, None));
    assert!(kpi(KpiMetric::Resolution).target.without_critical);
    assert_eq!(kpi(KpiMetric::CriticalResolution).target.line, None);
    assert_eq!(kpi(KpiMetric::Satisfaction).is_met(), None);
    assert_eq!(kpi(KpiMetric::EscalationRate).is_met(), Some(true));
}

#[test]
fn the_backlog_knows_ages_and_what_breaches_next() {
    let mut backlog = BacklogCollector::new(question(&[Dimension::Assignee]));
    for ticket in [
        ticket(Severity::Critical),
        resolved(&ticket(Severity::Low), 60),
    ] {
        let recorded = Recorded::of(&ticket);
        backlog.add(&Facts::read(&recorded.line).unwrap());
    }
    let found = backlog.finish();
    let total = &found.grouped.total;
    assert_eq!(
        (total.n, total.unassigned, total.ages),
        (1, 1, [1, 0, 0, 0, 0, 0, 0])
    );
    assert_eq!(
        (total.first_response_breached, total.resolution_breached),
        (1, 0)
    );
    let next: Vec<_> = found
        .next
        .iter()
        .map(|next| (next.clock, next.at))
        .collect();
    assert_eq!(next, [(ticketing::ClockName::Resolution, at(4 * HOUR))]);
}

proptest! {
    #[test]
    fn a_percentile_is_the_least_value_that_so_many_do_not_exceed(
        mut values in prop::collection::vec(0_u32..50, 1..60), percent in 1_usize..=100,
    ) {
        values.sort_unstable();
        let found = nearest_rank(&values, percent).unwrap();
        let up_to = |bound: u32| values.iter().filter(|value| **value <= bound).count() * 100;
        prop_assert!(up_to(found) >= percent * values.len());
        let least = values.iter().filter(|value| **value < found).max();
        if let Some(less) = least {
            prop_assert!(up_to(*less) < percent * values.len());
        }
    }

    #[test]
    fn a_day_begins_with_the_first_second_that_shows_it(days in 0_i32..40_000, zone in 0_usize..600) {
        let zone = chrono_tz::TZ_VARIANTS[zone % chrono_tz::TZ_VARIANTS.len()];
        let day = NaiveDate::from_num_days_from_ce_opt(719_163 + days).unwrap();
        let begin = start_of(zone, day);
        let shows = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        prop_assert!(shows(begin) >= day);
        prop_assert!(shows(begin - TimeDelta::seconds(1)) < day);
    }
}
