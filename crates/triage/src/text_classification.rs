//! Plain text classification: texts with labels and no runbook.
//!
//! A multinomial model over stem 1–2-grams and character 2–5-grams with TF-IDF
//! values, on top of what the labels' own names say, so that a label without an
//! example is still answered.

mod features;
mod names;

use std::collections::BTreeMap;

use crate::{
    hinge,
    linear::{Lesson, Linear, Sparse, Training, softmax},
};
use features::Vocabulary;
use names::Names;

/// A trained classifier.
#[derive(Debug)]
pub struct Model {
    labels: Vec<String>,
    vocabulary: Vocabulary,
    linear: Linear,
    names: Names,
    name_weight: f32,
    /// What makes logits of the scores.
    sharpness: f32,
}

/// One answer: a label and its probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'m> {
    /// The label.
    pub label: &'m str,
    /// Its probability, 0 to 1.
    pub confidence: f64,
}

/// Trains a classifier from pairs of text and label. `labels` may name labels
/// that have no example yet.
#[must_use]
pub fn train(examples: &[(&str, &str)], labels: &[&str]) -> Model {
    let mut known: BTreeMap<&str, usize> = examples
        .iter()
        .map(|(_, label)| *label)
        .chain(labels.iter().copied())
        .map(|label| (label, 0))
        .collect();
    for (number, place) in known.values_mut().enumerate() {
        *place = number;
    }
    let labels: Vec<String> = known.keys().map(|label| (*label).to_owned()).collect();
    let texts: Vec<&str> = examples.iter().map(|(text, _)| *text).collect();
    let vocabulary = Vocabulary::of(&texts);
    let names = Names::new(&labels);
    let prepared: Vec<Prepared> = examples
        .iter()
        .map(|(text, label)| Prepared {
            features: vocabulary.vector(text),
            class: known.get(label).copied().unwrap_or(0),
            by_name: names.scores(text),
        })
        .collect();
    let all: Vec<&Prepared> = prepared.iter().collect();
    let rows = vocabulary.rows();
    let name_weight = name_weight(&prepared, rows, labels.len());
    Model {
        linear: learn(&all, rows, labels.len()),
        labels,
        vocabulary,
        names,
        name_weight,
        sharpness: if examples.len() >= MANY { MARGIN } else { 1.0 },
    }
}

/// An example as numbers.
struct Prepared {
    features: Sparse,
    class: usize,
    /// What the labels' names say.
    by_name: Vec<f32>,
}

/// Margins of support vector machines, times this, are about logits.
const MARGIN: f32 = 4.0;
/// Below this many examples the logistic model is better, which leans less on
/// single texts; from it on the support vector machine is.
const MANY: usize = 1500;

fn learn(prepared: &[&Prepared], rows: usize, classes: usize) -> Linear {
    if prepared.len() >= MANY {
        let examples: Vec<(&Sparse, usize)> = prepared
            .iter()
            .map(|example| (&example.features, example.class))
            .collect();
        return hinge::train(&examples, rows, classes);
    }
    let lessons: Vec<Lesson<'_>> = prepared
        .iter()
        .map(|example| Lesson {
            features: &example.features.entries,
            class: example.class,
            prior: &[],
            importance: 1.0,
        })
        .collect();
    let mut linear = Linear::new(rows, classes);
    linear.train(
        &lessons,
        Training {
            epochs: 40,
            rate: 0.5,
            decay: 1e-6,
            ridge: 0.0,
        },
    );
    linear
}

/// Weights of the names that are tried.
const NAME_WEIGHTS: [f32; 8] = [0.0, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0];
/// Parts for predict-then-learn.
const PARTS: usize = 3;

/// How much the names count beside the examples: what would have answered best,
/// each part of the examples predicted from the others.
fn name_weight(prepared: &[Prepared], rows: usize, classes: usize) -> f32 {
    if prepared.len() >= MANY {
        // The examples say it all.
        return 0.0;
    }
    // With hardly an example for each label there is nothing to search with.
    if prepared.len() < 2 * classes {
        return 5.0;
    }
    let mut right = [0_usize; NAME_WEIGHTS.len()];
    for part in 0..PARTS {
        let known: Vec<&Prepared> = prepared
            .iter()
            .enumerate()
            .filter(|(at, _)| at % PARTS != part)
            .map(|(_, example)| example)
            .collect();
        let linear = learn(&known, rows, classes);
        for example in prepared.iter().skip(part).step_by(PARTS) {
            let mut scores = vec![0.0; linear.width()];
            linear.add_scores(&example.features.entries, &mut scores);
            for (right, weight) in right.iter_mut().zip(NAME_WEIGHTS) {
                let best = scores
                    .iter()
                    .zip(&example.by_name)
                    .map(|(score, by_name)| score + weight * by_name)
                    .enumerate()
                    .max_by(|a, b| a.1.total_cmp(&b.1))
                    .map(|(class, _)| class);
                *right += usize::from(best == Some(example.class));
            }
        }
    }
    right
        .iter()
        .zip(NAME_WEIGHTS)
        .max_by_key(|(right, _)| **right)
        .map_or(1.0, |(_, weight)| weight)
}

impl Model {
    /// All labels with their probabilities, best first.
    #[must_use]
    pub fn predict(&self, text: &str) -> Vec<Answer<'_>> {
        let mut scores = vec![0.0; self.linear.width()];
        self.linear
            .add_scores(&self.vocabulary.vector(text).entries, &mut scores);
        scores.truncate(self.labels.len());
        for (score, prior) in scores.iter_mut().zip(self.names.scores(text)) {
            *score += self.name_weight * prior;
        }
        for score in &mut scores {
            *score *= self.sharpness;
        }
        softmax(&mut scores);
        let mut answers: Vec<_> = self
            .labels
            .iter()
            .zip(scores)
            .map(|(label, score)| Answer {
                label,
                confidence: f64::from(score),
            })
            .collect();
        answers.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        answers
    }
}

#[cfg(test)]
mod tests;
