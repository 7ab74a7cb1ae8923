//! Ticket templates: the fill-in form in a code block, and its fields.

use crate::{
    markdown::{Block, Code, Line, Source},
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
    let mut code = None;
    let mut others = Vec::new();
    for block in chunk.blocks {
        match block {
            Block::Code(first) if code.is_none() => code = Some(first),
            Block::Rule => {}
            other => others.push(other),
        }
    }
    let slot = match (bug, feature) {
        (true, false) => &mut runbook.templates.bug,
        (false, true) => &mut runbook.templates.feature,
        _ => {
            // The part's own heading only announces the templates below it.
            if code.is_some() || !words.contains("template") {
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
    match (code, slot.is_some()) {
        (Some(_), true) => problems.warning(
            "duplicate_template",
            heading.offset,
            format!(
                "“{}” is a second template of its kind; the first one counts",
                excerpt(&heading.text)
            ),
        ),
        (Some(code), false) => *slot = Some(template(&code, problems)),
        (None, _) => problems.warning(
            "template_without_form",
            heading.offset,
            format!("“{}” has no form in a code block", excerpt(&heading.text)),
        ),
    }
    rest(others, runbook, problems);
}

fn rest(blocks: Vec<Block>, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for field in crate::markdown::fields(blocks, &|_| false) {
        leftover(&field, runbook, problems);
    }
}

fn template(code: &Code, problems: &mut Problems<'_>) -> Template {
    let texts: Vec<&str> = code.lines.iter().map(|line| line.text.as_str()).collect();
    let mut fields: Vec<TemplateField> = Vec::new();
    for line in &code.lines {
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
    let first = code.lines.first().map_or(code.offset, |line| line.offset);
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
