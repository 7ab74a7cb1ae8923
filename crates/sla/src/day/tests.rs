use super::Day;

#[test]
fn intervals_are_sorted_and_touching_ones_are_one() {
    let day = Day::new(vec![(50, 60), (10, 20), (20, 30)]);
    assert_eq!(day, Day::new(vec![(10, 30), (50, 60)]));
    assert_eq!(day.total(), 30);
}

#[test]
fn worked_and_reach_are_inverse() {
    let day = Day::new(vec![(10, 30), (50, 60)]);
    for worked in 1..=day.total() {
        let second = day.reach(worked);
        assert_eq!(day.worked_before(second), worked);
        assert_eq!(
            day.worked_before(second - 1),
            worked - 1,
            "it is the earliest"
        );
    }
    assert_eq!(
        day.reach(20),
        30,
        "runs out at closing, not at the next opening"
    );
}

#[test]
fn breaks_may_overlap_each_other_and_lie_outside() {
    let day = Day::new(vec![(10, 30), (50, 60)]);
    let breaks = Day::new(vec![(0, 12), (15, 20), (18, 25), (29, 55), (90, 95)]);
    assert_eq!(
        day.without(&breaks),
        Day::new(vec![(12, 15), (25, 29), (55, 60)])
    );
    assert_eq!(day.without(&Day::new(vec![(0, 100)])), Day::default());
    assert_eq!(day.without(&Day::default()), day);
}

#[test]
fn a_second_knows_when_it_changes() {
    let day = Day::new(vec![(10, 30)]);
    assert_eq!(day.at(0), (false, 10));
    assert_eq!(day.at(10), (true, 30));
    assert_eq!(day.at(29), (true, 30));
    assert_eq!(day.at(30), (false, i64::MAX));
}
