//! Printing for people: nothing that comes from a ticket may steer a terminal.

use std::io::Write;

use serde_json::Value;

/// The text with control characters, but line ends, shown as `?`.
pub(super) fn plain(text: &str) -> String {
    let keep = |c: char| c == '\n' || !c.is_control();
    text.chars()
        .map(|c| if keep(c) { c } else { '?' })
        .collect()
}

/// The text of a field, empty where there is none.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A share as a percentage; `-` for a share over nothing.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

/// Prints a line. A reader that has seen enough, as `head` has, is no error.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a value as one JSON object.
pub(super) fn print_json(value: &impl serde::Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(json) => say(&json),
        Err(error) => eprintln!("{error}"),
    }
}
