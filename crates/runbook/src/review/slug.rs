//! Slugs and aliases name one entry each.

use std::collections::HashMap;

use crate::{entry::Slug, parts::Runbook, problems::Problems};

/// Reports names that two entries claim, and numbers that two issues have.
pub(crate) fn review(runbook: &Runbook, problems: &mut Problems<'_>) {
    let mut owners: HashMap<&Slug, u32> = HashMap::new();
    for entry in &runbook.entries {
        if let Some(first) = owners.insert(&entry.slug, entry.line) {
            problems.error(
                "duplicate_slug",
                entry.line,
                format!(
                    "“{}” is also the slug of the entry on line {first}",
                    entry.slug
                ),
            );
        }
    }
    for entry in &runbook.entries {
        for alias in &entry.aliases {
            let owner = owners.insert(alias, entry.line);
            if let Some(first) = owner.filter(|line| *line != entry.line) {
                problems.error(
                    "duplicate_slug",
                    entry.line,
                    format!("the alias “{alias}” already names the entry on line {first}"),
                );
            }
        }
    }

    let mut numbers: HashMap<u32, u32> = HashMap::new();
    for entry in &runbook.entries {
        let Some(number) = entry.number else { continue };
        if let Some(first) = numbers.insert(number, entry.line) {
            problems.warning(
                "duplicate_number",
                entry.line,
                format!("number {number} is also that of the entry on line {first}"),
            );
        }
    }
}
