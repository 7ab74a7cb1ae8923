//! Yearly recurrence: on a date, or on the n-th weekday of a month.

use chrono::{Datelike, Months, NaiveDate, Weekday};

/// Rules without an end are followed up to here, like the zones' changes.
const LAST_YEAR: i32 = 2_099;

/// A yearly `RRULE` (RFC 5545, 3.3.10).
#[derive(Debug)]
pub(super) struct Rule {
    interval: u32,
    count: Option<usize>,
    until: Option<NaiveDate>,
    month: u32,
    on: On,
}

/// Which day of the month.
#[derive(Debug)]
enum On {
    Day(u32),
    /// The n-th such weekday; from the month's end when negative.
    Weekday(i8, Weekday),
}

impl Rule {
    /// None for a rule that is not yearly or has parts that are not read.
    pub(super) fn parse(text: &str, start: NaiveDate) -> Option<Rule> {
        let mut is_yearly = false;
        let mut rule = Rule {
            interval: 1,
            count: None,
            until: None,
            month: start.month(),
            on: On::Day(start.day()),
        };
        let (mut names_month, mut names_weekday, mut names_day) = (false, false, false);
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.trim().split_once('=')?;
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => is_yearly = value.eq_ignore_ascii_case("YEARLY"),
                "INTERVAL" => {
                    rule.interval = value.parse().ok().filter(|interval| *interval > 0)?
                }
                "COUNT" => rule.count = Some(value.parse().ok()?),
                "UNTIL" => {
                    let day = value.split('T').next()?;
                    rule.until = Some(NaiveDate::parse_from_str(day, "%Y%m%d").ok()?);
                }
                "BYMONTH" => {
                    names_month = true;
                    rule.month = value
                        .parse()
                        .ok()
                        .filter(|month| (1..=12).contains(month))?;
                }
                "BYMONTHDAY" => {
                    names_day = true;
                    rule.on = On::Day(value.parse().ok().filter(|day| (1..=31).contains(day))?);
                }
                "BYDAY" => {
                    names_weekday = true;
                    rule.on = weekday(value)?;
                }
                // Where a week begins changes nothing in a year's dates.
                "WKST" => {}
                _ => return None,
            }
        }
        // A weekday without its month counts from the year's beginning, and a
        // weekday with a day of the month restricts it: neither is read.
        let is_read = is_yearly && !(names_weekday && (names_day || !names_month));
        is_read.then_some(rule)
    }

    /// The first dates of all occurrences; `start` is always the first one.
    pub(super) fn occurrences(&self, start: NaiveDate) -> Vec<NaiveDate> {
        let end = self.until.unwrap_or(NaiveDate::MAX);
        let step = usize::try_from(self.interval).unwrap_or(usize::MAX);
        let later = (start.year()..=LAST_YEAR)
            .step_by(step)
            .filter_map(|year| self.in_year(year))
            .filter(|date| *date > start && *date <= end);
        let most = self.count.unwrap_or(usize::MAX);
        std::iter::once(start).chain(later).take(most).collect()
    }

    /// None in a year without such a day, such as a 29 February.
    fn in_year(&self, year: i32) -> Option<NaiveDate> {
        let first = NaiveDate::from_ymd_opt(year, self.month, 1)?;
        match self.on {
            On::Day(day) => first.with_day(day),
            On::Weekday(nth, weekday) if nth > 0 => {
                NaiveDate::from_weekday_of_month_opt(year, self.month, weekday, nth.unsigned_abs())
            }
            On::Weekday(nth, weekday) => {
                let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
                let back = (7 + last.weekday().num_days_from_monday()
                    - weekday.num_days_from_monday())
                    % 7;
                let weeks = u32::from(nth.unsigned_abs()).checked_sub(1)?;
                last.with_day(last.day().checked_sub(back + 7 * weeks)?)
            }
        }
    }
}

/// `4TH`, `-1MO`: one weekday with its place in the month.
fn weekday(value: &str) -> Option<On> {
    let value = value.trim().to_ascii_uppercase();
    let weekdays = [
        ("MO", Weekday::Mon),
        ("TU", Weekday::Tue),
        ("WE", Weekday::Wed),
        ("TH", Weekday::Thu),
        ("FR", Weekday::Fri),
        ("SA", Weekday::Sat),
        ("SU", Weekday::Sun),
    ];
    let (place, weekday) = weekdays
        .into_iter()
        .find_map(|(name, weekday)| Some((value.strip_suffix(name)?, weekday)))?;
    let nth: i8 = place.parse().ok()?;
    let is_place = (1..=5).contains(&nth.unsigned_abs());
    is_place.then_some(On::Weekday(nth, weekday))
}
