//! The topics as the data files describe them.

use std::sync::OnceLock;

use crate::{
    data,
    text::concepts::{Concept, Concepts, lexemes},
};

/// A topic of the data.
#[derive(Debug)]
pub(crate) struct Topic {
    /// Its name, such as "refund".
    pub(crate) name: &'static str,
    /// What an entry's words must meet for the topic to belong to it; any one
    /// suffices, earlier ones are better.
    pub(crate) anchors: Vec<Anchor>,
    /// How customers say it.
    pub(crate) phrases: Vec<&'static str>,
    /// Whole tickets about it that state no condition for level 3 or 4.
    pub(crate) everyday: Vec<&'static str>,
}

/// Words and concepts that an entry must have, all of them.
#[derive(Debug)]
pub(crate) struct Anchor {
    pub(crate) terms: Vec<Term>,
}

/// One condition of an anchor: any of the alternatives.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) keys: Vec<u64>,
    pub(crate) concepts: Vec<Concept>,
}

/// The shipped topics.
pub(crate) fn topics() -> &'static [Topic] {
    static TOPICS: OnceLock<Vec<Topic>> = OnceLock::new();
    TOPICS.get_or_init(|| {
        let mut topics: Vec<Topic> = Vec::new();
        let mut open = 0;
        let phrases = data::TOPICS.into_iter().flat_map(data::lines);
        let everyday = data::lines(data::EVERYDAY);
        let lines = phrases.zip(std::iter::repeat(false));
        for (line, is_everyday) in lines.chain(everyday.zip(std::iter::repeat(true))) {
            let (kind, content) = line.split_once(' ').unwrap_or(("", line));
            let content = content.trim();
            if kind == "topic" {
                open = topics
                    .iter()
                    .position(|topic| topic.name == content)
                    .unwrap_or_else(|| {
                        topics.push(Topic {
                            name: content,
                            anchors: Vec::new(),
                            phrases: Vec::new(),
                            everyday: Vec::new(),
                        });
                        topics.len() - 1
                    });
                continue;
            }
            let Some(topic) = topics.get_mut(open) else {
                continue;
            };
            let phrase = if kind == "np" { content } else { line };
            match (kind, is_everyday) {
                ("anchor", _) => topic.anchors.push(anchor(content)),
                (_, true) => topic.everyday.push(phrase),
                (_, false) => topic.phrases.push(phrase),
            }
        }
        topics
    })
}

/// "@login cannot|unable": a concept, and one of two words.
fn anchor(text: &'static str) -> Anchor {
    let terms = text
        .split_whitespace()
        .map(|term| {
            let mut keys = Vec::new();
            let mut concepts = Vec::new();
            for word in term.split('|') {
                match word.strip_prefix('@') {
                    Some(name) => concepts.extend(Concepts::shipped().named(name)),
                    None => keys.extend(lexemes(word).iter().map(|lexeme| lexeme.key)),
                }
            }
            Term { keys, concepts }
        })
        .collect();
    Anchor { terms }
}
