//! Words of the runbook's text: keys by which headings and labels are
//! matched, slugs, and the words that carry a rule's meaning.

use crate::entry::{EntryKind, Slug};

/// The longest slug, in characters.
const SLUG_LIMIT: usize = 200;

/// The lower-case words of a text: runs of letters and digits. Apostrophes
/// vanish, so that "can't" is one word; emoji, punctuation and markup part words.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if is_apostrophe(c) {
            continue;
        }
        for lower in c.to_lowercase() {
            if lower.is_alphanumeric() && !lower.is_uppercase() {
                word.push(lower);
            } else if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A text's words joined by blanks: what headings and labels are compared by.
pub(crate) fn key(text: &str) -> String {
    words(text).join(" ")
}

/// The slug of a title; none when the title has no letter or digit.
pub(crate) fn slug(kind: EntryKind, title: &str) -> Option<Slug> {
    let mut slug = String::new();
    let mut length = 0;
    for word in words(title) {
        let prefix = match (slug.is_empty(), kind) {
            (false, _) => "-",
            (true, EntryKind::Issue) => "",
            (true, EntryKind::Guide) => "guide-",
            (true, EntryKind::Faq) => "faq-",
        };
        let room = SLUG_LIMIT.saturating_sub(length + prefix.len());
        if room == 0 {
            break;
        }
        slug.push_str(prefix);
        slug.extend(word.chars().take(room));
        length = slug.chars().count();
    }
    slug.parse().ok()
}

/// The words of a rule that say what it is about: no grammar, plural and
/// ending removed, and no word that merely says "something is wrong".
pub(crate) fn subject(text: &str) -> Vec<String> {
    let mut stems: Vec<String> = words(text)
        .into_iter()
        .filter(|word| !GRAMMAR.contains(&word.as_str()))
        .map(|word| stem(&word))
        .filter(|stem| !TROUBLE.contains(&stem.as_str()))
        .collect();
    stems.sort();
    stems.dedup();
    stems
}

/// Words that carry no subject.
const GRAMMAR: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "cant", "cannot", "do",
    "does", "doesnt", "for", "from", "has", "have", "if", "in", "is", "it", "its", "no", "not",
    "of", "on", "or", "still", "than", "that", "the", "their", "this", "to", "was", "when", "with",
];

/// Stems of the words for "something is wrong": interchangeable in a rule.
const TROUBLE: &[&str] = &[
    "break", "broken", "bug", "defect", "error", "fail", "failur", "fault", "issu", "problem",
    "troubl",
];

fn stem(word: &str) -> String {
    let stripped = ["ing", "ed", "es", "s"].iter().find_map(|ending| {
        let rest = word.strip_suffix(ending)?;
        let short = rest.chars().count() < 3;
        let keeps_s = *ending == "s" && rest.ends_with('s');
        (!short && !keeps_s).then_some(rest)
    });
    let rest = stripped.unwrap_or(word);
    rest.strip_suffix('e').unwrap_or(rest).to_owned()
}

/// A text short enough for a message, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    const LIMIT: usize = 60;
    let mut short: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LIMIT)
        .collect();
    if text.chars().nth(LIMIT).is_some() {
        short.push('…');
    }
    short
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '′' | '´')
}

#[cfg(test)]
mod tests;
