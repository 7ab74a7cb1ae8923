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

/// Texts, each with its class.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    numbers: HashedMap<u32>,
    /// For each number how many texts have it, and whether it is a pair.
    known: Vec<(u32, bool)>,
    entries: Vec<Entry>,
    /// For each text its class and where its entries end.
    texts: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    row: u32,
    value: f32,
}

impl Weighed for Entry {
    fn row(&self) -> u32 {
        self.row
    }

    fn value(&mut self) -> &mut f32 {
        &mut self.value
    }
}

impl Corpus {
    /// Adds a text.
    pub(crate) fn add(&mut self, class: usize, parts: &[Part]) {
        let shown: Vec<Entry> = parts
            .iter()
            .map(|part| {
                let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                let row = *self.numbers.entry(part.hash).or_insert(next);
                if row == next {
                    self.known.push((0, part.is_pair));
                }
                let value = part.weight;
                Entry { row, value }
            })
            .collect();
        for entry in each_once(&shown) {
            let at = usize::try_from(entry.row).unwrap_or(usize::MAX);
            if let Some((count, _)) = self.known.get_mut(at) {
                *count += 1;
            }
            self.entries.push(entry);
        }
        self.texts.push((class, self.entries.len()));
    }

    /// Trains a model of so many classes; the rows by hash, and the weights.
    pub(crate) fn train(self, classes: usize, training: Training) -> (HashedMap<u32>, Linear) {
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
        let row_of = |number: u32| {
            let at = usize::try_from(number).unwrap_or(usize::MAX);
            kept.get(at).copied().flatten()
        };
        let mut features: Vec<(u32, f32)> = Vec::with_capacity(self.entries.len());
        let mut ends = Vec::with_capacity(self.texts.len());
        let mut start = 0;
        for &(_, end) in &self.texts {
            let shown: Vec<Entry> = self
                .entries
                .get(start..end)
                .unwrap_or_default()
                .iter()
                .filter_map(|&entry| {
                    let row = row_of(entry.row)?;
                    Some(Entry { row, ..entry })
                })
                .collect();
            features.extend(damped(&shown).iter().map(|entry| (entry.row, entry.value)));
            ends.push(features.len());
            start = end;
        }
        drop(self.entries);
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
        let mut linear = Linear::new(usize::try_from(rows).unwrap_or(0), classes);
        linear.train(&lessons, training);
        linear.centre();
        let mut by_hash: HashedMap<u32> = HashedMap::default();
        by_hash.extend(
            self.numbers
                .into_iter()
                .filter_map(|(hash, number)| Some((hash, row_of(number)?))),
        );
        by_hash.shrink_to_fit();
        (by_hash, linear)
    }
}
