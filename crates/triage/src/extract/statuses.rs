//! HTTP error statuses that a text speaks of.

use super::keep;

/// Words near a number that make it an HTTP status.
const NEAR: [&str; 24] = [
    "http",
    "https",
    "status",
    "error",
    "err",
    "code",
    "returns",
    "returned",
    "returning",
    "gateway",
    "upstream",
    "server",
    "response",
    "answered",
    "answers",
    "api",
    "got",
    "gives",
    "throws",
    "bad",
    "internal",
    "unavailable",
    "timeout",
    "failed",
];

/// Adds the statuses 400–599 that stand within three words of a word of the trade.
pub(super) fn find(text: &str, statuses: &mut Vec<u16>) {
    let may_have = text.as_bytes().windows(3).any(|three| {
        matches!(three, [b'4' | b'5', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
    });
    if !may_have {
        return;
    }
    // How many words ago a word of the trade was seen, and a number that waits
    // for one behind it.
    let mut since_near = usize::MAX;
    let mut waiting: Option<(u16, usize)> = None;
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        since_near = since_near.saturating_add(1);
        waiting = waiting
            .filter(|(_, age)| *age < 2)
            .map(|(status, age)| (status, age + 1));
        if NEAR.iter().any(|near| near.eq_ignore_ascii_case(word)) {
            since_near = 0;
            if let Some((status, _)) = waiting.take() {
                keep(statuses, status);
            }
        } else if let Some(status) = status_of(word) {
            if since_near <= 3 || word.len() > 3 {
                keep(statuses, status);
                since_near = usize::MAX;
            } else {
                waiting = Some((status, 0));
            }
        }
    }
}

fn status_of(word: &str) -> Option<u16> {
    let digits = word
        .strip_prefix("HTTP")
        .or_else(|| word.strip_prefix("http"))
        .unwrap_or(word);
    (digits.len() == 3)
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|status| (400..600).contains(status))
}
