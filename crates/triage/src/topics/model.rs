//! The model of the topics: trained once per process from the shipped phrases.

use std::sync::OnceLock;

use super::{compact::Compact, for_each_feature, source::topics};
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
        Self {
            rows,
            weights: Compact::of(&linear),
        }
    }

    /// What a text shows, each feature once at its first place.
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
                first: feature.first,
                last: feature.last,
                in_title: feature.in_title,
                repaired: feature.repaired,
                dismissed: feature.dismissed,
            });
        }
    });
    let mut kept = each_once(&shown);
    let square: f32 = kept.iter().map(|shown| shown.value * shown.value).sum();
    let scale = SCALE / square.sqrt().max(1.0).powf(DAMPING);
    for shown in &mut kept {
        shown.value *= scale;
    }
    kept
}

/// Of equal rows the first one, with the greatest value of all. The table of
/// places has two for each and is searched from where the row's number falls.
fn each_once(shown: &[Shown]) -> Vec<Shown> {
    let places = (2 * shown.len()).next_power_of_two();
    let mut table = vec![usize::MAX; places];
    let mut kept: Vec<Shown> = Vec::with_capacity(shown.len());
    for next in shown {
        let spread = u64::from(next.row).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let start = usize::try_from(spread).unwrap_or(0);
        for step in 0..places {
            let Some(place) = table.get_mut((start + step) & (places - 1)) else {
                break;
            };
            let Some(other) = kept.get_mut(*place) else {
                *place = kept.len();
                kept.push(*next);
                break;
            };
            if other.row == next.row {
                other.value = other.value.max(next.value);
                break;
            }
        }
    }
    kept
}
