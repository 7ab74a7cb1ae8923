//! From Markdown to a runbook.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    diagnostic::{Diagnostic, Severity},
    markdown::{Source, outline},
    parts::Runbook,
    problems::Problems,
    read, review,
};

/// A runbook as far as it was understood, and what was found on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parsed {
    /// The runbook.
    pub runbook: Runbook,
    /// The findings in the document's order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether the runbook must be refused.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Parses a runbook. `today` decides whether its review date has passed.
///
/// Any text parses: what is not understood is in the diagnostics, by lines and
/// columns of the text as given (a byte order mark has no column). See
/// `domain.md` section 2 for what each part becomes.
#[must_use]
pub fn parse(source: &str, today: NaiveDate) -> Parsed {
    let source = Source::new(source);
    let mut problems = Problems::new(&source, today);
    let mut outline = outline(&source);
    review::document(
        &source,
        std::mem::take(&mut outline.oddities),
        &mut problems,
    );
    let runbook = read::read(outline, &mut problems);
    review::runbook(&runbook, &mut problems);
    Parsed {
        runbook,
        diagnostics: problems.finish(),
    }
}
