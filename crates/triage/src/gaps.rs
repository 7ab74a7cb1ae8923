//! What a runbook's entries lack: phrases that customers use in texts that an
//! entry was found to answer, and that its own words do not have.

use std::collections::{BTreeMap, BTreeSet};

use runbook::{Runbook, Slug};

use crate::{
    assessment::EntryField,
    catalogue::texts,
    gist::rarity,
    hash,
    text::{
        Reading, Unit,
        lexicon::{LIGHT, NO_NUMBER, OwnWords, STOP},
    },
};

/// A phrase must stand in at least so many texts.
const LEAST: usize = 2;
/// Of the texts that have a phrase, at least this share must belong to the entry.
const SHARE: f64 = 0.7;
/// At most so many words of a phrase.
const LONGEST: usize = 3;
/// At most so many phrases are proposed for an entry.
const PROPOSED: usize = 5;
/// A word that a tenth of all support texts have tells nothing.
const TELLING: f32 = 2.3;

/// A text and what people said about it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'t> {
    /// The title.
    pub title: &'t str,
    /// The body.
    pub body: &'t str,
    /// The entry that answers it, or none.
    pub entry: Option<&'t Slug>,
    /// Whether the classifier had missed it: phrases are sought in those, and
    /// held against all.
    pub missed: bool,
}

/// A phrase that an entry lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// As most customers write it.
    pub words: String,
    /// The places of the missed texts that have it.
    pub texts: Vec<usize>,
}

#[derive(Debug, Default)]
struct Found {
    keys: Vec<u64>,
    spelled: BTreeMap<String, u32>,
    /// Texts by the place of their entry; the runbook's length stands for none.
    having: BTreeMap<usize, BTreeSet<usize>>,
}

/// The phrases that each entry lacks, best first; entries that lack none are
/// left out.
#[must_use]
pub fn missing_phrases(runbook: &Runbook, said: &[Said<'_>]) -> Vec<(Slug, Vec<Phrase>)> {
    let own = OwnWords::default();
    let none = runbook.entries.len();
    let place = |slug: &Slug| {
        let named = |entry: &runbook::Entry| entry.slug == *slug || entry.aliases.contains(slug);
        runbook.entries.iter().position(named)
    };
    let mut phrases: BTreeMap<u64, Found> = BTreeMap::new();
    for (at, text) in said.iter().enumerate() {
        // A label of an entry that is no more says nothing about the others.
        let Some(entry) = text.entry.map_or(Some(none), place) else {
            continue;
        };
        let reading = Reading::new(&own, text.title, text.body);
        for_each_phrase(&reading, |keys, words| {
            let key = keys.iter().fold(0x9A, |hash, key| hash::join(hash, *key));
            let found = phrases.entry(key).or_default();
            if found.keys.is_empty() {
                found.keys.extend_from_slice(keys);
            }
            *found.spelled.entry(words.to_lowercase()).or_default() += 1;
            found.having.entry(entry).or_default().insert(at);
        });
    }
    let lacking = runbook.entries.iter().enumerate().map(|(at, entry)| {
        let known = known_keys(&own, entry);
        (entry.slug.clone(), proposals(at, &known, &phrases, said))
    });
    lacking.filter(|(_, phrases)| !phrases.is_empty()).collect()
}

/// The words that an entry has where customers' words stand.
fn known_keys(own: &OwnWords, entry: &runbook::Entry) -> BTreeSet<u64> {
    let spoken = |field: EntryField| {
        matches!(
            field,
            EntryField::Title | EntryField::Symptoms | EntryField::AlsoSay
        )
    };
    texts(entry)
        .into_iter()
        .filter(|(field, _)| spoken(*field))
        .flat_map(|(_, text)| Reading::new(own, "", text).units)
        .map(|unit| unit.key)
        .collect()
}

fn proposals(
    entry: usize,
    known: &BTreeSet<u64>,
    phrases: &BTreeMap<u64, Found>,
    said: &[Said<'_>],
) -> Vec<Phrase> {
    let missed = |at: &usize| said.get(*at).is_some_and(|text| text.missed);
    let mut ranked: Vec<(f64, &Found, Vec<usize>)> = phrases
        .values()
        .filter_map(|found| {
            let having = found.having.get(&entry)?;
            let all: usize = found.having.values().map(BTreeSet::len).sum();
            let share = ratio(having.len(), all);
            let texts: Vec<usize> = having.iter().copied().filter(missed).collect();
            let new = found.keys.iter().any(|key| !known.contains(key));
            let tells = found.keys.iter().map(|key| rarity(*key)).sum::<f32>();
            let fits = texts.len() >= LEAST && share >= SHARE && new && tells >= TELLING;
            let score = ratio(texts.len(), 1) * share * f64::from(tells);
            fits.then_some((score, found, texts))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.keys.cmp(&b.1.keys)));
    let mut chosen: Vec<(&Found, Vec<usize>)> = Vec::new();
    for (_, found, texts) in ranked {
        // A part of a phrase that is proposed already says nothing more.
        let says_more = chosen
            .iter()
            .all(|(other, _)| !found.keys.iter().any(|key| other.keys.contains(key)));
        if says_more && chosen.len() < PROPOSED {
            chosen.push((found, texts));
        }
    }
    chosen
        .into_iter()
        .map(|(found, texts)| {
            let spelled = found.spelled.iter().max_by_key(|(_, uses)| **uses);
            Phrase {
                words: spelled.map(|(words, _)| words.clone()).unwrap_or_default(),
                texts,
            }
        })
        .collect()
}

/// Visits the runs of up to [`LONGEST`] telling words within a clause; light
/// words may stand between them.
fn for_each_phrase(reading: &Reading<'_>, mut visit: impl FnMut(&[u64], &str)) {
    let tells = |unit: &&Unit| unit.role & (STOP | LIGHT) == 0 && unit.number == NO_NUMBER;
    for clause in reading.clauses.iter().filter(|clause| !clause.dismissed) {
        let telling: Vec<(usize, u64)> = (clause.first..clause.end)
            .filter_map(|at| Some((at, reading.units.get(at).filter(tells)?.key)))
            .collect();
        for length in 1..=LONGEST {
            for run in telling.windows(length) {
                let (Some(first), Some(last)) = (run.first(), run.last()) else {
                    continue;
                };
                if last.0 - first.0 > 2 * (length - 1) {
                    continue;
                }
                let keys: Vec<u64> = run.iter().map(|(_, key)| *key).collect();
                visit(&keys, reading.words(clause.in_title, first.0, last.0));
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests;
