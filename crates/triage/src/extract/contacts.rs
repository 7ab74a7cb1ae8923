//! Emails, phone numbers, links and UUIDs.

use std::ops::Range;

use super::{Extraction, begins_word, from, keep};

/// The longest email address (RFC 5321 section 4.5.3.1) and link kept, in bytes.
const LONGEST_EMAIL: usize = 254;
const LONGEST_URL: usize = 2048;

pub(super) fn emails_and_urls(text: &str, found: &mut Extraction) {
    if !["@", "://", "www."].iter().any(|sign| text.contains(sign)) {
        return;
    }
    for word in text.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '"' | '\'' | ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}'
            )
    }) {
        if word.len() < 5 {
            continue;
        }
        if let Some(url) = url_in(word) {
            keep(&mut found.urls, url.to_owned());
        } else if let Some(email) = email_in(word) {
            keep(&mut found.emails, email.to_ascii_lowercase());
        }
    }
}

fn url_in(word: &str) -> Option<&str> {
    let start = ["https://", "http://", "www."]
        .into_iter()
        .filter_map(|scheme| word.find(scheme))
        .min()?;
    let url = from(word, start).trim_end_matches(['.', '!', '?', ':', '*']);
    (url.len() > 10 && url.len() <= LONGEST_URL && url.contains('.')).then_some(url)
}

fn email_in(word: &str) -> Option<&str> {
    let word = word
        .trim_matches(['.', '!', '?', ':', '*', '=', '|', '/'])
        .trim_start_matches("mailto:");
    let (local, domain) = word.split_once('@')?;
    // "email:ram@example.com"
    let local_start = local.rfind([':', '=', '|']).map_or(0, |at| at + 1);
    let local = from(local, local_start);
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%' | '&' | '*' | '~')
        });
    let (_, top) = domain.rsplit_once('.')?;
    let domain_fits = domain
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && !domain.starts_with(['.', '-'])
        && !domain.contains("..")
        && top.len() >= 2
        && top.chars().all(char::is_alphabetic);
    let email = from(word, local_start);
    (local_fits && domain_fits && email.len() <= LONGEST_EMAIL).then_some(email)
}

/// Nepali mobile numbers (ten digits from 96, 97, 98), Nepali landlines with
/// their area code, and international numbers with a plus.
pub(super) fn phones(text: &str, orders: &[Range<usize>], phones: &mut Vec<String>) {
    let mut orders = orders.iter().peekable();
    let mut until = 0;
    for (at, byte) in text.bytes().enumerate() {
        if at < until || !(byte.is_ascii_digit() || byte == b'+') {
            continue;
        }
        while orders.next_if(|order| order.end <= at).is_some() {}
        let in_order = orders.peek().is_some_and(|order| order.contains(&at));
        if in_order || !begins_word(text, at) {
            continue;
        }
        let plus = byte == b'+';
        let (end, digits) = run(text, at + usize::from(plus));
        until = end;
        if let Some(phone) = phone_of(&digits, plus) {
            keep(phones, phone);
        }
    }
}

/// Digits joined by single spaces or dashes: the end, and the digits (at most 16).
fn run(text: &str, at: usize) -> (usize, String) {
    let mut digits = String::new();
    let mut end = at;
    let mut seen = at;
    let mut gap = false;
    for c in from(text, at).chars() {
        seen += c.len_utf8();
        if c.is_ascii_digit() {
            if digits.len() < 16 {
                digits.push(c);
            }
            gap = false;
            end = seen;
        } else if matches!(c, ' ' | '-') && !gap {
            gap = true;
        } else {
            break;
        }
    }
    (end.max(at), digits)
}

fn phone_of(digits: &str, plus: bool) -> Option<String> {
    let national = digits
        .strip_prefix("00977")
        .or_else(|| digits.strip_prefix("977").filter(|rest| rest.len() >= 8));
    let mobile = |number: &str| {
        number.len() == 10
            && ["96", "97", "98"]
                .iter()
                .any(|head| number.starts_with(head))
    };
    if let Some(number) = national
        && (mobile(number) || (8..=10).contains(&number.len()))
    {
        return Some(format!("+977{number}"));
    }
    if plus {
        return (8..=15)
            .contains(&digits.len())
            .then(|| format!("+{digits}"));
    }
    let landline = digits.starts_with('0') && digits.len() == 9 && !digits.starts_with("00");
    (mobile(digits) || landline).then(|| digits.to_owned())
}

pub(super) fn uuids(text: &str, uuids: &mut Vec<String>) {
    const LENGTH: usize = 36;
    for (dash, _) in text.match_indices('-') {
        let Some(start) = dash.checked_sub(8) else {
            continue;
        };
        let Some(word) = text.get(start..start + LENGTH) else {
            continue;
        };
        let shaped = word.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        if shaped && begins_word(text, start) {
            keep(uuids, word.to_ascii_lowercase());
        }
    }
}
