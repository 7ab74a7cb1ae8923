//! Where the value behind a secret's name begins and ends.

use std::ops::{Range, RangeInclusive};

/// A value and how it was given.
pub(super) struct Given {
    pub(super) span: Range<usize>,
    /// Whether `:`, `=`, quotes or a word like "is:" point at it.
    pub(super) clearly: bool,
}

/// How far a value may stand behind its name, in characters.
const REACH: usize = 64;

/// Words that may stand between a name and its value.
const CONNECTORS: [&str; 33] = [
    "is", "was", "are", "the", "my", "for", "of", "to", "a", "an", "new", "old", "current",
    "account", "email", "login", "user", "here", "number", "no", "code", "ho", "ko", "chai",
    "mero", "yo", "on", "card", "back", "set", "as", "this", "it",
];

/// The value that follows a name of a password or token.
pub(super) fn shown_value(text: &str, from: usize) -> Option<Given> {
    let mut at = from;
    let mut clearly = false;
    let limit = from + REACH;
    loop {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        if at > limit {
            return None;
        }
        match c {
            ':' | '=' => {
                clearly = true;
                at += 1;
                if rest.starts_with("=>") || rest.starts_with("==") {
                    at += 1;
                }
            }
            // The closing quote of a JSON key, or a bracket around a remark.
            '"' | '\'' | '`' if !clearly && next_is_separator(rest) => at += 1,
            '"' | '\'' | '`' | '\u{201C}' | '\u{2018}' => return quoted(text, at, c, clearly),
            '>' if !clearly => {
                clearly = true;
                at += 1;
            }
            ' ' | '\t' | '\\' => at += 1,
            '-' if !clearly && rest.starts_with("- ") => at += 1,
            '(' | ')' | '*' | '\u{2192}' if !clearly => at += c.len_utf8(),
            '\r' | '\n' if clearly => at += 1,
            ']' | ',' | ';' | '?' | '!' => return None,
            '[' if rest.starts_with("[masked ") => return None,
            _ => {
                let end = at + bare_length(rest);
                let word = text.get(at..end)?;
                if word.is_empty() {
                    return None;
                }
                if !clearly && is_connector(word) {
                    at += word_length(rest);
                    continue;
                }
                return Some(Given {
                    span: at..end,
                    clearly,
                });
            }
        }
    }
}

/// Digits behind a name such as "cvv", when nothing but connectors stands between.
pub(super) fn digits_behind(
    text: &str,
    from: usize,
    lengths: RangeInclusive<usize>,
) -> Option<Range<usize>> {
    let mut at = from;
    let limit = from + REACH;
    while at <= limit {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        if c.is_ascii_digit() {
            let digits = rest.bytes().take(12).take_while(u8::is_ascii_digit).count();
            let alone = !rest
                .get(digits..)?
                .starts_with(|c: char| c.is_alphanumeric());
            return (lengths.contains(&digits) && alone).then_some(at..at + digits);
        }
        if c.is_alphabetic() {
            let length = word_length(rest);
            if !is_connector(rest.get(..length)?) {
                return None;
            }
            at += length;
        } else if matches!(
            c,
            ' ' | '\t' | ':' | '=' | '#' | '-' | '"' | '\'' | '(' | ')' | '>' | '\u{2192}'
        ) {
            at += c.len_utf8();
        } else {
            return None;
        }
    }
    None
}

/// Three or four digits before "cvv", as in "123 is my cvv" or "123 (cvv)".
pub(super) fn digits_before(text: &str, until: usize) -> Option<Range<usize>> {
    let mut before = text.get(..until)?.trim_end_matches([' ', '(']);
    for word in ["the", "my", "mero", "is", "ho"] {
        before = before
            .strip_suffix(word)
            .filter(|rest| rest.ends_with(' '))
            .map_or(before, |rest| rest.trim_end_matches(' '));
    }
    let digits = before
        .bytes()
        .rev()
        .take(5)
        .take_while(u8::is_ascii_digit)
        .count();
    let start = before.len().checked_sub(digits)?;
    let alone = !before
        .get(..start)?
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | ':'));
    ((3..=4).contains(&digits) && alone && before.len() < until).then_some(start..before.len())
}

/// The rest of the line behind "Authorization:" or "Cookie:".
pub(super) fn rest_of_header(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let value = rest.trim_start_matches(['"', '\'']).strip_prefix(':')?;
    let value = value.trim_start_matches([' ', '"', '\'', '\t']);
    let start = text.len() - value.len();
    let length: usize = value
        .chars()
        .take_while(|&c| c != '\n' && c != '\r' && c != '"' && c != '\'')
        .map(char::len_utf8)
        .sum();
    let shown = value.get(..length)?;
    let secret = shown.len() >= 8
        && !shown.starts_with("[masked ")
        && (shown.contains('=') || shown.split_whitespace().any(looks_secret));
    secret.then_some(start..start + length)
}

/// Whether a word has the mix of characters that a secret has and a word of a
/// language has not.
pub(super) fn looks_secret(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', '!', '?', ';', ':', ')']);
    let digits = word.chars().any(|c| c.is_ascii_digit());
    let letters = word.chars().any(char::is_alphabetic);
    let symbols = word.chars().any(|c| {
        matches!(
            c,
            '@' | '#' | '$' | '%' | '^' | '&' | '*' | '!' | '~' | '_' | '+' | '='
        )
    });
    let looks = (letters && (digits || symbols)) || word.len() >= 24;
    let order = word
        .get(..3)
        .is_some_and(|head| head.eq_ignore_ascii_case("ord"));
    looks && !order
}

fn next_is_separator(rest: &str) -> bool {
    let mut behind = rest.chars().skip(1).take(3).skip_while(|&c| c == ' ');
    matches!(behind.next(), Some(':' | '='))
}

/// What stands between quotes; backslashes escape. An unclosed quote reaches
/// to the end of the line.
fn quoted(text: &str, at: usize, quote: char, clearly: bool) -> Option<Given> {
    let close = match quote {
        '\u{201C}' => '\u{201D}',
        '\u{2018}' => '\u{2019}',
        other => other,
    };
    let start = at + quote.len_utf8();
    let rest = text.get(start..)?;
    if rest.starts_with("[masked ") {
        return None;
    }
    let mut escaped = false;
    let mut end = start;
    for c in rest.chars() {
        if (c == close && !escaped) || c == '\n' || c == '\r' {
            break;
        }
        escaped = c == '\\' && !escaped;
        end += c.len_utf8();
    }
    (end > start).then_some(Given {
        span: start..end,
        clearly,
    })
}

/// A value without quotes ends at white space or at what separates fields.
fn bare_length(rest: &str) -> usize {
    let length: usize = rest
        .chars()
        .take_while(|&c| !c.is_whitespace())
        .map(char::len_utf8)
        .sum();
    let value = rest.get(..length).unwrap_or_default();
    // An element's end, a marker, and `password=x&user=y`.
    let ends = [
        value.find("</"),
        value.find("[masked "),
        value
            .find('&')
            .filter(|&at| value.get(at..).is_some_and(|tail| tail.contains('='))),
    ];
    let end = ends.into_iter().flatten().min().unwrap_or(length);
    value
        .get(..end)
        .unwrap_or_default()
        .trim_end_matches(['"', '\'', ',', ';', ')', '`', ']', '}'])
        .len()
}

fn word_length(rest: &str) -> usize {
    rest.chars()
        .take(32)
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum::<usize>()
        .max(1)
}

fn is_connector(word: &str) -> bool {
    let bare = word.trim_end_matches([':', '=', '-']);
    CONNECTORS
        .iter()
        .any(|connector| connector.eq_ignore_ascii_case(bare))
}
