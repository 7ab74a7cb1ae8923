//! What the second opinion learns from: the shipped sayings, the project's own
//! labelled tickets, and the topics' phrases.

use super::families::{families_of, family};
use crate::{
    data,
    evaluate::{Sample, read_samples},
    text::{Reading, lexicon::OwnWords},
    ticket::TicketKind,
    topics::{Topic, TopicModel, topics},
};

/// The conditions that are told apart, by the names of their kinds; the first
/// one stands for none of them.
pub(super) const CONDITIONS: [&str; 7] = [
    "none",
    "outage",
    "several_users",
    "security",
    "data_loss",
    "press",
    "legal",
];

/// A topic's phrase says less than a whole ticket.
const PHRASE: f32 = 0.5;

/// A text with what is known of it.
#[derive(Debug)]
pub(super) struct Example<'t> {
    pub(super) reading: Reading<'t>,
    pub(super) topics: Vec<(&'static str, f32)>,
    pub(super) condition: usize,
    pub(super) importance: f32,
}

impl<'t> Example<'t> {
    pub(super) fn new(title: &'t str, body: &'t str, condition: usize, importance: f32) -> Self {
        let reading = Reading::new(&OwnWords::default(), title, body);
        Self {
            topics: TopicModel::shipped().likely(&reading),
            reading,
            condition,
            importance,
        }
    }
}

/// The project's own labelled tickets, without feature requests.
pub(super) fn tickets() -> Vec<Sample> {
    data::TICKETS
        .into_iter()
        .filter_map(|file| read_samples(file).ok())
        .flatten()
        .filter(|sample| sample.kind == TicketKind::Bug)
        .collect()
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
    CONDITIONS.iter().position(|known| *known == name)
}

/// The shipped sayings and the topics' phrases.
pub(super) fn sayings() -> Vec<Example<'static>> {
    let mut examples = Vec::new();
    let mut condition = 0;
    for line in data::lines(data::LEVEL_SAYINGS) {
        if let Some(name) = line.strip_prefix("condition ") {
            condition = place_of(name).unwrap_or(0);
            continue;
        }
        let (title, body) = parts(line.strip_prefix("np ").unwrap_or(line));
        examples.push(Example::new(title, body, condition, 1.0));
    }
    let many = family("many");
    for topic in topics() {
        let Some(condition) = condition_of_topic(topic) else {
            continue;
        };
        for phrase in &topic.phrases {
            let (title, body) = parts(phrase);
            let example = Example::new(title, body, condition, PHRASE);
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
