//! The engine against a simulation that walks second by second and asks the
//! wall clock each time, over random calendars, zones and events.

#![expect(
    clippy::unwrap_used,
    reason = "an expectation that fails is a test that fails"
)]
#![expect(
    clippy::indexing_slicing,
    reason = "the simulation never leaves its window"
)]

mod life;
mod random;
mod wall;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use sla::{Calendar, Clock, DueError, Judgement, Segment, SegmentKind};

use crate::life::Life;
use crate::random::Scene;
use crate::wall::Seconds;

fn instant(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn elapsed_is_the_number_of_working_seconds(
        scene in random::scene(), start in 0..random::WINDOW, end in 0..random::WINDOW,
    ) {
        let (calendar, seconds) = scene.first();
        let (start, end) = (scene.from + start, scene.from + end);
        prop_assert_eq!(calendar.elapsed(instant(start), instant(end)), seconds.count(start, end));
    }

    #[test]
    fn due_is_the_earliest_second_with_so_many_worked(
        scene in random::scene(), start in 0..random::WINDOW, duration_s in 0..200_000_i64,
    ) {
        let (calendar, seconds) = scene.first();
        let start = scene.from + start;
        match (calendar.due(instant(start), duration_s), seconds.reach(start, duration_s)) {
            (Ok(due), Some(reached)) => prop_assert_eq!(due.timestamp(), reached),
            (Ok(due), None) => prop_assert!(due.timestamp() > scene.until),
            (Err(DueError::NeverOpen), None) => prop_assert!(!calendar.has_hours()),
            (due, reached) => prop_assert!(false, "{due:?} but {reached:?}"),
        }
    }

    #[test]
    fn segments_tell_open_from_closed_and_leave_no_hole(
        scene in random::scene(), start in 0..random::WINDOW, length in 0..200_000_i64,
    ) {
        let (calendar, seconds) = scene.first();
        let start = scene.from + start;
        let end = (start + length).min(scene.until);
        let mut at = start;
        let mut last: Option<Segment<'_>> = None;
        for segment in calendar.segments(instant(start), instant(end)) {
            prop_assert_eq!(segment.from.timestamp(), at);
            at = segment.to.timestamp();
            prop_assert!(at > segment.from.timestamp());
            prop_assert_ne!(last.map(|last| last.kind), Some(segment.kind));
            let worked = seconds.count(segment.from.timestamp(), at);
            let length = if segment.kind == SegmentKind::Open { at - segment.from.timestamp() } else { 0 };
            prop_assert_eq!(worked, length, "{:?}", segment);
            last = Some(segment);
        }
        prop_assert_eq!(at, end.max(start));
    }

    #[test]
    fn a_clock_is_judged_as_it_lived(scene in random::scene(), life in random::life()) {
        check_life(&scene, &life)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn due_over_years_is_the_inverse_of_elapsed(scene in random::scene(), days in 1..400_i64) {
        let (calendar, _) = scene.first();
        prop_assume!(calendar.has_hours());
        let seconds = Seconds::new(calendar.spec(), scene.from, scene.from + days * 86_400);
        let (start, end) = (instant(scene.from), instant(seconds.until()));
        let worked = seconds.count(scene.from, seconds.until());
        prop_assert_eq!(calendar.elapsed(start, end), worked);
        prop_assert_eq!(
            calendar.due(start, worked).unwrap().timestamp(),
            seconds.reach(scene.from, worked).unwrap()
        );
        for duration_s in [worked + 1, worked * 7 + 3, worked * 61 + 1] {
            let due = calendar.due(start, duration_s).unwrap();
            prop_assert_eq!(calendar.elapsed(start, due), duration_s);
            let before = instant(due.timestamp() - 1);
            prop_assert_eq!(calendar.elapsed(start, before), duration_s - 1);
        }
    }
}

/// Judges a life at every event and around it, and at random seconds.
fn check_life(scene: &Scene, life: &Life) -> Result<(), TestCaseError> {
    let calendars = scene.calendars();
    let mut life = life.clone();
    life.settle(scene.from, &calendars);
    let events = life.events(scene.from, &calendars);
    let clock = life.clock(scene.from, &calendars, &events);
    let mut breached_at = None;
    for as_of in life.questions(scene.from) {
        let expected = life.lived(scene, as_of);
        let judged = match sla::judge(&clock, instant(as_of)) {
            Ok(judged) => judged,
            Err(error) => {
                prop_assert_eq!(error, DueError::NeverOpen);
                prop_assert!(!expected.calendar_has_hours);
                continue;
            }
        };
        let due = judged.due_if_running.unwrap().timestamp();
        match expected.due {
            Some(expected) => prop_assert_eq!(due, expected),
            None => prop_assert!(due > scene.until),
        }
        let ahead = |next: Option<DateTime<Utc>>| {
            next.map(|next| next.timestamp())
                .filter(|next| *next <= scene.until)
        };
        prop_assert_eq!(ahead(judged.next_breach), expected.next_breach);
        prop_assert_eq!(ahead(judged.next_at_risk), expected.next_at_risk);
        let told = Judgement {
            next_breach: None,
            next_at_risk: None,
            ..judged.clone()
        };
        prop_assert_eq!(told, expected.judgement(judged.due_if_running));

        if breached_at.is_some() {
            prop_assert_eq!(judged.breached_at, breached_at, "nothing un-breaches");
        }
        breached_at = judged.breached_at;
        check_explanation(&clock, &judged, as_of)?;
    }
    Ok(())
}

fn check_explanation(
    clock: &Clock<'_>,
    judged: &Judgement,
    as_of: i64,
) -> Result<(), TestCaseError> {
    let told = sla::explain(clock, instant(as_of)).unwrap();
    let mut at = clock.start;
    for segment in &told {
        prop_assert_eq!(segment.from, at);
        prop_assert_eq!(segment.seconds, (segment.to - segment.from).num_seconds());
        at = segment.to;
    }
    prop_assert_eq!(at, instant(as_of).max(clock.start));
    let counted: i64 = told.iter().filter(|s| s.counted).map(|s| s.seconds).sum();
    prop_assert_eq!(counted, judged.elapsed_s);
    Ok(())
}

impl Scene {
    fn calendars(&self) -> Vec<Calendar> {
        self.specs
            .iter()
            .map(|spec| Calendar::compile(spec).unwrap())
            .collect()
    }

    fn first(&self) -> (Calendar, &Seconds) {
        (Calendar::compile(&self.specs[0]).unwrap(), &self.seconds[0])
    }
}
