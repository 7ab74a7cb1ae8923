//! TF-IDF vectors over stem 1–2-grams, character 2–5-grams, and what the
//! vocabulary sees in a text: concepts and words with their spelling put right.

use crate::{
    hash::{self, HashedMap},
    linear::Sparse,
    text::{
        Reading,
        lexicon::{OwnWords, stem_key},
    },
    topics::for_each_feature,
};

/// The longest text looked at, in characters.
const LONGEST: usize = 8192;
/// From this many texts on, features of a single text are left out.
const MANY: usize = 2000;

const STEM: u64 = 0x71;
const PAIR: u64 = 0x72;
const GRAM: u64 = 0x73;

/// Kinds of features; each kind of a text has a length of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Stems,
    Grams,
    Concepts,
}

/// The length of each block in a vector.
const LENGTHS: [f32; 3] = [1.0, 1.0, 0.6];

/// The known features with their rarity.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    rows: HashedMap<(u32, f32)>,
}

impl Vocabulary {
    pub(super) fn of(texts: &[&str]) -> Self {
        let mut counts: HashedMap<(u32, u32)> = HashedMap::default();
        for (number, text) in (1_u32..).zip(texts) {
            for_each(text, |feature, _| {
                let (count, last) = counts.entry(feature).or_default();
                if *last != number {
                    *last = number;
                    *count += 1;
                }
            });
        }
        let least = if texts.len() >= MANY { 2 } else { 1 };
        let all = f32::from(u16::try_from(texts.len()).unwrap_or(u16::MAX));
        let mut kept: Vec<(u64, u32)> = counts
            .into_iter()
            .filter(|(_, (count, _))| *count >= least)
            .map(|(feature, (count, _))| (feature, count))
            .collect();
        kept.sort_unstable();
        let rows = (0_u32..)
            .zip(kept)
            .map(|(row, (feature, count))| {
                let count = f32::from(u16::try_from(count).unwrap_or(u16::MAX));
                (feature, (row, ((1.0 + all) / (1.0 + count)).ln() + 1.0))
            })
            .collect();
        Self { rows }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The vector of a text.
    pub(super) fn vector(&self, text: &str) -> Sparse {
        let mut found: Vec<(u32, f32, Block)> = Vec::with_capacity(256);
        for_each(text, |feature, block| {
            if let Some(&(row, rarity)) = self.rows.get(&feature) {
                found.push((row, rarity, block));
            }
        });
        found.sort_unstable_by_key(|(row, _, _)| *row);
        let mut merged: Vec<(u32, f32, Block, f32)> = Vec::with_capacity(found.len());
        for (row, rarity, block) in found {
            match merged.last_mut().filter(|last| last.0 == row) {
                Some(last) => last.3 += 1.0,
                None => merged.push((row, rarity, block, 1.0)),
            }
        }
        let mut squares = [0.0_f32; 3];
        for (_, rarity, block, count) in &mut merged {
            *rarity *= 1.0 + count.ln();
            if let Some(square) = squares.get_mut(place(*block)) {
                *square += *rarity * *rarity;
            }
        }
        let mut scales = LENGTHS;
        for (scale, square) in scales.iter_mut().zip(squares) {
            *scale /= square.sqrt().max(1e-6);
        }
        Sparse {
            entries: merged
                .into_iter()
                .map(|(row, value, block, _)| {
                    let scale = scales.get(place(block)).copied().unwrap_or(0.0);
                    (row, value * scale)
                })
                .collect(),
        }
    }
}

fn place(block: Block) -> usize {
    match block {
        Block::Stems => 0,
        Block::Grams => 1,
        Block::Concepts => 2,
    }
}

/// Visits the features of a text.
fn for_each(text: &str, mut visit: impl FnMut(u64, Block)) {
    let mut word = String::new();
    let mut before = hash::of("");
    for c in text.chars().take(LONGEST).chain(std::iter::once(' ')) {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
            continue;
        }
        if c == '\'' || word.is_empty() {
            continue;
        }
        let stem = stem_key(&word);
        visit(hash::join(STEM, stem), Block::Stems);
        visit(hash::join(PAIR, hash::join(before, stem)), Block::Stems);
        before = stem;
        grams(&word, |gram| visit(gram, Block::Grams));
        word.clear();
    }
    let end = hash::join(before, hash::of(""));
    visit(hash::join(PAIR, end), Block::Stems);
    let reading = Reading::new(&OwnWords::default(), "", text);
    for_each_feature(&reading, |feature| visit(feature.hash, Block::Concepts));
}

/// Visits the character 2–5-grams of a word with a blank at either end.
fn grams(word: &str, mut visit: impl FnMut(u64)) {
    let mut window = [0_u64; 5];
    let mut seen = 0_usize;
    let letters = std::iter::once(' ')
        .chain(word.chars())
        .chain(std::iter::once(' '));
    for letter in letters.take(64) {
        let [_, b, c, d, e] = window;
        window = [b, c, d, e, u64::from(u32::from(letter))];
        seen += 1;
        let mut gram = GRAM;
        for (length, &letter) in window.iter().rev().take(seen).enumerate() {
            gram = hash::join(gram, letter);
            if length > 0 {
                visit(gram);
            }
        }
    }
}
