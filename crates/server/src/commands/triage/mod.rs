//! `runbook-desk triage …`: how well a runbook classifies, and why. Needs no
//! settings and no database.

mod evaluate;
mod explain;
mod texts;

use std::{fs, path::Path, path::PathBuf, process::ExitCode};

use clap::Subcommand;
use runbook::Runbook;

use super::client::Failure;
use crate::clock::system_clock;

#[derive(Debug, Subcommand)]
pub(in crate::commands) enum Triage {
    /// Measure triage on labelled tickets, or plain text classification on
    /// lines of `{"text","label"}`.
    Evaluate {
        /// The runbook; the built-in one without it. Plain texts need none.
        #[arg(long)]
        runbook: Option<PathBuf>,
        /// The labelled lines to measure on.
        #[arg(long)]
        tickets: PathBuf,
        /// Labelled lines of the same form to learn from before.
        #[arg(long)]
        train: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Show how a text is classified, and every reason.
    Explain {
        /// The text; its first line is the title. - reads standard input.
        #[arg(allow_hyphen_values = true)]
        text: String,
        /// The runbook; the built-in one without it.
        #[arg(long)]
        runbook: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(in crate::commands) fn run(command: &Triage) -> ExitCode {
    let done = match command {
        Triage::Evaluate {
            runbook,
            tickets,
            train,
            json,
        } => evaluate::run(runbook.as_deref(), tickets, train.as_deref(), *json),
        Triage::Explain {
            text,
            runbook,
            json,
        } => explain::run(text, runbook.as_deref(), *json),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

/// The runbook of a file, or the built-in one. One with errors is judged by
/// what was understood, and the errors are told.
fn runbook_of(file: Option<&Path>) -> Result<Runbook, Failure> {
    let today = system_clock().now().date_naive();
    let Some(file) = file else {
        return Ok(runbook::parse(crate::DEFAULT_RUNBOOK, today).runbook);
    };
    let source = read(file)?;
    let parsed = runbook::parse(&source, today);
    if parsed.has_errors() {
        let name = file.display().to_string();
        return Err(Failure::Refused(runbook::render(
            &parsed.diagnostics,
            &source,
            &name,
        )));
    }
    Ok(parsed.runbook)
}

fn read(file: &Path) -> Result<String, Failure> {
    let bytes =
        fs::read(file).map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads every line that is not blank; a wrong one is named.
fn lines<T: serde::de::DeserializeOwned>(file: &Path, text: &str) -> Result<Vec<T>, Failure> {
    let numbered = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    numbered
        .map(|(at, line)| {
            serde_json::from_str(line)
                .map_err(|error| Failure::Usage(format!("{}:{}: {error}", file.display(), at + 1)))
        })
        .collect()
}
