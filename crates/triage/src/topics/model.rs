//! The model of the topics: trained once per process from the shipped phrases.

use std::sync::OnceLock;

use super::{features::Feature, for_each_feature, source::topics};
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
/// What brings damped values to a good size for training.
const SCALE: f32 = 3.0;

/// The weights of every feature for every topic, each row's mean being zero.
#[derive(Debug)]
pub(crate) struct TopicModel {
    rows: HashedMap<u32>,
    pub(crate) linear: Linear,
}

/// A feature of a text that the model knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) row: u32,
    pub(crate) value: f32,
    pub(crate) feature: Feature,
}

impl TopicModel {
    /// The model of the shipped topics.
    pub(crate) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<TopicModel> = OnceLock::new();
        SHIPPED.get_or_init(Self::train)
    }

    fn train() -> Self {
        let own = OwnWords::default();
        let phrases: Vec<(Reading<'_>, usize)> = topics()
            .iter()
            .enumerate()
            .flat_map(|(class, topic)| topic.phrases.iter().map(move |phrase| (class, *phrase)))
            .map(|(class, phrase)| {
                let (title, body) = phrase.split_once(" | ").unwrap_or(("", phrase));
                (Reading::new(&own, title, body), class)
            })
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
        Self { rows, linear }
    }

    /// What a text shows, each feature once at its first place, in the order of
    /// the rows.
    pub(crate) fn shown(&self, reading: &Reading<'_>) -> Vec<Shown> {
        shown(&self.rows, reading)
    }
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
                feature,
            });
        }
    });
    // Of equal rows the heaviest comes first; the order is found on small keys.
    let mut order: Vec<(u32, u32)> = (0_u32..)
        .zip(&shown)
        .map(|(at, shown)| (shown.row, at))
        .collect();
    order.sort_unstable();
    let mut kept: Vec<Shown> = Vec::with_capacity(order.len());
    for (_, at) in order {
        let Some(next) = usize::try_from(at).ok().and_then(|at| shown.get(at)) else {
            continue;
        };
        match kept.last_mut().filter(|last| last.row == next.row) {
            Some(last) => last.value = last.value.max(next.value),
            None => kept.push(*next),
        }
    }
    let square: f32 = kept.iter().map(|shown| shown.value * shown.value).sum();
    let scale = SCALE / square.sqrt().max(1.0).powf(DAMPING);
    for shown in &mut kept {
        shown.value *= scale;
    }
    kept
}
