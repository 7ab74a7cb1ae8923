//! The sub-commands, one file each.

mod client;
mod demo;
mod healthcheck;
mod inbound;
mod key;
mod migrate;
mod report;
mod runbook;
mod serve;
mod settings;
mod sla;
mod ticket;
mod triage;
mod words;

use std::{io::Write, path::Path, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::settings::Settings;

/// A ticketing and escalation service driven by your runbook.
#[derive(Debug, Parser)]
#[command(
    name = "runbook-desk",
    version,
    about,
    after_help = "Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings, 3 no desk reached."
)]
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
    /// File tickets and work on them, by the REST API of the desk at DESK_URL
    /// with the access key in DESK_KEY.
    #[command(subcommand)]
    Ticket(Box<ticket::Ticket>),
    /// Print a report, by the REST API of the desk at DESK_URL with a lead's
    /// access key in DESK_KEY.
    Report(Box<report::Report>),
    /// Take a mail from standard input to the desk at DESK_URL with the access key
    /// in DESK_KEY, as a mail server's pipe does. Exit codes are those of
    /// sysexits.h: 0 taken, 65 no mail, 75 try again later.
    Inbound(inbound::Inbound),
    /// Measure and explain classification.
    #[command(subcommand)]
    Triage(triage::Triage),
    /// Check the clocks of all tickets.
    #[command(subcommand)]
    Sla(sla::Sla),
    /// Make, list and revoke access keys.
    #[command(subcommand)]
    Key(key::Key),
    /// Fill an empty database with a made-up history of tickets, for trying
    /// things out; nobody is ever told of them.
    Demo(demo::Demo),
    /// Print the effective settings and where each came from, secrets hidden.
    Settings,
    /// Ask a running desk whether it is ready; exit 1 when it is not.
    Healthcheck,
}

/// Runs a sub-command.
pub async fn run(cli: Cli, env: impl Iterator<Item = (String, String)>, cwd: &Path) -> ExitCode {
    let command = cli.command.unwrap_or(Command::Serve);
    // What needs no settings must work where they are wrong.
    let command = match command {
        Command::Runbook(command) => return runbook::run(&command),
        Command::Triage(command) => return triage::run(&command),
        Command::Ticket(command) => return ticket::run(*command, &env.collect()).await,
        Command::Report(command) => return report::run(*command, &env.collect()).await,
        Command::Inbound(command) => return inbound::run(&command, env.collect()).await,
        needs_settings => needs_settings,
    };
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
        Command::Demo(wanted) => demo::run(&settings, &wanted).await,
        Command::Settings => {
            settings::run(&settings);
            Ok(())
        }
        Command::Healthcheck => healthcheck::run(&settings).await,
        Command::Sla(command) => match sla::run(&settings, &command).await {
            Ok(code) => return code,
            Err(message) => Err(message),
        },
        // Ran above.
        Command::Runbook(_)
        | Command::Triage(_)
        | Command::Ticket(_)
        | Command::Report(_)
        | Command::Inbound(_) => Ok(()),
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
