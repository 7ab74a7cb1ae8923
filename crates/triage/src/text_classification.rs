//! Plain text classification: texts with labels and no runbook.
//!
//! A multinomial model over stem 1–2-grams and character 2–5-grams with TF-IDF
//! values, on top of what the labels' own names say, so that a label without an
//! example is still answered.

mod features;
mod names;

use std::collections::BTreeMap;

use crate::linear::{Lesson, Linear, Sparse, Training, softmax};
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
    let name_weight = name_weight(examples.len(), labels.len());
    let prepared: Vec<(Sparse, usize, Vec<f32>)> = examples
        .iter()
        .map(|(text, label)| {
            let mut prior = names.scores(text);
            for score in &mut prior {
                *score *= name_weight;
            }
            let class = known.get(label).copied().unwrap_or(0);
            (vocabulary.vector(text), class, prior)
        })
        .collect();
    let lessons: Vec<Lesson<'_>> = prepared
        .iter()
        .map(|(features, class, prior)| Lesson {
            features,
            class: *class,
            prior,
            importance: 1.0,
        })
        .collect();
    let mut linear = Linear::new(vocabulary.rows(), labels.len());
    linear.train(&lessons, training(examples.len()));
    Model {
        labels,
        vocabulary,
        linear,
        names,
        name_weight,
    }
}

impl Model {
    /// All labels with their probabilities, best first.
    #[must_use]
    pub fn predict(&self, text: &str) -> Vec<Answer<'_>> {
        let mut scores = vec![0.0; self.linear.width()];
        self.linear
            .add_scores(&self.vocabulary.vector(text), &mut scores);
        scores.truncate(self.labels.len());
        for (score, prior) in scores.iter_mut().zip(self.names.scores(text)) {
            *score += self.name_weight * prior;
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

/// The fewer examples a label has, the more its name says.
fn name_weight(examples: usize, labels: usize) -> f32 {
    let each = examples / labels.max(1);
    match each {
        0 => 1.0,
        1..=3 => 0.8,
        4..=20 => 0.6,
        _ => 0.4,
    }
}

fn training(examples: usize) -> Training {
    Training {
        epochs: if examples > 5000 { 14 } else { 40 },
        rate: 0.5,
        decay: 1e-6,
    }
}

#[cfg(test)]
mod tests;
