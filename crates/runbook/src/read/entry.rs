//! The entries: issues, troubleshooting guides and questions.

mod label;
mod title;

use crate::{
    entry::{Entry, EntryKind, Fix, Step},
    markdown::{Field, Line},
    parts::{Answer, Clause, Runbook},
    problems::Problems,
    words::{excerpt, slug},
};

use self::{
    label::{EntryLabel, entry_label},
    title::{Heading, heading},
};
use super::{content, is_placeholder, leftover, rule, section::Chunk, sql};

/// Reads one entry.
pub(crate) fn read(
    kind: EntryKind,
    chunk: Chunk,
    runbook: &mut Runbook,
    problems: &mut Problems<'_>,
) {
    let heading_line = chunk.heading.clone();
    let fields = chunk.fields(&|key| entry_label(key, kind).is_some());
    build(kind, &heading_line, fields, runbook, problems);
}

/// Reads what stands right under a part's heading: questions written as
/// `**Q**:` without a heading of their own, and prose.
pub(crate) fn read_part(
    kind: EntryKind,
    chunk: Chunk,
    runbook: &mut Runbook,
    problems: &mut Problems<'_>,
) {
    let mut question: Option<(Line, Vec<Field>)> = None;
    let known = |key: &str| is_question(key) || entry_label(key, kind).is_some();
    for field in chunk.fields(&known) {
        let asks = kind == EntryKind::Faq
            && field
                .label
                .as_ref()
                .is_some_and(|label| is_question(&label.key));
        match (asks, field.rest.clone(), &mut question) {
            (true, Some(title), _) => {
                if let Some((title, fields)) = question.replace((title, Vec::new())) {
                    build(kind, &title, fields, runbook, problems);
                }
                let rest = Field {
                    blocks: field.blocks,
                    ..Field::default()
                };
                if let Some((_, fields)) = question.as_mut().filter(|_| !rest.blocks.is_empty()) {
                    fields.push(rest);
                }
            }
            (_, _, Some((_, fields))) => fields.push(field),
            (_, _, None) => leftover(&field, runbook, problems),
        }
    }
    if let Some((title, fields)) = question {
        build(kind, &title, fields, runbook, problems);
    }
}

fn is_question(key: &str) -> bool {
    key == "q" || key == "question"
}

fn build(
    kind: EntryKind,
    line: &Line,
    fields: Vec<Field>,
    runbook: &mut Runbook,
    problems: &mut Problems<'_>,
) {
    let Heading {
        number,
        title,
        note,
    } = heading(kind, &line.text);
    let Some(slug) = slug(kind, &title) else {
        problems.error(
            "title_without_words",
            line.offset,
            format!(
                "the heading “{}” has no letter or digit to name its entry by",
                excerpt(&line.text)
            ),
        );
        return;
    };
    let mut entry = Entry {
        slug,
        kind,
        number,
        title,
        title_note: note,
        line: problems.source.line(line.offset),
        aliases: Vec::new(),
        symptoms: Vec::new(),
        problem: None,
        causes: Vec::new(),
        steps: Vec::new(),
        queries: Vec::new(),
        workaround: None,
        fix: None,
        escalation: None,
        answer: None,
        also_say: Vec::new(),
    };
    for field in fields {
        put(field, &mut entry, runbook, problems);
    }
    runbook.entries.push(entry);
}

/// Puts a field into its place in the entry.
fn put(mut field: Field, entry: &mut Entry, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let source = problems.source;
    let label = match &field.label {
        Some(label) => entry_label(&label.key, entry.kind),
        // A question's heading may be followed by its answer at once.
        None if entry.kind == EntryKind::Faq && entry.answer.is_none() => Some(EntryLabel::Answer),
        None => None,
    };
    let announced = label == Some(EntryLabel::Query);
    let queries = sql::take(&mut field.blocks, announced, source);
    entry.queries.extend(queries);
    let Some(label) = label else {
        leftover(&field, runbook, problems);
        return;
    };
    match label {
        EntryLabel::Symptoms => entry.symptoms.extend(content::clauses(&field, source)),
        EntryLabel::Causes => entry.causes.extend(content::clauses(&field, source)),
        EntryLabel::AlsoSay => entry.also_say.extend(content::clauses(&field, source)),
        EntryLabel::Steps => entry.steps.extend(content::steps(&field, source)),
        EntryLabel::Problem => join(&mut entry.problem, content::prose(&field, source)),
        EntryLabel::Workaround => join(&mut entry.workaround, content::prose(&field, source)),
        EntryLabel::Fix => put_fix(&field, entry, problems),
        EntryLabel::Answer => put_answer(&field, entry, problems),
        EntryLabel::Aliases => put_aliases(&field, entry, problems),
        EntryLabel::Escalation => put_rule(&field, entry, runbook, problems),
        EntryLabel::Query => {
            // Words beside the query say what to look for: they are steps.
            entry.steps.extend(content::steps(&field, source));
        }
    }
}

fn join(slot: &mut Option<Clause>, more: Option<Clause>) {
    *slot = content::one_text(slot.take().into_iter().chain(more).collect());
}

fn put_fix(field: &Field, entry: &mut Entry, problems: &Problems<'_>) {
    let source = problems.source;
    let said = |line: &Line| line.text.trim_end_matches(':').trim_end().to_owned();
    let text = field.rest.as_ref().map(said).unwrap_or_default();
    let offset = field.label.as_ref().map_or(0, |label| label.offset);
    let line = source.line(offset);
    let steps = super::steps::of_blocks(&field.blocks, source);
    match &mut entry.fix {
        None => entry.fix = Some(Fix { text, line, steps }),
        // A second fix (a quick win beside a fix) stands among the first one's steps.
        Some(fix) => fix.steps.push(Step { text, line, steps }),
    }
}

fn put_answer(field: &Field, entry: &mut Entry, problems: &mut Problems<'_>) {
    let Some(clause) = content::prose(field, problems.source) else {
        return;
    };
    let text = match entry.answer.take() {
        Some(before) => format!("{} {}", before.text, clause.text),
        None => clause.text,
    };
    entry.answer = Some(Answer {
        placeholder: is_placeholder(&text),
        text,
        line: clause.line,
    });
}

fn put_aliases(field: &Field, entry: &mut Entry, problems: &mut Problems<'_>) {
    for clause in content::clauses(field, problems.source) {
        let text = clause.text.trim_matches(['`', '"', '“', '”', ' ']);
        match text.parse().ok().or_else(|| slug(entry.kind, text)) {
            Some(alias) => entry.aliases.push(alias),
            None => problems.warning(
                "alias_not_understood",
                clause.line,
                format!("“{}” is no earlier slug or title", excerpt(text)),
            ),
        }
    }
}

fn put_rule(field: &Field, entry: &mut Entry, runbook: &Runbook, problems: &mut Problems<'_>) {
    let mut taken = entry.escalation.is_some();
    for clause in content::lines(field, problems.source) {
        if taken {
            problems.warning(
                "second_rule",
                clause.line,
                format!(
                    "an entry has one escalation rule; “{}” has no effect",
                    excerpt(&clause.text)
                ),
            );
        } else {
            entry.escalation = rule::read(clause, &runbook.levels, problems);
            taken = true;
        }
    }
}
