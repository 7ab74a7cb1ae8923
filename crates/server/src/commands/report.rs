//! `runbook-desk report …`: figures by the same REST API as every other tool.

use std::{collections::BTreeMap, fmt::Write, process::ExitCode};

use clap::{Args, ValueEnum};
use reqwest::Method;
use serde_json::Value;

use super::{
    client::{Asked, Client, Failure},
    words::{plain, print_json, say, text},
};

const NAMES: [&str; 8] = [
    "sla",
    "volume",
    "escalations",
    "entries",
    "agents",
    "kpis",
    "backlog",
    DIGEST,
];
/// The one that is a letter and no table.
const DIGEST: &str = "digest";

#[derive(Debug, Args)]
pub(super) struct Report {
    /// sla, volume, escalations, entries, agents, kpis, backlog or digest.
    #[arg(value_parser = NAMES)]
    name: String,
    /// From this day in --tz, or this RFC 3339 instant; 30 days before --to by
    /// default.
    #[arg(long)]
    from: Option<String>,
    /// Until before this day or instant; now by default.
    #[arg(long)]
    to: Option<String>,
    /// An IANA time zone; UTC by default.
    #[arg(long)]
    tz: Option<String>,
    /// One or two of day, week, month, kind, urgency, entry, level, assignee,
    /// source.
    #[arg(long)]
    group_by: Option<String>,
    /// filed (default), resolved or due in the period.
    #[arg(long)]
    cohort: Option<String>,
    /// Any filter of the API, such as urgency=critical,high; repeatable.
    #[arg(long = "only", value_name = "FILTER=VALUE", value_parser = filter)]
    only: Vec<(String, String)>,
    /// Of the digest: daily, weekly (default) or monthly.
    #[arg(long)]
    period: Option<String>,
    /// The digest that was due last at this RFC 3339 instant; now by default.
    #[arg(long)]
    at: Option<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For spreadsheets.
    Csv,
    /// The desk's answer.
    Json,
}

fn filter(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=');
    let pair = pair.ok_or_else(|| "write it as FILTER=VALUE".to_owned())?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

/// Runs it. `env` is all of the process; only `DESK_URL` and `DESK_KEY` count.
pub(super) async fn run(command: Report, env: &BTreeMap<String, String>) -> ExitCode {
    match obey(&command, env).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

async fn obey(command: &Report, env: &BTreeMap<String, String>) -> Result<(), Failure> {
    let client = Client::new(env)?;
    let query = command.query();
    let asked = Asked {
        query: &query,
        ..Asked::default()
    };
    if matches!(command.format, Format::Csv) {
        if command.name == DIGEST {
            let why = "a digest is a letter: print it as table or json";
            return Err(Failure::Usage(why.to_owned()));
        }
        let file = format!("{}.csv", command.name);
        let text = client
            .ask_text(Method::GET, &["reports", &file], asked)
            .await?;
        super::print(&text);
        return Ok(());
    }
    let path = ["reports", command.name.as_str()];
    let report = client.ask(Method::GET, &path, asked).await?;
    match command.format {
        Format::Json => print_json(&report),
        _ if command.name == DIGEST => say(plain(text(&report, "/text")).trim_end()),
        _ => say(&plain(&table(&report))),
    }
    Ok(())
}

impl Report {
    fn query(&self) -> Vec<(&str, String)> {
        let own = [
            ("from", &self.from),
            ("to", &self.to),
            ("tz", &self.tz),
            ("group_by", &self.group_by),
            ("cohort", &self.cohort),
            ("period", &self.period),
            ("at", &self.at),
        ];
        let own = own
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)));
        let only = self.only.iter();
        own.chain(only.map(|(name, value)| (name.as_str(), value.clone())))
            .collect()
    }
}

/// Columns of a report's table: the heading, where the figure is, and its form.
const COLUMNS: &[(&str, &str, Form)] = &[
    ("tickets", "/n", Form::Number),
    ("open", "/open", Form::Number),
    ("resolved", "/resolved", Form::Number),
    ("unassigned", "/unassigned", Form::Number),
    (
        "answered in time",
        "/first_response/compliance",
        Form::Share,
    ),
    (
        "answer p50",
        "/first_response/first/working_seconds/p50",
        Form::Time,
    ),
    (
        "answer p90",
        "/first_response/first/working_seconds/p90",
        Form::Time,
    ),
    ("resolved in time", "/resolution/compliance", Form::Share),
    (
        "resolution p50",
        "/resolution/total/working_seconds/p50",
        Form::Time,
    ),
    (
        "resolution p90",
        "/resolution/total/working_seconds/p90",
        Form::Time,
    ),
    ("escalated", "/escalated/share", Form::Share),
    ("reopened", "/reopened/share", Form::Share),
    ("satisfied", "/satisfied/share", Form::Share),
    (
        "acknowledged p50",
        "/escalations/acknowledged/p50",
        Form::Time,
    ),
    (
        "unacknowledged",
        "/escalations/unacknowledged",
        Form::Number,
    ),
    ("age p50", "/age_seconds/p50", Form::Time),
    ("oldest", "/oldest_seconds", Form::Time),
    ("answer overdue", "/first_response_breached", Form::Number),
    ("resolution overdue", "/resolution_breached", Form::Number),
];

#[derive(Clone, Copy)]
enum Form {
    Number,
    Share,
    Time,
}

/// A report for people: what it is of, then a line for each group.
fn table(report: &Value) -> String {
    let text = |name: &str| report.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut out = format!(
        "{}: {}\n{} to {}, {}; as of {}\n",
        text("report"),
        text("population"),
        text("from"),
        text("to"),
        text("time_zone"),
        text("as_of"),
    );
    let items = |name: &str| {
        report
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let rows: Vec<Vec<String>> = if report.get("kpis").is_some() {
        items("kpis").map(kpi).collect()
    } else {
        let total = report.get("total");
        let columns: Vec<_> = COLUMNS
            .iter()
            .filter(|(_, at, _)| total.is_some_and(|total| total.pointer(at).is_some()))
            .collect();
        let heading = std::iter::once(String::new())
            .chain(columns.iter().map(|(name, ..)| (*name).to_owned()));
        let row = |name: String, row: &Value| {
            let cells = columns
                .iter()
                .map(|(_, at, form)| cell(row.pointer(at), *form));
            std::iter::once(name).chain(cells).collect()
        };
        let groups = items("groups").map(|group| row(named(group), group));
        let whole = total.map(|total| row("total".to_owned(), total));
        std::iter::once(heading.collect())
            .chain(groups)
            .chain(whole)
            .collect()
    };
    aligned(&mut out, &rows);
    for breach in items("next_breaches") {
        let part = |name: &str| breach.get(name).and_then(Value::as_str).unwrap_or_default();
        let _ = write!(
            out,
            "\n{} {} breaches at {}: {}",
            part("ticket"),
            part("clock"),
            part("breaches_at"),
            part("title"),
        );
    }
    out
}

fn named(group: &Value) -> String {
    let keys = group.get("group").and_then(Value::as_object);
    let names = keys.into_iter().flatten().map(|(_, key)| match key {
        Value::String(name) => name.clone(),
        Value::Null => "(none)".to_owned(),
        other => other.to_string(),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn kpi(kpi: &Value) -> Vec<String> {
    let text = |name: &str| {
        kpi.get(name)
            .and_then(Value::as_str)
            .unwrap_or("-")
            .to_owned()
    };
    let form = match kpi.get("unit").and_then(Value::as_str) {
        Some("seconds") => Form::Time,
        _ => Form::Number,
    };
    vec![
        text("metric"),
        format!("{} {}", text("bound"), cell(kpi.get("target"), form)),
        cell(kpi.get("figure"), form),
        text("verdict"),
        format!("n {}", cell(kpi.get("n"), Form::Number)),
        format!("before {}", cell(kpi.get("previous"), form)),
        text("trend"),
    ]
}

fn cell(value: Option<&Value>, form: Form) -> String {
    let Some(number) = value.and_then(Value::as_f64) else {
        return "-".to_owned();
    };
    match form {
        Form::Number if number.fract() == 0.0 => format!("{number:.0}"),
        Form::Number => format!("{number:.1}"),
        Form::Share => format!("{:.1} %", number * 100.0),
        Form::Time if number >= 86_400.0 => format!("{:.1} d", number / 86_400.0),
        Form::Time if number >= 3600.0 => format!("{:.1} h", number / 3600.0),
        Form::Time if number >= 60.0 => format!("{:.1} min", number / 60.0),
        Form::Time => format!("{number:.0} s"),
    }
}

/// Each column as wide as its widest cell.
fn aligned(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let line: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        let _ = write!(out, "\n{}", line.join("  ").trim_end());
    }
}
