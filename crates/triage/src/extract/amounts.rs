//! Amounts of money as customers in Nepal write them.

use std::ops::Range;

use super::{Amount, begins_word, from, keep};

/// Names and signs of currencies that stand before or behind a number.
const CURRENCIES: [&str; 14] = [
    "rs", "nrs", "npr", "inr", "usd", "rupees", "rupee", "rupaiya", "rupiya", "rupaiyan", "रु", "रू",
    "$", "₹",
];

/// Adds the amounts of the text; numbers inside order numbers are none.
pub(super) fn find(text: &str, orders: &[Range<usize>], amounts: &mut Vec<Amount>) {
    let mut orders = orders.iter().peekable();
    let mut until = 0;
    for (at, byte) in text.bytes().enumerate() {
        if at < until || !byte.is_ascii_digit() {
            continue;
        }
        while orders.next_if(|order| order.end <= at).is_some() {}
        if orders.peek().is_some_and(|order| order.contains(&at)) {
            continue;
        }
        let end = at + number_length(from(text, at));
        until = end;
        let before = currency_before(text, at);
        let behind = currency_behind(text, end);
        if before.is_none() && behind.is_none() {
            continue;
        }
        let span = before.unwrap_or(at)..behind.unwrap_or(end);
        let number = text.get(at..end).unwrap_or_default();
        if let (Some(hundredths), Some(written)) = (hundredths(number), text.get(span)) {
            keep(
                amounts,
                Amount {
                    text: written.trim().to_owned(),
                    hundredths,
                },
            );
        }
    }
}

/// Digits with commas between them and at most one point.
fn number_length(rest: &str) -> usize {
    let mut length = 0;
    let mut point = false;
    for (at, c) in rest.char_indices() {
        match c {
            '0'..='9' => length = at + 1,
            ',' => {}
            '.' if !point => point = true,
            _ => break,
        }
        if at > length {
            break;
        }
    }
    length
}

fn hundredths(number: &str) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let part: String = part
        .chars()
        .filter(char::is_ascii_digit)
        .chain("00".chars())
        .take(2)
        .collect();
    if whole.len() > 12 {
        return None;
    }
    Some(whole.parse::<u64>().ok()? * 100 + part.parse::<u64>().ok()?)
}

fn currency_before(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let trimmed = before.trim_end_matches([' ', '.', ':']);
    if before.len() - trimmed.len() > 3 {
        return None;
    }
    CURRENCIES.iter().find_map(|name| {
        let mut start = trimmed.len().checked_sub(name.len())?;
        let fits = trimmed.get(start..)?.eq_ignore_ascii_case(name);
        // "Rs" in "orders 4" is no currency.
        let whole = begins_word(text, start) || !name.is_ascii() || *name == "$";
        if name.starts_with('$') && start > 0 && text.get(..start)?.ends_with("US") {
            start -= 2;
        }
        (fits && whole).then_some(start)
    })
}

fn currency_behind(text: &str, end: usize) -> Option<usize> {
    let rest = from(text, end);
    if rest.starts_with("/-") {
        return Some(end + 2);
    }
    let gap = usize::from(rest.starts_with(' '));
    let word: usize = from(rest, gap)
        .chars()
        .take(12)
        .take_while(|c| c.is_alphabetic() || matches!(c, '\u{900}'..='\u{963}' | '₹'))
        .map(char::len_utf8)
        .sum();
    let name = rest.get(gap..gap + word)?;
    CURRENCIES
        .iter()
        .any(|currency| currency.eq_ignore_ascii_case(name))
        .then_some(end + gap + word)
}
