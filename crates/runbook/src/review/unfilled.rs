//! Placeholders that were never filled in.

use crate::{
    entry::{Entry, Step},
    parts::{Clause, Runbook},
    problems::Problems,
    read::is_placeholder,
    words::excerpt,
};

/// Reports answers and other texts that are placeholders.
pub(crate) fn review(runbook: &Runbook, problems: &mut Problems<'_>) {
    for entry in &runbook.entries {
        let unfilled = entry.answer.as_ref().filter(|answer| answer.placeholder);
        if let Some(answer) = unfilled {
            problems.warning(
                "placeholder_answer",
                answer.line,
                format!(
                    "the answer to “{}” is not filled in, so it is never suggested",
                    excerpt(&entry.title)
                ),
            );
        }
        for (text, line) in texts(entry) {
            if is_placeholder(text) {
                placeholder(text, line, problems);
            }
        }
    }
    let listed = runbook.checklists.iter().flat_map(|list| &list.items);
    for clause in listed
        .chain(&runbook.tracked)
        .chain(&runbook.elevated_access)
    {
        if is_placeholder(&clause.text) {
            placeholder(&clause.text, clause.line, problems);
        }
    }
}

fn placeholder(text: &str, line: u32, problems: &mut Problems<'_>) {
    problems.warning(
        "placeholder",
        line,
        format!("“{}” is not filled in", excerpt(text)),
    );
}

fn texts(entry: &Entry) -> Vec<(&str, u32)> {
    let lists = [&entry.symptoms, &entry.causes, &entry.also_say];
    let clauses = lists.into_iter().flatten();
    let single = entry.problem.iter().chain(&entry.workaround);
    let mut texts: Vec<(&str, u32)> = clauses
        .chain(single)
        .map(|Clause { text, line }| (text.as_str(), *line))
        .collect();
    steps(&entry.steps, &mut texts);
    if let Some(fix) = &entry.fix {
        texts.push((&fix.text, fix.line));
        steps(&fix.steps, &mut texts);
    }
    texts
}

/// Steps nest no deeper than the reader lets them, so this may recurse.
fn steps<'a>(steps_of: &'a [Step], texts: &mut Vec<(&'a str, u32)>) {
    for step in steps_of {
        texts.push((&step.text, step.line));
        steps(&step.steps, texts);
    }
}
