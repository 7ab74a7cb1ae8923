//! Ticket templates: the fill-in form in a code block or list, and its fields.

use crate::{
    markdown::{Block, Item, Line, Source},
    parts::{Runbook, Template, TemplateField},
    problems::Problems,
    words::{excerpt, key},
};

use super::{leftover, section::Chunk, steps};

/// Reads `### Bug Report Template:` with its form.
pub(crate) fn read(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let heading = chunk.heading.clone();
    let words = key(&heading.text);
    let bug = words.contains("bug") || words.contains("problem");
    let feature = words.contains("feature");
    let mut form = None;
    let mut others = Vec::new();
    for block in chunk.blocks {
        match block {
            Block::Code(first) if form.is_none() => form = Some(first.lines),
            Block::List(items) if form.is_none() => form = Some(listed(&items)),
            Block::Rule => {}
            other => others.push(other),
        }
    }
    let slot = match (bug, feature) {
        (true, false) => &mut runbook.templates.bug,
        (false, true) => &mut runbook.templates.feature,
        _ => {
            // The part's own heading only announces the templates below it.
            if form.is_some() || !words.contains("template") {
                problems.warning(
                    "heading_not_understood",
                    heading.offset,
                    format!(
                        "“{}” is neither a bug report nor a feature request",
                        excerpt(&heading.text)
                    ),
                );
            }
            return rest(others, runbook, problems);
        }
    };
    match (form, slot.is_some()) {
        (Some(_), true) => problems.warning(
            "duplicate_template",
            heading.offset,
            format!(
                "“{}” is a second template of its kind; the first one counts",
                excerpt(&heading.text)
            ),
        ),
        (Some(form), false) => *slot = Some(template(&form, heading.offset, problems)),
        (None, _) => problems.warning(
            "template_without_form",
            heading.offset,
            format!(
                "“{}” has no form in a code block or list",
                excerpt(&heading.text)
            ),
        ),
    }
    rest(others, runbook, problems);
}

/// A form written as a list: a field per bullet, numbers where bullets are
/// under it.
fn listed(items: &[Item]) -> Vec<Line> {
    let mut lines = Vec::new();
    for item in items {
        let text = steps::joined(item.lines());
        let offset = item.lines().first().map_or(item.offset, |line| line.offset);
        lines.push(Line::plain(&text, offset));
        for block in item
            .blocks
            .iter()
            .skip(usize::from(!item.lines().is_empty()))
        {
            match block {
                Block::List(below) => lines.extend(below.iter().map(|item| {
                    let text = steps::joined(item.lines());
                    Line::plain(&format!("1. {text}"), item.offset)
                })),
                Block::Text(text) => lines.extend(text.iter().cloned()),
                Block::Code(code) => lines.extend(code.lines.iter().cloned()),
                Block::Rule => {}
            }
        }
    }
    lines
}

fn rest(blocks: Vec<Block>, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for field in crate::markdown::fields(blocks, &|_| false) {
        leftover(&field, runbook, problems);
    }
}

fn template(form: &[Line], heading: usize, problems: &mut Problems<'_>) -> Template {
    let texts: Vec<&str> = form.iter().map(|line| line.text.as_str()).collect();
    let mut fields: Vec<TemplateField> = Vec::new();
    for line in form {
        let text = line.text.trim();
        let marked = steps::without_marker(text).0;
        match (marked, field(line, problems.source), fields.last_mut()) {
            _ if text.is_empty() => {}
            (true, _, Some(field)) => field.list = true,
            (false, Some(field), _) => fields.push(field),
            _ => problems.warning(
                "form_not_understood",
                line.offset,
                format!("“{}” is no field such as “Title: [hint]”", excerpt(text)),
            ),
        }
    }
    let first = form.first().map_or(heading, |line| line.offset);
    Template {
        form: texts.join("\n"),
        line: problems.source.line(first),
        fields,
    }
}

/// One field of a form: "Severity: Critical / High / Medium / Low".
fn field(line: &Line, source: &Source) -> Option<TemplateField> {
    let (label, rest) = line.text.split_once([':', ':'])?;
    let label = label.trim().trim_matches('*').trim();
    let rest = rest.trim().trim_start_matches('*').trim();
    let name = key(label).replace(' ', "_");
    if name.is_empty() {
        return None;
    }
    let hint = rest
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let mut allowed = Vec::new();
    if hint.is_none() && rest.contains(['/', '|']) {
        let values = rest
            .split(['/', '|'])
            .map(|value| value.trim().to_lowercase());
        allowed.extend(values.filter(|value| !value.is_empty()));
    }
    Some(TemplateField {
        label: label.to_owned(),
        name,
        hint: hint
            .or((allowed.is_empty() && !rest.is_empty()).then_some(rest))
            .map(str::to_owned),
        allowed,
        list: false,
        line: source.line(line.offset),
    })
}
