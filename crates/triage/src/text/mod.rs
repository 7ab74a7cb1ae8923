//! A ticket's text as units: words in their normal form, in clauses, with
//! spelling put right, Romanised Nepali read as English, the concepts that
//! they name, and the clauses that only dismiss a topic.

pub(crate) mod concepts;
mod dismissal;
pub(crate) mod lexicon;
mod nepali;
mod numbers;
pub(crate) mod reading;
mod spelling;
pub(crate) mod words;

pub(crate) use reading::{Mention, Reading, Unit};

#[cfg(test)]
mod tests;
