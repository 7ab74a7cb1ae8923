//! What a model sees of a text: stems, pairs of neighbours, concepts, and pairs
//! of concepts in one clause. Clauses that dismiss their topic show only their
//! concepts, in a place of their own: "I can sign in, but …" says something too.

use crate::{
    hash,
    text::{
        Reading, Unit,
        lexicon::{STOP, UNKNOWN},
    },
};

/// Pairs of concepts are taken up to this many units apart.
const PAIR_REACH: u32 = 9;
/// Words of the title count more.
const TITLE: f32 = 1.25;
/// Concepts of a dismissed clause.
const DISMISSED: f32 = 0.8;

/// One thing that a text shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feature {
    pub(crate) hash: u64,
    pub(crate) weight: f32,
    /// Where its words stand.
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) in_title: bool,
    /// Whether it joins two words or concepts.
    pub(crate) is_pair: bool,
    pub(crate) repaired: bool,
    pub(crate) dismissed: bool,
}

const STEM: u64 = 0x51;
const NEIGHBOURS: u64 = 0x52;
const CONCEPT: u64 = 0x53;
const PAIR: u64 = 0x54;
const ASIDE: u64 = 0x55;
const SKIPPED: u64 = 0x56;

/// Visits the features of a text; one may come more than once.
pub(crate) fn for_each_feature(reading: &Reading<'_>, mut visit: impl FnMut(Feature)) {
    for clause in &reading.clauses {
        let scale = if clause.in_title { TITLE } else { 1.0 };
        let feature = |hash: u64, weight: f32, first: u32, last: u32| Feature {
            hash,
            weight: weight * scale,
            first,
            last,
            in_title: clause.in_title,
            is_pair: false,
            repaired: false,
            dismissed: clause.dismissed,
        };
        let mentions = reading.mentions_of(clause);
        if clause.dismissed {
            for mention in mentions {
                let hash = hash::join(ASIDE, u64::from(mention.concept));
                visit(feature(hash, DISMISSED, mention.first, mention.first));
            }
            continue;
        }
        let units = reading.units_of(clause);
        let start = u32::try_from(clause.first).unwrap_or(u32::MAX);
        let content = (start..)
            .zip(units)
            .filter(|(_, unit)| unit.role & STOP == 0);
        let mut before: Option<(u32, &Unit)> = None;
        let mut before_that: Option<(u32, &Unit)> = None;
        for (at, unit) in content {
            if unit.role & UNKNOWN == 0 {
                let mut stem = feature(hash::join(STEM, unit.key), 1.0, at, at);
                stem.repaired = unit.role & crate::text::lexicon::REPAIRED != 0;
                visit(stem);
            }
            if let Some((place, neighbour)) = before {
                let pair = hash::join(hash::join(NEIGHBOURS, neighbour.key), unit.key);
                visit(paired(feature(pair, 0.7, place, at)));
            }
            if let Some((place, neighbour)) = before_that {
                let pair = hash::join(hash::join(SKIPPED, neighbour.key), unit.key);
                visit(paired(feature(pair, 0.4, place, at)));
            }
            before_that = before;
            before = Some((at, unit));
        }
        for (at, mention) in mentions.iter().enumerate() {
            let hash = hash::join(CONCEPT, u64::from(mention.concept));
            visit(feature(hash, 1.0, mention.first, mention.last));
            let near = mentions
                .iter()
                .skip(at + 1)
                .take_while(|other| other.first <= mention.first + PAIR_REACH);
            for other in near.filter(|other| other.concept != mention.concept) {
                let (low, high) = (
                    mention.concept.min(other.concept),
                    mention.concept.max(other.concept),
                );
                let pair = hash::join(hash::join(PAIR, u64::from(low)), u64::from(high));
                let last = other.last.max(mention.last);
                visit(paired(feature(pair, 0.7, mention.first, last)));
            }
        }
    }
}

fn paired(feature: Feature) -> Feature {
    Feature {
        is_pair: true,
        ..feature
    }
}
