//! The sub-commands, one file each.

mod healthcheck;
mod key;
mod migrate;
mod runbook;
mod serve;
mod settings;

use std::{io::Write, path::Path, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::settings::Settings;

/// A ticketing and escalation service driven by your runbook.
#[derive(Debug, Parser)]
#[command(name = "runbook-desk", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the desk (what happens without a sub-command).
    Serve,
    /// Bring the database's schema up to date.
    Migrate,
    /// Check and show runbooks.
    #[command(subcommand)]
    Runbook(runbook::Runbook),
    /// Make, list and revoke access keys.
    #[command(subcommand)]
    Key(key::Key),
    /// Print the effective settings and where each came from, secrets hidden.
    Settings,
    /// Ask a running desk whether it is ready; exit 1 when it is not.
    Healthcheck,
}

/// Runs a sub-command.
pub async fn run(cli: Cli, env: impl Iterator<Item = (String, String)>, cwd: &Path) -> ExitCode {
    let command = cli.command.unwrap_or(Command::Serve);
    // What needs no settings must work where they are wrong.
    if let Command::Runbook(command) = &command {
        return runbook::run(command);
    }
    let settings = match Settings::load(env, cwd) {
        Ok(settings) => settings,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::from(2);
        }
    };
    crate::log::init(&settings);
    let done = match command {
        Command::Serve => serve::run(&settings).await,
        Command::Migrate => migrate::run(&settings).await,
        Command::Key(command) => key::run(&settings, command).await,
        Command::Settings => {
            settings::run(&settings);
            Ok(())
        }
        Command::Healthcheck => healthcheck::run(&settings).await,
        Command::Runbook(command) => return runbook::run(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Prints to standard output; a reader that went away (`| head`) is no error.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
