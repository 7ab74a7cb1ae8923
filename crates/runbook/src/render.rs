//! Diagnostics as text for a terminal, each with the line it is about.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Severity};

/// A longer line is shown around the column only, so many characters before it …
const SHOWN_BEFORE: usize = 60;
/// … and so many from it on.
const SHOWN_AFTER: usize = 100;

/// Renders diagnostics, one `file:line:col: severity: message` each with the
/// source's line and a caret under the column. `source` is the text that was
/// parsed; `file_name` is only printed.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], source: &str, file_name: &str) -> String {
    let lines = lines(source.strip_prefix('\u{FEFF}').unwrap_or(source));
    let mut rendered = String::new();
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            rendered,
            "{file_name}:{}:{}: {severity}: {} [{}]",
            diagnostic.line, diagnostic.column, diagnostic.message, diagnostic.code,
        );
        let line = usize::try_from(diagnostic.line.saturating_sub(1))
            .ok()
            .and_then(|index| lines.get(index));
        if let Some(line) = line.filter(|line| !line.trim().is_empty()) {
            show(line, diagnostic.column, &mut rendered);
        }
    }
    rendered
}

/// The lines as the parser counts them: ended by LF, CRLF or CR.
fn lines(source: &str) -> Vec<&str> {
    source
        .split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
        .collect()
}

fn show(line: &str, column: u32, rendered: &mut String) {
    let at = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    let skipped = at.saturating_sub(SHOWN_BEFORE);
    let before: String = line
        .chars()
        .skip(skipped)
        .take(at - skipped)
        .map(plain)
        .collect();
    let after: String = line.chars().skip(at).take(SHOWN_AFTER).map(plain).collect();
    let more = line.chars().nth(at.saturating_add(SHOWN_AFTER)).is_some();
    let start = if skipped > 0 { "…" } else { "" };
    let end = if more { "…" } else { "" };
    // A tab in the line is a tab above the caret, too, so that they stay aligned.
    let blank: String = start
        .chars()
        .chain(before.chars())
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let _ = writeln!(rendered, "    {start}{before}{after}{end}\n    {blank}^");
}

/// Control characters would act on the terminal.
fn plain(c: char) -> char {
    if c.is_control() && c != '\t' {
        '\u{FFFD}'
    } else {
        c
    }
}
