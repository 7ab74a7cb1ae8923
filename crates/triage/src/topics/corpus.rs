//! Texts that teach, as rows and values of the model to be, in few pieces of
//! memory: their words are let go as soon as they are read.

use super::damping::{Weighed, damped, each_once};
use crate::{
    hash::{self, HashedMap},
    linear::{Lesson, Linear, Training},
};

/// Room for more than the shipped texts have. What grows step by step leaves its
/// earlier places behind in the process; and glibc gives only blocks above 32 MiB
/// back without keeping room for the next one of that size (`M_MMAP_THRESHOLD`
/// in mallopt(3)). Untouched room costs nothing.
const MANY: usize = 5_000_000;

/// A text's part of something, by its hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) hash: u64,
    pub(crate) weight: f32,
    /// Whether it joins two things: what only one text has then teaches nothing
    /// general and gets no row.
    pub(crate) is_pair: bool,
}

impl Weighed for Part {
    fn key(&self) -> u64 {
        self.hash
    }

    fn value(&mut self) -> &mut f32 {
        &mut self.weight
    }
}

/// A row and its value.
type Feature = (u32, f32);

impl Weighed for Feature {
    fn key(&self) -> u64 {
        u64::from(self.0)
    }

    fn value(&mut self) -> &mut f32 {
        &mut self.1
    }
}

/// Texts, each with its class.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// Pairs that some text has, and those that a second one has.
    once: Bits,
    twice: Bits,
    /// What the texts have, text by text.
    parts: Vec<Part>,
    /// For each text its class and where its parts end.
    texts: Vec<(usize, usize)>,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        Self {
            once: Bits::new(),
            twice: Bits::new(),
            parts: Vec::with_capacity(MANY),
            texts: Vec::new(),
        }
    }

    /// Adds a text.
    pub(crate) fn add(&mut self, class: usize, parts: &[Part]) {
        for part in each_once(parts) {
            if part.is_pair && self.once.set(part.hash) {
                self.twice.set(part.hash);
            }
            self.parts.push(part);
        }
        self.texts.push((class, self.parts.len()));
    }

    /// Trains a model of so many classes; the rows by hash, and the weights.
    pub(crate) fn train(self, classes: usize, training: Training) -> (HashedMap<u32>, Linear) {
        let mut rows: HashedMap<u32> = HashedMap::default();
        let mut features: Vec<Feature> = Vec::with_capacity(MANY);
        let mut ends = Vec::with_capacity(self.texts.len());
        let mut start = 0;
        for &(_, end) in &self.texts {
            let parts = self.parts.get(start..end).unwrap_or_default();
            let kept = parts
                .iter()
                .filter(|part| !part.is_pair || self.twice.has(part.hash));
            let shown: Vec<Feature> = kept
                .map(|part| {
                    let next = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                    (*rows.entry(part.hash).or_insert(next), part.weight)
                })
                .collect();
            features.extend(damped(&shown));
            ends.push(features.len());
            start = end;
        }
        drop(self.parts);
        rows.shrink_to_fit();
        let mut start = 0;
        let mut lessons = Vec::with_capacity(ends.len());
        for (&(class, _), end) in self.texts.iter().zip(ends) {
            lessons.push(Lesson {
                features: features.get(start..end).unwrap_or_default(),
                class,
                prior: &[],
                importance: 1.0,
            });
            start = end;
        }
        let mut linear = Linear::new(rows.len(), classes);
        linear.train(&lessons, training);
        linear.centre();
        (rows, linear)
    }
}

/// A set of hashes that may have some more than were put into it.
#[derive(Debug)]
struct Bits {
    words: Vec<u64>,
}

/// How many bits a set has, as a power of two: some dozens for each pair.
const BITS: u32 = 22;

impl Bits {
    fn new() -> Self {
        Self {
            words: vec![0; 1 << (BITS - 6)],
        }
    }

    fn place(hash: u64) -> (usize, u64) {
        let at = hash::mix(hash) >> (64 - BITS);
        (usize::try_from(at >> 6).unwrap_or(0), 1 << (at & 63))
    }

    fn has(&self, hash: u64) -> bool {
        let (word, bit) = Self::place(hash);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Puts a hash in; whether it was there.
    fn set(&mut self, hash: u64) -> bool {
        let (word, bit) = Self::place(hash);
        let Some(word) = self.words.get_mut(word) else {
            return false;
        };
        let had = *word & bit != 0;
        *word |= bit;
        had
    }
}
