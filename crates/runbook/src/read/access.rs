//! What the support team may and may not see.

use crate::{
    markdown::Field,
    parts::{AccessRule, Clause, Runbook},
    problems::Problems,
    words::{excerpt, key},
};

use super::{content, leftover, section::Chunk};

/// Reads `### What Support Team CANNOT Access:` with its bullets, and how
/// elevated access is requested.
pub(crate) fn read(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let heading = chunk.heading.clone();
    let name = key(&heading.text);
    let of_heading = verdict(&name);
    let mut current = of_heading;
    let known = ["access", "permission"]
        .iter()
        .any(|word| name.contains(word));
    if of_heading.is_none() && !known {
        problems.warning(
            "heading_not_understood",
            heading.offset,
            format!(
                "“{}” says neither “can” nor “cannot”",
                excerpt(&heading.text)
            ),
        );
    }
    for field in chunk.fields(&|key| is_elevated(key) || verdict(key).is_some()) {
        if field.label.is_none() && is_elevated(&name) {
            elevated(&field, runbook, problems);
            continue;
        }
        if let Some(label) = &field.label {
            if is_elevated(&label.key) {
                elevated(&field, runbook, problems);
                current = of_heading;
                continue;
            }
            let Some(verdict) = verdict(&label.key) else {
                leftover(&field, runbook, problems);
                continue;
            };
            current = Some(verdict);
        }
        let (bullets, prose) = content::bullets(&field, problems.source);
        if let Some(prose) = prose {
            leftover(&prose, runbook, problems);
        }
        for bullet in bullets {
            match marked(&bullet.text).or(current) {
                Some(allowed) => runbook.access.push(rule(&bullet, allowed)),
                None => problems.warning(
                    "access_not_understood",
                    bullet.line,
                    format!(
                        "“{}” stands under no heading that says “can” or “cannot”",
                        excerpt(&bullet.text)
                    ),
                ),
            }
        }
    }
}

fn elevated(field: &Field, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let Some(clause) = content::prose(field, problems.source) else {
        return;
    };
    runbook.elevated_access = content::one_text(
        runbook
            .elevated_access
            .take()
            .into_iter()
            .chain([clause])
            .collect(),
    );
}

fn is_elevated(key: &str) -> bool {
    key.contains("elevated") || key.contains("more access") || key.contains("additional access")
}

/// Whether words announce what may (true) or may not (false) be accessed.
fn verdict(key: &str) -> Option<bool> {
    let has = |names: &[&str]| key.split(' ').any(|word| names.contains(&word));
    if has(&[
        "cannot",
        "cant",
        "not",
        "never",
        "no",
        "forbidden",
        "denied",
    ]) {
        Some(false)
    } else if has(&["can", "may", "allowed", "permitted"]) {
        Some(true)
    } else {
        None
    }
}

/// A bullet's own sign says more than its heading.
fn marked(text: &str) -> Option<bool> {
    match text.chars().next()? {
        '✅' | '✔' | '☑' | '✓' => Some(true),
        '❌' | '✖' | '❎' | '✗' | '⛔' | '🚫' => Some(false),
        _ => None,
    }
}

fn rule(bullet: &Clause, allowed: bool) -> AccessRule {
    let text = bullet
        .text
        .trim_start_matches(|c: char| !c.is_alphanumeric() && !"([\"“`".contains(c));
    let noted = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        .filter(|(before, _)| !before.trim().is_empty());
    let (text, note) = noted.map_or((text, None), |(text, note)| (text.trim_end(), Some(note)));
    AccessRule {
        text: text.to_owned(),
        allowed,
        note: note.map(str::to_owned),
        line: bullet.line,
    }
}
