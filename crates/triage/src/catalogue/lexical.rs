//! Matching by the runbook's own words: BM25 over weighted fields (Robertson,
//! Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields",
//! CIKM 2004), over stems and over concepts.

use std::hash::BuildHasherDefault;

use runbook::Runbook;

use super::texts;
use crate::{
    assessment::EntryField,
    hash::{self, HashedMap},
    text::{
        Reading,
        lexicon::{OwnWords, STOP},
    },
};

/// BM25's saturation of repeated words.
const SATURATION: f32 = 1.2;
/// BM25's normalisation by length.
const LENGTH: f32 = 0.5;
/// Concepts count less than the very words.
const CONCEPT: f32 = 0.6;

/// The index of a runbook's words.
#[derive(Debug, Default)]
pub(crate) struct Lexical {
    postings: HashedMap<Vec<Posting>>,
}

/// A word of an entry.
#[derive(Clone, Copy, Debug)]
struct Posting {
    entry: u32,
    /// What the word adds to the entry's score.
    weight: f32,
    /// The heaviest field that has it.
    field: EntryField,
}

/// A word of a text that an entry has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match {
    pub(crate) entry: u32,
    pub(crate) weight: f32,
    pub(crate) field: EntryField,
    /// The word's unit.
    pub(crate) place: usize,
    pub(crate) in_title: bool,
}

impl Lexical {
    pub(crate) fn new(runbook: &Runbook, own: &OwnWords) -> Self {
        let mut counts: HashedMap<Vec<(u32, f32, f32, EntryField)>> = HashedMap::default();
        let mut lengths = Vec::new();
        for (number, entry) in runbook.entries.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let mut length = 0.0;
            for (field, text) in texts(entry) {
                let weight = field_weight(field);
                let reading = Reading::new(own, "", text);
                for (key, share) in keys(&reading) {
                    length += weight * share;
                    let bucket = counts.entry(key).or_default();
                    match bucket.last_mut().filter(|last| last.0 == number) {
                        Some((_, count, most, best)) => {
                            *count += weight * share;
                            if weight > *most {
                                *most = weight;
                                *best = field;
                            }
                        }
                        None => bucket.push((number, weight * share, weight, field)),
                    }
                }
            }
            lengths.push(length);
        }
        let entries = f32::from(u16::try_from(lengths.len()).unwrap_or(u16::MAX));
        let mean = lengths.iter().sum::<f32>() / entries.max(1.0);
        let postings = counts
            .into_iter()
            .map(|(key, bucket)| {
                let having = f32::from(u16::try_from(bucket.len()).unwrap_or(u16::MAX));
                let rarity = (1.0 + (entries - having + 0.5) / (having + 0.5)).ln();
                let postings = bucket
                    .into_iter()
                    .map(|(entry, count, _, field)| {
                        let length = usize::try_from(entry)
                            .ok()
                            .and_then(|entry| lengths.get(entry))
                            .copied()
                            .unwrap_or(mean);
                        let norm = 1.0 - LENGTH + LENGTH * length / mean.max(1.0);
                        let count = count / norm;
                        Posting {
                            entry,
                            weight: rarity * count / (SATURATION + count),
                            field,
                        }
                    })
                    .collect();
                (key, postings)
            })
            .collect();
        Self { postings }
    }

    /// Every posting that the text meets; each word counts once. Clauses that
    /// dismiss do not count.
    pub(crate) fn matches(&self, reading: &Reading<'_>) -> Vec<Match> {
        let mut matches = Vec::with_capacity(64);
        let mut seen: HashedMap<()> =
            HashedMap::with_capacity_and_hasher(reading.units.len(), BuildHasherDefault::default());
        for clause in reading.clauses.iter().filter(|clause| !clause.dismissed) {
            let scale = if clause.in_title { 1.25 } else { 1.0 };
            let stems = reading
                .units_of(clause)
                .iter()
                .enumerate()
                .filter(|(_, unit)| unit.role & STOP == 0)
                .map(|(at, unit)| (unit.key, 1.0, clause.first + at));
            let concepts = reading.mentions_of(clause).iter().map(|mention| {
                let place = usize::try_from(mention.first).unwrap_or(0);
                (concept_key(mention.concept), CONCEPT, place)
            });
            for (key, share, place) in stems.chain(concepts) {
                let Some(postings) = self.postings.get(&key) else {
                    continue;
                };
                if seen.insert(key, ()).is_none() {
                    matches.extend(postings.iter().map(|posting| Match {
                        entry: posting.entry,
                        weight: posting.weight * share * scale,
                        field: posting.field,
                        place,
                        in_title: clause.in_title,
                    }));
                }
            }
        }
        matches
    }
}

fn keys(reading: &Reading<'_>) -> Vec<(u64, f32)> {
    let stems = reading
        .units
        .iter()
        .filter(|unit| unit.role & STOP == 0)
        .map(|unit| (unit.key, 1.0));
    let concepts = reading
        .mentions
        .iter()
        .map(|mention| (concept_key(mention.concept), CONCEPT));
    stems.chain(concepts).collect()
}

fn concept_key(concept: u16) -> u64 {
    hash::join(0xC0, u64::from(concept))
}

fn field_weight(field: EntryField) -> f32 {
    match field {
        EntryField::Title => 3.0,
        EntryField::AlsoSay => 3.0,
        EntryField::Symptoms => 2.0,
        EntryField::Causes => 0.7,
        EntryField::Answer => 0.5,
        EntryField::Steps | EntryField::Vocabulary | EntryField::Learned => 0.25,
    }
}
