//! Learning from the corrections and confirmations of agents.
//!
//! A linear model over stems, pairs, concepts and character n-grams, on top of
//! what the runbook says. The labels are the truth; the model is rebuilt from
//! them. How much it may say, and for which entries it may act, is decided by
//! predict-then-learn: see [`trial`].

mod trial;

use runbook::{Level, Runbook, Slug};
use serde::{Deserialize, Serialize};

use crate::{
    hash::{self, HashedMap},
    linear::{Lesson, Linear, Sparse, Training},
    text::Reading,
    topics::for_each_feature,
    triage::Triage,
};
use trial::Trial;

/// A labelled ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The ticket's title.
    pub title: String,
    /// Its body.
    pub body: String,
    /// The entry that answers it; none when no entry does.
    pub entry: Option<Slug>,
    /// The level that a lead gave it, when known. Levels are decided by the
    /// runbook's rules alone, so learning never lowers one.
    pub level: Option<Level>,
}

const TRAINING: Training = Training {
    epochs: 12,
    rate: 0.12,
    decay: 1e-4,
    ridge: 0.0,
};
/// What was learned.
#[derive(Debug)]
pub(crate) struct Learned {
    rows: HashedMap<u32>,
    linear: Linear,
    trial: Trial,
}

/// An example as numbers: features, class, and the runbook's own scores.
struct Prepared {
    features: Sparse,
    class: usize,
    prior: Vec<f32>,
}

impl Learned {
    /// Learns from labelled tickets; none when there is nothing to learn or
    /// learning does not help.
    pub(crate) fn from_examples(
        triage: &Triage,
        runbook: &Runbook,
        examples: &[Example],
    ) -> Option<Self> {
        let mut rows = HashedMap::default();
        let prepared: Vec<Prepared> = examples
            .iter()
            .filter_map(|example| prepare(triage, runbook, example, &mut rows))
            .collect();
        let trial = Trial::of(&prepared, rows.len())?;
        let linear = train(prepared.iter().collect(), rows.len())?;
        Some(Self {
            rows,
            linear,
            trial,
        })
    }

    /// Whether it may turn an answer into this entry, or none as the last one.
    pub(crate) fn acts_for(&self, class: usize) -> bool {
        self.trial.acts_for(class)
    }

    /// What learning adds to each entry's score, and to none as the last one.
    pub(crate) fn scores(&self, reading: &Reading<'_>) -> Vec<f32> {
        let mut scores = vec![0.0; self.linear.width()];
        let features = features(reading, |hash| self.rows.get(&hash).copied());
        self.linear.add_scores(&features.entries, &mut scores);
        scores.truncate(self.linear.classes());
        for score in &mut scores {
            *score *= self.trial.share;
        }
        scores
    }
}

fn prepare(
    triage: &Triage,
    runbook: &Runbook,
    example: &Example,
    rows: &mut HashedMap<u32>,
) -> Option<Prepared> {
    let class = match &example.entry {
        None => triage.slugs().len(),
        Some(slug) => runbook
            .entries
            .iter()
            .position(|entry| entry.slug == *slug || entry.aliases.contains(slug))?,
    };
    let reading = Reading::new(triage.own_words(), &example.title, &example.body);
    let scores = triage.scores(&reading, false);
    let prior = scores
        .probabilities
        .iter()
        .chain(std::iter::once(&scores.none))
        .map(|probability| probability.max(1e-6).ln())
        .collect();
    let features = features(&reading, |hash| {
        let next = u32::try_from(rows.len()).ok()?;
        Some(*rows.entry(hash).or_insert(next))
    });
    Some(Prepared {
        features,
        class,
        prior,
    })
}

fn train(prepared: Vec<&Prepared>, rows: usize) -> Option<Linear> {
    let classes = prepared.first()?.prior.len();
    let lessons: Vec<_> = prepared
        .iter()
        .map(|example| Lesson {
            features: &example.features.entries,
            class: example.class,
            prior: &example.prior,
            importance: 1.0,
        })
        .collect();
    let mut linear = Linear::new(rows, classes);
    linear.train(&lessons, TRAINING);
    Some(linear)
}

/// The features of a text, scaled to length one.
fn features(reading: &Reading<'_>, mut row: impl FnMut(u64) -> Option<u32>) -> Sparse {
    let mut entries: Vec<(u32, f32)> = Vec::new();
    for_each_feature(reading, |feature| {
        if let Some(row) = row(feature.hash) {
            entries.push((row, feature.weight));
        }
    });
    for text in [reading.title, reading.body] {
        for_each_gram(text, |hash| {
            if let Some(row) = row(hash) {
                entries.push((row, 0.35));
            }
        });
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    entries.dedup_by_key(|(row, _)| *row);
    let square: f32 = entries.iter().map(|(_, value)| value * value).sum();
    let scale = 2.0 / square.sqrt().max(1e-6);
    for (_, value) in &mut entries {
        *value *= scale;
    }
    Sparse { entries }
}

/// At most this many characters are cut into n-grams.
const MOST_LETTERS: usize = 4096;

/// Visits the hashes of character 2–4-grams within words.
fn for_each_gram(text: &str, mut visit: impl FnMut(u64)) {
    let mut window = [u64::from(b' '); 4];
    for c in text.chars().take(MOST_LETTERS).chain(std::iter::once(' ')) {
        let letter = if c.is_alphanumeric() {
            c.to_lowercase().next().unwrap_or(c)
        } else {
            ' '
        };
        let [_, b, c, d] = window;
        window = [b, c, d, u64::from(u32::from(letter))];
        let mut hash = 0x6A_u64;
        for (length, &letter) in window.iter().rev().enumerate() {
            hash = hash::join(hash, letter);
            if length > 0 {
                visit(hash);
            }
            if length > 0 && letter == u64::from(b' ') {
                break;
            }
        }
        if letter == ' ' {
            window = [u64::from(b' '); 4];
        }
    }
}
