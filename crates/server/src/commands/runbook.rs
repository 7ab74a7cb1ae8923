//! `runbook-desk runbook check FILE` and `runbook show FILE`.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::{Subcommand, ValueEnum};

use super::print;
use crate::clock::system_clock;

#[derive(Debug, Subcommand)]
pub(super) enum Runbook {
    /// Print what is wrong or missing in a runbook; exit 1 on errors.
    Check {
        /// The Markdown file.
        file: PathBuf,
    },
    /// Print the parsed runbook.
    Show {
        /// The Markdown file.
        file: PathBuf,
        /// How to print it.
        #[arg(long, value_enum, default_value = "json")]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// The whole runbook as one JSON object.
    Json,
}

pub(super) fn run(command: &Runbook) -> ExitCode {
    let (Runbook::Check { file } | Runbook::Show { file, .. }) = command;
    let source = match fs::read(file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            return ExitCode::from(2);
        }
    };
    let parsed = runbook::parse(&source, system_clock().now().date_naive());
    let rendered = runbook::render(&parsed.diagnostics, &source, &file.display().to_string());
    match command {
        Runbook::Check { .. } => print(&rendered),
        Runbook::Show {
            format: Format::Json,
            ..
        } => {
            match serde_json::to_string_pretty(&parsed.runbook) {
                Ok(json) => print(&(json + "\n")),
                Err(error) => eprintln!("{error}"),
            }
            if parsed.has_errors() {
                eprint!("{rendered}");
            }
        }
    }
    if parsed.has_errors() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
