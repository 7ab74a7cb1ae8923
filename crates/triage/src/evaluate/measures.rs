//! The figures of an evaluation.

use serde::Serialize;

use super::Sample;
use crate::Assessment;

/// Bins of the calibration error.
const BINS: usize = 10;

/// The measures of `quality.md` section 4. A share over nothing is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Lines.
    pub n: usize,
    /// Of the lines with an entry: the first ranked entry is right.
    pub top1: Option<f64>,
    /// Of the lines with an entry: one of the first three is right.
    pub top3: Option<f64>,
    /// Of the lines with an entry: mean of one over the rank of the first right one.
    pub mrr: Option<f64>,
    /// Of all lines: the decision is right, abstaining counted as "none".
    pub all: Option<f64>,
    /// Of the lines decided "none": none was right.
    pub none_precision: Option<f64>,
    /// Of the lines that no entry answers: the decision was right.
    pub none_recall: Option<f64>,
    /// Expected calibration error of the decisions' confidence, in ten bins.
    pub ece: Option<f64>,
    /// Of the decisions with a confidence of at least 0.9: right ones.
    pub p90_precision: Option<f64>,
    /// Share of the lines decided with a confidence of at least 0.9.
    pub p90_share: Option<f64>,
    /// The level is right.
    pub level_accuracy: Option<f64>,
    /// Of the lines of level 3 and above: raised that high.
    pub l3_recall: Option<f64>,
    /// Of the lines raised to 3 or above: rightly.
    pub l3_precision: Option<f64>,
    /// Of the lines of level 4: raised to 4.
    pub l4_recall: Option<f64>,
}

/// How one line went.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    has_entry: bool,
    /// The rank of the first right entry, from 1.
    rank: Option<usize>,
    right: bool,
    said_none: bool,
    confidence: f64,
    level_right: bool,
    said_level: u8,
    level: u8,
    levels_ok: Vec<u8>,
}

impl Outcome {
    pub(super) fn new(sample: &Sample, answer: &Assessment) -> Self {
        let expected = &sample.expected;
        let accepts = |slug: Option<&str>| {
            expected.entry.as_deref() == slug
                || expected
                    .acceptable
                    .iter()
                    .any(|other| other.as_deref() == slug)
        };
        let said_level = answer.level.number();
        Self {
            has_entry: expected.entry.is_some(),
            rank: answer
                .ranked
                .iter()
                .position(|ranked| accepts(Some(ranked.entry.as_str())))
                .map(|at| at + 1),
            right: accepts(answer.entry.as_ref().map(runbook::Slug::as_str)),
            said_none: answer.entry.is_none(),
            confidence: answer.confidence,
            level_right: said_level == expected.level || expected.levels_ok.contains(&said_level),
            said_level,
            level: expected.level,
            levels_ok: expected.levels_ok.clone(),
        }
    }

    fn raised_rightly(&self, least: u8) -> bool {
        self.said_level >= least || self.levels_ok.contains(&self.said_level)
    }
}

impl Measures {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let share = |of: &dyn Fn(&Outcome) -> bool, right: &dyn Fn(&Outcome) -> bool| {
            mean(
                outcomes
                    .iter()
                    .filter(|outcome| of(outcome))
                    .map(|outcome| if right(outcome) { 1.0 } else { 0.0 }),
            )
        };
        let with_entry = |outcome: &Outcome| outcome.has_entry;
        let sure = |outcome: &Outcome| outcome.confidence >= 0.9;
        Self {
            n: outcomes.len(),
            top1: share(&with_entry, &|outcome| outcome.rank == Some(1)),
            top3: share(&with_entry, &|outcome| {
                outcome.rank.is_some_and(|rank| rank <= 3)
            }),
            mrr: mean(
                outcomes
                    .iter()
                    .filter(|outcome| outcome.has_entry)
                    .map(|outcome| outcome.rank.map_or(0.0, |rank| 1.0 / number(rank))),
            ),
            all: share(&|_| true, &|outcome| outcome.right),
            none_precision: share(&|outcome| outcome.said_none, &|outcome| outcome.right),
            none_recall: share(&|outcome| !outcome.has_entry, &|outcome| outcome.right),
            ece: calibration_error(
                outcomes
                    .iter()
                    .map(|outcome| (outcome.confidence, outcome.right)),
            ),
            p90_precision: share(&sure, &|outcome| outcome.right),
            p90_share: share(&|_| true, &sure),
            level_accuracy: share(&|_| true, &|outcome| outcome.level_right),
            l3_recall: share(&|outcome| outcome.level >= 3, &|outcome| {
                outcome.raised_rightly(3)
            }),
            l3_precision: share(&|outcome| outcome.said_level >= 3, &|outcome| {
                outcome.level >= 3 || outcome.levels_ok.iter().any(|level| *level >= 3)
            }),
            l4_recall: share(&|outcome| outcome.level == 4, &|outcome| {
                outcome.raised_rightly(4)
            }),
        }
    }
}

/// What a text classifier answered for one text.
#[derive(Clone, Debug)]
pub struct Prediction<'a> {
    /// The right label.
    pub expected: &'a str,
    /// The labels answered, best first.
    pub ranked: Vec<&'a str>,
}

/// The measures of a text classification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassificationMeasures {
    /// Texts.
    pub n: usize,
    /// The first label is right.
    pub accuracy: Option<f64>,
    /// One of the first three labels is right.
    pub top3: Option<f64>,
}

/// Measures the answers of a text classifier.
#[must_use]
pub fn classification_measures(predictions: &[Prediction<'_>]) -> ClassificationMeasures {
    let within = |ranks: usize| {
        mean(predictions.iter().map(|prediction| {
            let hit = prediction
                .ranked
                .iter()
                .take(ranks)
                .any(|label| *label == prediction.expected);
            if hit { 1.0 } else { 0.0 }
        }))
    };
    ClassificationMeasures {
        n: predictions.len(),
        accuracy: within(1),
        top3: within(3),
    }
}

/// The mean distance of confidence and accuracy, by bins of confidence
/// (Guo et al., "On calibration of modern neural networks", ICML 2017).
fn calibration_error(answers: impl Iterator<Item = (f64, bool)>) -> Option<f64> {
    let mut bins = [(0_usize, 0.0_f64, 0.0_f64); BINS];
    let mut count = 0;
    for (confidence, right) in answers {
        let place = bins
            .iter()
            .enumerate()
            .rev()
            .find(|(at, _)| confidence >= number(*at) / number(BINS))
            .map_or(0, |(at, _)| at);
        if let Some((n, sure, good)) = bins.get_mut(place) {
            *n += 1;
            *sure += confidence;
            *good += if right { 1.0 } else { 0.0 };
        }
        count += 1;
    }
    (count > 0).then(|| {
        bins.iter()
            .map(|(_, sure, good)| (sure - good).abs())
            .sum::<f64>()
            / number(count)
    })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut count = 0;
    let mut sum = 0.0;
    for value in values {
        count += 1;
        sum += value;
    }
    (count > 0).then(|| sum / number(count))
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
