//! The document as headings with the blocks under them.

mod builder;

use super::{
    block::{Block, Line},
    source::Source,
};

/// A heading with what stands under it, up to the next heading.
#[derive(Debug)]
pub(crate) struct Section {
    /// 1 to 6.
    pub(crate) level: u8,
    /// The heading's text.
    pub(crate) heading: Line,
    /// What stands under it.
    pub(crate) blocks: Vec<Block>,
}

/// A whole document.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// What stands before the first heading.
    pub(crate) preamble: Vec<Block>,
    /// The headings, in order.
    pub(crate) sections: Vec<Section>,
    /// What cannot be read as text.
    pub(crate) oddities: Vec<(usize, Oddity)>,
}

/// Markdown that does not do what its author meant, or that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// A fence without its end: what follows is code.
    UnclosedFence,
    /// `<!--` without its end: what follows is a comment.
    UnclosedComment,
    /// A block of HTML.
    Html,
    /// Lists or quotes nested too deeply.
    TooDeep,
    /// `[name]: target` that no link uses: Markdown shows nothing of it.
    UnusedDefinition,
}

/// Reads the document.
pub(crate) fn outline(source: &Source) -> Outline {
    builder::build(source.text())
}
