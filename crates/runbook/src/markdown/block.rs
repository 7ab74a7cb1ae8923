//! What the outline is made of.

/// One line of text, its markup removed (inline code keeps its backticks).
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// The text.
    pub(crate) text: String,
    /// Where it starts in the source's text.
    pub(crate) offset: usize,
    /// So many bytes at its beginning are emphasised.
    pub(crate) bold: usize,
    /// Where its pieces start: in the text, and in the source's text. Markup
    /// between them makes the two drift apart.
    pub(crate) pieces: Vec<(usize, usize)>,
    /// Whether it stands at the margin though it is inside a list or quote:
    /// Markdown lets a line go on with the paragraph above it so.
    pub(crate) lazy: bool,
}

/// A block of a section.
#[derive(Debug)]
pub(crate) enum Block {
    /// A paragraph.
    Text(Vec<Line>),
    /// A list.
    List(Vec<Item>),
    /// A code block.
    Code(Code),
    /// A thematic break.
    Rule,
}

/// An item of a list.
#[derive(Debug, Default)]
pub(crate) struct Item {
    /// Where it starts.
    pub(crate) offset: usize,
    /// Its text, code and the lists under it.
    pub(crate) blocks: Vec<Block>,
}

/// A code block.
#[derive(Debug)]
pub(crate) struct Code {
    /// The word after the fence, in lower case.
    pub(crate) language: String,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
    /// Where it starts.
    pub(crate) offset: usize,
}

impl Line {
    /// A line that is in the source just as it is here.
    pub(crate) fn plain(text: &str, offset: usize) -> Self {
        Self {
            text: text.to_owned(),
            offset,
            ..Self::default()
        }
    }

    /// The line without its first bytes and the blanks after them; nothing
    /// when they end inside a character.
    pub(crate) fn after(&self, bytes: usize) -> Self {
        let rest = self.text.get(bytes..).unwrap_or_default();
        let start = bytes + (rest.len() - rest.trim_start().len());
        let inside = |(at, place): &(usize, usize)| Some((at.checked_sub(start)?, *place));
        Self {
            text: rest.trim().to_owned(),
            offset: self.place(start),
            bold: 0,
            lazy: false,
            pieces: self.pieces.iter().filter_map(inside).collect(),
        }
    }

    /// Where a byte of the text stands in the source's text.
    pub(crate) fn place(&self, byte: usize) -> usize {
        let passed = self.pieces.partition_point(|(at, _)| *at <= byte);
        let piece = passed.checked_sub(1).and_then(|last| self.pieces.get(last));
        let (at, place) = piece.copied().unwrap_or((0, self.offset));
        place + (byte - at)
    }
}

impl Item {
    /// The item's own lines: those of its first paragraph.
    pub(crate) fn lines(&self) -> &[Line] {
        match self.blocks.first() {
            Some(Block::Text(lines)) => lines,
            _ => &[],
        }
    }
}

/// Lines joined into one text.
pub(crate) fn joined(lines: &[Line]) -> String {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    texts.join(" ")
}
