//! Markdown to sections of plain blocks that keep their places.

mod block;
mod field;
mod inline;
mod mojibake;
mod outline;
mod source;

pub(crate) use block::{Block, Code, Item, Line};
pub(crate) use field::{Field, Label, fields, split_label};
pub(crate) use outline::{Oddity, Outline, Section, outline};
pub(crate) use source::Source;

#[cfg(test)]
mod tests;
