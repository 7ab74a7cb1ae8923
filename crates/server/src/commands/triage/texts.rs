//! `runbook-desk triage evaluate` on plain texts with labels: no runbook.

use std::{path::Path, time::Instant};

use serde::{Deserialize, Serialize};
use triage::{
    evaluate::{Prediction, classification_measures},
    text_classification::train as train_on,
};

use super::{evaluate::micros_each, lines};
use crate::commands::{
    client::Failure,
    words::{percent, print_json, say},
};

/// A text with its label.
#[derive(Deserialize)]
struct Labelled {
    text: String,
    label: String,
}

#[derive(Serialize)]
struct Measured {
    n: usize,
    accuracy: Option<f64>,
    top3: Option<f64>,
    /// Seconds that learning took.
    train_seconds: f64,
    /// Microseconds to classify one text, on one thread.
    us_per_text: f64,
}

/// Whether a file has plain texts: its first line says so.
pub(super) fn fits(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| serde_json::from_str::<Labelled>(line).is_ok())
}

pub(super) fn run(
    file: &Path,
    text: &str,
    train: Option<(&Path, &str)>,
    json: bool,
) -> Result<(), Failure> {
    let tests: Vec<Labelled> = lines(file, text)?;
    let lessons: Vec<Labelled> = match train {
        Some((file, text)) => lines(file, text)?,
        None => Vec::new(),
    };
    let examples: Vec<(&str, &str)> = lessons
        .iter()
        .map(|lesson| (lesson.text.as_str(), lesson.label.as_str()))
        .collect();
    // Which labels there are is known even where a label has no example yet;
    // which text has which is not.
    let labels: Vec<&str> = tests.iter().map(|test| test.label.as_str()).collect();

    let start = Instant::now();
    let model = train_on(&examples, &labels);
    let train_seconds = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    let start = Instant::now();
    let predictions: Vec<Prediction<'_>> = tests
        .iter()
        .map(|test| Prediction {
            expected: &test.label,
            ranked: model
                .predict(&test.text)
                .iter()
                .map(|answer| answer.label)
                .collect(),
        })
        .collect();
    let us_per_text = micros_each(start, tests.len());
    let measures = classification_measures(&predictions);
    let measured = Measured {
        n: measures.n,
        accuracy: measures.accuracy,
        top3: measures.top3,
        train_seconds,
        us_per_text,
    };
    if json {
        print_json(&measured);
    } else {
        say(&format!(
            "{} texts, {us_per_text:.1} us each, learned in {train_seconds} s",
            measured.n
        ));
        say(&format!("  accuracy {:>8}", percent(measured.accuracy)));
        say(&format!("  top-3    {:>8}", percent(measured.top3)));
    }
    Ok(())
}
