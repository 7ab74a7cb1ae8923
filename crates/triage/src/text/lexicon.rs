//! From a word as written to its normal form: contractions and chat forms are
//! spelled out, Romanised Nepali is read as English, inflections are stemmed
//! (Snowball), and what is still unknown is repaired when a known word is near.

use std::{collections::HashMap, sync::OnceLock};

use frostem::{Algorithm, Stemmer};

use super::{
    nepali,
    numbers::number,
    spelling::Speller,
    words::{Piece, for_each_piece},
};
use crate::{
    data,
    hash::{self, HashedMap},
};

/// A word in its normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lexeme {
    /// The hash of the stem.
    pub(crate) key: u64,
    /// The number that the word says, or [`NO_NUMBER`].
    pub(crate) number: u32,
    /// How the word is used, see the constants of this module.
    pub(crate) role: u8,
}

/// A word that says nothing by itself (articles, pronouns, forms of "be").
pub(crate) const STOP: u8 = 1;
/// A word that may stand inside a phrase (stop words and prepositions).
pub(crate) const LIGHT: u8 = 2;
/// "but" and the like: begins a clause that outweighs the one before.
pub(crate) const CONTRAST: u8 = 4;
/// Not known as written.
pub(crate) const REPAIRED: u8 = 8;
/// The word is not known at all.
pub(crate) const UNKNOWN: u8 = 16;
/// An address, a link, an order number or a marker: no word at all.
pub(crate) const NAMED: u8 = 32;

/// Stands for "says no number".
pub(crate) const NO_NUMBER: u32 = u32::MAX;

/// All known words. The shipped vocabulary is built once per process.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Known words by the hash of what is written.
    exact: HashedMap<(u32, u32)>,
    /// Nepali words by the hash of their canonical form.
    canonical: HashedMap<(u32, u32)>,
    lexemes: Vec<Lexeme>,
    stems: HashedMap<()>,
    roles: HashedMap<u8>,
    speller: Speller,
}

/// Words that a runbook knows beyond the shipped vocabulary.
#[derive(Debug, Default)]
pub(crate) struct OwnWords {
    stems: HashedMap<()>,
    speller: Speller,
}

/// Space that reading a text needs again for each word.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    lower: String,
    other: String,
}

impl Lexicon {
    /// The shipped vocabulary.
    pub(crate) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Lexicon> = OnceLock::new();
        SHIPPED.get_or_init(Self::build)
    }

    fn build() -> Self {
        let mut lexicon = Self {
            exact: HashedMap::default(),
            canonical: HashedMap::default(),
            lexemes: Vec::new(),
            stems: HashedMap::default(),
            roles: HashedMap::default(),
            speller: Speller::default(),
        };
        for (role, words) in data::sections(data::ROLES) {
            let role = match role {
                "stop" => STOP | LIGHT,
                "light" => LIGHT,
                _ => CONTRAST,
            };
            for word in words.split_whitespace() {
                *lexicon.roles.entry(hash::of(word)).or_default() |= role;
            }
        }
        for (number, words) in data::sections(data::NUMBERS) {
            for word in words.split_whitespace() {
                let mut lexeme = lexicon.english(word);
                lexeme.number = number.parse().unwrap_or(NO_NUMBER);
                lexicon.insert(word, &[lexeme]);
            }
        }
        for (variants, expansion) in data::equations(data::FORMS) {
            let lexemes: Vec<_> = expansion
                .split_whitespace()
                .map(|word| lexicon.english(word))
                .collect();
            for variant in variants.split_whitespace() {
                lexicon.insert(variant, &lexemes);
            }
        }
        lexicon.learn_words();
        lexicon.learn_nepali();
        lexicon
    }

    /// Learns every English word of the data; how often each is used there
    /// decides between spellings that are equally near.
    fn learn_words(&mut self) {
        let mut uses: HashMap<String, u32> = HashMap::new();
        let mut scratch = Scratch::default();
        for text in data::english_texts() {
            for_each_piece(text, |piece| {
                if let Piece::Word { text, .. } = piece {
                    lower(text, &mut scratch.lower);
                    *uses.entry(scratch.lower.clone()).or_default() += 1;
                }
                true
            });
        }
        let mut uses: Vec<_> = uses.into_iter().collect();
        uses.sort_unstable();
        for (word, count) in uses {
            let is_word = word.chars().all(char::is_alphabetic);
            if is_word && !self.exact.contains_key(&hash::of(&word)) {
                let lexeme = self.english(&word);
                self.insert(&word, &[lexeme]);
            }
            if is_word {
                self.speller.add(&word, count);
            }
        }
    }

    fn learn_nepali(&mut self) {
        let mut form = String::new();
        for (gloss, variants) in data::sections(data::NEPALI) {
            let lexemes: Vec<_> = gloss
                .split_whitespace()
                .map(|word| self.english(word))
                .collect();
            for variant in variants.split_whitespace() {
                if !self.exact.contains_key(&hash::of(variant)) {
                    self.insert(variant, &lexemes);
                }
                nepali::canonical(variant, &mut form);
                let range = self.store(&lexemes);
                self.canonical.entry(hash::of(&form)).or_insert(range);
            }
        }
    }

    fn english(&mut self, word: &str) -> Lexeme {
        let lexeme = self.plain(word);
        self.stems.insert(lexeme.key, ());
        lexeme
    }

    /// The lexeme of a lower-case English word by rule.
    fn plain(&self, word: &str) -> Lexeme {
        Lexeme {
            key: stem_key(word),
            number: NO_NUMBER,
            role: self.roles.get(&hash::of(word)).copied().unwrap_or(0),
        }
    }

    fn insert(&mut self, word: &str, lexemes: &[Lexeme]) {
        let range = self.store(lexemes);
        self.exact.insert(hash::of(word), range);
    }

    fn store(&mut self, lexemes: &[Lexeme]) -> (u32, u32) {
        let start = u32::try_from(self.lexemes.len()).unwrap_or(0);
        self.lexemes.extend_from_slice(lexemes);
        (start, u32::try_from(self.lexemes.len()).unwrap_or(start))
    }

    fn stored(&self, range: (u32, u32)) -> &[Lexeme] {
        let (Ok(start), Ok(end)) = (usize::try_from(range.0), usize::try_from(range.1)) else {
            return &[];
        };
        self.lexemes.get(start..end).unwrap_or_default()
    }

    /// Whether a lower-case word, given by its hash, says nothing by itself.
    pub(crate) fn is_stop(&self, word: u64) -> bool {
        self.roles.get(&word).is_some_and(|role| role & STOP != 0)
    }

    /// The normal form of a word: one lexeme, or several for a contraction.
    pub(crate) fn resolve(
        &self,
        own: &OwnWords,
        word: &str,
        scratch: &mut Scratch,
        mut visit: impl FnMut(Lexeme),
    ) {
        lower(word, &mut scratch.lower);
        let Scratch { lower, other } = scratch;
        if let Some(&range) = self.exact.get(&hash::of(lower)) {
            self.stored(range).iter().copied().for_each(visit);
            return;
        }
        if lower.starts_with(|c: char| c.is_ascii_digit())
            && let Some(lexeme) = number(lower)
        {
            visit(lexeme);
            return;
        }
        let plain = self.plain(lower);
        if self.stems.contains_key(&plain.key) || own.stems.contains_key(&plain.key) {
            visit(plain);
            return;
        }
        if let Some(lexemes) = self.nepali(lower, other) {
            lexemes.iter().copied().for_each(visit);
            return;
        }
        let mut word: &str = lower;
        if has_run(lower) {
            shorten_runs(lower, other);
            word = other;
            if let Some(&range) = self.exact.get(&hash::of(word)) {
                self.stored(range).iter().copied().for_each(visit);
                return;
            }
        }
        let repaired = self
            .speller
            .repair(word)
            .or_else(|| own.speller.repair(word));
        if let Some(repaired) = repaired {
            let range = self.exact.get(&hash::of(repaired)).copied();
            match range.map(|range| self.stored(range)) {
                Some(lexemes) if !lexemes.is_empty() => {
                    for &lexeme in lexemes {
                        visit(Lexeme {
                            role: lexeme.role | REPAIRED,
                            ..lexeme
                        });
                    }
                }
                _ => visit(Lexeme {
                    role: REPAIRED,
                    ..self.plain(repaired)
                }),
            }
            return;
        }
        visit(Lexeme {
            role: plain.role | UNKNOWN,
            ..plain
        });
    }

    /// A Nepali word, or a known word with a Nepali ending.
    fn nepali(&self, lower: &str, form: &mut String) -> Option<&[Lexeme]> {
        nepali::canonical(lower, form);
        if let Some(&range) = self.canonical.get(&hash::of(form)) {
            return Some(self.stored(range));
        }
        for ending in nepali::ENDINGS {
            let Some(base) = lower.strip_suffix(ending).filter(|base| base.len() >= 3) else {
                continue;
            };
            if let Some(&range) = self.exact.get(&hash::of(base)) {
                return Some(self.stored(range));
            }
            nepali::canonical(base, form);
            if let Some(&range) = self.canonical.get(&hash::of(form)) {
                return Some(self.stored(range));
            }
        }
        None
    }
}

impl OwnWords {
    /// Learns the words of a runbook.
    pub(crate) fn learn<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut own = Self::default();
        let shipped = Lexicon::shipped();
        let mut word = String::new();
        for text in texts {
            for_each_piece(text, |piece| {
                if let Piece::Word { text, .. } = piece {
                    lower(text, &mut word);
                    let key = stem_key(&word);
                    let is_word = word.len() > 2 && word.chars().all(char::is_alphabetic);
                    let known = shipped.exact.contains_key(&hash::of(&word))
                        || own.stems.contains_key(&key);
                    if is_word && !known {
                        own.stems.insert(key, ());
                        own.speller.add(&word, 1);
                    }
                }
                true
            });
        }
        own
    }
}

/// The hash of a lower-case word's stem.
pub(crate) fn stem_key(word: &str) -> u64 {
    if word.len() > 2
        && may_be_inflected(word)
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        hash::of(&Stemmer::new(Algorithm::English).stem(word))
    } else {
        hash::of(word)
    }
}

/// Whether a word ends as English endings do; the stemmer leaves all others as
/// they are, as many names.
fn may_be_inflected(word: &str) -> bool {
    let last = word.bytes().next_back();
    last.is_some_and(|last| b"cdegilmnrsty".contains(&last))
}

/// Writes a word in lower case, without apostrophes.
pub(crate) fn lower(word: &str, out: &mut String) {
    out.clear();
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        out.push_str(word);
        out.make_ascii_lowercase();
        return;
    }
    for c in word.chars() {
        match c {
            '\'' | '\u{2019}' => {}
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
}

/// Whether a letter stands thrice in a row.
fn has_run(word: &str) -> bool {
    word.as_bytes()
        .windows(3)
        .any(|three| three.iter().all(|byte| Some(byte) == three.first()))
}

/// "pleeease" and "soooo": letters thrice or more in a row count once.
fn shorten_runs(word: &str, out: &mut String) {
    out.clear();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut run = 1;
        while letters.next_if_eq(&letter).is_some() {
            run += 1;
        }
        out.push(letter);
        if run == 2 {
            out.push(letter);
        }
    }
}
