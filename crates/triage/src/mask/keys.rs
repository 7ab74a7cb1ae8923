//! Private keys in PEM form (RFC 7468).

use super::{Finding, Sensitive};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
/// The longest label looked at, such as "OPENSSH PRIVATE KEY".
const LABEL: usize = 64;

/// Hides from the first dash to the end line; a key whose end is missing is
/// hidden to the end of the text.
pub(super) fn find(text: &str, findings: &mut Vec<Finding>) {
    let mut from = 0;
    while let Some(start) = position(text, from, BEGIN) {
        let label = start + BEGIN.len();
        let is_private = text
            .get(label..)
            .is_some_and(|rest| head(rest, LABEL).contains("PRIVATE KEY"));
        if !is_private {
            from = label;
            continue;
        }
        let end = position(text, label, END).map_or(text.len(), |end| {
            let dashes = end + END.len();
            position(text, dashes, "-----").map_or(text.len(), |close| close + 5)
        });
        findings.push(Finding {
            span: start..end,
            kind: Sensitive::PrivateKey,
            tail: String::new(),
        });
        from = end;
    }
}

fn position(text: &str, from: usize, needle: &str) -> Option<usize> {
    text.get(from..)?.find(needle).map(|at| from + at)
}

/// The first line, at most `bytes` long.
fn head(text: &str, bytes: usize) -> &str {
    let line = text.lines().next().unwrap_or_default();
    let mut end = line.len().min(bytes);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or_default()
}
