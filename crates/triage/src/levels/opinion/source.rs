//! What the second opinion learns from: the shipped sayings, the project's own
//! labelled tickets, and the topics' phrases.

use super::families::{families_of, family};
use crate::{
    data::{self, CONDITIONS},
    evaluate::Sample,
    text::{Reading, lexicon::OwnWords},
    topics::{Topic, TopicModel, topics},
};

/// A text with what is known of it.
#[derive(Debug)]
pub(super) struct Example<'t> {
    pub(super) reading: Reading<'t>,
    pub(super) topics: Vec<(&'static str, f32)>,
    pub(super) condition: usize,
}

impl<'t> Example<'t> {
    pub(super) fn new(title: &'t str, body: &'t str, condition: usize) -> Self {
        let reading = Reading::new(&OwnWords::default(), title, body);
        Self {
            topics: TopicModel::shipped().likely(&reading),
            reading,
            condition,
        }
    }
}

/// A labelled ticket's condition, where one of [`CONDITIONS`] is sure: where a
/// support lead could file at 2 or at 3, there is nothing to learn.
pub(super) fn condition_of(sample: &Sample) -> Option<usize> {
    match sample.expected.condition.as_deref() {
        Some(name) => place_of(name),
        None => {
            let highest = sample.expected.levels_ok.iter().max();
            highest.is_none_or(|level| *level < 3).then_some(0)
        }
    }
}

fn place_of(name: &str) -> Option<usize> {
    CONDITIONS.iter().position(|(known, _)| *known == name)
}

/// The shipped sayings and the topics' phrases.
pub(super) fn sayings() -> Vec<Example<'static>> {
    let mut examples = Vec::new();
    for (condition, (_, sayings)) in CONDITIONS.iter().enumerate() {
        for line in data::lines(sayings) {
            let (title, body) = parts(line);
            examples.push(Example::new(title, body, condition));
        }
    }
    let many = family("many");
    for topic in topics() {
        let Some(condition) = condition_of_topic(topic) else {
            continue;
        };
        for phrase in &topic.phrases {
            let (title, body) = parts(phrase);
            let example = Example::new(title, body, condition);
            let mut mentions = example.reading.mentions.iter();
            // "It is slow for all of us" says more than its topic.
            let of_many = mentions.any(|mention| families_of(mention.concept) & many != 0);
            if condition != 0 || !of_many {
                examples.push(example);
            }
        }
    }
    examples
}

/// The condition of a topic's phrases; none where some meet one and others not.
fn condition_of_topic(topic: &Topic) -> Option<usize> {
    match topic.name {
        "site_down" => place_of("outage"),
        "gateway_error" | "money_taken_no_order" => None,
        name if name.starts_with("security_") => place_of("security"),
        name => Some(place_of(name).unwrap_or(0)),
    }
}

fn parts(line: &str) -> (&str, &str) {
    line.split_once(" | ").unwrap_or(("", line))
}
