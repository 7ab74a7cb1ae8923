//! Dates as people write them.

use chrono::NaiveDate;

use crate::words::words;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The first date in a text: "October 18, 2025", "18 Oct 2025" or "2025-10-18".
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let words = words(text);
    words.windows(3).find_map(|three| match three {
        [a, b, c] => iso(a, b, c)
            .or_else(|| named(a, b, c))
            .or_else(|| named(b, a, c)),
        _ => None,
    })
}

fn iso(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = (year.len() == 4).then_some(year)?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn named(month: &str, day: &str, year: &str) -> Option<NaiveDate> {
    let abbreviated = month.len() >= 3;
    let index = MONTHS
        .iter()
        .position(|name| abbreviated && (name.starts_with(month) || month == "sept"))?;
    let day = day.trim_end_matches(char::is_alphabetic);
    let year = (year.len() == 4).then_some(year)?;
    let month = u32::try_from(index + 1).ok()?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)
}
