//! A text as it was read: units in clauses, and the concepts they mention.

use super::{
    concepts::{Concept, Concepts},
    dismissal,
    lexicon::{CONTRAST, Lexeme, Lexicon, NAMED, NO_NUMBER, OwnWords, Scratch},
    words::{Piece, for_each_piece},
};
use crate::hash;

/// At most this many units are read of a title and a body together: what a
/// ticket is about stands within its first thousand words or two.
const MOST_UNITS: usize = 2048;
/// A clause longer than this is cut: phrases do not span so far.
const LONGEST_CLAUSE: usize = 48;

/// A word of the text in its normal form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    /// The hash of the stem.
    pub(crate) key: u64,
    /// The number that it says, or [`NO_NUMBER`].
    pub(crate) number: u32,
    /// Where the word begins and ends in the title or body, in bytes.
    pub(crate) at: u32,
    pub(crate) end: u32,
    /// Roles as in [`super::lexicon`].
    pub(crate) role: u8,
}

/// A stretch of units between breaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clause {
    /// Its units are `first..end`.
    pub(crate) first: usize,
    pub(crate) end: usize,
    /// Its mentions are `first_mention..end_mention`.
    pub(crate) first_mention: usize,
    pub(crate) end_mention: usize,
    pub(crate) in_title: bool,
    pub(crate) question: bool,
    /// Whether "but" or the like stands behind it.
    pub(crate) before_contrast: bool,
    /// Whether it ends a sentence.
    pub(crate) ends_sentence: bool,
    /// Whether it only says that its topic is not the matter.
    pub(crate) dismissed: bool,
}

/// A concept that some units name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) concept: Concept,
    pub(crate) clause: u16,
    /// The first and the last unit.
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// A ticket's text, read.
#[derive(Debug)]
pub(crate) struct Reading<'t> {
    pub(crate) title: &'t str,
    pub(crate) body: &'t str,
    pub(crate) units: Vec<Unit>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) mentions: Vec<Mention>,
}

impl<'t> Reading<'t> {
    /// Reads a title and a body.
    pub(crate) fn new(own: &OwnWords, title: &'t str, body: &'t str) -> Self {
        let mut reader = Reader {
            lexicon: Lexicon::shipped(),
            concepts: Concepts::shipped(),
            own,
            scratch: Scratch::default(),
            in_title: true,
            start: 0,
            reading: Self {
                title,
                body,
                units: Vec::with_capacity(128),
                clauses: Vec::with_capacity(16),
                mentions: Vec::with_capacity(128),
            },
        };
        reader.read(title);
        reader.in_title = false;
        reader.read(body);
        let mut reading = reader.reading;
        dismissal::mark(&mut reading);
        reading
    }

    /// The units of a clause.
    pub(crate) fn units_of(&self, clause: &Clause) -> &[Unit] {
        self.units.get(clause.first..clause.end).unwrap_or_default()
    }

    /// The mentions of a clause.
    pub(crate) fn mentions_of(&self, clause: &Clause) -> &[Mention] {
        self.mentions
            .get(clause.first_mention..clause.end_mention)
            .unwrap_or_default()
    }

    /// The words between two units of one clause, as written.
    pub(crate) fn words(&self, in_title: bool, first: usize, last: usize) -> &'t str {
        let text = if in_title { self.title } else { self.body };
        let at = |place: usize| self.units.get(place);
        let (Some(first), Some(last)) = (at(first), at(last)) else {
            return "";
        };
        match (usize::try_from(first.at), usize::try_from(last.end)) {
            (Ok(start), Ok(end)) => text.get(start..end.max(start)).unwrap_or_default(),
            _ => "",
        }
    }
}

struct Reader<'t, 'w> {
    lexicon: &'static Lexicon,
    concepts: &'static Concepts,
    own: &'w OwnWords,
    scratch: Scratch,
    in_title: bool,
    /// The first unit of the open clause.
    start: usize,
    reading: Reading<'t>,
}

impl Reader<'_, '_> {
    fn read(&mut self, text: &str) {
        for_each_piece(text, |piece| {
            match piece {
                Piece::Word { text, at } => self.word(text, at),
                Piece::Named { name, text, at } => {
                    let lexeme = Lexeme {
                        key: hash::of(name),
                        number: NO_NUMBER,
                        role: NAMED,
                    };
                    self.push(lexeme, at, at + text.len());
                }
                Piece::Comma => self.close(false, false),
                Piece::Stop { question } => self.close(question, true),
            }
            self.reading.units.len() < MOST_UNITS
        });
        self.close(false, true);
    }

    fn word(&mut self, text: &str, at: usize) {
        let mut scratch = std::mem::take(&mut self.scratch);
        let lexicon = self.lexicon;
        let own = self.own;
        lexicon.resolve(own, text, &mut scratch, |lexeme| {
            if lexeme.role & CONTRAST != 0 {
                self.close(false, false);
                if let Some(before) = self.reading.clauses.last_mut() {
                    before.before_contrast = true;
                }
            } else {
                self.push(lexeme, at, at + text.len());
            }
        });
        self.scratch = scratch;
    }

    fn push(&mut self, lexeme: Lexeme, at: usize, end: usize) {
        self.reading.units.push(Unit {
            key: lexeme.key,
            number: lexeme.number,
            at: u32::try_from(at).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
            role: lexeme.role,
        });
        if self.reading.units.len() - self.start >= LONGEST_CLAUSE {
            self.close(false, false);
        }
    }

    fn close(&mut self, question: bool, ends_sentence: bool) {
        let end = self.reading.units.len();
        if end == self.start {
            // "… ?!" and blank lines still end the sentence before.
            if let Some(clause) = self.reading.clauses.last_mut() {
                clause.question |= question && clause.in_title == self.in_title;
                clause.ends_sentence |= ends_sentence;
            }
            return;
        }
        let number = u16::try_from(self.reading.clauses.len()).unwrap_or(u16::MAX);
        let first_mention = self.reading.mentions.len();
        let units = self.reading.units.get(self.start..end).unwrap_or_default();
        self.concepts
            .mentions(units, self.start, number, &mut self.reading.mentions);
        self.reading.clauses.push(Clause {
            first: self.start,
            end,
            first_mention,
            end_mention: self.reading.mentions.len(),
            in_title: self.in_title,
            question,
            before_contrast: false,
            ends_sentence,
            dismissed: false,
        });
        self.start = end;
    }
}
