//! Terms of a pattern.
//!
//! A term is a word, `@concept`, or alternatives of them joined by `|`;
//! `3+@people` asks for a number of at least three within three words before,
//! `^@hacked` that it is not denied ("was not hacked"), `~@down` that it is. The
//! pattern takes `!term` for what must not be there.

use std::sync::OnceLock;

use crate::text::{
    Mention, Reading,
    concepts::{Concept, Concepts, lexemes},
    lexicon::{NO_NUMBER, STOP, stem_key},
    reading::Clause,
};

/// How far behind a number its noun may stand.
const COUNT_REACH: usize = 3;

#[derive(Debug)]
pub(super) struct Term {
    /// The least number that must stand before it.
    at_least: Option<u32>,
    /// Whether it must be denied, or must not be.
    denied: Option<bool>,
    pub(super) keys: Vec<u64>,
    pub(super) concepts: Vec<Concept>,
    bits: Bits,
}

/// One bit for each word and each concept of a term or of a clause; a clause
/// without any bit of a term does not have it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bits {
    keys: u64,
    concepts: u64,
}

impl Bits {
    pub(super) fn add_key(&mut self, key: u64) {
        self.keys |= 1 << (key >> 58);
    }

    pub(super) fn add_concept(&mut self, concept: Concept) {
        self.concepts |= 1 << (concept % 64);
    }
}

impl Term {
    pub(super) fn of_key(key: u64) -> Self {
        let mut term = Self {
            at_least: None,
            denied: None,
            keys: vec![key],
            concepts: Vec::new(),
            bits: Bits::default(),
        };
        term.bits.add_key(key);
        term
    }

    /// Whether what has these bits may meet the term.
    pub(super) fn may_stand_in(&self, bits: Bits) -> bool {
        self.bits.keys & bits.keys != 0 || self.bits.concepts & bits.concepts != 0
    }

    pub(super) fn parse(text: &str) -> Self {
        let (denied, text) = match (text.strip_prefix('~'), text.strip_prefix('^')) {
            (Some(text), _) => (Some(true), text),
            (_, Some(text)) => (Some(false), text),
            _ => (None, text),
        };
        let (at_least, text) = match text.split_once('+') {
            Some((number, text)) if number.parse::<u32>().is_ok() => (number.parse().ok(), text),
            _ => (None, text),
        };
        let mut term = Self {
            at_least,
            denied,
            keys: Vec::new(),
            concepts: Vec::new(),
            bits: Bits::default(),
        };
        for word in text.split('|') {
            match word.strip_prefix('@') {
                Some(name) => term.concepts.extend(
                    Concepts::shipped()
                        .named(name)
                        .or_else(|| Concepts::of_levels().named(name)),
                ),
                None => term
                    .keys
                    .extend(lexemes(word).iter().map(|lexeme| lexeme.key)),
            }
        }
        for key in &term.keys {
            term.bits.add_key(*key);
        }
        for concept in &term.concepts {
            term.bits.add_concept(*concept);
        }
        term
    }

    /// The first and last unit of a clause that meet the term; `mentions` are
    /// those of the level rules' own concepts.
    pub(super) fn place(
        &self,
        reading: &Reading<'_>,
        clause: &Clause,
        mentions: &[Mention],
    ) -> Option<(usize, usize)> {
        let fits = |&(first, _): &(usize, usize)| {
            self.counted(reading, clause.first, first)
                && self
                    .denied
                    .is_none_or(|denied| denied == is_denied(reading, clause.first, first))
        };
        let mention = reading
            .mentions_of(clause)
            .iter()
            .chain(mentions)
            .filter(|mention| self.concepts.contains(&mention.concept))
            .map(places)
            .find(fits);
        mention.or_else(|| {
            reading
                .units_of(clause)
                .iter()
                .enumerate()
                .filter(|(_, unit)| self.keys.contains(&unit.key))
                .map(|(at, _)| (clause.first + at, clause.first + at))
                .find(fits)
        })
    }

    /// Whether the number that the term asks for stands shortly before it.
    fn counted(&self, reading: &Reading<'_>, from: usize, first: usize) -> bool {
        self.at_least
            .is_none_or(|least| is_counted(reading, from, first, least))
    }
}

/// Whether a number of at least `least` stands shortly before a place, `from` or
/// behind it.
pub(super) fn is_counted(reading: &Reading<'_>, from: usize, first: usize, least: u32) -> bool {
    reading
        .units
        .get(first.saturating_sub(COUNT_REACH).max(from)..first)
        .unwrap_or_default()
        .iter()
        .any(|unit| unit.number != NO_NUMBER && unit.number >= least)
}

/// "Not hacked", "was never really hacked", "nobody hacked me": a denial right
/// before, stop words aside.
pub(super) fn is_denied(reading: &Reading<'_>, from: usize, first: usize) -> bool {
    static WORDS: OnceLock<[u64; 5]> = OnceLock::new();
    let denials = WORDS.get_or_init(|| ["not", "never", "nobody", "no", "nothing"].map(stem_key));
    let before = reading.units.get(from..first).unwrap_or_default();
    before
        .iter()
        .rev()
        .take(3)
        .find(|unit| unit.role & STOP == 0)
        .is_some_and(|unit| denials.contains(&unit.key))
}

fn places(mention: &Mention) -> (usize, usize) {
    (
        usize::try_from(mention.first).unwrap_or(usize::MAX),
        usize::try_from(mention.last).unwrap_or(usize::MAX),
    )
}
