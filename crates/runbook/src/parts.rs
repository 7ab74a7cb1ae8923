//! The parsed runbook and its parts beside entries and levels.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    entry::{Entry, Slug},
    level::{Level, LevelSpec},
};

/// A whole runbook. Order within lists is the document's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Runbook {
    /// The document's title.
    pub title: String,
    /// `**Version**:` of the document.
    pub version: Option<String>,
    /// When its authors last changed it.
    pub last_updated: Option<NaiveDate>,
    /// When its authors want to review it next.
    pub next_review: Option<NaiveDate>,
    /// Whom it is for.
    pub audience: Option<String>,
    /// Emergency contacts of the quick reference.
    pub emergency_contacts: Vec<EmergencyContact>,
    /// System status links of the quick reference.
    pub status_links: Vec<Link>,
    /// Issues, guides and questions.
    pub entries: Vec<Entry>,
    /// The escalation levels, ascending.
    pub levels: Vec<LevelSpec>,
    /// Ticket templates.
    pub templates: Templates,
    /// Success metrics.
    pub targets: Targets,
    /// What else to track, as written.
    pub tracked: Vec<Clause>,
    /// Daily, weekly and monthly checks.
    pub checklists: Vec<Checklist>,
    /// What support may and may not see.
    pub access: Vec<AccessRule>,
    /// How elevated access is requested, as written.
    pub elevated_access: Option<Clause>,
}

impl Runbook {
    /// The entry of this name, or the one that had it earlier.
    #[must_use]
    pub fn entry(&self, slug: &Slug) -> Option<&Entry> {
        let named = self.entries.iter().find(|entry| entry.slug == *slug);
        named.or_else(|| {
            self.entries
                .iter()
                .find(|entry| entry.aliases.contains(slug))
        })
    }

    /// What the escalation procedures say of a level; none when they leave it out.
    #[must_use]
    pub fn level(&self, level: Level) -> Option<&LevelSpec> {
        self.levels.iter().find(|spec| spec.level == level)
    }
}

/// A piece of the document's text and its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The text.
    pub text: String,
    /// Its 1-based line.
    pub line: u32,
}

/// A question's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The answer's text.
    pub text: String,
    /// Its line.
    pub line: u32,
    /// An unfilled `[placeholder]`: never suggested.
    pub placeholder: bool,
}

/// A contact of the quick reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmergencyContact {
    /// The role, such as "On-Call Engineer".
    pub role: String,
    /// How to reach them; none while the runbook holds a `[placeholder]`.
    pub contact: Option<String>,
    /// Its line.
    pub line: u32,
}

/// A link of the quick reference: name and where it points (a URL, or the name
/// of a dashboard).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is, such as "Status Page".
    pub name: String,
    /// Where: a URL or a dashboard's name.
    pub target: String,
    /// Its line.
    pub line: u32,
}

/// The two ticket templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Templates {
    /// The bug report.
    pub bug: Option<Template>,
    /// The feature request.
    pub feature: Option<Template>,
}

/// A ticket template: its fields and the fill-in form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Template {
    /// The form as written, ready to be filled in.
    pub form: String,
    /// The line of the form's first line.
    pub line: u32,
    /// Its fields in order.
    pub fields: Vec<TemplateField>,
}

/// One field of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TemplateField {
    /// The label, such as "Affected Users".
    pub label: String,
    /// The label as a JSON name, such as `affected_users`.
    pub name: String,
    /// What the form allows: "Critical / High / Medium / Low" is four values in
    /// lower case; empty when free.
    pub allowed: Vec<String>,
    /// The hint in brackets.
    pub hint: Option<String>,
    /// Whether the form has numbered lines under it.
    pub list: bool,
    /// Its line.
    pub line: u32,
}

/// Targets of the success metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Targets {
    /// First response, in seconds.
    pub first_response: Option<Target>,
    /// Resolution, in seconds.
    pub resolution: Option<Target>,
    /// Resolution of critical tickets, in seconds, when the runbook has a line
    /// of its own for them ("(critical)").
    pub critical_resolution: Option<Target>,
    /// Satisfaction, in percent.
    pub satisfaction: Option<Target>,
    /// Escalation rate, in percent.
    pub escalation_rate: Option<Target>,
}

/// One target: a bound taken strictly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// What is bounded and in which unit.
    pub metric: TargetMetric,
    /// `true` for `>`, `false` for `<`.
    pub above: bool,
    /// The bound: seconds or percent.
    pub value: u64,
    /// Its condition, such as "non-critical".
    pub only: Option<String>,
    /// The line.
    pub line: u32,
}

/// What a [`Target`] bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetMetric {
    /// Seconds from filing to the first response.
    FirstResponse,
    /// Seconds from filing to resolution.
    Resolution,
    /// Percent of satisfied scores.
    Satisfaction,
    /// Percent of tickets that were ever above level 1.
    EscalationRate,
}

/// A checklist of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// How often.
    pub period: ChecklistPeriod,
    /// The checks.
    pub items: Vec<Clause>,
    /// The heading's line.
    pub line: u32,
}

/// How often a [`Checklist`] is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChecklistPeriod {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
}

/// What the support team may or may not access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessRule {
    /// The rule's text, such as "User passwords".
    pub text: String,
    /// Whether it may be accessed.
    pub allowed: bool,
    /// "read-only" and the like, in brackets.
    pub note: Option<String>,
    /// Its line.
    pub line: u32,
}
