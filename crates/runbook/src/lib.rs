//! A support team's runbook: one Markdown document parsed into typed parts,
//! each with the line it stands on, and what is wrong or missing in it as
//! [`Diagnostic`]s. `domain.md` section 2 is the contract.
//!
//! Knows nothing of tickets, databases or time: [`parse`] is a pure function.

mod diagnostic;
mod entry;
mod level;
mod markdown;
mod parse;
mod parts;
mod problems;
mod read;
mod render;
mod review;
mod words;

pub use diagnostic::{Diagnostic, Severity};
pub use entry::{Entry, EntryKind, Fix, Query, Slug, SlugError, Step};
pub use level::{Channel, Contact, Escalation, Level, LevelError, LevelSpec, Reach, Trigger};
pub use parse::{Parsed, parse};
pub use parts::{
    AccessRule, Answer, Checklist, ChecklistPeriod, Clause, EmergencyContact, Link, Runbook,
    Target, TargetMetric, Targets, Template, TemplateField, Templates,
};
pub use render::render;
