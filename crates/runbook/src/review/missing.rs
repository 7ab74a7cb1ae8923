//! Parts that a runbook should have and does not.

use crate::{
    entry::{Entry, EntryKind},
    parts::{Runbook, Template, TemplateField},
    problems::Problems,
    words::excerpt,
};

/// A form's field is compared with so many before it.
const COMPARED: usize = 100;

/// Reports what is missing. What is nowhere is reported on the first line.
pub(crate) fn review(runbook: &Runbook, problems: &mut Problems<'_>) {
    parts(runbook, problems);
    targets(runbook, problems);
    dates(runbook, problems);
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

fn dates(runbook: &Runbook, problems: &mut Problems<'_>) {
    let missing = [
        (
            runbook.title.is_empty(),
            "no_title",
            "has no title such as “# Our runbook”",
        ),
        (
            runbook.next_review.is_none(),
            "no_review_date",
            "does not say when it is reviewed next",
        ),
        (
            runbook.last_updated.is_none(),
            "no_update_date",
            "does not say when it was last updated",
        ),
    ];
    for (_, code, what) in missing.into_iter().filter(|(absent, ..)| *absent) {
        problems.note(code, 1_u32, format!("the runbook {what}"));
    }
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
    for (index, field) in template.fields.iter().enumerate() {
        let before = template.fields.iter().take(index.min(COMPARED));
        if before.clone().any(|one| one.name == field.name) {
            problems.warning(
                "duplicate_field",
                field.line,
                format!("the {name} template has “{}” twice", excerpt(&field.label)),
            );
        }
        urgencies(field, problems);
    }
}

/// Urgency is one scale of four words; a form that offers another one gets
/// tickets that no policy matches.
fn urgencies(field: &TemplateField, problems: &mut Problems<'_>) {
    if !matches!(field.name.as_str(), "severity" | "priority") {
        return;
    }
    let scale = ["critical", "high", "medium", "low"];
    let strange = |value: &&String| !scale.contains(&value.as_str());
    if let Some(value) = field.allowed.iter().find(strange) {
        problems.warning(
            "value_not_understood",
            field.line,
            format!(
                "“{}” is none of critical, high, medium and low, so no ticket can have it",
                excerpt(value)
            ),
        );
    }
}
