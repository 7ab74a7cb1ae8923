//! Card numbers: a run of digits that passes Luhn and has an issued prefix
//! with its length, and a verification value right behind one.

use std::ops::Range;

use super::{
    Finding, Sensitive,
    protected::{self, Digit},
};

const SHORTEST: usize = 13;
const LONGEST: usize = 19;

pub(super) fn find(text: &str, findings: &mut Vec<Finding>) {
    protected::for_each_run(text, |run| cards_of(text, run, findings));
}

/// Looks for cards that begin and end where a group of digits does: a longer
/// unbroken run of digits is some other number.
fn cards_of(text: &str, run: &[Digit], findings: &mut Vec<Finding>) {
    let mut at = 0;
    while at < run.len() {
        let card = group_begins(run, at).then(|| card_at(run, at)).flatten();
        let Some(length) = card else {
            at += 1;
            continue;
        };
        let digits = run.get(at..at + length).unwrap_or_default();
        if let (Some(first), Some(last)) = (digits.first(), digits.last()) {
            findings.push(Finding {
                span: first.span.start..last.span.end,
                kind: Sensitive::CardNumber,
                tail: digits
                    .iter()
                    .skip(length - 4)
                    .map(|digit| char::from(b'0' + digit.value))
                    .collect(),
            });
            if let Some(span) = verification_value_behind(text, last.span.end) {
                findings.push(Finding {
                    span,
                    kind: Sensitive::Cvv,
                    tail: String::new(),
                });
            }
        }
        at += length;
    }
}

fn group_begins(run: &[Digit], at: usize) -> bool {
    run.get(at).is_some_and(|digit| digit.begins_group)
}

/// The length of the card number that begins here. Sixteen digits are tried
/// first, so that three digits of a verification value behind a card are not
/// taken for its tail.
fn card_at(run: &[Digit], at: usize) -> Option<usize> {
    let rest = run.get(at..)?;
    std::iter::once(16)
        .chain((SHORTEST..=LONGEST).rev())
        .find(|&length| {
            let ends_group = rest.len() == length || group_begins(rest, length);
            ends_group
                && rest
                    .get(..length)
                    .is_some_and(|digits| issued(digits) && passes_luhn(digits))
        })
}

/// Luhn's check (ISO/IEC 7812-1, annex B).
fn passes_luhn(digits: &[Digit]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit.value);
            if place % 2 == 0 {
                value
            } else if value > 4 {
                2 * value - 9
            } else {
                2 * value
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a prefix is issued with this length: Visa, Mastercard, American
/// Express, Discover, Diners Club, JCB, UnionPay and RuPay.
fn issued(digits: &[Digit]) -> bool {
    let prefix = |count: usize| {
        digits
            .iter()
            .take(count)
            .fold(0_u32, |number, digit| number * 10 + u32::from(digit.value))
    };
    match digits.len() {
        13 => prefix(1) == 4,
        14 => matches!(prefix(2), 36 | 38 | 39) || matches!(prefix(3), 300..=305),
        15 => matches!(prefix(2), 34 | 37),
        length @ 16..=19 => {
            let sixteen = matches!(prefix(2), 51..=55 | 60 | 81 | 82)
                || matches!(prefix(4), 2221..=2720)
                || matches!(prefix(3), 353 | 356 | 508);
            (length == 16 && sixteen)
                || (length != 17 && length != 18 && prefix(1) == 4)
                || matches!(prefix(2), 62 | 65 | 81)
                || matches!(prefix(3), 644..=649)
                || matches!(prefix(4), 6011 | 3528..=3589)
        }
        _ => false,
    }
}

/// Three or four digits right behind a card number, or behind its expiry date.
fn verification_value_behind(text: &str, from: usize) -> Option<Range<usize>> {
    let (start, digits, end) = number_behind(text, from)?;
    if (3..=4).contains(&digits) && !text.get(end..)?.starts_with('/') {
        return Some(start..end);
    }
    // "12/25" or "12/2025", then the value.
    let year = text.get(end..)?.strip_prefix(['/', '-'])?;
    let year_digits = year
        .chars()
        .take(5)
        .take_while(char::is_ascii_digit)
        .count();
    if !(1..=2).contains(&digits) || !matches!(year_digits, 2 | 4) {
        return None;
    }
    let (start, digits, end) = number_behind(text, end + 1 + year_digits)?;
    (3..=4).contains(&digits).then_some(start..end)
}

/// The number behind at most four spaces or commas: start, digits, end.
fn number_behind(text: &str, from: usize) -> Option<(usize, usize, usize)> {
    let rest = text.get(from..)?;
    let gap = rest
        .chars()
        .take(4)
        .take_while(|c| matches!(c, ' ' | ',' | ';'))
        .count();
    let digits = rest
        .get(gap..)?
        .chars()
        .take(5)
        .take_while(char::is_ascii_digit)
        .count();
    (digits > 0 && gap > 0).then_some((from + gap, digits, from + gap + digits))
}
