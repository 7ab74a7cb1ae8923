//! How good triage is on labelled tickets (`quality.md` section 4).
//!
//! Scoring is lenient: an answer is right when it is the expected entry or one
//! that a support lead would not call wrong; levels likewise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Assessment, Ticket, TicketKind, Triage};

mod measures;

use measures::Outcome;
pub use measures::{ClassificationMeasures, Measures, Prediction, classification_measures};

/// A labelled ticket: one line of a sample file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Its name in the file.
    pub id: String,
    /// Bug or feature.
    pub kind: TicketKind,
    /// The title.
    pub title: String,
    /// The body.
    pub body: String,
    /// The labels.
    pub expected: Expected,
    /// The manner it is written in.
    #[serde(default)]
    pub style: String,
    /// Whether its severity is critical.
    #[serde(default)]
    pub critical: bool,
    /// How many users are affected.
    #[serde(default)]
    pub affected_users: Option<u32>,
}

/// The labels of a [`Sample`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expected {
    /// The slug of the entry that answers it; none when no entry does.
    pub entry: Option<String>,
    /// Other answers that are not wrong; none stands for abstaining.
    #[serde(default)]
    pub acceptable: Vec<Option<String>>,
    /// The level.
    pub level: u8,
    /// Other levels that are not wrong.
    #[serde(default)]
    pub levels_ok: Vec<u8>,
    /// The strongest condition for its level, by its kind's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What the ticket is about, by a topic's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// The measures per entry and in sum.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Over all lines.
    #[serde(flatten)]
    pub sum: Measures,
    /// Over the lines of each expected entry; "none" for those without.
    pub entries: BTreeMap<String, Measures>,
    /// Over the lines of each style.
    pub styles: BTreeMap<String, Measures>,
}

/// Reads the lines of a sample file; blank lines are skipped.
///
/// # Errors
/// The number of the first line that is no sample, and what is wrong with it.
pub fn read_samples(text: &str) -> Result<Vec<Sample>, (usize, serde_json::Error)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| (at + 1, error)))
        .collect()
}

/// Assesses every sample and measures the answers.
#[must_use]
pub fn report(triage: &Triage, samples: &[Sample]) -> Report {
    let answers: Vec<Assessment> = samples
        .iter()
        .map(|sample| assess(triage, sample))
        .collect();
    let outcomes: Vec<Outcome> = samples
        .iter()
        .zip(&answers)
        .map(|(sample, answer)| Outcome::new(sample, answer))
        .collect();
    let by = |name: &dyn Fn(&Sample) -> String| {
        let mut groups: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
        for (sample, outcome) in samples.iter().zip(&outcomes) {
            groups
                .entry(name(sample))
                .or_default()
                .push(outcome.clone());
        }
        groups
            .into_iter()
            .map(|(name, outcomes)| (name, Measures::of(&outcomes)))
            .collect()
    };
    Report {
        sum: Measures::of(&outcomes),
        entries: by(&|sample| {
            sample
                .expected
                .entry
                .clone()
                .unwrap_or_else(|| "none".to_owned())
        }),
        styles: by(&|sample| sample.style.clone()),
    }
}

/// Assesses one sample.
#[must_use]
pub fn assess(triage: &Triage, sample: &Sample) -> Assessment {
    triage.assess(&Ticket {
        kind: sample.kind,
        title: &sample.title,
        body: &sample.body,
        critical: sample.critical,
        affected_users: sample.affected_users,
    })
}

#[cfg(test)]
mod tests;
