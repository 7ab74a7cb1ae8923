//! The model: a multinomial one over conditions, "none of them" among them.

use std::sync::OnceLock;

use super::{
    super::patterns::Present,
    signs::{NUMBERED, Sign, for_each_sign},
    source::{Example, condition_of, sayings},
};
use crate::{
    data::CONDITIONS,
    hash::HashedMap,
    labelled::tickets,
    levels::duration,
    linear::{Lesson, Linear, Sparse, Training, softmax},
    text::Reading,
    topics::{Compact, Weighed, damped},
};

const TRAINING: Training = Training {
    epochs: 12,
    rate: 0.15,
    decay: 0.0,
    ridge: 0.5,
};

/// What longer durations than this say, an outage's trigger asks.
const LONG: u64 = 60 * 60;

/// The weights of every sign for every condition.
#[derive(Debug)]
pub(in crate::levels) struct Opinion {
    rows: Rows,
    weights: Compact,
}

/// Where the weights of a sign are.
#[derive(Debug)]
struct Rows {
    hashed: HashedMap<u32>,
    /// For signs that have a number instead of a hash.
    numbered: Vec<Option<u32>>,
}

impl Rows {
    fn of(&self, sign: u64) -> Option<u32> {
        if sign < NUMBERED {
            let place = usize::try_from(sign).ok()?;
            return self.numbered.get(place).copied().flatten();
        }
        self.hashed.get(&sign).copied()
    }

    fn count(&self) -> usize {
        self.hashed.len()
    }
}

/// A sign of a text that the model knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) row: u32,
    pub(super) value: f32,
    /// Where its words stand; `first` lies behind `last` for what has no place.
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Opinion {
    /// The model of what is shipped, trained once per process.
    pub(in crate::levels) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Opinion> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let labelled = tickets().iter().filter_map(|ticket| {
                let condition = condition_of(ticket)?;
                Some(Example::new(&ticket.title, &ticket.body, condition))
            });
            Self::train(&labelled.chain(sayings()).collect::<Vec<_>>())
        })
    }

    pub(super) fn train(examples: &[Example<'_>]) -> Self {
        let signs: Vec<Vec<Sign>> = examples
            .iter()
            .map(|example| {
                let lasts = duration::longest(&example.reading)
                    .is_some_and(|lasting| lasting.seconds > LONG);
                let present = Present::new(&example.reading);
                let mut signs = Vec::new();
                for_each_sign(&example.reading, &present, &example.topics, lasts, |sign| {
                    signs.push(sign);
                });
                signs
            })
            .collect();
        let rows = rows_of(&signs);
        let vectors: Vec<Sparse> = signs
            .iter()
            .map(|signs| {
                let shown: Vec<Shown> = signs
                    .iter()
                    .filter_map(|sign| Shown::of(&rows, *sign))
                    .collect();
                let shown = damped(&shown);
                let entries = shown.iter().map(|shown| (shown.row, shown.value));
                Sparse {
                    entries: entries.collect(),
                }
            })
            .collect();
        let lessons: Vec<Lesson<'_>> = examples
            .iter()
            .zip(&vectors)
            .map(|(example, features)| Lesson {
                features,
                class: example.condition,
                prior: &[],
                importance: 1.0,
            })
            .collect();
        let mut linear = Linear::new(rows.count(), CONDITIONS.len());
        linear.train(&lessons, TRAINING);
        linear.centre();
        Self {
            rows,
            weights: Compact::of(&linear),
        }
    }

    /// What a text shows of what the model knows.
    pub(super) fn shown(
        &self,
        reading: &Reading<'_>,
        present: &Present,
        topics: &[(&'static str, f32)],
        lasting: Option<u64>,
    ) -> Vec<Shown> {
        let lasts = lasting.is_some_and(|seconds| seconds > LONG);
        let mut shown = Vec::with_capacity(6 * reading.units.len());
        for_each_sign(reading, present, topics, lasts, |sign| {
            shown.extend(Shown::of(&self.rows, sign));
        });
        damped(&shown)
    }

    /// The probability of every condition.
    pub(super) fn probabilities(&self, shown: &[Shown]) -> Vec<f32> {
        let mut scores = self.weights.bias().to_vec();
        for shown in shown {
            self.weights.add_row(shown.row, shown.value, &mut scores);
        }
        scores.truncate(CONDITIONS.len());
        softmax(&mut scores);
        scores
    }

    /// How much a sign argues for a condition and against none.
    pub(super) fn argues(&self, shown: &Shown, condition: usize) -> f32 {
        let places = [Some(condition), Some(0)];
        let [for_it, for_none] = self.weights.of_topics(shown.row, shown.value, places);
        for_it - for_none
    }
}

impl Weighed for Shown {
    fn row(&self) -> u32 {
        self.row
    }

    fn value(&mut self) -> &mut f32 {
        &mut self.value
    }
}

impl Shown {
    /// How many words stand behind its first one.
    pub(super) fn length(&self) -> u8 {
        u8::try_from(self.last.saturating_sub(self.first)).unwrap_or(u8::MAX)
    }

    fn of(rows: &Rows, sign: Sign) -> Option<Self> {
        Some(Self {
            row: rows.of(sign.hash)?,
            value: sign.weight,
            first: sign.first,
            last: sign.last,
        })
    }
}

/// Numbers the signs; pairs that only one text has teach nothing general.
fn rows_of(texts: &[Vec<Sign>]) -> Rows {
    let mut counts: HashedMap<(u32, usize)> = HashedMap::default();
    let mut order = Vec::new();
    for (number, signs) in texts.iter().enumerate() {
        for sign in signs {
            let (count, last) = counts.entry(sign.hash).or_insert_with(|| {
                order.push((sign.hash, sign.is_pair));
                (0, usize::MAX)
            });
            if *last != number {
                *last = number;
                *count += 1;
            }
        }
    }
    let kept = order.into_iter().filter(|(hash, is_pair)| {
        !is_pair || counts.get(hash).is_some_and(|(count, _)| *count > 1)
    });
    let hashed: HashedMap<u32> = (0_u32..)
        .zip(kept)
        .map(|(row, (hash, _))| (hash, row))
        .collect();
    Rows {
        numbered: (0..NUMBERED)
            .map(|number| hashed.get(&number).copied())
            .collect(),
        hashed,
    }
}
