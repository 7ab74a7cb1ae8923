//! Order numbers, `ORD-YYYYMMDD-XXXXX`, also as people mistype them.

use std::ops::Range;

use super::{OrderNumber, begins_word, from, keep};

/// Digits of the date and of the number behind it.
const DATE: usize = 8;
const NUMBER: usize = 5;

/// Adds the order numbers of the text and returns where they stand.
pub(super) fn find(text: &str, orders: &mut Vec<OrderNumber>) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut until = 0;
    for (at, c) in text.char_indices() {
        let may_begin = matches!(c, 'o' | 'O' | '0' | '2');
        if !may_begin || at < until || !begins_word(text, at) {
            continue;
        }
        let found = match c {
            '2' => bare(text, at),
            _ => prefixed(text, at),
        };
        if let Some(end) = found {
            keep(orders, read(text.get(at..end).unwrap_or_default()));
            if spans.len() < super::MOST * 4 {
                spans.push(at..end);
            }
            until = end;
        }
    }
    spans
}

/// The end of "ORD" (also "0RD", "ODR", "ORDER") and the digits behind it.
fn prefixed(text: &str, at: usize) -> Option<usize> {
    let rest = from(text, at);
    let word = ["ord", "0rd", "odr", "ordr", "order"]
        .into_iter()
        .rev()
        .find(|word| {
            rest.get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word))
        })?;
    let behind = from(rest, word.len());
    let gap: usize = behind
        .chars()
        .take(3)
        .take_while(|&c| is_joint(c) || matches!(c, '#' | ':'))
        .map(char::len_utf8)
        .sum();
    let (length, digits) = digits_of(from(behind, gap));
    // "order 66" is no order number: the long word needs the whole number.
    let least = if word.len() > 4 {
        DATE + NUMBER - 2
    } else {
        DATE
    };
    (digits >= least && digits <= DATE + NUMBER + 3).then_some(at + word.len() + gap + length)
}

/// The end of a number without its prefix: a date, a dash and five digits.
fn bare(text: &str, at: usize) -> Option<usize> {
    let rest = from(text, at);
    let date = rest.get(..DATE)?;
    let number = from(rest, DATE).strip_prefix(['-', '\u{2013}', ' '])?;
    let digits = number
        .chars()
        .take(NUMBER + 1)
        .take_while(char::is_ascii_digit)
        .count();
    let fits = is_date(date) && digits == NUMBER;
    let joint = rest.len() - DATE - number.len();
    let ends_word = !from(number, NUMBER).starts_with(|c: char| c.is_alphanumeric());
    (fits && ends_word).then_some(at + DATE + joint + NUMBER)
}

/// Bytes and digits of a number that may have joints and look-alike letters.
fn digits_of(rest: &str) -> (usize, usize) {
    let mut length = 0;
    let mut digits = 0;
    let mut seen = 0;
    let mut joints = 0;
    for c in rest.chars().take(DATE + NUMBER + 10) {
        seen += c.len_utf8();
        if digit_of(c).is_some() {
            if joints > 0 && c.is_alphabetic() {
                // "… 54237 is late" does not go on with the "i" of "is".
                let word = from(rest, seen - c.len_utf8());
                if !word.chars().take(NUMBER).any(|c| c.is_ascii_digit()) {
                    break;
                }
            }
            digits += 1;
            joints = 0;
            length = seen;
        } else if is_joint(c) && joints < 2 && digits < DATE + NUMBER {
            joints += 1;
        } else {
            break;
        }
    }
    (length, digits)
}

fn read(text: &str) -> OrderNumber {
    let correct = correct_form(text);
    let well_formed = correct.as_deref() == Some(text);
    OrderNumber {
        text: text.to_owned(),
        correct: correct.filter(|_| !well_formed),
        well_formed,
    }
}

/// The correct form, when thirteen digits can be read from it that begin with
/// a date (in either order of year and day).
fn correct_form(text: &str) -> Option<String> {
    let start = text
        .char_indices()
        .find(|&(at, c)| at > 0 && c.is_ascii_digit())
        .map(|(at, _)| at);
    let start = if text.starts_with('2') { 0 } else { start? };
    let digits: String = from(text, start).chars().filter_map(digit_of).collect();
    if digits.len() != DATE + NUMBER {
        return None;
    }
    let (date, number) = digits.split_at_checked(DATE)?;
    if is_date(date) {
        return Some(format!("ORD-{date}-{number}"));
    }
    let (day, month, year) = (date.get(..2)?, date.get(2..4)?, date.get(4..)?);
    let turned = format!("{year}{month}{day}");
    is_date(&turned).then(|| format!("ORD-{turned}-{number}"))
}

fn is_date(text: &str) -> bool {
    let part = |range: Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    text.bytes().all(|byte| byte.is_ascii_digit())
        && part(0..4).is_some_and(|year| (2000..2100).contains(&year))
        && part(4..6).is_some_and(|month| (1..=12).contains(&month))
        && part(6..8).is_some_and(|day| (1..=31).contains(&day))
}

/// A digit, or a letter that is easily taken for one.
fn digit_of(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'o' => Some('0'),
        'I' | 'l' | '|' => Some('1'),
        _ => None,
    }
}

fn is_joint(c: char) -> bool {
    matches!(
        c,
        '-' | ' ' | '_' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}'
    )
}
