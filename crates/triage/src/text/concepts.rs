//! Concepts: what different words and phrases of the vocabulary mean alike.

use std::sync::OnceLock;

use super::{
    lexicon::{LIGHT, Lexeme, Lexicon, OwnWords, Scratch},
    reading::{Mention, Unit},
    words::{Piece, for_each_piece},
};
use crate::{
    data,
    hash::{self, HashedMap},
};

/// How many light words may stand between two words of a phrase.
const WIDEST_GAP: usize = 2;

/// A concept's number.
pub(crate) type Concept = u16;

/// From this number on are the concepts of the level rules alone.
const OF_LEVELS: Concept = 320;

/// The phrases of the vocabulary and the concepts that they name.
#[derive(Debug, Default)]
pub(crate) struct Concepts {
    names: Vec<&'static str>,
    /// The first concept's number.
    first: Concept,
    /// Phrases of one word, by its key.
    single: HashedMap<Vec<Concept>>,
    /// Longer phrases, by the keys of their first two words.
    longer: HashedMap<Vec<Phrase>>,
}

#[derive(Debug)]
struct Phrase {
    /// The keys behind the first two words.
    rest: Vec<u64>,
    concept: Concept,
}

impl Concepts {
    /// The shipped concepts.
    pub(crate) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Concepts> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::read(data::CONCEPTS, 0))
    }

    /// Synonyms for the names of labels.
    pub(crate) fn synonyms() -> &'static Self {
        static SYNONYMS: OnceLock<Concepts> = OnceLock::new();
        SYNONYMS.get_or_init(|| Self::read(data::SYNONYMS, 0))
    }

    /// Concepts that the level rules alone look for.
    pub(crate) fn of_levels() -> &'static Self {
        static OF_LEVEL_RULES: OnceLock<Concepts> = OnceLock::new();
        OF_LEVEL_RULES.get_or_init(|| Self::read(data::LEVEL_WORDS, OF_LEVELS))
    }

    fn read(file: &'static str, first: Concept) -> Self {
        let mut concepts = Self {
            first,
            ..Self::default()
        };
        for (name, phrases) in data::sections(file) {
            let concept = concepts.add(name);
            for phrase in phrases.split(',') {
                concepts.add_phrase(concept, phrase);
            }
        }
        concepts
    }

    fn add(&mut self, name: &'static str) -> Concept {
        let place = self.names.iter().position(|known| *known == name);
        let place = place.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        self.number(place)
    }

    fn number(&self, place: usize) -> Concept {
        Concept::try_from(place).map_or(Concept::MAX, |place| self.first.saturating_add(place))
    }

    fn add_phrase(&mut self, concept: Concept, phrase: &str) {
        let keys: Vec<u64> = lexemes(phrase).iter().map(|lexeme| lexeme.key).collect();
        match keys.as_slice() {
            [] => {}
            [only] => self.single.entry(*only).or_default().push(concept),
            [first, second, rest @ ..] => {
                self.longer
                    .entry(hash::join(*first, *second))
                    .or_default()
                    .push(Phrase {
                        rest: rest.to_vec(),
                        concept,
                    });
            }
        }
    }

    /// The concept of a name in the data.
    pub(crate) fn named(&self, name: &str) -> Option<Concept> {
        self.names
            .iter()
            .position(|known| *known == name)
            .map(|place| self.number(place))
    }

    /// Finds the phrases in a clause's units; `offset` is the first unit's place.
    pub(crate) fn mentions(
        &self,
        units: &[Unit],
        offset: usize,
        clause: u16,
        found: &mut Vec<Mention>,
    ) {
        for (first, unit) in units.iter().enumerate() {
            let mut push = |concept: Concept, last: usize| {
                found.push(Mention {
                    concept,
                    clause,
                    first: u32::try_from(offset + first).unwrap_or(u32::MAX),
                    last: u32::try_from(offset + last).unwrap_or(u32::MAX),
                });
            };
            for &concept in self.single.get(&unit.key).into_iter().flatten() {
                push(concept, first);
            }
            for second in following(units, first) {
                let Some(next) = units.get(second) else {
                    break;
                };
                for phrase in self
                    .longer
                    .get(&hash::join(unit.key, next.key))
                    .into_iter()
                    .flatten()
                {
                    if let Some(last) = end_of(&phrase.rest, units, second) {
                        push(phrase.concept, last);
                    }
                }
            }
        }
    }
}

/// The places that may follow a word of a phrase: the next one, and further
/// ones behind light words.
fn following(units: &[Unit], at: usize) -> impl Iterator<Item = usize> + '_ {
    let mut open = true;
    (at + 1..=at + 1 + WIDEST_GAP).take_while(move |&place| {
        let here = open;
        open = units.get(place).is_some_and(|unit| unit.role & LIGHT != 0);
        here
    })
}

/// The place of the last word, when the rest of a phrase follows.
fn end_of(rest: &[u64], units: &[Unit], at: usize) -> Option<usize> {
    let Some((key, rest)) = rest.split_first() else {
        return Some(at);
    };
    following(units, at)
        .find(|&place| units.get(place).is_some_and(|unit| unit.key == *key))
        .and_then(|place| end_of(rest, units, place))
}

/// The lexemes of a phrase of the data.
pub(crate) fn lexemes(phrase: &str) -> Vec<Lexeme> {
    let lexicon = Lexicon::shipped();
    let own = OwnWords::default();
    let mut scratch = Scratch::default();
    let mut lexemes = Vec::new();
    for word in phrase.split_whitespace() {
        // Names of the data such as "_5xx" stand for themselves.
        if word.starts_with('_') {
            lexemes.push(Lexeme {
                key: hash::of(word),
                number: super::lexicon::NO_NUMBER,
                role: 0,
            });
            continue;
        }
        for_each_piece(word, |piece| {
            if let Piece::Word { text, .. } = piece {
                lexicon.resolve(&own, text, &mut scratch, |lexeme| lexemes.push(lexeme));
            }
            true
        });
    }
    lexemes
}
