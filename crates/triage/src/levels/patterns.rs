//! Patterns over a reading: terms that must stand together.
//!
//! A term is a word, `@concept`, alternatives of them joined by `|`, `!term`
//! (must not be there), or `3+@people` (a number of at least three, then the
//! term within three words). Clauses that dismiss their topic are not searched.

use crate::text::{
    Mention, Reading,
    concepts::{Concept, Concepts, lexemes},
    lexicon::{NO_NUMBER, STOP},
};

/// How far behind a number its noun may stand.
const COUNT_REACH: usize = 3;

/// Where the terms of a pattern must stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// In one clause.
    Clause,
    /// In one sentence.
    Sentence,
    /// Anywhere.
    Text,
}

/// Terms that must stand together.
#[derive(Debug)]
pub(super) struct Pattern {
    scope: Scope,
    terms: Vec<Term>,
    absent: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    /// The least number that must stand before it.
    at_least: Option<u32>,
    keys: Vec<u64>,
    concepts: Vec<Concept>,
}

/// The words that met a pattern.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) words: String,
}

/// What stands anywhere in a text, to reject most patterns at a glance. A key
/// may seem to stand there that does not; the search then finds nothing.
#[derive(Debug)]
pub(super) struct Present {
    concepts: [u64; 8],
    keys: [u64; 64],
}

impl Present {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let mut present = Self {
            concepts: [0; 8],
            keys: [0; 64],
        };
        for clause in reading.clauses.iter().filter(|clause| !clause.dismissed) {
            for mention in reading.mentions_of(clause) {
                let (word, bit) = concept_bit(mention.concept);
                if let Some(bits) = present.concepts.get_mut(word) {
                    *bits |= bit;
                }
            }
            for unit in reading.units_of(clause) {
                let (word, bit) = key_bit(unit.key);
                if let Some(bits) = present.keys.get_mut(word) {
                    *bits |= bit;
                }
            }
        }
        present
    }

    fn may_have(&self, term: &Term) -> bool {
        let concept = |concept: &Concept| {
            let (word, bit) = concept_bit(*concept);
            self.concepts.get(word).is_some_and(|bits| bits & bit != 0)
        };
        let key = |key: &u64| {
            let (word, bit) = key_bit(*key);
            self.keys.get(word).is_some_and(|bits| bits & bit != 0)
        };
        term.concepts.iter().any(concept) || term.keys.iter().any(key)
    }
}

fn concept_bit(concept: Concept) -> (usize, u64) {
    (usize::from(concept / 64), 1 << (concept % 64))
}

fn key_bit(key: u64) -> (usize, u64) {
    (
        usize::try_from((key >> 6) & 63).unwrap_or(0),
        1 << (key & 63),
    )
}

/// Clauses `first..end` of a reading.
type Stretch = (usize, usize);

impl Pattern {
    pub(super) fn parse(text: &str, scope: Scope) -> Self {
        let (absent, terms): (Vec<&str>, Vec<&str>) = text
            .split_whitespace()
            .partition(|term| term.starts_with('!'));
        Self {
            scope,
            terms: terms.into_iter().map(Term::parse).collect(),
            absent: absent
                .into_iter()
                .map(|term| Term::parse(term.trim_start_matches('!')))
                .collect(),
        }
    }

    /// The telling words of a text, all of them, in one sentence.
    pub(super) fn of_words(words: &Reading<'_>) -> Self {
        let terms = super::rules::telling_keys(words)
            .into_iter()
            .map(|key| Term {
                at_least: None,
                keys: vec![key],
                concepts: Vec::new(),
            })
            .collect();
        Self {
            scope: Scope::Sentence,
            terms,
            absent: Vec::new(),
        }
    }

    /// The first place where all terms stand together.
    pub(super) fn find(&self, reading: &Reading<'_>, present: &Present) -> Option<Evidence> {
        if self.terms.is_empty() || !self.terms.iter().all(|term| present.may_have(term)) {
            return None;
        }
        let mut first = 0;
        let count = reading.clauses.len();
        while first < count {
            let end = self.end_of(reading, first);
            if let Some(evidence) = self.in_stretch(reading, (first, end)) {
                return Some(evidence);
            }
            first = end;
        }
        None
    }

    fn end_of(&self, reading: &Reading<'_>, first: usize) -> usize {
        match self.scope {
            Scope::Clause => first + 1,
            Scope::Text => reading.clauses.len(),
            Scope::Sentence => reading
                .clauses
                .iter()
                .enumerate()
                .skip(first)
                .find(|(_, clause)| clause.ends_sentence)
                .map_or(reading.clauses.len(), |(at, _)| at + 1),
        }
    }

    fn in_stretch(&self, reading: &Reading<'_>, stretch: Stretch) -> Option<Evidence> {
        let mut places = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            places.push(term.place(reading, stretch)?);
        }
        if self
            .absent
            .iter()
            .any(|term| term.place(reading, stretch).is_some())
        {
            return None;
        }
        Some(Evidence::spanning(reading, &places))
    }
}

impl Term {
    fn parse(text: &str) -> Self {
        let (at_least, text) = match text.split_once('+') {
            Some((number, text)) if number.parse::<u32>().is_ok() => (number.parse().ok(), text),
            _ => (None, text),
        };
        let mut term = Self {
            at_least,
            keys: Vec::new(),
            concepts: Vec::new(),
        };
        for word in text.split('|') {
            match word.strip_prefix('@') {
                Some(name) => term.concepts.extend(Concepts::shipped().named(name)),
                None => term
                    .keys
                    .extend(lexemes(word).iter().map(|lexeme| lexeme.key)),
            }
        }
        term
    }

    /// The first and last unit that meet the term.
    fn place(&self, reading: &Reading<'_>, stretch: Stretch) -> Option<(usize, usize)> {
        let clauses = reading.clauses.get(stretch.0..stretch.1)?;
        clauses
            .iter()
            .filter(|clause| !clause.dismissed)
            .find_map(|clause| {
                let mention = reading
                    .mentions_of(clause)
                    .iter()
                    .filter(|mention| self.concepts.contains(&mention.concept))
                    .map(places)
                    .find(|&(first, last)| self.counted(reading, clause.first, first, last));
                mention.or_else(|| {
                    reading
                        .units_of(clause)
                        .iter()
                        .enumerate()
                        .filter(|(_, unit)| self.keys.contains(&unit.key))
                        .map(|(at, _)| (clause.first + at, clause.first + at))
                        .find(|&(first, last)| self.counted(reading, clause.first, first, last))
                })
            })
    }

    /// Whether the number that the term asks for stands shortly before it.
    fn counted(&self, reading: &Reading<'_>, from: usize, first: usize, _last: usize) -> bool {
        let Some(least) = self.at_least else {
            return true;
        };
        reading
            .units
            .get(first.saturating_sub(COUNT_REACH).max(from)..first)
            .unwrap_or_default()
            .iter()
            .any(|unit| unit.number != NO_NUMBER && unit.number >= least)
    }
}

fn places(mention: &Mention) -> (usize, usize) {
    (
        usize::try_from(mention.first).unwrap_or(usize::MAX),
        usize::try_from(mention.last).unwrap_or(usize::MAX),
    )
}

impl Evidence {
    /// The words from the first to the last place, when they are near, or the
    /// words at each place.
    fn spanning(reading: &Reading<'_>, places: &[(usize, usize)]) -> Self {
        let first = places.iter().map(|place| place.0).min().unwrap_or(0);
        let last = places.iter().map(|place| place.1).max().unwrap_or(0);
        let in_title = |unit: usize| {
            reading
                .clauses
                .iter()
                .find(|clause| (clause.first..clause.end).contains(&unit))
                .is_some_and(|clause| clause.in_title)
        };
        if last - first <= 14 && in_title(first) == in_title(last) {
            return Self {
                words: reading.words(in_title(first), first, last).to_owned(),
            };
        }
        let mut sorted = places.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let words: Vec<_> = sorted
            .into_iter()
            .map(|(first, last)| reading.words(in_title(first), first, last))
            .collect();
        Self {
            words: words.join(" … "),
        }
    }

    /// The first clause of a text, for a text that is met as a whole.
    pub(super) fn whole(reading: &Reading<'_>) -> Self {
        let clause = reading
            .clauses
            .iter()
            .find(|clause| {
                reading
                    .units_of(clause)
                    .iter()
                    .any(|unit| unit.role & STOP == 0)
            })
            .or_else(|| reading.clauses.first());
        let words = clause.map_or("", |clause| {
            reading.words(clause.in_title, clause.first, clause.end.saturating_sub(1))
        });
        Self {
            words: words.to_owned(),
        }
    }

    /// Joins the words of two findings.
    pub(super) fn and(&self, words: &str) -> Self {
        Self {
            words: format!("{} … {words}", self.words),
        }
    }
}
