//! The model of the topics: trained once per process from the shipped phrases.

use std::sync::OnceLock;

use super::{for_each_feature, source::topics};
use crate::{
    hash::HashedMap,
    linear::{Lesson, Linear, Sparse, Training},
    text::{Reading, lexicon::OwnWords},
};

const TRAINING: Training = Training {
    epochs: 24,
    rate: 0.15,
    decay: 2e-5,
};

/// Long texts show more, but not in proportion: values are divided by the
/// vector's length to this power.
const DAMPING: f32 = 0.75;

/// The weights of every feature for every topic.
#[derive(Debug)]
pub(crate) struct TopicModel {
    pub(crate) rows: HashedMap<u32>,
    pub(crate) linear: Linear,
}

impl TopicModel {
    /// The model of the shipped topics.
    pub(crate) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<TopicModel> = OnceLock::new();
        SHIPPED.get_or_init(Self::train)
    }

    fn train() -> Self {
        let own = OwnWords::default();
        let mut rows = HashedMap::default();
        let mut examples = Vec::new();
        for (class, topic) in topics().iter().enumerate() {
            for phrase in &topic.phrases {
                let (title, body) = phrase.split_once(" | ").unwrap_or(("", phrase));
                let reading = Reading::new(&own, title, body);
                for_each_feature(&reading, |feature| {
                    let next = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                    rows.entry(feature.hash).or_insert(next);
                });
                examples.push((sparse(&rows, &reading), class));
            }
        }
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
        Self { rows, linear }
    }
}

/// The features of a text that a model knows, each once, damped.
pub(crate) fn sparse(rows: &HashedMap<u32>, reading: &Reading<'_>) -> Sparse {
    let mut entries: Vec<(u32, f32)> = Vec::with_capacity(256);
    for_each_feature(reading, |feature| {
        if let Some(&row) = rows.get(&feature.hash) {
            entries.push((row, feature.weight));
        }
    });
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    entries.dedup_by_key(|(row, _)| *row);
    let square: f32 = entries.iter().map(|(_, value)| value * value).sum();
    let scale = 3.0 / square.sqrt().max(1.0).powf(DAMPING);
    for (_, value) in &mut entries {
        *value *= scale;
    }
    Sparse { entries }
}
