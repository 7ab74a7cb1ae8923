//! A ticket for people: one line in a list, or the whole.

use std::fmt::Write;

use serde_json::Value;

use crate::commands::words::text;

/// One line: key, status, urgency, level, due, assignee, title.
pub(super) fn row(ticket: &Value) -> String {
    let due = [
        text(ticket, "/sla/first_response/due_at"),
        text(ticket, "/sla/resolution/due_at"),
    ];
    let due = due.into_iter().filter(|due| !due.is_empty()).min();
    let or = |text: &'_ str| {
        if text.is_empty() {
            "-".to_owned()
        } else {
            text.to_owned()
        }
    };
    format!(
        "{:<8} {:<8} {:<8} L{} {:<20} {:<12} {}",
        text(ticket, "/key"),
        text(ticket, "/status"),
        text(ticket, "/urgency"),
        number(ticket, "/level"),
        due.map_or_else(|| "-".to_owned(), instant),
        or(text(ticket, "/assignee")),
        text(ticket, "/title"),
    )
}

/// The whole ticket.
pub(super) fn whole(ticket: &Value) -> String {
    let mut out = format!(
        "{} {}\n  {} {}, urgency {}, level {}, version {}",
        text(ticket, "/key"),
        text(ticket, "/title"),
        text(ticket, "/status"),
        text(ticket, "/kind"),
        text(ticket, "/urgency"),
        number(ticket, "/level"),
        number(ticket, "/version"),
    );
    for reason in items(ticket, "/level_reasons") {
        let line = number(reason, "/line");
        let line = if line.is_empty() {
            line
        } else {
            format!(", line {line}")
        };
        let _ = write!(
            out,
            "\n  level {}: {} (said: {}{line})",
            number(reason, "/level"),
            text(reason, "/text"),
            text(reason, "/evidence"),
        );
    }
    classified(&mut out, ticket);
    for (name, pointer) in [
        ("first response", "/sla/first_response"),
        ("resolution", "/sla/resolution"),
    ] {
        let Some(clock) = ticket.pointer(pointer).filter(|clock| !clock.is_null()) else {
            continue;
        };
        let due = text(clock, "/due_at");
        let due = if due.is_empty() {
            String::new()
        } else {
            format!(", due {}", instant(due))
        };
        let _ = write!(out, "\n  {name}: {}{due}", text(clock, "/state"));
    }
    for (name, pointer) in [
        ("assignee", "/assignee"),
        ("reporter", "/reporter/email"),
        ("actual", "/actual"),
        ("expected", "/expected"),
        ("use case", "/use_case"),
        ("resolved with", "/resolution/entry"),
        ("resolution", "/resolution/note"),
    ] {
        let value = text(ticket, pointer);
        if !value.is_empty() {
            let _ = write!(out, "\n  {name}: {}", indented(value));
        }
    }
    suggested(&mut out, ticket);
    for comment in items(ticket, "/comments") {
        let _ = write!(
            out,
            "\n  {} {} ({}): {}",
            instant(text(comment, "/at")),
            text(comment, "/by"),
            text(comment, "/visibility"),
            indented(text(comment, "/text")),
        );
    }
    out
}

fn classified(out: &mut String, ticket: &Value) {
    let entry = text(ticket, "/classification/entry");
    let confidence = ticket
        .pointer("/classification/confidence")
        .and_then(Value::as_f64);
    let sure = confidence.unwrap_or_default() * 100.0;
    if entry.is_empty() {
        let ranked = items(ticket, "/classification/ranked").take(3);
        let offered: Vec<&str> = ranked.map(|ranked| text(ranked, "/entry")).collect();
        let _ = write!(
            out,
            "\n  no entry ({sure:.0} %); nearest: {}",
            offered.join(", ")
        );
    } else {
        let method = text(ticket, "/classification/method");
        let _ = write!(out, "\n  entry {entry} ({sure:.0} %, {method})");
    }
}

fn suggested(out: &mut String, ticket: &Value) {
    let Some(suggestion) = ticket.get("suggestion").filter(|found| !found.is_null()) else {
        return;
    };
    let _ = write!(out, "\n  the runbook on {}:", text(suggestion, "/title"));
    for step in items(suggestion, "/steps").filter_map(Value::as_str) {
        let _ = write!(out, "\n    {}", indented(step));
    }
    for query in items(suggestion, "/queries").filter_map(Value::as_str) {
        let _ = write!(out, "\n    query: {}", query.replace('\n', "\n      "));
    }
    for (name, pointer) in [
        ("workaround", "/workaround"),
        ("fix", "/fix"),
        ("answer", "/answer"),
        ("escalate when", "/escalate_when"),
    ] {
        let value = text(suggestion, pointer);
        if !value.is_empty() {
            let _ = write!(out, "\n    {name}: {}", value.replace('\n', "\n      "));
        }
    }
}

fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn number(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).filter(|found| found.is_number());
    found.map(Value::to_string).unwrap_or_default()
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n    ")
}

/// To the second, in UTC as the desk says it.
fn instant(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => text.to_owned(),
    }
}
