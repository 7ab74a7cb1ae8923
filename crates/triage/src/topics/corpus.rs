//! Texts that teach, as rows and values of the model to be, in one piece of
//! memory: their words are let go as soon as they are read.

use super::damping::{Weighed, damped, each_once};
use crate::{
    hash::HashedMap,
    linear::{Lesson, Linear, Training},
};

/// A text's part of something, by its hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) hash: u64,
    pub(crate) weight: f32,
    /// Whether it joins two things: what only one text has then teaches nothing
    /// general and gets no row.
    pub(crate) is_pair: bool,
}

/// Room for more than the shipped texts have. What grows step by step leaves its
/// earlier places behind in the process; and glibc gives only blocks above 32 MiB
/// back without keeping room for the next one of that size (`M_MMAP_THRESHOLD`
/// in mallopt(3)). Untouched room costs nothing.
const MANY_PARTS: usize = 1_200_000;
const MANY_ENTRIES: usize = 5_000_000;

/// Texts, each with its class.
#[derive(Debug)]
pub(crate) struct Corpus {
    numbers: HashedMap<u32>,
    /// For each number how many texts have it, and whether it is a pair.
    known: Vec<(u32, bool)>,
    /// Numbers and values, text by text.
    entries: Vec<(u32, f32)>,
    /// For each text its class and where its entries end.
    texts: Vec<(usize, usize)>,
}

impl Weighed for (u32, f32) {
    fn row(&self) -> u32 {
        self.0
    }

    fn value(&mut self) -> &mut f32 {
        &mut self.1
    }
}

impl Corpus {
    pub(crate) fn new() -> Self {
        let mut numbers = HashedMap::default();
        numbers.reserve(MANY_PARTS);
        Self {
            numbers,
            known: Vec::new(),
            entries: Vec::with_capacity(MANY_ENTRIES),
            texts: Vec::new(),
        }
    }

    /// Adds a text.
    pub(crate) fn add(&mut self, class: usize, parts: &[Part]) {
        let shown: Vec<(u32, f32)> = parts
            .iter()
            .map(|part| {
                let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                let number = *self.numbers.entry(part.hash).or_insert(next);
                if number == next {
                    self.known.push((0, part.is_pair));
                }
                (number, part.weight)
            })
            .collect();
        for (number, weight) in each_once(&shown) {
            if let Some((count, _)) = self.known.get_mut(place(number)) {
                *count += 1;
            }
            self.entries.push((number, weight));
        }
        self.texts.push((class, self.entries.len()));
    }

    /// Trains a model of so many classes; the rows by hash, and the weights.
    pub(crate) fn train(mut self, classes: usize, training: Training) -> (HashedMap<u32>, Linear) {
        let mut rows: u32 = 0;
        let kept: Vec<Option<u32>> = self
            .known
            .iter()
            .map(|&(count, is_pair)| {
                let row = (!is_pair || count > 1).then_some(rows);
                rows += u32::from(row.is_some());
                row
            })
            .collect();
        let row_of = |number: u32| kept.get(place(number)).copied().flatten();
        self.settle(row_of);
        let mut lessons = Vec::with_capacity(self.texts.len());
        let mut start = 0;
        for &(class, end) in &self.texts {
            lessons.push(Lesson {
                features: self.entries.get(start..end).unwrap_or_default(),
                class,
                prior: &[],
                importance: 1.0,
            });
            start = end;
        }
        let mut linear = Linear::new(place(rows), classes);
        linear.train(&lessons, training);
        linear.centre();
        let mut by_hash: HashedMap<u32> = HashedMap::default();
        by_hash.reserve(place(rows));
        let numbers = self.numbers.iter();
        by_hash.extend(numbers.filter_map(|(hash, number)| Some((*hash, row_of(*number)?))));
        (by_hash, linear)
    }

    /// Puts rows and damped values where numbers and weights were.
    fn settle(&mut self, row_of: impl Fn(u32) -> Option<u32>) {
        let (mut start, mut settled) = (0, 0);
        for (_, end) in &mut self.texts {
            let shown: Vec<(u32, f32)> = self
                .entries
                .get(start..*end)
                .unwrap_or_default()
                .iter()
                .filter_map(|&(number, weight)| Some((row_of(number)?, weight)))
                .collect();
            start = *end;
            for entry in damped(&shown) {
                if let Some(slot) = self.entries.get_mut(settled) {
                    *slot = entry;
                    settled += 1;
                }
            }
            *end = settled;
        }
        self.entries.truncate(settled);
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
