//! Tokens that are known by their own shape, whatever stands before them.

use std::ops::Range;

/// Prefixes of keys and tokens of well-known services.
const PREFIXES: [&str; 16] = [
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "pk_live_",
    "whsec_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat",
    "xoxb",
    "xoxp",
    "xoxa",
    "AKIA",
    "ASIA",
    "sbp_",
];

/// The token that begins with this word, to its end.
pub(super) fn token_at(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let head = text.get(word.clone())?;
    if is_web_token(text, word) || is_known(text, word, head) {
        let end = end_of_token(text, word.start);
        return (end - word.start >= 16).then_some(word.start..end);
    }
    url_password(text, word)
}

/// A JSON Web Token (RFC 7519): base64url of `{"` begins with "eyJ".
fn is_web_token(text: &str, word: &Range<usize>) -> bool {
    text.get(word.start..)
        .is_some_and(|rest| rest.starts_with("eyJ"))
        && word.len() >= 10
}

fn is_known(text: &str, word: &Range<usize>, head: &str) -> bool {
    let Some(prefix) = PREFIXES.iter().find(|prefix| head.starts_with(**prefix)) else {
        return false;
    };
    let end = end_of_token(text, word.start);
    text.get(word.start + prefix.len()..end)
        .is_some_and(|rest| rest.len() >= 12 && rest.bytes().any(|byte| byte.is_ascii_digit()))
}

/// The end of the characters that tokens are made of.
fn end_of_token(text: &str, start: usize) -> usize {
    let length: usize = text
        .get(start..)
        .unwrap_or_default()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/' | '='))
        .map(char::len_utf8)
        .sum();
    start + length
}

/// The password in `scheme://user:password@host`; the word is the user.
fn url_password(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    if !text.get(..word.start)?.ends_with("://") {
        return None;
    }
    let rest = text.get(word.start..)?;
    let mut colon = None;
    for (at, c) in rest.char_indices().take(256) {
        match c {
            ':' if colon.is_none() => colon = Some(at + 1),
            '@' => {
                let start = word.start + colon?;
                let end = word.start + at;
                let value = text.get(start..end)?;
                let hidden = value.is_empty() || value == "[masked token]";
                return (!hidden).then_some(start..end);
            }
            '/' | '?' | '#' => return None,
            c if c.is_whitespace() => return None,
            _ => {}
        }
    }
    None
}
