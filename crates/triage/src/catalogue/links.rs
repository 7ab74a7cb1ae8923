//! Which topic belongs to which entry.

use runbook::Runbook;

use super::texts;
use crate::{
    assessment::EntryField,
    text::{Reading, concepts::Concept, lexicon::OwnWords},
    topics::{Anchor, topics},
};

/// For each entry its topics with the logarithm of how well they fit, and the
/// topics that no entry answers.
#[derive(Debug, Default)]
pub(crate) struct Links {
    pub(crate) topics_of: Vec<Vec<(usize, f32)>>,
    pub(crate) background: Vec<usize>,
}

/// What an entry says of itself, for anchors: title, symptoms, problem and what
/// customers also say; not its steps, which speak of many things.
struct Words {
    title: Bag,
    rest: Bag,
}

#[derive(Default)]
struct Bag {
    keys: Vec<u64>,
    concepts: Vec<Concept>,
}

/// A topic goes to the entry that meets its anchors best; entries that are
/// equally good share it.
pub(crate) fn link(runbook: &Runbook, own: &OwnWords) -> Links {
    let words: Vec<Words> = runbook
        .entries
        .iter()
        .map(|entry| words(entry, own))
        .collect();
    let mut links = Links {
        topics_of: vec![Vec::new(); words.len()],
        background: Vec::new(),
    };
    for (number, topic) in topics().iter().enumerate() {
        let fits: Vec<u32> = words
            .iter()
            .map(|words| {
                topic
                    .anchors
                    .iter()
                    .enumerate()
                    .map(|(rank, anchor)| fit(anchor, rank, words))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let best = fits.iter().copied().max().unwrap_or(0);
        if best == 0 {
            links.background.push(number);
            continue;
        }
        let sharing = fits.iter().filter(|&&fit| fit == best).count();
        for (fit, topics) in fits.iter().zip(&mut links.topics_of) {
            if *fit == best {
                let share = u16::try_from(sharing).unwrap_or(u16::MAX);
                topics.push((number, -f32::from(share).ln()));
            }
        }
    }
    links
}

/// How well an entry meets an anchor: earlier anchors first, then words in the
/// title. Zero when a term is missing.
fn fit(anchor: &Anchor, rank: usize, words: &Words) -> u32 {
    let mut sum = 0;
    for term in &anchor.terms {
        let has = |bag: &Bag| {
            term.keys.iter().any(|key| bag.keys.contains(key))
                || term
                    .concepts
                    .iter()
                    .any(|concept| bag.concepts.contains(concept))
        };
        if has(&words.title) {
            sum += 2;
        } else if has(&words.rest) {
            sum += 1;
        } else {
            return 0;
        }
    }
    let rank = u32::try_from(rank).unwrap_or(u32::MAX);
    1000_u32.saturating_sub(rank.saturating_mul(50)).max(50) + sum
}

fn words(entry: &runbook::Entry, own: &OwnWords) -> Words {
    let mut words = Words {
        title: Bag::default(),
        rest: Bag::default(),
    };
    for (field, text) in texts(entry) {
        let bag = match field {
            EntryField::Title => &mut words.title,
            EntryField::Symptoms | EntryField::AlsoSay => &mut words.rest,
            _ => continue,
        };
        let reading = Reading::new(own, "", text);
        bag.keys.extend(reading.units.iter().map(|unit| unit.key));
        bag.concepts
            .extend(reading.mentions.iter().map(|mention| mention.concept));
    }
    words
}
