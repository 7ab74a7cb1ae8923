//! What the second opinion sees of a text: words, neighbours, concepts of the
//! vocabulary and of the level rules, which families of them stand together, how
//! many people, how long, and what the text is likely about.

use std::sync::OnceLock;

use super::{
    super::{
        patterns::Present,
        terms::{is_counted, is_denied},
    },
    families::{Families, families_of, family, for_each_pair},
};
use crate::{
    hash,
    text::{
        Mention, Reading, Unit,
        lexicon::{NAMED, NO_NUMBER, STOP, UNKNOWN},
        reading::Clause,
    },
};

/// Words behind so many units are not looked at: what a ticket is about stands
/// before them.
const MOST_UNITS: usize = 800;
/// Words of the title count more.
const TITLE: f32 = 1.25;
/// Concepts of a clause that dismisses or supposes.
const ASIDE: f32 = 0.8;

/// One thing that a text shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    pub(super) hash: u64,
    pub(super) weight: f32,
    /// Where its words stand; `first` lies behind `last` for what has no place.
    pub(super) first: u32,
    pub(super) last: u32,
    /// Whether it is one of many: two words, two concepts, a run of letters.
    pub(super) is_pair: bool,
}

const STEM: u64 = 0x61;
const NEIGHBOURS: u64 = 0x62;
const CONCEPT: u64 = 0x63;
const DISMISSED: u64 = 0x65;
const SUPPOSED: u64 = 0x66;
const TOPIC: u64 = 0x67;
const DENIED: u64 = 0x6b;
const LASTING: u64 = 0x68;
const COUNT: u64 = 0x69;
const LETTERS: u64 = 0x6a;
/// So many letters make a run.
const RUN: usize = 4;
/// Of longer words only so many letters are looked at.
const LONGEST_RUN: usize = 24;
/// A run of letters.
const GRAM: f32 = 0.5;
/// Two families in one sentence are numbered from zero, two anywhere in the text
/// from here; both instead of a hash.
const ANYWHERE: u64 = 1024;
/// Signs below this are numbers of two families.
pub(super) const NUMBERED: u64 = 2048;

/// The family of a number of at least two, shortly before people.
const COUNTED: Families = 1 << 31;

/// Visits the signs of a text; one may come more than once.
pub(super) fn for_each_sign(
    reading: &Reading<'_>,
    present: &Present,
    topics: &[(&'static str, f32)],
    lasts: bool,
    mut visit: impl FnMut(Sign),
) {
    let mut mentions: Vec<Mention> = Vec::with_capacity(64);
    let mut text: Families = 0;
    let mut sentence: Families = 0;
    let mut sentence_first = 0;
    let read = |clause: &Clause| clause.first < MOST_UNITS;
    let clauses = reading.clauses.iter().filter(|clause| read(clause)).count();
    for (number, clause) in reading.clauses.iter().enumerate().take(clauses) {
        let start = u32::try_from(clause.first).unwrap_or(u32::MAX);
        let end = u32::try_from(clause.end).unwrap_or(u32::MAX);
        let scale = if clause.in_title { TITLE } else { 1.0 };
        mentions.clear();
        mentions.extend_from_slice(reading.mentions_of(clause));
        mentions.extend_from_slice(present.mentions_of(number));
        let supposed = present.supposes(number);
        if clause.dismissed || supposed {
            let space = if supposed { SUPPOSED } else { DISMISSED };
            for mention in &mentions {
                let hash = hash::join(space, u64::from(mention.concept));
                // It counts, but it is not what states a condition.
                visit(Sign::placeless(hash, ASIDE * scale));
            }
        } else {
            words(start, reading.units_of(clause), scale, &mut visit);
            letters(reading, clause, scale, &mut visit);
            for mention in &mentions {
                let start = usize::try_from(mention.first).unwrap_or(0);
                if is_denied(reading, clause.first, start) {
                    let hash = hash::join(DENIED, u64::from(mention.concept));
                    visit(Sign::single(hash, scale, mention.first, mention.last));
                    continue;
                }
                let hash = hash::join(CONCEPT, u64::from(mention.concept));
                visit(Sign::single(hash, scale, mention.first, mention.last));
                let families = families_of(mention.concept);
                sentence |= families;
                if families & folk() != 0 && is_counted(reading, clause.first, start, 2) {
                    sentence |= COUNTED;
                }
            }
        }
        if clause.ends_sentence || number + 1 == clauses {
            for_each_pair(sentence, |low, high| {
                let last = end.saturating_sub(1);
                visit(Sign::single(families(low, high), 0.6, sentence_first, last));
            });
            text |= sentence;
            sentence = 0;
            sentence_first = end;
        }
    }
    for_each_pair(text, |low, high| {
        visit(Sign::placeless(ANYWHERE + families(low, high), 0.3));
    });
    for (name, share) in topics {
        visit(Sign::placeless(
            hash::join(TOPIC, hash::of(name)),
            2.0 * share,
        ));
    }
    if lasts {
        visit(Sign::placeless(LASTING, 1.0));
    }
}

/// Words and neighbours; numbers say something beside a word alone.
fn words(start: u32, units: &[Unit], scale: f32, visit: &mut impl FnMut(Sign)) {
    let mut before: Option<(u32, bool, u64)> = None;
    for (at, unit) in (start..).zip(units) {
        let stop = unit.role & STOP != 0;
        let key = key_of(unit);
        if unit.role & UNKNOWN == 0 && unit.number == NO_NUMBER {
            let weight = if stop { 0.5 } else { 1.0 };
            visit(Sign::single(hash::join(STEM, key), weight * scale, at, at));
        }
        if let Some((place, was_stop, other)) = before
            && !(stop && was_stop)
        {
            let hash = hash::join(hash::join(NEIGHBOURS, other), key);
            visit(Sign::pair(hash, 0.6 * scale, place, at));
        }
        before = Some((at, stop, key));
    }
}

/// Runs of letters inside words: what mistyped words, other forms and other
/// spellings of Nepali have in common.
fn letters(reading: &Reading<'_>, clause: &Clause, scale: f32, visit: &mut impl FnMut(Sign)) {
    let mut padded = [0_u8; LONGEST_RUN + 2];
    let mut before = (u32::MAX, 0);
    for (place, unit) in (clause.first..).zip(reading.units_of(clause)) {
        // A contraction has two units in one place.
        if (unit.at, unit.end) == before || unit.role & NAMED != 0 {
            continue;
        }
        before = (unit.at, unit.end);
        let at = u32::try_from(place).unwrap_or(u32::MAX);
        let mut length = 1;
        for byte in reading.words(clause.in_title, place, place).bytes() {
            let Some(slot) = padded.get_mut(length) else {
                break;
            };
            *slot = byte.to_ascii_lowercase();
            length += 1;
        }
        if let Some(slot) = padded.get_mut(length) {
            *slot = 0;
            length += 1;
        }
        for run in padded.get(..length).unwrap_or_default().windows(RUN) {
            let packed = run
                .iter()
                .fold(0, |packed, byte| packed << 8 | u64::from(*byte));
            let hash = hash::join(LETTERS, packed);
            visit(Sign::pair(hash, GRAM * scale, at, at));
        }
    }
}

/// The number of two families.
fn families(low: u32, high: u32) -> u64 {
    u64::from(low << 5 | high)
}

fn folk() -> Families {
    static FOLK: OnceLock<Families> = OnceLock::new();
    *FOLK.get_or_init(|| family("folk"))
}

/// The key of a word; numbers count by their size alone.
fn key_of(unit: &Unit) -> u64 {
    let size = match unit.number {
        NO_NUMBER => return unit.key,
        0 | 1 => return unit.key,
        2 => 2,
        3..=99 => 3,
        100..=999 => 4,
        _ => 5,
    };
    hash::join(COUNT, size)
}

impl Sign {
    fn single(hash: u64, weight: f32, first: u32, last: u32) -> Self {
        Self {
            hash,
            weight,
            first,
            last,
            is_pair: false,
        }
    }

    fn pair(hash: u64, weight: f32, first: u32, last: u32) -> Self {
        Self {
            is_pair: true,
            ..Self::single(hash, weight, first, last)
        }
    }

    fn placeless(hash: u64, weight: f32) -> Self {
        Self::single(hash, weight, u32::MAX, 0)
    }
}
