//! What a text is about, for finding texts that tell of the same thing in other
//! words: its telling words, each weighted by how rarely support texts use it.
//!
//! Wider than a [`crate::Fingerprint`], which finds near-copies only.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use crate::{
    hash::{self, HashedMap},
    text::{
        Reading,
        lexicon::{LIGHT, NO_NUMBER, OwnWords, STOP},
    },
    topics::topics,
};

/// From this likeness on two texts may tell of the same thing.
const ALIKE: f64 = 0.34;
/// A text is compared with at most this many members of a cluster.
const COMPARED: usize = 12;
/// What a text is about stands within its first words.
const MOST_UNITS: usize = 160;
/// A concept stands for many words, and so counts less than a word.
const CONCEPT: f32 = 0.6;
/// Two texts that share but one word share too little.
const LEAST_SHARED: usize = 2;

/// The telling words of a text as hashes with weights; its length is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gist {
    keys: Vec<(u64, f32)>,
}

/// The gist of a title and a body; a text without telling words has an empty one.
#[must_use]
pub fn gist(title: &str, body: &str) -> Gist {
    let reading = Reading::new(&OwnWords::default(), title, body);
    let mut keys: Vec<(u64, f32)> = telling(&reading)
        .map(|(_, key)| (key, rarity(key)))
        .collect();
    let concepts = reading
        .clauses
        .iter()
        .filter(|clause| !clause.dismissed)
        .flat_map(|clause| reading.mentions_of(clause))
        .map(|mention| hash::join(0x61, u64::from(mention.concept)));
    keys.extend(concepts.map(|key| (key, CONCEPT * rarity(key))));
    keys.sort_unstable_by_key(|(key, _)| *key);
    keys.dedup_by_key(|(key, _)| *key);
    let square: f32 = keys.iter().map(|(_, weight)| weight * weight).sum();
    let length = square.sqrt().max(1e-6);
    for (_, weight) in &mut keys {
        *weight /= length;
    }
    Gist { keys }
}

/// The units of a text that tell something, with their keys.
fn telling<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = (usize, u64)> + 'r {
    reading
        .clauses
        .iter()
        .filter(|clause| !clause.dismissed)
        .flat_map(|clause| clause.first..clause.end)
        .take(MOST_UNITS)
        .filter_map(|at| {
            let unit = reading.units.get(at)?;
            let tells = unit.role & (STOP | LIGHT) == 0 && unit.number == NO_NUMBER;
            tells.then_some((at, unit.key))
        })
}

impl Gist {
    /// How alike two gists are, 0 to 1.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut left, mut right) = (self.keys.iter().peekable(), other.keys.iter().peekable());
        let mut sum = 0.0;
        let mut shared = 0;
        while let (Some(&&(a, x)), Some(&&(b, y))) = (left.peek(), right.peek()) {
            if a == b {
                sum += f64::from(x) * f64::from(y);
                shared += 1;
            }
            if a <= b {
                left.next();
            }
            if b <= a {
                right.next();
            }
        }
        if shared < LEAST_SHARED { 0.0 } else { sum }
    }

    /// Whether two texts may be of one cluster: what a cluster has in common no
    /// two of its texts need to have.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        self.likeness(other) >= ALIKE / 2.0
    }

    /// Whether it tells of what the members of a cluster tell of.
    #[must_use]
    pub fn belongs_to(&self, members: &[Self]) -> bool {
        !members.is_empty() && nearness(self, members.iter()) >= ALIKE
    }
}

/// How near a text is to a cluster: the mean of the better half of its
/// likenesses, so that one odd member does not keep others out.
fn nearness<'g>(one: &Gist, members: impl Iterator<Item = &'g Gist>) -> f64 {
    let mut alike: Vec<f64> = members
        .take(COMPARED)
        .map(|member| one.likeness(member))
        .collect();
    alike.sort_unstable_by(|a, b| b.total_cmp(a));
    alike.truncate(alike.len().div_ceil(2));
    let count = u32::try_from(alike.len()).unwrap_or(1).max(1);
    alike.iter().sum::<f64>() / f64::from(count)
}

/// Groups texts that tell of the same thing; texts that are like no other stay
/// alone. Answers their places, in order, the cluster with the oldest one first.
#[must_use]
pub fn clusters(gists: &[Gist]) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for (place, gist) in gists.iter().enumerate() {
        let near = found
            .iter()
            .enumerate()
            .map(|(at, members)| {
                let members = members.iter().filter_map(|&member| gists.get(member));
                (at, nearness(gist, members))
            })
            .filter(|(_, nearness)| *nearness >= ALIKE)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match near.and_then(|(at, _)| found.get_mut(at)) {
            Some(members) => members.push(place),
            None => found.push(vec![place]),
        }
    }
    found
}

/// The words that the texts have in common, as most of them write them, those
/// that tell most first.
#[must_use]
pub fn common_words(texts: &[(&str, &str)], most: usize) -> Vec<String> {
    let own = OwnWords::default();
    let mut having: BTreeMap<u64, (u32, BTreeMap<String, u32>)> = BTreeMap::new();
    for (title, body) in texts {
        let reading = Reading::new(&own, title, body);
        let mut seen: Vec<u64> = Vec::new();
        for (at, key) in telling(&reading) {
            let in_title = reading
                .clauses
                .iter()
                .find(|clause| (clause.first..clause.end).contains(&at))
                .is_some_and(|clause| clause.in_title);
            let word = reading.words(in_title, at, at).to_lowercase();
            let (texts, words) = having.entry(key).or_default();
            if !seen.contains(&key) {
                seen.push(key);
                *texts += 1;
            }
            *words.entry(word).or_default() += 1;
        }
    }
    let all = u32::try_from(texts.len()).unwrap_or(u32::MAX).max(1);
    let mut ranked: Vec<(f64, String)> = having
        .into_iter()
        .filter(|(_, (texts, _))| *texts > 1 || all == 1)
        .filter_map(|(key, (texts, words))| {
            let share = f64::from(texts) / f64::from(all);
            let (word, _) = words.into_iter().max_by_key(|(_, uses)| *uses)?;
            Some((share * share * f64::from(rarity(key)), word))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked
        .into_iter()
        .take(most)
        .map(|(_, word)| word)
        .collect()
}

/// How much a word tells: the fewer of the shipped phrases have it, the more.
pub(crate) fn rarity(key: u64) -> f32 {
    static USES: OnceLock<(HashedMap<u32>, f32)> = OnceLock::new();
    let (uses, phrases) = USES.get_or_init(count_uses);
    let uses = uses.get(&key).copied().unwrap_or(0);
    let uses = f32::from(u16::try_from(uses).unwrap_or(u16::MAX));
    (phrases / (1.0 + uses)).ln().max(0.1)
}

fn count_uses() -> (HashedMap<u32>, f32) {
    let own = OwnWords::default();
    let mut uses: HashedMap<u32> = HashedMap::default();
    let mut phrases = 0_u16;
    for phrase in topics().iter().flat_map(|topic| &topic.phrases) {
        let (title, body) = phrase.split_once(" | ").unwrap_or(("", phrase));
        let reading = Reading::new(&own, title, body);
        phrases = phrases.saturating_add(1);
        let concepts = reading
            .mentions
            .iter()
            .map(|mention| hash::join(0x61, u64::from(mention.concept)));
        let mut keys: Vec<u64> = reading
            .units
            .iter()
            .map(|unit| unit.key)
            .chain(concepts)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *uses.entry(key).or_default() += 1;
        }
    }
    (uses, f32::from(phrases) + 1.0)
}

#[cfg(test)]
mod tests;
