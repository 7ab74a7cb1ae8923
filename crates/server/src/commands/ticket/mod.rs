//! `runbook-desk ticket …`: what a script or an agent does with tickets, over
//! the same REST API as every other tool.

mod change;
mod file;
mod list;
mod print;

use std::{collections::BTreeMap, process::ExitCode};

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::{
    client::{Asked, Client, Failure},
    words::{plain, print_json, say},
};

#[derive(Debug, Subcommand)]
pub(in crate::commands) enum Ticket {
    /// File a ticket from a filled-in template or from JSON.
    File(file::File),
    /// List tickets, newest first, by any filter of the API.
    List(Box<list::List>),
    /// Show a ticket with its clocks, comments and what the runbook says.
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Comment on a ticket.
    Comment(change::Comment),
    /// Give a ticket to someone.
    Assign(change::Assign),
    /// Resolve a ticket, naming what helped.
    Resolve(change::Resolve),
}

/// Which ticket, and how to print the answer.
#[derive(Debug, Args)]
pub(in crate::commands) struct Which {
    /// Its key such as T-1042, or its id.
    ticket: String,
    /// Print the desk's answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs it. `env` is all of the process; only `DESK_URL` and `DESK_KEY` count.
pub(in crate::commands) async fn run(command: Ticket, env: &BTreeMap<String, String>) -> ExitCode {
    match obey(command, env).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

async fn obey(command: Ticket, env: &BTreeMap<String, String>) -> Result<(), Failure> {
    let client = Client::new(env)?;
    match command {
        Ticket::File(command) => file::run(command, &client).await,
        Ticket::List(command) => list::run(*command, &client).await,
        Ticket::Show { which } => show(&which, &client).await,
        Ticket::Comment(command) => change::comment(command, &client).await,
        Ticket::Assign(command) => change::assign(command, &client).await,
        Ticket::Resolve(command) => change::resolve(command, &client).await,
    }
}

async fn show(which: &Which, client: &Client) -> Result<(), Failure> {
    let query = [("include", "suggestion,comments,sla,timeline".to_owned())];
    let asked = Asked {
        query: &query,
        ..Asked::default()
    };
    let ticket = client
        .ask(Method::GET, &["tickets", &which.ticket], asked)
        .await?;
    print(&ticket, which.json, print::whole);
    Ok(())
}

fn print(value: &Value, json: bool, human: impl Fn(&Value) -> String) {
    if json {
        print_json(value);
    } else {
        say(&plain(&human(value)));
    }
}

/// A file's bytes, or standard input's for `-`.
fn read(path: &str) -> Result<Vec<u8>, Failure> {
    let bytes = if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    bytes.map_err(|error| Failure::Usage(format!("{path}: {error}")))
}
