//! Daily, weekly and monthly checks.

use crate::{
    markdown::Field,
    parts::{Checklist, ChecklistPeriod, Runbook},
    problems::Problems,
    words::{excerpt, key},
};

use super::{content, leftover, section::Chunk};

/// Reads `### Daily Checks:` with its bullets. A label names a period, too.
pub(crate) fn read(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let heading = chunk.heading.clone();
    let mut current = period(&key(&heading.text)).map(|period| (period, heading.offset));
    let named = current.is_some();
    let empty = chunk.blocks.is_empty();

    for field in chunk.fields(&|key| period(key).is_some()) {
        let labelled = field.label.as_ref();
        if let Some(label) = labelled {
            let Some(period) = period(&label.key) else {
                leftover(&field, runbook, problems);
                continue;
            };
            current = Some((period, label.offset));
        }
        match current {
            Some((period, offset)) => add(period, offset, &field, runbook, problems),
            None => leftover(&field, runbook, problems),
        }
    }
    let part =
        key(&heading.text).contains("checklist") || key(&heading.text).contains("monitoring");
    if !named && !part {
        problems.warning(
            "heading_not_understood",
            heading.offset,
            format!(
                "“{}” says neither daily, weekly nor monthly",
                excerpt(&heading.text)
            ),
        );
    } else if named && empty {
        problems.warning(
            "empty_checklist",
            heading.offset,
            format!("“{}” has no checks", excerpt(&heading.text)),
        );
    }
}

fn add(
    period: ChecklistPeriod,
    offset: usize,
    field: &Field,
    runbook: &mut Runbook,
    problems: &mut Problems<'_>,
) {
    let (bullets, prose) = content::bullets(field, problems.source);
    if let Some(prose) = prose {
        leftover(&prose, runbook, problems);
    }
    let known = runbook
        .checklists
        .iter_mut()
        .find(|list| list.period == period);
    match known {
        Some(list) => list.items.extend(bullets),
        None => runbook.checklists.push(Checklist {
            period,
            items: bullets,
            line: problems.source.line(offset),
        }),
    }
}

fn period(key: &str) -> Option<ChecklistPeriod> {
    let has = |names: &[&str]| key.split(' ').any(|word| names.contains(&word));
    if has(&["daily", "day"]) {
        Some(ChecklistPeriod::Daily)
    } else if has(&["weekly", "week"]) {
        Some(ChecklistPeriod::Weekly)
    } else if has(&["monthly", "month"]) {
        Some(ChecklistPeriod::Monthly)
    } else {
        None
    }
}
