//! What the document says of itself: version, dates, audience.

use crate::{
    markdown::{Block, Field, Line, fields, split_label},
    parts::Runbook,
    problems::Problems,
    words::{excerpt, key},
};

use super::{date::date, leftover, section::Chunk};

/// Reads blocks that belong to the document and not to a part.
pub(crate) fn read(blocks: Vec<Block>, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for field in fields(blocks, &is_label) {
        leftover(&field, runbook, problems);
    }
}

/// Takes a field of the document itself; `false` when it is none.
pub(crate) fn take(field: &Field, runbook: &mut Runbook, problems: &mut Problems<'_>) -> bool {
    let Some(label) = &field.label else {
        return false;
    };
    let offset = label.offset;
    if matches!(label.key.as_str(), "version control" | "document control") {
        history(field, runbook, problems);
        return true;
    }
    if !is_label(&label.key) {
        return false;
    }
    // The value is one line; what is below it belongs to nothing.
    let mut below = field.lines().into_iter();
    let value = below.next().map(|line| line.text).unwrap_or_default();
    match label.key.as_str() {
        _ if value.is_empty() => problems.warning(
            "label_without_text",
            offset,
            format!("“{}” says nothing", excerpt(&label.text)),
        ),
        "version" => set(&mut runbook.version, value, offset, "version", problems),
        "for" | "audience" => set(&mut runbook.audience, value, offset, "audience", problems),
        _ => set_date(&label.key, &value, offset, runbook, problems),
    }
    for line in below {
        problems.note(
            "text_without_effect",
            line.offset,
            format!("“{}” is text that no part takes up", excerpt(&line.text)),
        );
    }
    true
}

/// Reads a heading such as "Version: 2", and what stands under it.
pub(crate) fn read_part(chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let mut blocks = chunk.blocks;
    if split_label(&chunk.heading, &is_label).is_some() {
        blocks.insert(0, Block::Text(vec![chunk.heading]));
    }
    read(blocks, runbook, problems);
}

/// "Last updated Oct 18, 2025 | Next review: Nov 18, 2025".
fn history(field: &Field, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    for line in field.lines() {
        let mut start = 0;
        for piece in line.text.split('|') {
            let part = Line::plain(piece.trim(), line.after(start).offset);
            start += piece.len() + 1;
            history_part(&part, runbook, problems);
        }
    }
}

fn history_part(part: &Line, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let words = key(&part.text);
    let labelled = split_label(part, &is_label).filter(|(label, _)| label.key == "version");
    if let Some((_, rest)) = labelled {
        set(
            &mut runbook.version,
            rest.text,
            part.offset,
            "version",
            problems,
        );
    } else if ["last updated", "updated", "next review", "review"]
        .iter()
        .any(|name| words.starts_with(name))
    {
        set_date(&words, &part.text, part.offset, runbook, problems);
    } else if !words.is_empty() {
        problems.warning(
            "text_not_understood",
            part.offset,
            format!("“{}” is neither a version nor a date", excerpt(&part.text)),
        );
    }
}

/// Whether a label is the document's own.
pub(crate) fn is_label(key: &str) -> bool {
    matches!(
        key,
        "version" | "for" | "audience" | "version control" | "document control"
    ) || is_date(key)
}

fn is_date(key: &str) -> bool {
    matches!(
        key,
        "last updated" | "updated" | "last update" | "next review" | "review" | "review date"
    )
}

fn set_date(
    key: &str,
    text: &str,
    offset: usize,
    runbook: &mut Runbook,
    problems: &mut Problems<'_>,
) {
    let Some(date) = date(text) else {
        problems.warning(
            "date_not_understood",
            offset,
            format!(
                "“{}” has no date such as “October 18, 2025” or “2025-10-18”",
                excerpt(text)
            ),
        );
        return;
    };
    let (slot, name) = if key.contains("review") {
        if date < problems.today {
            problems.warning(
                "review_overdue",
                offset,
                format!("the review was due on {date}"),
            );
        }
        (&mut runbook.next_review, "next review")
    } else {
        if date > problems.today {
            problems.note(
                "updated_in_future",
                offset,
                format!("{date}, the last update, is yet to come"),
            );
        }
        (&mut runbook.last_updated, "last update")
    };
    set(slot, date, offset, name, problems);
}

/// The first statement counts; a different second one is reported.
fn set<T: PartialEq>(
    slot: &mut Option<T>,
    value: T,
    offset: usize,
    name: &str,
    problems: &mut Problems<'_>,
) {
    match slot {
        None => *slot = Some(value),
        Some(first) if *first == value => {}
        Some(_) => problems.warning(
            "stated_twice",
            offset,
            format!("the {name} is stated before in another way; the first one counts"),
        ),
    }
}
