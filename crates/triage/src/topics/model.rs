//! The model of the topics: trained once per process from the shipped phrases.

use std::sync::OnceLock;

use super::{
    compact::Compact,
    damping::{Weighed, damped},
    for_each_feature,
    source::topics,
};
use crate::{
    hash::HashedMap,
    labelled::tickets,
    linear::{Lesson, Linear, Sparse, Training, softmax},
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
    fn row(&self) -> u32 {
        self.row
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
        let phrases: Vec<(Reading<'_>, usize)> = texts()
            .map(|(class, title, body)| (Reading::new(&own, title, body), class))
            .collect();
        let rows = rows_of(&phrases);
        let examples: Vec<(Sparse, usize)> = phrases
            .iter()
            .map(|(reading, class)| {
                let entries = shown(&rows, reading)
                    .iter()
                    .map(|shown| (shown.row, shown.value))
                    .collect();
                (Sparse { entries }, *class)
            })
            .collect();
        let lessons: Vec<_> = examples
            .iter()
            .map(|(features, class)| Lesson {
                features,
                class: *class,
                prior: &[],
                importance: 1.0,
            })
            .collect();
        let mut linear = Linear::new(rows.len(), topics().len());
        linear.train(&lessons, TRAINING);
        linear.centre();
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

/// The texts that teach, each with its topic's place, its title and its body.
fn texts() -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let phrases = topics().iter().enumerate().flat_map(|(class, topic)| {
        topic.phrases.iter().map(move |phrase| {
            let (title, body) = phrase.split_once(" | ").unwrap_or(("", phrase));
            (class, title, body)
        })
    });
    let labelled = tickets().iter().filter_map(|ticket| {
        let name = ticket.expected.topic.as_deref()?;
        let class = topics().iter().position(|topic| topic.name == name)?;
        Some((class, ticket.title.as_str(), ticket.body.as_str()))
    });
    phrases.chain(labelled)
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

/// Numbers the features; pairs that only one phrase has teach nothing general.
fn rows_of(phrases: &[(Reading<'_>, usize)]) -> HashedMap<u32> {
    let mut counts: HashedMap<(u32, usize)> = HashedMap::default();
    let mut order = Vec::new();
    for (number, (reading, _)) in phrases.iter().enumerate() {
        for_each_feature(reading, |feature| {
            let (count, last) = counts.entry(feature.hash).or_insert_with(|| {
                order.push((feature.hash, feature.is_pair));
                (0, usize::MAX)
            });
            if *last != number {
                *last = number;
                *count += 1;
            }
        });
    }
    let kept = order.into_iter().filter(|(hash, is_pair)| {
        !is_pair || counts.get(hash).is_some_and(|(count, _)| *count > 1)
    });
    (0_u32..)
        .zip(kept)
        .map(|(row, (hash, _))| (hash, row))
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
