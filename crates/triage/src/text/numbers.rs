//! Numbers as words of a text.

use super::lexicon::{LIGHT, Lexeme, NO_NUMBER};
use crate::hash;

/// Numbers keep their value ("240,000", "50k"); HTTP server errors and client
/// errors are words of their own.
pub(super) fn number(word: &str) -> Option<Lexeme> {
    let (digits, times) = match word.strip_suffix('k') {
        Some(digits) => (digits, 1000),
        None => (word, 1),
    };
    let mut value: u32 = 0;
    for c in digits.chars() {
        match c {
            ',' => {}
            _ => value = value.saturating_mul(10).saturating_add(c.to_digit(10)?),
        }
    }
    let value = value.saturating_mul(times);
    let key = match value {
        500..=504 | 520..=526 if word.len() == 3 => hash::of("_5xx"),
        400..=404 | 408 | 429 if word.len() == 3 => hash::of("_4xx"),
        _ => hash::of("_number"),
    };
    Some(Lexeme {
        key,
        number: value.min(NO_NUMBER - 1),
        role: LIGHT,
    })
}
