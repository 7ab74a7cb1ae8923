//! What a label's name says about a text: shared stems, and synonyms of the
//! name's words.

use crate::{
    hash::{self, HashedMap},
    text::{
        Reading,
        concepts::Concepts,
        lexicon::{OwnWords, STOP},
    },
};

/// A synonym counts a little less than the very word.
const SYNONYM: f32 = 0.8;
/// So do concepts of the support vocabulary, which are wider.
const CONCEPT: f32 = 0.4;
/// The power by which long names are held back.
const LENGTH: f32 = 0.5;

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
        let named: Vec<Vec<(u64, f32)>> = spelled
            .iter()
            .map(|name| keys(&Reading::new(&own, "", name)))
            .collect();
        let mut having: HashedMap<f32> = HashedMap::default();
        for (key, _) in named.iter().flatten() {
            *having.entry(*key).or_default() += 1.0;
        }
        let all = f32::from(u16::try_from(labels.len()).unwrap_or(u16::MAX));
        let mut postings: HashedMap<Vec<(u32, f32)>> = HashedMap::default();
        for (number, keys) in (0_u32..).zip(named) {
            let weighted: Vec<(u64, f32)> = keys
                .into_iter()
                .map(|(key, weight)| {
                    let having = having.get(&key).copied().unwrap_or(1.0);
                    (key, weight * (1.0 + all / having).ln())
                })
                .collect();
            let square: f32 = weighted.iter().map(|(_, weight)| weight * weight).sum();
            let norm = square.sqrt().max(1e-6).powf(LENGTH);
            for (key, weight) in weighted {
                postings
                    .entry(key)
                    .or_default()
                    .push((number, weight / norm));
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
        for (key, weight) in keys(&Reading::new(&self.own, "", text)) {
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

/// The keys of a text, each once with its greatest weight.
fn keys(reading: &Reading<'_>) -> Vec<(u64, f32)> {
    let stems = reading
        .units
        .iter()
        .filter(|unit| unit.role & STOP == 0)
        .map(|unit| (unit.key, 1.0));
    let mut synonyms = Vec::new();
    for clause in &reading.clauses {
        Concepts::synonyms().mentions(reading.units_of(clause), 0, 0, &mut synonyms);
    }
    let synonyms = synonyms
        .iter()
        .map(|mention| (hash::join(0xC2, u64::from(mention.concept)), SYNONYM));
    let concepts = reading
        .mentions
        .iter()
        .map(|mention| (hash::join(0xC1, u64::from(mention.concept)), CONCEPT));
    let mut keys: Vec<(u64, f32)> = stems.chain(synonyms).chain(concepts).collect();
    keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    keys.dedup_by_key(|(key, _)| *key);
    keys
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
