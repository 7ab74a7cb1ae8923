//! A learned second opinion on the conditions that call for level 3 and above.
//!
//! Rules read the phrasings that somebody thought of; the model weighs everything
//! that the text says, and so hears a condition in words that no rule has. Rules of
//! its kinds count only where it finds a text plausible (see [`super::rules`]).

mod families;
mod model;
mod signs;
mod source;

use super::patterns::{Evidence, Present};
use crate::{
    data::CONDITIONS,
    text::{Reading, lexicon::STOP},
};
pub(super) use model::Opinion;
use model::Shown;

/// A condition is heard from this probability on, all that are asked for taken
/// together; chosen on sets of tickets that the model had not learned from.
const HEARD: f32 = 0.5;
/// At most this many words of the text are named.
const NAMED: usize = 4;
/// Named words that are no farther apart make one stretch.
const NEAR: usize = 3;

/// What the model makes of a text.
#[derive(Debug)]
pub(super) struct Impression {
    shown: Vec<Shown>,
    /// The probability of each of [`CONDITIONS`].
    shares: Vec<f32>,
}

/// A condition that the model hears.
#[derive(Debug)]
pub(super) struct Heard {
    /// The name of its kind.
    pub(super) condition: &'static str,
    /// The words that argue most, in the order in which they stand.
    pub(super) evidence: Evidence,
}

impl Impression {
    /// The probability that a text states any of the conditions.
    pub(super) fn of_any(&self) -> f32 {
        1.0 - self.shares.first().copied().unwrap_or(0.0)
    }

    /// The condition that the text states, as far as the model can tell; only
    /// conditions that are `asked` for count.
    pub(super) fn heard(
        &self,
        reading: &Reading<'_>,
        asked: impl Fn(&str) -> bool,
    ) -> Option<Heard> {
        let asked = CONDITIONS
            .iter()
            .zip(&self.shares)
            .enumerate()
            .skip(1)
            .filter(|(_, ((name, _), _))| asked(name));
        let sum: f32 = asked.clone().map(|(_, (_, share))| share).sum();
        if sum < HEARD {
            return None;
        }
        let (place, ((condition, _), _)) = asked.max_by(|a, b| a.1.1.total_cmp(b.1.1))?;
        let words = Opinion::shipped().words(reading, &self.shown, place);
        (!words.is_empty()).then_some(Heard {
            condition,
            evidence: Evidence { words },
        })
    }
}

impl Opinion {
    /// What a text shows and what the model makes of it.
    pub(super) fn of(
        &self,
        reading: &Reading<'_>,
        present: &Present,
        topics: &[(&'static str, f32)],
        lasting: Option<u64>,
    ) -> Impression {
        let shown = self.shown(reading, present, topics, lasting);
        let shares = self.probabilities(&shown);
        Impression { shown, shares }
    }

    /// The stretches of a text that argue most for a condition: its heaviest
    /// words with what stands between near ones.
    fn words(&self, reading: &Reading<'_>, shown: &[Shown], condition: usize) -> String {
        let mut weights = vec![0.0_f32; reading.units.len()];
        for shown in shown.iter().filter(|shown| shown.first <= shown.last) {
            let (Ok(first), Ok(last)) = (usize::try_from(shown.first), usize::try_from(shown.last))
            else {
                continue;
            };
            let share = self.argues(shown, condition) / (1.0 + f32::from(shown.length()));
            for weight in weights.get_mut(first..=last).unwrap_or_default() {
                *weight += share;
            }
        }
        let units = weights.into_iter().zip(&reading.units).enumerate();
        let mut heaviest: Vec<(f32, usize)> = units
            .filter(|(_, (weight, unit))| *weight > 0.0 && unit.role & STOP == 0)
            .map(|(at, (weight, _))| (weight, at))
            .collect();
        heaviest.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        heaviest.truncate(NAMED);
        heaviest.sort_unstable_by_key(|(_, at)| *at);
        let mut stretches: Vec<(usize, usize)> = Vec::with_capacity(NAMED);
        for (_, at) in heaviest {
            let in_one_clause = |first: usize| {
                let mut clauses = reading.clauses.iter();
                clauses.any(|clause| clause.first <= first && at < clause.end)
            };
            match stretches.last_mut() {
                Some((first, last)) if at - *last <= NEAR && in_one_clause(*first) => *last = at,
                _ => stretches.push((at, at)),
            }
        }
        let words = stretches.into_iter().filter_map(|(first, last)| {
            let mut clauses = reading.clauses.iter();
            let clause = clauses.find(|clause| (clause.first..clause.end).contains(&first))?;
            Some(reading.words(clause.in_title, first, last))
        });
        words.collect::<Vec<_>>().join(" … ")
    }
}

#[cfg(test)]
mod tests;
