//! Text that waits to be filled in.

use crate::words::words;

/// Words that begin a bracket of instructions to the author.
const ASKING: &[&str] = &[
    "add",
    "address",
    "contact",
    "date",
    "describe",
    "email",
    "fill",
    "insert",
    "link",
    "list",
    "name",
    "number",
    "phone",
    "placeholder",
    "put",
    "tba",
    "tbd",
    "time",
    "todo",
    "url",
    "xxx",
    "your",
];

/// Whether a text is, or has, a placeholder such as `[Contact]`, `[Your team]`,
/// `<phone>` or TBD. "[Enter]" inside a sentence counts as a key on a keyboard
/// only when no such word begins it and it is not the whole text.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || ".,;:!".contains(c));
    let whole = [('[', ']'), ('<', '>'), ('{', '}')]
        .iter()
        .any(|(open, close)| {
            trimmed
                .strip_prefix(*open)
                .and_then(|rest| rest.strip_suffix(*close))
                .is_some_and(|inside| {
                    !inside.contains([*open, *close, '@', ':', '/']) || *open == '['
                })
        });
    if whole && !is_box(trimmed) {
        return true;
    }
    let unfilled = |word: &str| matches!(word, "TBD" | "TODO" | "TBA" | "XXX" | "FIXME");
    if trimmed.split(|c: char| !c.is_alphanumeric()).any(unfilled) {
        return true;
    }
    brackets(trimmed).any(|inside| {
        let words = words(inside);
        words.first().is_some_and(|first| {
            ASKING.contains(&first.as_str()) || (first == "enter" && words.len() > 1)
        })
    })
}

/// A check box is no placeholder.
fn is_box(text: &str) -> bool {
    matches!(text, "[ ]" | "[x]" | "[X]" | "[]")
}

fn brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']').map(|(inside, _)| inside))
}
