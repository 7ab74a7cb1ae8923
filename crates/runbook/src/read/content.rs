//! The content of a field as clauses, as prose or as steps.

use crate::{
    entry::Step,
    markdown::{Block, Field, Item, Line, Source},
    parts::Clause,
    read::steps,
};

/// Every bullet, and the lines' parts between commas, as a clause each.
pub(crate) fn clauses(field: &Field, source: &Source) -> Vec<Clause> {
    let mut clauses = Vec::new();
    if let Some(line) = &field.rest {
        split_commas(line, source, &mut clauses);
    }
    for block in &field.blocks {
        match block {
            Block::Text(lines) => {
                for line in lines {
                    split_commas(line, source, &mut clauses);
                }
            }
            Block::List(items) => items_clauses(items, source, &mut clauses),
            Block::Code(code) => {
                for line in &code.lines {
                    let text = steps::without_marker(line.text.trim()).1;
                    push(&mut clauses, text, source.line(line.offset));
                }
            }
            Block::Rule => {}
        }
    }
    clauses
}

/// The bullets as clauses, and apart from them the prose of the field.
pub(crate) fn bullets(field: &Field, source: &Source) -> (Vec<Clause>, Option<Field>) {
    let mut bullets = Vec::new();
    let mut prose = Field::default();
    if let Some(line) = &field.rest {
        split_commas(line, source, &mut bullets);
    }
    for block in &field.blocks {
        match block {
            Block::List(items) => items_clauses(items, source, &mut bullets),
            Block::Text(lines) => prose.blocks.push(Block::Text(lines.clone())),
            Block::Code(code) => prose.blocks.push(Block::Text(code.lines.clone())),
            Block::Rule => {}
        }
    }
    let found = !prose.blocks.is_empty();
    (bullets, found.then_some(prose))
}

fn items_clauses(items: &[Item], source: &Source, clauses: &mut Vec<Clause>) {
    for item in items {
        for block in &item.blocks {
            match block {
                Block::Text(lines) => {
                    let text = steps::joined(lines);
                    let offset = lines.first().map_or(item.offset, |line| line.offset);
                    push(clauses, &text, source.line(offset));
                }
                Block::List(inner) => items_clauses(inner, source, clauses),
                Block::Code(code) => {
                    for line in &code.lines {
                        push(clauses, line.text.trim(), source.line(line.offset));
                    }
                }
                Block::Rule => {}
            }
        }
    }
}

/// The whole content as one text: a paragraph, bullet or line of code begins a
/// line of its own.
pub(crate) fn prose(field: &Field, source: &Source) -> Option<Clause> {
    let mut text = String::new();
    let mut offset = None;
    if let Some(line) = &field.rest {
        offset = Some(line.offset);
        text.push_str(&line.text);
    }
    for (index, block) in field.blocks.iter().enumerate() {
        // Lines right below the label's own go on with it.
        if !text.is_empty() {
            let goes_on = index == 0 && matches!(block, Block::Text(_));
            text.push(if goes_on { ' ' } else { '\n' });
        }
        offset = offset.or(write_block(block, &mut text));
    }
    Some(Clause {
        text: text.trim().to_owned(),
        line: source.line(offset?),
    })
    .filter(|clause| !clause.text.is_empty())
}

/// Writes a block and says where it starts.
fn write_block(block: &Block, text: &mut String) -> Option<usize> {
    match block {
        Block::Text(lines) => {
            text.push_str(&steps::joined(lines));
            lines.first().map(|line| line.offset)
        }
        Block::List(items) => {
            for item in items {
                text.push_str("- ");
                for inner in &item.blocks {
                    write_block(inner, text);
                    text.push('\n');
                }
            }
            items.first().map(|item| item.offset)
        }
        Block::Code(code) => {
            for line in &code.lines {
                text.push_str(&line.text);
                text.push('\n');
            }
            code.lines.first().map(|line| line.offset)
        }
        Block::Rule => None,
    }
}

/// Every line and bullet as it is, commas and all.
pub(crate) fn lines(field: &Field, source: &Source) -> Vec<Clause> {
    let mut pieces = Vec::new();
    if let Some(line) = &field.rest {
        push(&mut pieces, &line.text, source.line(line.offset));
    }
    for block in &field.blocks {
        match block {
            Block::Text(lines) => {
                for line in lines {
                    push(&mut pieces, &line.text, source.line(line.offset));
                }
            }
            Block::List(items) => items_clauses(items, source, &mut pieces),
            Block::Code(code) => {
                for line in &code.lines {
                    push(&mut pieces, line.text.trim(), source.line(line.offset));
                }
            }
            Block::Rule => {}
        }
    }
    pieces
}

/// Clauses joined into one, at the first one's line.
pub(crate) fn one_text(pieces: Vec<Clause>) -> Option<Clause> {
    let line = pieces.first()?.line;
    let texts: Vec<String> = pieces.into_iter().map(|piece| piece.text).collect();
    Some(Clause {
        text: texts.join(" "),
        line,
    })
}

/// The whole content as steps: lists and numbered code nest.
pub(crate) fn steps(field: &Field, source: &Source) -> Vec<Step> {
    let mut all = Vec::new();
    if let Some(line) = &field.rest {
        all.push(steps::step(&line.text, source.line(line.offset)));
    }
    all.extend(steps::of_blocks(&field.blocks, source));
    all
}

fn push(clauses: &mut Vec<Clause>, text: &str, line: u32) {
    if !text.is_empty() {
        clauses.push(Clause {
            text: text.to_owned(),
            line,
        });
    }
}

/// Commas and semicolons part clauses, but not inside quotes, brackets or numbers.
fn split_commas(line: &Line, source: &Source, clauses: &mut Vec<Clause>) {
    let number = source.line(line.offset);
    let mut quoted = false;
    let mut depth = 0_u32;
    let mut start = 0;
    let mut take = |range: std::ops::Range<usize>| {
        let text = line.text.get(range).unwrap_or_default();
        push(clauses, text.trim(), number);
    };
    let in_number = |next: usize| {
        let rest = line.text.get(next..).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_digit())
    };
    for (at, c) in line.text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '“' => quoted = true,
            '”' => quoted = false,
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ';' | '、' | '，' if !quoted && depth == 0 && !in_number(at + c.len_utf8()) => {
                take(start..at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    take(start..line.text.len());
}
