//! The shipped vocabulary: plain text files that a support team can read and
//! edit. Lines that begin with `#` are remarks.

/// Stop words, light words and words of contrast.
pub(crate) const ROLES: &str = include_str!("../data/roles.txt");
/// Number words.
pub(crate) const NUMBERS: &str = include_str!("../data/numbers.txt");
/// Contractions and chat forms.
pub(crate) const FORMS: &str = include_str!("../data/forms.txt");
/// Romanised Nepali, by its meaning in English.
pub(crate) const NEPALI: &str = include_str!("../data/nepali.txt");
/// Concepts and their phrases.
pub(crate) const CONCEPTS: &str = include_str!("../data/concepts.txt");
/// Synonyms for the names of labels.
pub(crate) const SYNONYMS: &str = include_str!("../data/synonyms.txt");
/// Phrases that matter for the level rules alone.
pub(crate) const LEVEL_WORDS: &str = include_str!("../data/level_words.txt");
/// Kinds of level triggers and conditions, and what meets them.
pub(crate) const LEVELS: &str = include_str!("../data/levels.txt");
/// Families of concepts for the second opinion on levels.
pub(crate) const LEVEL_FAMILIES: &str = include_str!("../data/level_families.txt");
/// What the second opinion on levels learns from: conditions by the names of
/// their kinds, "none" first, and how tickets state them.
pub(crate) const CONDITIONS: [(&str, &str); 7] = [
    ("none", include_str!("../data/conditions/none.txt")),
    ("outage", include_str!("../data/conditions/outage.txt")),
    (
        "several_users",
        include_str!("../data/conditions/several_users.txt"),
    ),
    ("security", include_str!("../data/conditions/security.txt")),
    (
        "data_loss",
        include_str!("../data/conditions/data_loss.txt"),
    ),
    ("press", include_str!("../data/conditions/press.txt")),
    ("legal", include_str!("../data/conditions/legal.txt")),
];
/// The project's own labelled tickets, as lines of [`crate::evaluate::Sample`].
pub(crate) const TICKETS: [&str; 4] = [
    include_str!("../data/tickets/own.jsonl"),
    include_str!("../data/tickets/fresh.jsonl"),
    include_str!("../data/tickets/levels.jsonl"),
    include_str!("../data/tickets/voices.jsonl"),
];
/// Words that are spelled right, though the vocabulary has no use for them.
pub(crate) const COMMON: &str = include_str!("../data/common.txt");
/// What customers of shops write about, by topic.
pub(crate) const TOPICS: [&str; 4] = [
    include_str!("../data/topics/account.txt"),
    include_str!("../data/topics/orders.txt"),
    include_str!("../data/topics/payments.txt"),
    include_str!("../data/topics/other.txt"),
];

/// More of the same; not all of their words are spelled right.
pub(crate) const EVERYDAY: &str = include_str!("../data/topics/everyday.txt");

/// The lines `name: content` of a file.
pub(crate) fn sections(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    split(file, ':')
}

/// The lines `left = right` of a file.
pub(crate) fn equations(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    split(file, '=')
}

/// Every text of the data whose words are English.
pub(crate) fn english_texts() -> impl Iterator<Item = &'static str> {
    let forms = equations(FORMS).map(|(_, expansion)| expansion);
    let glosses = sections(NEPALI).map(|(gloss, _)| gloss);
    let concepts = sections(CONCEPTS)
        .chain(sections(LEVEL_WORDS))
        .map(|(_, phrases)| phrases);
    let topics = TOPICS.into_iter().flat_map(lines).filter(|line| {
        !line.starts_with("np ") && !line.starts_with("anchor ") && !line.starts_with("topic ")
    });
    lines(COMMON)
        .chain(forms)
        .chain(glosses)
        .chain(concepts)
        .chain(topics)
}

/// The title and the body of a line: "title | body", or the body alone.
pub(crate) fn title_and_body(line: &str) -> (&str, &str) {
    line.split_once(" | ").unwrap_or(("", line))
}

/// The lines of a file without remarks and blank lines.
pub(crate) fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn split(
    file: &'static str,
    separator: char,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(file).filter_map(move |line| {
        let (left, right) = line.split_once(separator)?;
        Some((left.trim(), right.trim()))
    })
}
