//! What the second opinion learns from: the shipped sayings, the project's own
//! labelled tickets, and the topics' phrases.

use std::sync::OnceLock;

use super::families::{Families, families_of, family};
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
pub(super) fn sayings<'t>() -> impl Iterator<Item = Example<'t>> {
    let sayings = CONDITIONS
        .iter()
        .enumerate()
        .flat_map(|(condition, (_, sayings))| {
            data::lines(sayings).map(move |line| example(line, condition))
        });
    sayings.chain(topics().iter().flat_map(of_topic))
}

/// What a topic's texts say.
fn of_topic<'t>(topic: &'static Topic) -> impl Iterator<Item = Example<'t>> {
    let everyday = topic.everyday.iter().map(|text| example(text, 0));
    let condition = condition_of_topic(topic);
    let phrases = condition.into_iter().flat_map(|condition| {
        let examples = topic
            .phrases
            .iter()
            .map(move |text| example(text, condition));
        // "It is slow for all of us" says more than its topic.
        examples.filter(|example| example.condition != 0 || !speaks_of_many(&example.reading))
    });
    phrases.chain(everyday)
}

fn speaks_of_many(reading: &Reading<'_>) -> bool {
    static MANY: OnceLock<Families> = OnceLock::new();
    let many = *MANY.get_or_init(|| family("many"));
    let mut mentions = reading.mentions.iter();
    mentions.any(|mention| families_of(mention.concept) & many != 0)
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

/// A line of the data: "title | body", or the body alone.
fn example<'t>(line: &'static str, condition: usize) -> Example<'t> {
    let (title, body) = data::title_and_body(line);
    Example::new(title, body, condition)
}
