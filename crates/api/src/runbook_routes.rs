//! The active runbook: `/runbook`, `/runbook/entries`, `/runbook/source`.

use actix_web::{
    HttpResponse, get,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use desk::{Desk, Rules};
use runbook::{Diagnostic, Entry, Severity, Step};
use serde::Serialize;
use ticketing::{Actor, Role};
use utoipa::ToSchema;

use crate::http::{
    auth::Principal,
    problem::{ApiError, Problem, Problems},
};

/// The active runbook in short.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunbookView {
    /// Its revision, from 1.
    revision: i64,
    /// SHA-256 of its source.
    sha256: String,
    /// `file` or `api`.
    origin: String,
    /// Who activated it.
    activated_by: String,
    /// When.
    activated_at: DateTime<Utc>,
    /// Its title.
    title: String,
    /// Its own version.
    version: Option<String>,
    /// How many entries of each kind, as issues, guides and questions.
    entries: EntryCounts,
    /// The levels.
    levels: Vec<LevelView>,
    /// The targets, in seconds or percent.
    targets: Vec<TargetView>,
    /// What is wrong or missing in it.
    diagnostics: Vec<DiagnosticView>,
}

/// How many entries.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryCounts {
    issues: usize,
    guides: usize,
    questions: usize,
}

/// A level.
#[derive(Serialize, ToSchema)]
pub(crate) struct LevelView {
    /// 1 to 4.
    level: u8,
    /// Its name.
    name: String,
    /// When to escalate to it.
    triggers: Vec<String>,
    /// Whom it tells, groups of alternatives.
    contacts: Vec<Vec<String>>,
}

/// A target, taken strictly.
#[derive(Serialize, ToSchema)]
pub(crate) struct TargetView {
    /// `first_response`, `resolution`, `satisfaction` or `escalation_rate`.
    metric: String,
    /// `<` or `>`.
    bound: String,
    /// Seconds or percent.
    value: u64,
    /// Its condition.
    only: Option<String>,
    /// Its line.
    line: u32,
}

/// A finding about the runbook's text.
#[derive(Serialize, ToSchema)]
pub(crate) struct DiagnosticView {
    /// `note`, `warning` or `error`.
    severity: String,
    /// A stable word.
    code: String,
    /// 1-based.
    line: u32,
    /// 1-based, in characters.
    column: u32,
    /// One sentence.
    message: String,
}

/// Entries of the catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryList {
    /// In the runbook's order.
    items: Vec<EntryView>,
}

/// An entry of the catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// Its stable name.
    slug: String,
    /// `issue`, `guide` or `faq`.
    kind: String,
    /// An issue's number.
    number: Option<u32>,
    /// Its title.
    title: String,
    /// Its line.
    line: u32,
    /// What customers see.
    symptoms: Vec<String>,
    /// What is wrong.
    problem: Option<String>,
    /// Likely causes.
    causes: Vec<String>,
    /// What to do, nested.
    #[schema(no_recursion)]
    steps: Vec<StepView>,
    /// Diagnostic queries; those that write only for leads and admins.
    queries: Vec<String>,
    /// What to do meanwhile.
    workaround: Option<String>,
    /// The fix.
    fix: Option<String>,
    /// When to escalate, and to which level.
    escalation: Option<RuleView>,
    /// A question's answer; none while it is a placeholder.
    answer: Option<String>,
}

/// A step with those under it.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepView {
    /// What to do.
    text: String,
    /// What belongs to it.
    #[schema(no_recursion)]
    steps: Vec<StepView>,
}

/// An escalation rule.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleView {
    /// As written.
    text: String,
    /// The condition alone.
    condition: String,
    /// The target level.
    level: u8,
    /// Whether it says "immediately".
    immediate: bool,
    /// Its line.
    line: u32,
}

/// Read the active runbook
///
/// Revision, levels, targets and what is wrong or missing in it.
#[utoipa::path(
    tag = "runbook",
    responses(
        (status = 200, description = "The runbook in short", body = RunbookView),
        Problems,
    )
)]
#[get("/runbook")]
pub(crate) async fn active_runbook(desk: Data<Desk>, _who: Principal) -> Json<RunbookView> {
    Json(RunbookView::of(&desk.rules()))
}

/// List the runbook's entries
///
/// Issues, guides and questions, in the runbook's order.
#[utoipa::path(
    tag = "runbook",
    responses(
        (status = 200, description = "The entries", body = EntryList),
        Problems,
    )
)]
#[get("/runbook/entries")]
pub(crate) async fn list_entries(desk: Data<Desk>, who: Principal) -> Json<EntryList> {
    let rules = desk.rules();
    let items = rules
        .runbook
        .entries
        .iter()
        .map(|entry| EntryView::of(entry, &who.0));
    Json(EntryList {
        items: items.collect(),
    })
}

/// Read an entry of the runbook
///
/// By its slug or an earlier one.
#[utoipa::path(
    tag = "runbook",
    params(("slug" = String, Path, description = "The entry's slug", example = "payment-failed")),
    responses(
        (status = 200, description = "The entry", body = EntryView),
        (status = 404, description = "No such entry", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/runbook/entries/{slug}")]
pub(crate) async fn find_entry(
    desk: Data<Desk>,
    who: Principal,
    path: Path<String>,
) -> Result<Json<EntryView>, ApiError> {
    let rules = desk.rules();
    let entry = path
        .parse()
        .ok()
        .and_then(|slug| rules.runbook.entry(&slug));
    let entry = entry.ok_or_else(|| desk::DeskError::NotFound {
        what: "entry",
        id: path.chars().take(64).collect(),
    })?;
    Ok(Json(EntryView::of(entry, &who.0)))
}

/// Read the runbook's source
///
/// The Markdown as it was activated, for leads and admins: it holds the queries
/// that write.
#[utoipa::path(
    tag = "runbook",
    responses(
        (status = 200, description = "The Markdown", body = String, content_type = "text/markdown"),
        Problems,
    )
)]
#[get("/runbook/source")]
pub(crate) async fn runbook_source(
    desk: Data<Desk>,
    who: Principal,
) -> Result<HttpResponse, ApiError> {
    // It holds the queries that write.
    if who.0.role < Role::Lead {
        return Err(desk::DeskError::Forbidden { needs: Role::Lead }.into());
    }
    let source = desk.rules().revision.source.clone();
    Ok(HttpResponse::Ok()
        .content_type("text/markdown; charset=utf-8")
        .body(source))
}

impl RunbookView {
    fn of(rules: &Rules) -> Self {
        let count = |kind| {
            rules
                .runbook
                .entries
                .iter()
                .filter(|entry| entry.kind == kind)
                .count()
        };
        let targets = &rules.runbook.targets;
        let named = [
            ("first_response", &targets.first_response),
            ("resolution", &targets.resolution),
            ("satisfaction", &targets.satisfaction),
            ("escalation_rate", &targets.escalation_rate),
        ];
        Self {
            revision: rules.revision.revision,
            sha256: rules.revision.sha256.clone(),
            origin: rules.revision.origin.clone(),
            activated_by: rules.revision.activated_by.clone(),
            activated_at: rules.revision.activated_at,
            title: rules.runbook.title.clone(),
            version: rules.runbook.version.clone(),
            entries: EntryCounts {
                issues: count(runbook::EntryKind::Issue),
                guides: count(runbook::EntryKind::Guide),
                questions: count(runbook::EntryKind::Faq),
            },
            levels: rules.runbook.levels.iter().map(LevelView::of).collect(),
            targets: named
                .into_iter()
                .filter_map(|(metric, target)| {
                    target.as_ref().map(|target| TargetView {
                        metric: metric.to_owned(),
                        bound: if target.above { ">" } else { "<" }.to_owned(),
                        value: target.value,
                        only: target.only.clone(),
                        line: target.line,
                    })
                })
                .collect(),
            diagnostics: rules.diagnostics.iter().map(DiagnosticView::of).collect(),
        }
    }
}

impl LevelView {
    fn of(spec: &runbook::LevelSpec) -> Self {
        let address = |contact: &runbook::Contact| contact.address.clone();
        let group = |reach: &runbook::Reach| reach.any_of.iter().map(address).collect();
        Self {
            level: spec.level.number(),
            name: spec.name.clone(),
            triggers: spec
                .triggers
                .iter()
                .map(|trigger| trigger.text.clone())
                .collect(),
            contacts: spec.contacts.iter().map(group).collect(),
        }
    }
}

impl DiagnosticView {
    pub(crate) fn of(diagnostic: &Diagnostic) -> Self {
        let severity = match diagnostic.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        Self {
            severity: severity.to_owned(),
            code: diagnostic.code.to_owned(),
            line: diagnostic.line,
            column: diagnostic.column,
            message: diagnostic.message.clone(),
        }
    }
}

impl EntryView {
    fn of(entry: &Entry, actor: &Actor) -> Self {
        let texts = |clauses: &[runbook::Clause]| clauses.iter().map(|c| c.text.clone()).collect();
        let may_write = actor.role >= Role::Lead;
        let queries = entry
            .queries
            .iter()
            .filter(|query| may_write || !query.writes);
        let answer = entry.answer.as_ref().filter(|answer| !answer.placeholder);
        let kind = match entry.kind {
            runbook::EntryKind::Issue => "issue",
            runbook::EntryKind::Guide => "guide",
            runbook::EntryKind::Faq => "faq",
        };
        Self {
            slug: entry.slug.to_string(),
            kind: kind.to_owned(),
            number: entry.number,
            title: entry.title.clone(),
            line: entry.line,
            symptoms: texts(&entry.symptoms),
            problem: entry.problem.as_ref().map(|clause| clause.text.clone()),
            causes: texts(&entry.causes),
            steps: entry.steps.iter().map(StepView::of).collect(),
            queries: queries.map(|query| query.sql.clone()).collect(),
            workaround: entry.workaround.as_ref().map(|clause| clause.text.clone()),
            fix: entry.fix.as_ref().map(|fix| fix.text.clone()),
            escalation: entry.escalation.as_ref().map(|rule| RuleView {
                text: rule.text.clone(),
                condition: rule.condition.clone(),
                level: rule.level.number(),
                immediate: rule.immediate,
                line: rule.line,
            }),
            answer: answer.map(|answer| answer.text.clone()),
        }
    }
}

impl StepView {
    fn of(step: &Step) -> Self {
        // The parser bounds the depth of nested steps.
        Self {
            text: step.text.clone(),
            steps: step.steps.iter().map(Self::of).collect(),
        }
    }
}
