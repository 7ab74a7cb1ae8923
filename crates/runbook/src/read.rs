//! From sections to the typed parts of a runbook.

mod access;
mod amount;
mod checklist;
mod contact;
mod content;
mod date;
mod entry;
mod header;
mod level;
mod placeholder;
mod quick_reference;
mod rule;
mod section;
mod sql;
mod steps;
mod target;
mod template;

pub(crate) use placeholder::is_placeholder;
pub(crate) use section::chunks;

use crate::{
    markdown::{Block, Field, Outline},
    parts::Runbook,
    problems::Problems,
    words::excerpt,
};
use section::{Chunk, Part, Role};

#[cfg(test)]
mod tests;

/// Reads a whole outline. Levels come first: the rules of entries name them,
/// wherever the document puts them.
pub(crate) fn read(outline: Outline, problems: &mut Problems<'_>) -> Runbook {
    let mut runbook = Runbook::default();
    header::read(outline.preamble, &mut runbook, problems);

    let chunks = chunks(outline.sections);
    let (levels, others): (Vec<Chunk>, Vec<Chunk>) = chunks
        .into_iter()
        .partition(|chunk| matches!(chunk.role, Role::Level(_)));
    for chunk in levels {
        if let Role::Level(number) = chunk.role {
            level::read(number, chunk, &mut runbook, problems);
        }
    }
    runbook.levels.sort_by_key(|spec| spec.level);
    for chunk in others {
        part(chunk, &mut runbook, problems);
    }
    runbook
}

fn part(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    match chunk.role {
        Role::Title => {
            runbook.title = chunk.heading.text;
            header::read(chunk.blocks, runbook, problems);
        }
        Role::Entry(kind) => entry::read(kind, chunk, runbook, problems),
        Role::Part(part) => match part {
            Part::EmergencyContacts => quick_reference::contacts(chunk, runbook, problems),
            Part::SystemStatus => quick_reference::links(chunk, runbook, problems),
            Part::Entries(kind) => entry::read_part(kind, chunk, runbook, problems),
            Part::Checklists => checklist::read(chunk, runbook, problems),
            Part::Access => access::read(chunk, runbook, problems),
            Part::Templates => template::read(chunk, runbook, problems),
            Part::Metrics => target::read(chunk, runbook, problems),
            Part::Tracked => target::tracked(chunk, runbook, problems),
            Part::QuickReference | Part::Escalation | Part::Document => {
                header::read_part(chunk, runbook, problems);
            }
        },
        Role::Group => problems.note(
            "heading_only_groups",
            chunk.heading.offset,
            format!(
                "the heading “{}” only groups what is under it",
                excerpt(&chunk.heading.text)
            ),
        ),
        Role::Level(_) | Role::Unknown => {
            problems.warning(
                "heading_not_understood",
                chunk.heading.offset,
                format!(
                    "the heading “{}” names no part of a runbook{}",
                    excerpt(&chunk.heading.text),
                    if chunk.blocks.is_empty() {
                        ""
                    } else {
                        ", so the text under it has no effect"
                    }
                ),
            );
        }
    }
}

/// Reports a field that a part has no place for. Labels of the document itself
/// (version, dates, audience) are understood anywhere.
fn leftover(field: &Field, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    if header::take(field, runbook, problems) {
        return;
    }
    if let Some(label) = &field.label {
        problems.warning(
            "label_not_understood",
            label.offset,
            format!(
                "the label “{}” is not understood here, so it and its text have no effect",
                excerpt(&label.text)
            ),
        );
    } else if let Some((offset, text)) = first_text(&field.blocks) {
        problems.note(
            "text_without_effect",
            offset,
            match lines(&field.blocks) {
                0 | 1 => format!("“{}” is text that no part takes up", excerpt(&text)),
                2 => format!(
                    "“{}” and one more line are text that no part takes up",
                    excerpt(&text)
                ),
                all => format!(
                    "“{}” and {} more lines are text that no part takes up",
                    excerpt(&text),
                    all - 1
                ),
            },
        );
    }
}

/// How many lines of text blocks have.
fn lines(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|block| match block {
            Block::Text(lines) => lines.len(),
            Block::List(items) => items.iter().map(|item| lines(&item.blocks)).sum(),
            Block::Code(code) => code.lines.len(),
            Block::Rule => 0,
        })
        .sum()
}

/// The first text of blocks, and where it stands.
fn first_text(blocks: &[Block]) -> Option<(usize, String)> {
    blocks.iter().find_map(|block| match block {
        Block::Text(lines) => lines.first().map(|line| (line.offset, line.text.clone())),
        Block::List(items) => items.iter().find_map(|item| first_text(&item.blocks)),
        Block::Code(code) => {
            let text = code.lines.first().map(|line| line.text.clone());
            Some((code.offset, text.unwrap_or_default()))
        }
        Block::Rule => None,
    })
}
