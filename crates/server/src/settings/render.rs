//! Prints the settings in effect in the form of a settings file.

use ticketing::PolicySet;

use super::{reader::Effective, sla};

/// One line a setting, `key = value`, with its source behind it; then the SLA
/// tables.
pub(super) fn render(effective: &[Effective], policies: &PolicySet) -> String {
    let lines: Vec<(String, String)> = effective
        .iter()
        .map(|one| match &one.text {
            Some(text) => (
                format!("{} = {}", one.key, literal(text)),
                one.source.clone(),
            ),
            None => (format!("# {}", one.key), "not set".to_owned()),
        })
        .collect();
    // Long values would push every source out of sight.
    let width = lines
        .iter()
        .map(|(line, _)| line.chars().count())
        .filter(|width| *width <= 60)
        .max();
    let width = width.unwrap_or_default();
    let mut text: String = lines
        .iter()
        .map(|(line, source)| format!("{line:width$}  # {source}\n"))
        .collect();
    if let Some(tables) = sla::render(policies) {
        text.push('\n');
        text.push_str(&tables);
    }
    text
}

fn literal(text: &str) -> String {
    match text.parse::<i64>() {
        Ok(number) => number.to_string(),
        Err(_) => toml::Value::from(text).to_string(),
    }
}
