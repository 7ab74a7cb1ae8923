//! `runbook-desk triage evaluate` on labelled tickets.

use std::{collections::BTreeMap, path::Path, time::Instant};

use serde::{Deserialize, Serialize};
use triage::{
    Example, Triage,
    evaluate::{Measures, Sample, assess, report},
};

use super::{lines, read, runbook_of, texts};
use crate::commands::{
    client::Failure,
    words::{percent, print_json, say},
};

/// The measures in sum and per entry, as `--json` prints them.
#[derive(Serialize)]
struct Measured {
    #[serde(flatten)]
    sum: Measures,
    /// Microseconds to assess one ticket, on one thread.
    us_per_ticket: f64,
    entries: BTreeMap<String, Measures>,
}

/// A labelled ticket to learn from: a sample, or a line of an import.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lesson {
    Sample(Sample),
    Example(Example),
}

pub(super) fn run(
    runbook: Option<&Path>,
    tickets: &Path,
    train: Option<&Path>,
    json: bool,
) -> Result<(), Failure> {
    let text = read(tickets)?;
    let learned = train.map(read).transpose()?;
    if texts::fits(&text) {
        return texts::run(tickets, &text, train.zip(learned.as_deref()), json);
    }
    let samples: Vec<Sample> = lines(tickets, &text)?;
    let examples = match train.zip(learned.as_deref()) {
        Some((file, text)) => lines::<Lesson>(file, text)?,
        None => Vec::new(),
    };
    let examples: Vec<Example> = examples
        .into_iter()
        .map(Lesson::example)
        .collect::<Result<_, _>>()?;
    let runbook = runbook_of(runbook)?;
    let triage = Triage::with_examples(&runbook, &examples);
    // Measuring first also warms what is built on first use.
    let report = report(&triage, &samples);
    let start = Instant::now();
    for sample in &samples {
        std::hint::black_box(assess(&triage, sample));
    }
    let measured = Measured {
        sum: report.sum,
        us_per_ticket: micros_each(start, samples.len()),
        entries: report.entries,
    };
    if json {
        print_json(&measured);
    } else {
        table(&measured);
    }
    Ok(())
}

impl Lesson {
    fn example(self) -> Result<Example, Failure> {
        let sample = match self {
            Self::Example(example) => return Ok(example),
            Self::Sample(sample) => sample,
        };
        let wrong = |what: String| Failure::Usage(format!("{}: {what}", sample.id));
        let entry = sample.expected.entry.as_deref();
        Ok(Example {
            entry: entry
                .map(str::parse)
                .transpose()
                .map_err(|error: runbook::SlugError| wrong(error.to_string()))?,
            level: runbook::Level::try_from(sample.expected.level).ok(),
            title: sample.title,
            body: sample.body,
        })
    }
}

/// Microseconds since `start` for each of `count`.
pub(super) fn micros_each(start: Instant, count: usize) -> f64 {
    let count = f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    (start.elapsed().as_secs_f64() * 1e6 / count * 10.0).round() / 10.0
}

fn table(measured: &Measured) {
    let sum = &measured.sum;
    say(&format!(
        "{} tickets, {:.1} us each",
        sum.n, measured.us_per_ticket
    ));
    for (name, share) in [
        ("top-1", sum.top1),
        ("top-3", sum.top3),
        ("decided rightly", sum.all),
        ("none: precision", sum.none_precision),
        ("none: recall", sum.none_recall),
        ("p >= 0.9: right", sum.p90_precision),
        ("p >= 0.9: share", sum.p90_share),
        ("level right", sum.level_accuracy),
        ("level 3+: recall", sum.l3_recall),
        ("level 3+: precision", sum.l3_precision),
        ("level 4: recall", sum.l4_recall),
    ] {
        say(&format!("  {name:<20} {:>8}", percent(share)));
    }
    for (name, figure) in [
        ("mean reciprocal rank", sum.mrr),
        ("calibration error", sum.ece),
    ] {
        let figure = figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.3}"));
        say(&format!("  {name:<20} {figure:>8}"));
    }
    say(&format!(
        "\n{:<46} {:>5} {:>8} {:>8} {:>8} {:>8}",
        "entry", "n", "top-1", "top-3", "decided", "level"
    ));
    for (entry, of) in &measured.entries {
        say(&format!(
            "{entry:<46} {:>5} {:>8} {:>8} {:>8} {:>8}",
            of.n,
            percent(of.top1),
            percent(of.top3),
            percent(of.all),
            percent(of.level_accuracy)
        ));
    }
}
