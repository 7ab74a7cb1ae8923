//! Where the reading and the reviewing of a runbook put their findings.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    diagnostic::{Diagnostic, Severity},
    markdown::Source,
};

/// So many findings of one code are listed; the rest is counted, so that a
/// hostile document cannot make an endless answer.
const LISTED_PER_CODE: usize = 100;

/// A place in the document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// An offset into the readable text.
    Offset(usize),
    /// The first word of a line.
    Line(u32),
}

impl From<usize> for Place {
    fn from(offset: usize) -> Self {
        Self::Offset(offset)
    }
}

impl From<u32> for Place {
    fn from(line: u32) -> Self {
        Self::Line(line)
    }
}

/// The findings so far.
pub(crate) struct Problems<'a> {
    /// The document.
    pub(crate) source: &'a Source,
    /// The day by which its dates are judged.
    pub(crate) today: NaiveDate,
    found: Vec<Diagnostic>,
    unlisted: BTreeMap<&'static str, Vec<Unlisted>>,
    listed: BTreeMap<&'static str, usize>,
}

/// A finding beyond the limit: only its severity and place are kept.
struct Unlisted {
    severity: Severity,
    offset: usize,
}

impl<'a> Problems<'a> {
    /// No findings yet.
    pub(crate) fn new(source: &'a Source, today: NaiveDate) -> Self {
        Self {
            source,
            today,
            found: Vec::new(),
            unlisted: BTreeMap::new(),
            listed: BTreeMap::new(),
        }
    }

    /// The runbook cannot be run.
    pub(crate) fn error(&mut self, code: &'static str, place: impl Into<Place>, message: String) {
        self.find(Severity::Error, code, place.into(), message);
    }

    /// Something has no effect or is incomplete.
    pub(crate) fn warning(&mut self, code: &'static str, place: impl Into<Place>, message: String) {
        self.find(Severity::Warning, code, place.into(), message);
    }

    /// Worth knowing.
    pub(crate) fn note(&mut self, code: &'static str, place: impl Into<Place>, message: String) {
        self.find(Severity::Note, code, place.into(), message);
    }

    fn find(&mut self, severity: Severity, code: &'static str, place: Place, message: String) {
        let offset = match place {
            Place::Offset(offset) => offset,
            Place::Line(line) => self.source.first_of_line(line),
        };
        let listed = self.listed.entry(code).or_default();
        *listed += 1;
        if *listed > LISTED_PER_CODE {
            let unlisted = Unlisted { severity, offset };
            self.unlisted.entry(code).or_default().push(unlisted);
            return;
        }
        self.found.push(Diagnostic {
            severity,
            code,
            line: self.source.line(offset),
            column: self.source.column(offset),
            message,
        });
    }

    /// All findings, in the document's order.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        for (code, unlisted) in std::mem::take(&mut self.unlisted) {
            let count = unlisted.len();
            let worst = unlisted.iter().map(|one| one.severity).max();
            let Some((severity, first)) = worst.zip(unlisted.first()) else {
                continue;
            };
            self.found.push(Diagnostic {
                severity,
                code,
                line: self.source.line(first.offset),
                column: self.source.column(first.offset),
                message: format!("{count} more findings of this kind from here on are not listed"),
            });
        }
        self.found.sort_by(|a, b| {
            (a.line, a.column, b.severity, a.code).cmp(&(b.line, b.column, a.severity, b.code))
        });
        self.found
    }
}
