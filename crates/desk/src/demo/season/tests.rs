use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn days_share_all_tickets_among_them() {
    for tickets in [1, 7, 1000, 12_345] {
        let days = days(at("2026-11-22T10:00:00Z"), 90, tickets, 7);
        assert_eq!(days.len(), 90);
        assert_eq!(days.iter().map(|day| day.tickets).sum::<usize>(), tickets);
    }
}

#[test]
fn arrivals_lie_within_their_day_and_in_order() {
    for day in days(at("2026-11-22T10:00:00Z"), 60, 6000, 3) {
        let arrivals = day.arrivals(&mut Chance::new(3, day.index));
        assert!(arrivals.is_sorted());
        for arrival in arrivals {
            assert!(arrival.at >= day.begin);
            assert!(arrival.at < day.begin + TimeDelta::days(1));
        }
    }
}

#[test]
fn work_rests_at_night() {
    let after = |from: &str, hours| after_work(at(from), TimeDelta::hours(hours)).to_rfc3339();
    // 12:45 in Nepal, and two hours later.
    assert_eq!(
        after("2026-11-22T07:00:00Z", 2),
        "2026-11-22T09:00:00+00:00"
    );
    // 22:45 in Nepal: a quarter of an hour today, the rest from seven on.
    assert_eq!(
        after("2026-11-22T17:00:00Z", 1),
        "2026-11-23T02:00:00+00:00"
    );
    // 02:00 in Nepal: work begins at seven.
    assert_eq!(
        after("2026-11-22T20:15:00Z", 1),
        "2026-11-23T02:15:00+00:00"
    );
    // Sixteen hours are a whole shift.
    assert_eq!(
        after("2026-11-22T07:00:00Z", 18),
        "2026-11-23T09:00:00+00:00"
    );
}
