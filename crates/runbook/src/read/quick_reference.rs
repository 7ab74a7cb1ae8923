//! Emergency contacts and system status.

use crate::{
    markdown::Line,
    parts::{EmergencyContact, Link, Runbook},
    problems::Problems,
    words::{excerpt, words},
};

use super::{content, header, is_placeholder, leftover, section::Chunk};

/// Reads `- **On-Call Engineer**: +977 …`.
pub(crate) fn contacts(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for (role, contact) in pairs(chunk, runbook, problems) {
        let filled = !contact.text.is_empty() && !is_placeholder(&contact.text);
        if !filled {
            problems.warning(
                "placeholder",
                contact.offset,
                format!(
                    "the contact of “{}” is not filled in: “{}”",
                    excerpt(&role),
                    excerpt(&contact.text)
                ),
            );
        }
        runbook.emergency_contacts.push(EmergencyContact {
            role,
            contact: filled.then_some(contact.text),
            line: problems.source.line(contact.offset),
        });
    }
}

/// Reads `- **Status Page**: https://…`.
pub(crate) fn links(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for (name, target) in pairs(chunk, runbook, problems) {
        if target.text.is_empty() || is_placeholder(&target.text) {
            problems.warning(
                "placeholder",
                target.offset,
                format!(
                    "where “{}” points to is not filled in: “{}”",
                    excerpt(&name),
                    excerpt(&target.text)
                ),
            );
            continue;
        }
        let line = problems.source.line(target.offset);
        let urls: Vec<&str> = target.text.split_whitespace().filter_map(url).collect();
        if urls.is_empty() {
            problems.note(
                "link_without_url",
                target.offset,
                format!(
                    "“{}” is shown as text: it is no http or https address",
                    excerpt(&target.text)
                ),
            );
            let target = target.text;
            runbook.status_links.push(Link { name, target, line });
            continue;
        }
        remark(&target, &urls, problems);
        for url in urls {
            runbook.status_links.push(Link {
                name: name.clone(),
                target: url.to_owned(),
                line,
            });
        }
    }
}

/// Reports what stands beside addresses. The text of a Markdown link stands
/// before its address in brackets.
fn remark(target: &Line, urls: &[&str], problems: &mut Problems<'_>) {
    let mut rest = target.text.as_str();
    let mut remarks = Vec::new();
    for url in urls {
        let Some((before, after)) = rest.split_once(url) else {
            continue;
        };
        remarks.extend((!before.ends_with('(')).then_some(before));
        rest = after;
    }
    remarks.push(rest);
    let said: Vec<String> = remarks.iter().flat_map(|text| words(text)).collect();
    if said
        .iter()
        .any(|word| !matches!(word.as_str(), "and" | "or"))
    {
        problems.note(
            "link_remark",
            target.offset,
            format!(
                "“{}” beside an address has no effect",
                excerpt(&said.join(" "))
            ),
        );
    }
}

fn url(word: &str) -> Option<&str> {
    let word = word.trim_matches(|c: char| "()<>[],;\"".contains(c));
    ["https://", "http://"]
        .iter()
        .any(|scheme| {
            word.strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        })
        .then_some(word)
}

/// The labelled lines and bullets of a chunk; what has no label is reported.
fn pairs(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) -> Vec<(String, Line)> {
    let mut pairs = Vec::new();
    // Any words before a colon name somebody or something here.
    for field in chunk.fields(&|_| true) {
        match &field.label {
            Some(label) if !header::is_label(&label.key) => {
                let place = field.rest.as_ref().map_or(label.offset, |rest| rest.offset);
                let text = content::prose(&field, problems.source).map(|clause| clause.text);
                let target = Line::plain(&text.unwrap_or_default(), place);
                pairs.push((label.text.clone(), target));
            }
            _ => leftover(&field, runbook, problems),
        }
    }
    pairs
}
