//! Runbooks through the front door: Markdown in, parts and findings out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod documents;
mod entries;
mod findings;
mod guide;
mod hostile;
mod levels;
mod parts;
mod properties;

use std::{fs, path::PathBuf};

use chrono::NaiveDate;
use runbook::{Parsed, Runbook, Severity, parse};

/// The day on which the tests' runbooks are read.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 10, 20).unwrap()
}

/// The runbook of a text.
fn runbook(markdown: &str) -> Runbook {
    parse(markdown, today()).runbook
}

/// The findings as "line:column severity code", without those about parts
/// that a snippet leaves out.
fn problems(markdown: &str) -> Vec<String> {
    let absent = [
        "missing_part",
        "missing_target",
        "no_title",
        "no_review_date",
        "no_update_date",
        "no_levels",
        "no_entries",
        "incomplete_entry",
        "level_without_trigger",
        "level_without_contact",
    ];
    listed(&parse(markdown, today()))
        .into_iter()
        .filter(|finding| !absent.iter().any(|code| finding.ends_with(code)))
        .collect()
}

fn listed(parsed: &Parsed) -> Vec<String> {
    let line = |finding: &runbook::Diagnostic| {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        format!(
            "{}:{} {severity} {}",
            finding.line, finding.column, finding.code
        )
    };
    parsed.diagnostics.iter().map(line).collect()
}

/// A file beside the project's root.
fn beside_root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The shipped runbook.
fn default_text() -> String {
    fs::read_to_string(beside_root("runbook/customer-support.md")).unwrap()
}
