use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{PROBE_FROM, PROBE_UNTIL, STEP, stretches};
use crate::instant::DAY;

fn second(text: &str) -> i64 {
    text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp()
}

/// The offset as the zone data has it, and as the stretches have it.
fn both_offsets(zone: Tz, at: i64) -> (i64, i64) {
    let utc = DateTime::from_timestamp(at, 0).unwrap().naive_utc();
    let told = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
    let stretches = stretches(zone);
    let after = stretches.partition_point(|stretch| stretch.from <= at);
    (i64::from(told), stretches[after - 1].offset)
}

#[test]
fn the_date_line_jump_of_apia_is_found_to_the_second() {
    let stretches = stretches(Tz::Pacific__Apia);
    let jump = stretches
        .iter()
        .find(|s| s.from == second("2011-12-30T10:00:00Z"))
        .unwrap();
    assert_eq!(jump.offset, 14 * 3_600);
}

#[test]
fn an_offset_of_odd_seconds_is_kept() {
    let stretches = stretches(Tz::Africa__Monrovia);
    let before_1972 = stretches.iter().find(|s| s.from < 0 && s.offset == -2_670);
    assert!(before_1972.is_some(), "{stretches:?}");
}

#[test]
fn stretches_agree_with_the_zone_data_at_every_probed_day() {
    let zones = [
        Tz::UTC,
        Tz::Asia__Kathmandu,
        Tz::Australia__Lord_Howe,
        Tz::Africa__Casablanca,
        Tz::Africa__El_Aaiun,
        Tz::Asia__Gaza,
        Tz::America__Noronha,
        Tz::Europe__Vienna,
    ];
    for zone in zones {
        // Nineteen hours drift through all times of day.
        for at in (PROBE_FROM..PROBE_UNTIL).step_by(19 * 3_600) {
            let (told, found) = both_offsets(zone, at);
            assert_eq!(told, found, "{zone} at {at}");
        }
    }
}

#[test]
fn no_zone_changes_outside_the_probed_years_or_faster_than_a_step_can_see() {
    for zone in TZ_VARIANTS {
        let stretches = stretches(zone);
        for year in [
            -1, 1, 1_500, 1_700, 2_101, 2_110, 2_150, 2_200, 2_500, 5_000, 9_999,
        ] {
            let at = (year - 1_970) * 31_556_952;
            let (told, found) = both_offsets(zone, at);
            assert_eq!(told, found, "{zone} in the year {year}");
        }
        let inner = stretches.get(1..).unwrap_or_default();
        for (one, next) in inner.iter().zip(inner.iter().skip(1)) {
            assert!(next.from - one.from > STEP + DAY, "{zone} at {}", one.from);
        }
    }
}
