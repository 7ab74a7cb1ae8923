//! Parts that a runbook should have and does not, and dates that have passed.

use chrono::NaiveDate;

use crate::{
    entry::{Entry, EntryKind},
    parts::{Runbook, Template},
    problems::Problems,
    words::{excerpt, words},
};

/// Reports what is missing. What is nowhere is reported on the first line.
pub(crate) fn review(runbook: &Runbook, today: NaiveDate, problems: &mut Problems<'_>) {
    parts(runbook, problems);
    targets(runbook, problems);
    dates(runbook, today, problems);
    for entry in &runbook.entries {
        incomplete(entry, problems);
    }
    let templates = &runbook.templates;
    form(
        "bug report",
        &templates.bug,
        &["title", "severity", "actual"],
        problems,
    );
    form(
        "feature request",
        &templates.feature,
        &["title", "use_case", "priority"],
        problems,
    );
}

fn parts(runbook: &Runbook, problems: &mut Problems<'_>) {
    if runbook.entries.is_empty() {
        problems.error(
            "no_entries",
            1_u32,
            "the runbook has no issue, guide or question, so no ticket can be matched".to_owned(),
        );
    }
    if runbook.levels.is_empty() {
        problems.error(
            "no_levels",
            1_u32,
            "the runbook has no escalation level such as “### Level 1: Customer Support”"
                .to_owned(),
        );
    }
    let missing = [
        (runbook.version.is_none(), "version"),
        (runbook.emergency_contacts.is_empty(), "emergency contacts"),
        (runbook.status_links.is_empty(), "system status links"),
        (runbook.access.is_empty(), "access rules"),
        (runbook.checklists.is_empty(), "monitoring checklist"),
    ];
    for (_, name) in missing.iter().filter(|(absent, _)| *absent) {
        problems.warning("missing_part", 1_u32, format!("the runbook has no {name}"));
    }
    for spec in runbook.levels.iter().skip(1) {
        if spec.triggers.is_empty() {
            problems.warning(
                "level_without_trigger",
                spec.line,
                format!("level {} does not say when to escalate to it", spec.level),
            );
        }
    }
}

fn targets(runbook: &Runbook, problems: &mut Problems<'_>) {
    let targets = &runbook.targets;
    let missing = [
        (targets.first_response.is_none(), "first response"),
        (targets.resolution.is_none(), "resolution"),
        (targets.satisfaction.is_none(), "customer satisfaction"),
        (targets.escalation_rate.is_none(), "escalation rate"),
    ];
    for (_, name) in missing.iter().filter(|(absent, _)| *absent) {
        problems.warning(
            "missing_target",
            1_u32,
            format!("the runbook has no target for {name}"),
        );
    }
    let partial = targets
        .resolution
        .as_ref()
        .filter(|target| target.only.is_some() && targets.critical_resolution.is_none());
    if let Some(target) = partial {
        problems.note(
            "critical_resolution_missing",
            target.line,
            "no target covers the resolution of critical tickets; the settings' applies (4 h by default)"
                .to_owned(),
        );
    }
}

fn dates(runbook: &Runbook, today: NaiveDate, problems: &mut Problems<'_>) {
    match runbook.next_review {
        None => problems.note(
            "no_review_date",
            1_u32,
            "the runbook does not say when it is reviewed next".to_owned(),
        ),
        Some(date) if date < today => {
            let line = line_of_review(problems);
            problems.warning(
                "review_overdue",
                line,
                format!("the review was due on {date}"),
            );
        }
        Some(_) => {}
    }
    if runbook.last_updated.is_none() {
        problems.note(
            "no_update_date",
            1_u32,
            "the runbook does not say when it was last updated".to_owned(),
        );
    }
}

/// The line that states the review date: the last one that speaks of a review
/// and has a year.
fn line_of_review(problems: &Problems<'_>) -> u32 {
    let source = problems.source;
    let states = |line: &u32| {
        let words = words(source.line_text(*line));
        words.iter().any(|word| word == "review")
            && words
                .iter()
                .any(|word| word.len() == 4 && word.chars().all(|c| c.is_ascii_digit()))
    };
    (1..=source.line_count()).rev().find(states).unwrap_or(1)
}

fn incomplete(entry: &Entry, problems: &mut Problems<'_>) {
    let title = excerpt(&entry.title);
    let missing = match entry.kind {
        EntryKind::Faq => entry.answer.is_none().then_some("answer"),
        EntryKind::Guide => {
            (entry.steps.is_empty() && entry.fix.is_none()).then_some("checks, steps or fix")
        }
        EntryKind::Issue => entry.steps.is_empty().then_some("resolution steps"),
    };
    if let Some(part) = missing {
        problems.warning(
            "incomplete_entry",
            entry.line,
            format!("“{title}” has no {part}"),
        );
    }
    if entry.kind == EntryKind::Issue && entry.number.is_none() {
        problems.note(
            "issue_without_number",
            entry.line,
            format!("“{title}” has no number such as “Issue #1”"),
        );
    }
}

fn form(name: &str, template: &Option<Template>, needed: &[&str], problems: &mut Problems<'_>) {
    let Some(template) = template else {
        problems.warning(
            "missing_part",
            1_u32,
            format!("the runbook has no {name} template"),
        );
        return;
    };
    for field in needed {
        if !template.fields.iter().any(|one| one.name == *field) {
            problems.warning(
                "form_without_field",
                template.line,
                format!("the {name} template has no field {field}, which every such ticket needs"),
            );
        }
    }
}
