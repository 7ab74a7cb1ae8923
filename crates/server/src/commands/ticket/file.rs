//! `runbook-desk ticket file`.

use clap::Args;
use reqwest::Method;

use super::{print, read};
use crate::commands::client::{Asked, Client, Failure};

#[derive(Debug, Args)]
pub(in crate::commands) struct File {
    /// The runbook's template, filled in; - for standard input.
    #[arg(long, value_name = "FILE")]
    template: Option<String>,
    /// Print the desk's answer as JSON; with FILE (- for standard input), also
    /// file the JSON in it.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    json: Option<Option<String>>,
    /// Makes a repeat safe: the same key answers with the same ticket for 24 h.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

pub(super) async fn run(command: File, client: &Client) -> Result<(), Failure> {
    let json = command.json.is_some();
    let body = match (&command.template, command.json.flatten()) {
        (Some(template), None) => ("text/markdown", read(template)?),
        (None, Some(file)) => ("application/json", read(&file)?),
        _ => {
            let message = "name one of: --template FILE, --json FILE";
            return Err(Failure::Usage(message.to_owned()));
        }
    };
    let headers: Vec<(&str, String)> = command
        .idempotency_key
        .map(|key| ("Idempotency-Key", key))
        .into_iter()
        .collect();
    let asked = Asked {
        headers: &headers,
        body: Some(body),
        ..Asked::default()
    };
    let ticket = client.ask(Method::POST, &["tickets"], asked).await?;
    super::print(&ticket, json, print::whole);
    Ok(())
}
