use super::Timeline;
use crate::day::Day;
use crate::instant::DAY;

/// Sunday to Friday 1 to 4 o'clock, no Saturday; day 5 is a holiday, day 7 has
/// one hour only, day 9 (a Saturday) an extra entry that changes nothing.
fn line() -> Timeline {
    let hours = Day::new(vec![(3_600, 4 * 3_600)]);
    let mut week: [Day; 7] = std::array::from_fn(|_| hours.clone());
    week[6] = Day::default();
    let dates = vec![
        (5, Day::default(), Some(0)),
        (7, Day::new(vec![(3_600, 7_200)]), None),
        (9, Day::default(), None),
    ];
    Timeline::new(week, dates)
}

#[test]
fn the_count_of_a_day_is_its_own_hours() {
    let line = line();
    let of = |day: i64| line.worked((day + 1) * DAY) - line.worked(day * DAY);
    // 1970-01-01 is a Thursday, so day 2 is the first Saturday.
    let counts: Vec<i64> = (0..12).map(of).map(|seconds| seconds / 3_600).collect();
    assert_eq!(counts, [3, 3, 0, 3, 3, 0, 3, 1, 3, 0, 3, 3]);
    assert_eq!(of(-5), 0, "the Saturday before");
    assert_eq!(of(-4), 3 * 3_600);
}

#[test]
fn reach_is_the_earliest_second_with_the_count() {
    let line = line();
    let (first, last) = (line.worked(-20 * DAY), line.worked(30 * DAY));
    for worked in (first + 1..=last).step_by(53).chain([last]) {
        let at = line.reach(worked).unwrap();
        assert_eq!(line.worked(at), worked);
        assert_eq!(line.worked(at - 1), worked - 1);
    }
}

#[test]
fn a_count_that_ends_with_a_day_is_reached_at_its_closing() {
    let line = line();
    for day in [0, 1, 3, 4, 6, 8, 10, 200, -3] {
        let worked = line.worked((day + 1) * DAY);
        assert_eq!(line.reach(worked), Some(day * DAY + 4 * 3_600), "day {day}");
    }
    assert_eq!(
        line.reach(line.worked(8 * DAY)),
        Some(7 * DAY + 7_200),
        "the short day"
    );
}

#[test]
fn without_hours_nothing_is_reached() {
    let line = Timeline::new(Default::default(), vec![(5, Day::default(), Some(0))]);
    assert!(!line.has_hours());
    assert_eq!(line.reach(1), None);
    assert_eq!(line.worked(1_000 * DAY), 0);
}
