//! What a label's name says about a text: shared stems, concepts and letters.

use crate::{
    hash::{self, HashedMap},
    text::{
        Reading,
        lexicon::{OwnWords, STOP},
    },
};

/// The words of the labels' names.
#[derive(Debug, Default)]
pub(super) struct Names {
    postings: HashedMap<Vec<(u32, f32)>>,
    labels: usize,
    own: OwnWords,
}

impl Names {
    pub(super) fn new(labels: &[String]) -> Self {
        let spelled: Vec<String> = labels.iter().map(|label| spell_out(label)).collect();
        let own = OwnWords::learn(spelled.iter().map(String::as_str));
        let mut postings: HashedMap<Vec<(u32, f32)>> = HashedMap::default();
        for (number, name) in (0_u32..).zip(&spelled) {
            let reading = Reading::new(&own, "", name);
            let mut keys = keys(&reading);
            keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            keys.dedup_by_key(|(key, _)| *key);
            let length: f32 = keys.iter().map(|(_, weight)| weight).sum();
            for (key, weight) in keys {
                postings
                    .entry(key)
                    .or_default()
                    .push((number, weight / length.max(1.0).sqrt()));
            }
        }
        let all = f32::from(u16::try_from(labels.len()).unwrap_or(u16::MAX));
        for bucket in postings.values_mut() {
            let having = f32::from(u16::try_from(bucket.len()).unwrap_or(u16::MAX));
            let rarity = (1.0 + all / having).ln();
            for (_, weight) in bucket {
                *weight *= rarity;
            }
        }
        Self {
            postings,
            labels: labels.len(),
            own,
        }
    }

    /// The score of every label by its name.
    pub(super) fn scores(&self, text: &str) -> Vec<f32> {
        let mut scores = vec![0.0; self.labels];
        let reading = Reading::new(&self.own, "", text);
        let mut found = keys(&reading);
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        found.dedup_by_key(|(key, _)| *key);
        for (key, weight) in found {
            for &(label, rarity) in self.postings.get(&key).into_iter().flatten() {
                let label = usize::try_from(label).ok();
                if let Some(score) = label.and_then(|label| scores.get_mut(label)) {
                    *score += weight * rarity;
                }
            }
        }
        scores
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
        .map(|mention| (hash::join(0xC1, u64::from(mention.concept)), 0.8));
    stems.chain(concepts).collect()
}

/// "card_notArrived" as words.
fn spell_out(label: &str) -> String {
    let mut name = String::with_capacity(label.len() + 8);
    let mut lower = false;
    for c in label.chars() {
        if c.is_uppercase() && lower {
            name.push(' ');
        }
        lower = c.is_lowercase();
        name.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    name
}
