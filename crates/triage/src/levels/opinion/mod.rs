//! A learned second opinion on the conditions that call for level 3 and above.
//!
//! Rules read the phrasings that somebody thought of; the model weighs everything
//! that the text says, and so hears a condition in words that no rule has. It may
//! only raise a level: what a rule found stands.

mod families;
mod model;
mod signs;
mod source;

use std::sync::OnceLock;

use super::{Facts, patterns::Evidence, rules::kinds};
use crate::text::Reading;
use families::{Families, families_of, family};
pub(super) use model::Opinion;
use model::Shown;
use source::CONDITIONS;

/// A condition is heard from this probability on, all that are asked for taken
/// together; chosen on sets of tickets that the model had not learned from.
const HEARD: f32 = 0.3;
/// At most this many stretches of the text are named.
const NAMED: usize = 3;

/// Conditions that are faults of the shop: they need a word for it.
const FAULTS: [&str; 2] = ["outage", "several_users"];

/// A condition that the model hears.
#[derive(Debug)]
pub(super) struct Heard {
    /// The name of its kind.
    pub(super) condition: &'static str,
    /// The words that argue most, in the order in which they stand.
    pub(super) evidence: Evidence,
}

impl Opinion {
    /// The condition that a text states, as far as the model can tell; only
    /// conditions that are `asked` for count.
    pub(super) fn hear(&self, facts: &Facts<'_>, asked: impl Fn(&str) -> bool) -> Option<Heard> {
        let lasting = facts.lasting.as_ref().map(|lasting| lasting.seconds);
        let shown = self.shown(facts.reading, &facts.present, facts.topics, lasting);
        let probabilities = self.probabilities(&shown);
        let asked = CONDITIONS
            .iter()
            .zip(&probabilities)
            .enumerate()
            .skip(1)
            .filter(|(_, (name, _))| asked(name));
        let sum: f32 = asked.clone().map(|(_, (_, share))| share).sum();
        if sum < HEARD {
            return None;
        }
        let (place, (condition, _)) = asked.max_by(|a, b| a.1.1.total_cmp(b.1.1))?;
        let mut kinds = kinds().iter().filter(|kind| kind.name == *condition);
        if kinds.any(|kind| kind.is_ruled_out(facts.reading, &facts.present)) {
            return None;
        }
        if FAULTS.contains(condition) && !tells_of_a_fault(facts.reading) {
            return None;
        }
        let words = self.words(facts.reading, &shown, place);
        (!words.is_empty()).then_some(Heard {
            condition,
            evidence: Evidence { words },
        })
    }

    /// The stretches of a text that argue most for a condition.
    fn words(&self, reading: &Reading<'_>, shown: &[Shown], condition: usize) -> String {
        let mut arguing: Vec<(f32, usize, usize)> = shown
            .iter()
            .filter(|shown| shown.first <= shown.last && shown.last - shown.first <= 12)
            .filter_map(|shown| {
                let first = usize::try_from(shown.first).ok()?;
                let last = usize::try_from(shown.last).ok()?;
                Some((self.argues(shown, condition), first, last))
            })
            .filter(|(weight, _, _)| *weight > 0.0)
            .collect();
        arguing.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut named: Vec<(usize, usize)> = Vec::with_capacity(NAMED);
        for (_, first, last) in arguing {
            if named.len() == NAMED {
                break;
            }
            let apart = named
                .iter()
                .all(|(start, end)| last < *start || first > *end);
            if apart {
                named.push((first, last));
            }
        }
        named.sort_unstable();
        let words = named.into_iter().filter_map(|(first, last)| {
            let clause = reading
                .clauses
                .iter()
                .find(|clause| (clause.first..clause.end).contains(&first))?;
            let end = last.min(clause.end.saturating_sub(1));
            let words = reading.words(clause.in_title, first, end);
            (!words.is_empty()).then_some(words)
        });
        words.collect::<Vec<_>>().join(" … ")
    }
}

/// Whether a text speaks of the shop or what it does, or of something that fails:
/// words from elsewhere alone ("the smoke is white") say nothing of its faults.
fn tells_of_a_fault(reading: &Reading<'_>) -> bool {
    static OF_FAULTS: OnceLock<Families> = OnceLock::new();
    let of_faults = OF_FAULTS.get_or_init(|| {
        let names = ["broken", "site", "function"];
        names.map(family).into_iter().fold(0, |all, one| all | one)
    });
    reading
        .mentions
        .iter()
        .any(|mention| families_of(mention.concept) & of_faults != 0)
}

#[cfg(test)]
mod tests;
