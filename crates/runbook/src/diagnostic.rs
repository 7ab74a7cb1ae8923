//! What is wrong, missing or contradictory in a runbook, and where.

use serde::Serialize;

/// How bad a [`Diagnostic`] is. A runbook with an `Error` is refused whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing needs doing.
    Note,
    /// Something has no effect or is incomplete; the runbook still runs.
    Warning,
    /// The runbook cannot be run.
    Error,
}

/// One finding about the runbook's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable machine name, such as `contradicting_rules` or `placeholder`.
    pub code: &'static str,
    /// 1-based line in the source.
    pub line: u32,
    /// 1-based column, counted in characters.
    pub column: u32,
    /// One sentence for the author.
    pub message: String,
}
