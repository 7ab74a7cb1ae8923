//! Steps from lists and from numbered text in code blocks.

use crate::{
    entry::Step,
    markdown::{Block, Item, Line, Source},
};

/// Deeper steps of a code block stand beside the deepest ones instead.
const DEEPEST: usize = 16;

/// A step without steps under it.
pub(crate) fn step(text: &str, line: u32) -> Step {
    Step {
        text: text.to_owned(),
        line,
        steps: Vec::new(),
    }
}

/// The steps of blocks, in order.
pub(crate) fn of_blocks(blocks: &[Block], source: &Source) -> Vec<Step> {
    let mut steps = Vec::new();
    for block in blocks {
        match block {
            Block::Text(lines) => steps.extend(of_text(lines, source)),
            Block::List(items) => {
                steps.extend(items.iter().filter_map(|item| of_item(item, source)))
            }
            Block::Code(code) => steps.extend(of_text(&code.lines, source)),
            Block::Rule => {}
        }
    }
    steps
}

fn of_item(item: &Item, source: &Source) -> Option<Step> {
    let own = item.lines();
    let text = joined(own);
    let offset = own.first().map_or(item.offset, |line| line.offset);
    let below = item.blocks.get(usize::from(!own.is_empty())..)?;
    let steps = of_blocks(below, source);
    (!text.is_empty() || !steps.is_empty()).then(|| Step {
        text,
        line: source.line(offset),
        steps,
    })
}

/// Steps of indented text: a deeper marker is a step of the one above it, an
/// indented line without marker continues the step above it.
fn of_text(lines: &[Line], source: &Source) -> Vec<Step> {
    let mut tree = Tree::default();
    for line in lines {
        let text = line.text.trim();
        if text.is_empty() {
            continue;
        }
        let indent = indent(&line.text);
        let (marked, text) = without_marker(text);
        let continued = tree
            .open
            .last_mut()
            .filter(|(above, _)| !marked && indent > *above);
        if let Some((_, step)) = continued {
            step.text.push(' ');
            step.text.push_str(text);
        } else if !text.is_empty() {
            tree.add(indent, step(text, source.line(line.offset)));
        }
    }
    tree.finish()
}

#[derive(Default)]
struct Tree {
    roots: Vec<Step>,
    /// The steps above the next one, with their indentation.
    open: Vec<(usize, Step)>,
}

impl Tree {
    fn add(&mut self, indent: usize, step: Step) {
        while self.open.len() >= DEEPEST
            || self.open.last().is_some_and(|(above, _)| *above >= indent)
        {
            self.close();
        }
        self.open.push((indent, step));
    }

    fn close(&mut self) {
        let Some((_, step)) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some((_, above)) => above.steps.push(step),
            None => self.roots.push(step),
        }
    }

    fn finish(mut self) -> Vec<Step> {
        while !self.open.is_empty() {
            self.close();
        }
        self.roots
    }
}

/// Whether a text starts with a number, a bullet or a check box, and what follows it.
pub(crate) fn without_marker(text: &str) -> (bool, &str) {
    let after_number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = text.strip_prefix(['-', '*', '+', '•', '–']);
    let rest = if after_number.len() < text.len() {
        after_number.strip_prefix(['.', ')'])
    } else {
        bullet
    };
    let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    else {
        return (false, text);
    };
    let rest = rest.trim_start();
    let unboxed = ["[ ]", "[x]", "[X]"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark));
    (true, unboxed.unwrap_or(rest).trim_start())
}

/// The lines of one item or paragraph as one text, without its check box.
pub(crate) fn joined(lines: &[Line]) -> String {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.trim()).collect();
    let text = texts.join(" ");
    let unboxed = ["[ ] ", "[x] "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark));
    unboxed.map(str::to_owned).unwrap_or(text)
}

/// How far a line is indented; tabs reach to every fourth column.
fn indent(text: &str) -> usize {
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => column += 4 - column % 4,
            c if c.is_whitespace() => column += 1,
            _ => break,
        }
    }
    column
}
