//! The heading of an entry: number, title and what stands after it.

use crate::entry::EntryKind;

/// A heading's parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The N of "Issue #N".
    pub(crate) number: Option<u32>,
    /// The title without quotes.
    pub(crate) title: String,
    /// What follows the quoted title.
    pub(crate) note: Option<String>,
}

/// Parts a heading.
pub(crate) fn heading(kind: EntryKind, text: &str) -> Heading {
    let (counted, text) = counted(text).unwrap_or((None, text));
    let introduced = match kind {
        EntryKind::Issue => after_word(text, "issue"),
        EntryKind::Guide => after_word(text, "guide"),
        EntryKind::Faq => after_word(text, "q").or_else(|| after_word(text, "question")),
    };
    let (number, rest) = introduced.unwrap_or((counted, text));
    let (title, note) = quoted(rest.trim());
    Heading {
        number: number.filter(|_| kind == EntryKind::Issue),
        title: title.trim().to_owned(),
        note: note.filter(|note| !note.is_empty()),
    }
}

/// The number and the text after "Issue #3:". The word introduces the title
/// only with a number or a colon: "Issue tracker is down" is a title.
fn after_word<'a>(text: &'a str, word: &str) -> Option<(Option<u32>, &'a str)> {
    let start = text.find(char::is_alphanumeric)?;
    let text = text.get(start..)?;
    let (first, rest) = text.split_at_checked(word.len())?;
    if !first.eq_ignore_ascii_case(word) {
        return None;
    }
    let rest = rest.trim_start().trim_start_matches(['#', '.']);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len() - after.len();
    let number = rest.get(..digits)?.parse().ok();
    let after = after.trim_start();
    let title = after.trim_start_matches([':', ':', '–', '—', '-', '.', ')', ' ']);
    (digits > 0 || title.len() < after.len()).then_some((number, title))
}

/// The number and the text after "3." or "3)".
fn counted(text: &str) -> Option<(Option<u32>, &str)> {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - after.len();
    let title = after.strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    let number = text.get(..digits).filter(|digits| !digits.is_empty())?;
    Some((number.parse().ok(), title))
}

/// A title in quotes and what follows them, brackets removed; a title without
/// quotes is the whole text.
fn quoted(text: &str) -> (&str, Option<String>) {
    for (open, close) in [('"', '"'), ('“', '”'), ('«', '»'), ('\'', '\'')] {
        let inside = text.strip_prefix(open).and_then(|rest| match close {
            // An apostrophe inside single quotes is not their end.
            '\'' => rest.rsplit_once(close),
            _ => rest.split_once(close),
        });
        if let Some((title, after)) = inside.filter(|(title, _)| !title.trim().is_empty()) {
            let after = after.trim();
            let bare = after
                .strip_prefix('(')
                .and_then(|note| note.strip_suffix(')'));
            return (title, Some(bare.unwrap_or(after).to_owned()));
        }
    }
    (text, None)
}
