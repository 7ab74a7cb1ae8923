//! `runbook-desk ticket list`.

use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::print;
use crate::commands::{
    client::{Asked, Client, Failure},
    words::{plain, print_json, say},
};

/// The most tickets of one request.
const PAGE: usize = 200;

#[derive(Debug, Args)]
pub(in crate::commands) struct List {
    /// new, open, pending, resolved, closed; several with commas, as below.
    #[arg(long)]
    status: Option<String>,
    /// bug or feature.
    #[arg(long)]
    kind: Option<String>,
    /// critical, high, medium, low.
    #[arg(long)]
    urgency: Option<String>,
    /// 1 to 4.
    #[arg(long)]
    level: Option<String>,
    /// A name; empty for unassigned tickets.
    #[arg(long)]
    assignee: Option<String>,
    /// A runbook entry's slug; empty for tickets without one.
    #[arg(long)]
    entry: Option<String>,
    /// A label.
    #[arg(long)]
    tag: Option<String>,
    /// The access key's name that filed them.
    #[arg(long)]
    source: Option<String>,
    /// The reporter's mail address.
    #[arg(long)]
    reporter: Option<String>,
    /// The source's own name.
    #[arg(long)]
    external_ref: Option<String>,
    /// Filed at or after, RFC 3339.
    #[arg(long)]
    created_from: Option<String>,
    /// Filed before, RFC 3339.
    #[arg(long)]
    created_to: Option<String>,
    /// Only those with a breached clock.
    #[arg(long)]
    breached: bool,
    /// Only those with a clock at risk.
    #[arg(long)]
    at_risk: bool,
    /// Words that all occur; "a phrase"; prefix*.
    #[arg(short, long = "query", value_name = "WORDS")]
    q: Option<String>,
    /// -created, created, -updated, urgency, due, or with -q relevance.
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// All of them, however many.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Print one JSON object with the tickets in `items`.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: List, client: &Client) -> Result<(), Failure> {
    let mut wanted = if command.all {
        usize::MAX
    } else {
        usize::try_from(command.limit).unwrap_or(usize::MAX)
    };
    let json = command.json;
    let filters = command.filters();
    let mut cursor: Option<String> = None;
    let mut items: Vec<Value> = Vec::new();
    loop {
        let mut query = filters.clone();
        query.push(("limit", wanted.min(PAGE).to_string()));
        query.extend(cursor.take().map(|cursor| ("cursor", cursor)));
        let asked = Asked {
            query: &query,
            ..Asked::default()
        };
        let mut page = client.ask(Method::GET, &["tickets"], asked).await?;
        let found = page.get_mut("items").map(Value::take);
        let found = match found {
            Some(Value::Array(found)) => found,
            _ => Vec::new(),
        };
        wanted = wanted.saturating_sub(found.len());
        cursor = page
            .get("next_cursor")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let last = found.is_empty() || cursor.is_none() || wanted == 0;
        if json {
            items.extend(found);
        } else {
            for ticket in &found {
                say(&plain(&print::row(ticket)));
            }
        }
        if last {
            break;
        }
    }
    if json {
        print_json(&json!({"items": items, "next_cursor": cursor}));
    }
    Ok(())
}

impl List {
    fn filters(self) -> Vec<(&'static str, String)> {
        let yes = |set: bool| set.then(|| "true".to_owned());
        [
            ("status", self.status),
            ("kind", self.kind),
            ("urgency", self.urgency),
            ("level", self.level),
            ("assignee", self.assignee),
            ("entry", self.entry),
            ("tag", self.tag),
            ("source", self.source),
            ("reporter", self.reporter),
            ("external_ref", self.external_ref),
            ("created_from", self.created_from),
            ("created_to", self.created_to),
            ("breached", yes(self.breached)),
            ("at_risk", yes(self.at_risk)),
            ("q", self.q),
            ("sort", self.sort),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}
