//! Labelled text: `**Label**: text`, and what follows it up to the next label.

use crate::words::key;

use super::block::{Block, Item, Line};

/// The longest text taken for a label, in bytes.
const LONGEST_LABEL: usize = 80;

/// A label.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// As written.
    pub(crate) text: String,
    /// Its words, for comparing.
    pub(crate) key: String,
    /// Where it stands.
    pub(crate) offset: usize,
}

/// A label with its text, or text before any label.
#[derive(Debug, Default)]
pub(crate) struct Field {
    /// The label.
    pub(crate) label: Option<Label>,
    /// What follows it on its line.
    pub(crate) rest: Option<Line>,
    /// What follows below.
    pub(crate) blocks: Vec<Block>,
}

/// Groups blocks under their labels. Emphasised words before a colon are a
/// label; plain ones, and those that begin a list's item, only when `known`. A
/// vocabulary that knows the empty label knows any.
pub(crate) fn fields(blocks: Vec<Block>, known: &dyn Fn(&str) -> bool) -> Vec<Field> {
    let mut grouping = Grouping::default();
    for block in blocks {
        match block {
            Block::Text(lines) => grouping.text(lines, known),
            Block::List(items) => {
                grouping.by_item = false;
                for item in items {
                    grouping.item(item, known);
                }
            }
            // What follows a break does not belong to the label before it.
            Block::Rule => grouping.begin(Field::default()),
            code @ Block::Code(_) => grouping.current.blocks.push(code),
        }
    }
    grouping.begin(Field::default());
    grouping.done
}

/// The label that a line starts with, and the rest of the line.
pub(crate) fn split_label(line: &Line, known: &dyn Fn(&str) -> bool) -> Option<(Label, Line)> {
    if line.bold > 0 {
        let bold = line.text.get(..line.bold)?;
        let after = line.text.get(line.bold..)?;
        let inside = bold.trim_end().ends_with([':', ':']);
        let outside = after.trim_start().starts_with([':', ':', '–', '—']);
        let alone = after.trim().is_empty() && known(&key(bold));
        let fits = bold.len() <= LONGEST_LABEL && !key(bold).is_empty();
        if !fits || !(inside || outside || alone) {
            return None;
        }
        let separator = if inside {
            0
        } else {
            let mark = after.trim_start().chars().next().map_or(0, char::len_utf8);
            after.len() - after.trim_start().len() + mark
        };
        return Some((
            Label::new(bold, line.offset),
            line.after(line.bold + separator),
        ));
    }

    plain_label(line, known)
}

/// A label without emphasis: known words before a colon or, when the
/// vocabulary is closed, alone on their line.
fn plain_label(line: &Line, known: &dyn Fn(&str) -> bool) -> Option<(Label, Line)> {
    let colon = line.text.find([':', ':']);
    let (before, after) = line
        .text
        .split_at_checked(colon.unwrap_or(line.text.len()))?;
    let mark = after.chars().next().map_or(0, char::len_utf8);
    let url = after.get(mark..).is_some_and(|rest| rest.starts_with("//"));
    if url || before.len() > LONGEST_LABEL || (colon.is_none() && known("")) {
        return None;
    }
    let name = key(before);
    let rest = || line.after(before.len() + mark);
    (!name.is_empty() && known(&name)).then(|| (Label::new(before, line.offset), rest()))
}

impl Label {
    /// A label as written at a place.
    pub(crate) fn new(text: &str, offset: usize) -> Self {
        let text = text.trim().trim_end_matches([':', ':']).trim_end();
        Self {
            text: text.to_owned(),
            key: key(text),
            offset,
        }
    }
}

impl Field {
    fn new(label: Label, rest: Line) -> Self {
        Self {
            label: Some(label),
            rest: (!rest.text.is_empty()).then_some(rest),
            blocks: Vec::new(),
        }
    }

    /// All lines of the content, those of lists and code among them.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self.rest.iter().cloned().collect();
        gather(&self.blocks, &mut lines);
        lines
    }

    fn is_empty(&self) -> bool {
        self.label.is_none() && self.rest.is_none() && self.blocks.is_empty()
    }
}

/// Blocks nest no deeper than the outline lets them, so this may recurse.
fn gather(blocks: &[Block], lines: &mut Vec<Line>) {
    for block in blocks {
        match block {
            Block::Text(text) => lines.extend(text.iter().cloned()),
            Block::List(items) => {
                for item in items {
                    gather(&item.blocks, lines);
                }
            }
            Block::Code(code) => lines.extend(code.lines.iter().cloned()),
            Block::Rule => {}
        }
    }
}

#[derive(Default)]
struct Grouping {
    done: Vec<Field>,
    current: Field,
    /// Whether the current field's label began an item of the current list: the
    /// items beside it are none of its content.
    by_item: bool,
}

impl Grouping {
    fn begin(&mut self, field: Field) {
        let ended = std::mem::replace(&mut self.current, field);
        if !ended.is_empty() {
            self.done.push(ended);
        }
    }

    fn text(&mut self, lines: Vec<Line>, known: &dyn Fn(&str) -> bool) {
        let mut paragraph = Vec::new();
        for line in lines {
            if let Some((label, rest)) = split_label(&line, known) {
                self.end_paragraph(&mut paragraph);
                self.begin(Field::new(label, rest));
            } else {
                paragraph.push(line);
            }
        }
        self.end_paragraph(&mut paragraph);
    }

    fn end_paragraph(&mut self, paragraph: &mut Vec<Line>) {
        if !paragraph.is_empty() {
            let lines = std::mem::take(paragraph);
            self.current.blocks.push(Block::Text(lines));
        }
    }

    fn item(&mut self, mut item: Item, known: &dyn Fn(&str) -> bool) {
        let lifted = lift(&mut item.blocks, known);
        let labelled = item
            .lines()
            .first()
            .and_then(|line| split_label(line, known))
            .filter(|(label, _)| known(&label.key));
        match labelled {
            Some((label, rest)) => self.labelled(item, label, rest),
            None => self.unlabelled(item),
        }
        if !lifted.is_empty() {
            self.text(lifted, known);
            self.by_item = false;
        }
    }

    fn labelled(&mut self, mut item: Item, label: Label, rest: Line) {
        if let Some(Block::Text(lines)) = item.blocks.first_mut() {
            lines.remove(0);
        }
        item.blocks
            .retain(|block| !matches!(block, Block::Text(lines) if lines.is_empty()));
        let mut field = Field::new(label, rest);
        field.blocks = item.blocks;
        self.begin(field);
        self.by_item = true;
    }

    fn unlabelled(&mut self, item: Item) {
        if self.by_item {
            self.begin(Field::default());
            self.by_item = false;
        }
        match self.current.blocks.last_mut() {
            Some(Block::List(items)) => items.push(item),
            _ => self.current.blocks.push(Block::List(vec![item])),
        }
    }
}

/// Takes out of an item the labels that stand at the margin right below it.
/// To Markdown they go on with the item's text, to their author they do not.
fn lift(blocks: &mut [Block], known: &dyn Fn(&str) -> bool) -> Vec<Line> {
    match blocks.last_mut() {
        Some(Block::Text(lines)) => {
            let label = |line: &Line| line.lazy && split_label(line, known).is_some();
            let at = lines.iter().position(label).unwrap_or(lines.len());
            lines.split_off(at)
        }
        Some(Block::List(items)) => items
            .last_mut()
            .map(|item| lift(&mut item.blocks, known))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}
