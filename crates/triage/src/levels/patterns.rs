//! Patterns over a reading: terms that must stand together.
//!
//! Clauses that dismiss their topic are not searched, nor, for kinds that must
//! be stated, those that only suppose something ("if the site goes down").

use std::sync::OnceLock;

use super::terms::{Bits, Term};
use crate::text::{
    Mention, Reading, Unit,
    concepts::{Concept, Concepts},
    lexicon::{STOP, stem_key},
};

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

/// Which clauses count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counting {
    /// Those that neither dismiss nor suppose.
    Stated,
    /// Those that do not dismiss.
    Mentioned,
    /// All: for what speaks against a trigger.
    Any,
}

/// Terms that must stand together.
#[derive(Debug)]
pub(super) struct Pattern {
    scope: Scope,
    counting: Counting,
    terms: Vec<Term>,
    absent: Vec<Term>,
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
    /// For each clause whether it only supposes what it says.
    supposes: Vec<bool>,
    /// Mentions of the level rules' own concepts, and where each clause's end.
    mentions: Vec<Mention>,
    ends: Vec<usize>,
    /// What may stand in each clause.
    bits: Vec<Bits>,
}

impl Present {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let mut present = Self {
            concepts: [0; 8],
            keys: [0; 64],
            supposes: reading
                .clauses
                .iter()
                .map(|clause| supposes(reading.units_of(clause), clause.question))
                .collect(),
            mentions: Vec::with_capacity(32),
            ends: Vec::with_capacity(reading.clauses.len()),
            bits: Vec::with_capacity(reading.clauses.len()),
        };
        for clause in &reading.clauses {
            let start = present.mentions.len();
            let units = reading.units_of(clause);
            Concepts::of_levels().mentions(units, clause.first, 0, &mut present.mentions);
            present.ends.push(present.mentions.len());
            let own = present.mentions.get(start..).unwrap_or_default();
            let mut bits = Bits::default();
            for mention in reading.mentions_of(clause).iter().chain(own) {
                bits.add_concept(mention.concept);
                let (word, bit) = concept_bit(mention.concept);
                if let Some(bits) = present.concepts.get_mut(word) {
                    *bits |= bit;
                }
            }
            for unit in reading.units_of(clause) {
                bits.add_key(unit.key);
                let (word, bit) = key_bit(unit.key);
                if let Some(bits) = present.keys.get_mut(word) {
                    *bits |= bit;
                }
            }
            present.bits.push(bits);
        }
        present
    }

    fn may_have_in(&self, clause: usize, term: &Term) -> bool {
        self.bits
            .get(clause)
            .is_some_and(|bits| term.may_stand_in(*bits))
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

    /// The mentions of the level rules' own concepts in a clause.
    pub(super) fn mentions_of(&self, clause: usize) -> &[Mention] {
        let end = |clause: usize| self.ends.get(clause).copied();
        let start = clause.checked_sub(1).and_then(end).unwrap_or(0);
        let mentions = end(clause).and_then(|end| self.mentions.get(start..end));
        mentions.unwrap_or_default()
    }

    /// Whether a clause only supposes what it says.
    pub(super) fn supposes(&self, clause: usize) -> bool {
        self.supposes.get(clause).copied().unwrap_or(false)
    }
}

/// "If your site goes down …", "will the shop be closed?"; but "if I open the
/// page it is blank" tells what happened.
fn supposes(units: &[Unit], question: bool) -> bool {
    static WORDS: OnceLock<[Vec<u64>; 4]> = OnceLock::new();
    let [supposing, telling, future, not] = WORDS.get_or_init(|| {
        [
            "if suppose assuming whether",
            "i we you",
            "will would",
            "not",
        ]
        .map(|words| words.split(' ').map(stem_key).collect())
    });
    units.iter().enumerate().any(|(at, unit)| {
        let next = units.get(at + 1).map(|unit| unit.key);
        let before = |words: &[u64]| next.is_some_and(|next| words.contains(&next));
        supposing.contains(&unit.key) && !before(telling)
            || question && future.contains(&unit.key) && !before(not)
    })
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
    pub(super) fn parse(text: &str, scope: Scope, counting: Counting) -> Self {
        let (absent, terms): (Vec<&str>, Vec<&str>) = text
            .split_whitespace()
            .partition(|term| term.starts_with('!'));
        Self {
            scope,
            counting,
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
            .map(Term::of_key)
            .collect();
        Self {
            scope: Scope::Sentence,
            counting: Counting::Mentioned,
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
            if let Some(evidence) = self.in_stretch(reading, present, (first, end)) {
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

    fn in_stretch(
        &self,
        reading: &Reading<'_>,
        present: &Present,
        stretch: Stretch,
    ) -> Option<Evidence> {
        let place = |term: &Term| {
            (stretch.0..stretch.1)
                .filter(|clause| present.may_have_in(*clause, term))
                .filter(|clause| self.counts(reading, present, *clause))
                .filter_map(|at| Some((at, reading.clauses.get(at)?)))
                .find_map(|(at, clause)| term.place(reading, clause, present.mentions_of(at)))
        };
        let mut places = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            places.push(place(term)?);
        }
        if self.absent.iter().any(|term| place(term).is_some()) {
            return None;
        }
        Some(Evidence::spanning(reading, &places))
    }

    fn counts(&self, reading: &Reading<'_>, present: &Present, clause: usize) -> bool {
        let dismissed = || {
            let clause = reading.clauses.get(clause);
            clause.is_some_and(|clause| clause.dismissed)
        };
        match self.counting {
            Counting::Any => true,
            Counting::Mentioned => !dismissed(),
            Counting::Stated => !dismissed() && !present.supposes(clause),
        }
    }
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
