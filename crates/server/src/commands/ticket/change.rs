//! `runbook-desk ticket comment|assign|resolve`.

use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Which, print, read};
use crate::commands::client::{Asked, Client, Failure};

/// The version that the change is made on.
#[derive(Debug, Args)]
struct Seen {
    /// Refuse when the ticket is not at this version any more.
    #[arg(long, value_name = "VERSION")]
    if_version: Option<u64>,
}

#[derive(Debug, Args)]
pub(in crate::commands) struct Comment {
    #[command(flatten)]
    which: Which,
    /// The words; - reads them from standard input.
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// For the team alone; else the reporter sees it too.
    #[arg(long)]
    internal: bool,
    /// They are the reporter's words, as a tool passes them on.
    #[arg(long, conflicts_with = "internal")]
    from_reporter: bool,
    #[command(flatten)]
    seen: Seen,
}

#[derive(Debug, Args)]
pub(in crate::commands) struct Assign {
    #[command(flatten)]
    which: Which,
    /// To whom.
    #[arg(required_unless_present = "nobody", conflicts_with = "nobody")]
    assignee: Option<String>,
    /// Put it down.
    #[arg(long)]
    nobody: bool,
    #[command(flatten)]
    seen: Seen,
}

#[derive(Debug, Args)]
pub(in crate::commands) struct Resolve {
    #[command(flatten)]
    which: Which,
    /// The runbook entry that helped.
    #[arg(long, value_name = "SLUG")]
    entry: Option<String>,
    /// Which of its steps helped, from 1.
    #[arg(long)]
    step: Option<u32>,
    /// In words.
    #[arg(long, allow_hyphen_values = true)]
    note: Option<String>,
    #[command(flatten)]
    seen: Seen,
}

pub(super) async fn comment(command: Comment, client: &Client) -> Result<(), Failure> {
    let text = if command.text == "-" {
        let bytes = read("-")?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        command.text
    };
    let body = json!({
        "visibility": if command.internal { "internal" } else { "public" },
        "author": if command.from_reporter { "reporter" } else { "agent" },
        "text": text,
    });
    change(client, &command.which, "comments", &command.seen, body).await
}

pub(super) async fn assign(command: Assign, client: &Client) -> Result<(), Failure> {
    let body = json!({"assignee": command.assignee});
    change(client, &command.which, "assign", &command.seen, body).await
}

pub(super) async fn resolve(command: Resolve, client: &Client) -> Result<(), Failure> {
    let body = json!({"entry": command.entry, "step": command.step, "note": command.note});
    change(client, &command.which, "resolve", &command.seen, body).await
}

async fn change(
    client: &Client,
    which: &Which,
    act: &str,
    seen: &Seen,
    body: Value,
) -> Result<(), Failure> {
    let version = seen
        .if_version
        .map(|version| ("If-Match", format!("\"{version}\"")));
    let headers: Vec<_> = version.into_iter().collect();
    let asked = Asked {
        headers: &headers,
        body: Some(("application/json", body.to_string().into_bytes())),
        ..Asked::default()
    };
    let answer = client
        .ask(Method::POST, &["tickets", &which.ticket, act], asked)
        .await?;
    // A comment answers with the ticket inside.
    super::print(&answer, which.json, |answer| {
        print::row(answer.get("ticket").unwrap_or(answer))
    });
    Ok(())
}
