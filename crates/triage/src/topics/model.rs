//! The model of the topics: trained once per process from the shipped phrases.

use std::sync::OnceLock;

use super::{
    compact::Compact,
    corpus::{Corpus, Part},
    damping::{Weighed, damped},
    for_each_feature,
    source::topics,
};
use crate::{
    data::title_and_body,
    hash::HashedMap,
    labelled::tickets,
    linear::{Training, softmax},
    text::{Reading, lexicon::OwnWords},
};

const TRAINING: Training = Training {
    epochs: 16,
    rate: 0.15,
    decay: 2e-5,
    ridge: 0.0,
};

/// The weights of every feature for every topic, each row's mean being zero.
#[derive(Debug)]
pub(crate) struct TopicModel {
    rows: HashedMap<u32>,
    pub(crate) weights: Compact,
}

/// A feature of a text that the model knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) row: u32,
    pub(crate) value: f32,
    /// Where its words stand.
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) in_title: bool,
    pub(crate) repaired: bool,
    pub(crate) dismissed: bool,
}

impl Weighed for Shown {
    fn key(&self) -> u64 {
        u64::from(self.row)
    }

    fn value(&mut self) -> &mut f32 {
        &mut self.value
    }
}

impl TopicModel {
    /// The model of the shipped topics.
    pub(crate) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<TopicModel> = OnceLock::new();
        SHIPPED.get_or_init(Self::train)
    }

    fn train() -> Self {
        let own = OwnWords::default();
        let mut corpus = Corpus::new();
        let mut parts = Vec::new();
        let mut learn = |topic: usize, title: &str, body: &str| {
            parts.clear();
            for_each_feature(&Reading::new(&own, title, body), |feature| {
                parts.push(Part {
                    hash: feature.hash,
                    weight: feature.weight,
                    is_pair: feature.is_pair,
                });
            });
            corpus.add(topic, &parts);
        };
        for (place, topic) in topics().iter().enumerate() {
            for phrase in topic.phrases.iter().chain(&topic.everyday) {
                let (title, body) = title_and_body(phrase);
                learn(place, title, body);
            }
        }
        for ticket in tickets() {
            let name = ticket.expected.topic.as_deref();
            let place = topics().iter().position(|topic| Some(topic.name) == name);
            if let Some(place) = place {
                learn(place, &ticket.title, &ticket.body);
            }
        }
        let (rows, linear) = corpus.train(topics().len(), TRAINING);
        Self {
            rows,
            weights: Compact::of(&linear),
        }
    }

    /// The topics that a text is likely about, by its words alone.
    pub(crate) fn likely(&self, reading: &Reading<'_>) -> Vec<(&'static str, f32)> {
        let mut scores = self.weights.bias().to_vec();
        for shown in self.shown(reading) {
            self.weights.add_row(shown.row, shown.value, &mut scores);
        }
        scores.truncate(topics().len());
        softmax(&mut scores);
        named(&scores)
    }

    /// What a text shows, each feature once at its first place.
    pub(crate) fn shown(&self, reading: &Reading<'_>) -> Vec<Shown> {
        shown(&self.rows, reading)
    }
}

/// The topics whose share of the probability matters, by name.
pub(crate) fn named(shares: &[f32]) -> Vec<(&'static str, f32)> {
    topics()
        .iter()
        .zip(shares)
        .filter(|(_, share)| **share > 0.05)
        .map(|(topic, share)| (topic.name, *share))
        .collect()
}

fn shown(rows: &HashedMap<u32>, reading: &Reading<'_>) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::with_capacity(4 * reading.units.len());
    for_each_feature(reading, |feature| {
        if let Some(&row) = rows.get(&feature.hash) {
            shown.push(Shown {
                row,
                value: feature.weight,
                first: feature.first,
                last: feature.last,
                in_title: feature.in_title,
                repaired: feature.repaired,
                dismissed: feature.dismissed,
            });
        }
    });
    damped(&shown)
}
