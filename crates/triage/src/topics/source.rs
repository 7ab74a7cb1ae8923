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
        let files = data::TOPICS.into_iter().chain([data::EVERYDAY]);
        for line in files.flat_map(data::lines) {
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
                        });
                        topics.len() - 1
                    });
                continue;
            }
            match (kind, topics.get_mut(open)) {
                ("anchor", Some(topic)) => topic.anchors.push(anchor(content)),
                ("np", Some(topic)) => topic.phrases.push(content),
                (_, Some(topic)) => topic.phrases.push(line),
                _ => {}
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
