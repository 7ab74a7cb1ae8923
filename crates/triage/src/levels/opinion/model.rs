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
    linear::{Training, softmax},
    text::Reading,
    topics::{Compact, Corpus, Part, Weighed, damped},
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
            let tickets = tickets();
            let labelled = tickets.iter().filter_map(|ticket| {
                let condition = condition_of(ticket)?;
                Some(Example::new(&ticket.title, &ticket.body, condition))
            });
            Self::train(labelled.chain(sayings()))
        })
    }

    pub(super) fn train<'t>(examples: impl Iterator<Item = Example<'t>>) -> Self {
        let mut corpus = Corpus::new();
        let mut parts = Vec::new();
        for example in examples {
            let reading = &example.reading;
            let lasts = duration::longest(reading).is_some_and(|lasting| lasting.seconds > LONG);
            parts.clear();
            for_each_sign(
                reading,
                &Present::new(reading),
                &example.topics,
                lasts,
                |sign| {
                    parts.push(Part {
                        hash: sign.hash,
                        weight: sign.weight,
                        is_pair: sign.is_pair,
                    });
                },
            );
            corpus.add(example.condition, &parts);
        }
        let (hashed, linear) = corpus.train(CONDITIONS.len(), TRAINING);
        Self {
            rows: Rows {
                numbered: (0..NUMBERED)
                    .map(|number| hashed.get(&number).copied())
                    .collect(),
                hashed,
            },
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
        let [for_it, for_none] = self.weights.of_classes(shown.row, shown.value, places);
        for_it - for_none
    }
}

impl Weighed for Shown {
    fn key(&self) -> u64 {
        u64::from(self.row)
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
