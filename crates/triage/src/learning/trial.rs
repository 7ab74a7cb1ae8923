//! Champion and challenger: what the labels say of the runbook alone and of the
//! runbook with learning, each part of the labels predicted from the others.
//!
//! Learning may turn an answer into an entry only where it has done so rightly
//! more often than wrongly, so that it is at least as good as the runbook alone
//! for every entry.

use super::{Prepared, train};

/// Shares of the learned scores that are tried.
const SHARES: [f32; 3] = [0.4, 0.7, 1.0];
/// The labels are split into this many parts for predict-then-learn.
const PARTS: usize = 4;
/// At most this many labels, evenly chosen, take part in predict-then-learn.
const JUDGED: usize = 2000;

/// What may act: a share of the learned scores, for some of the entries.
#[derive(Debug)]
pub(super) struct Trial {
    pub(super) share: f32,
    acts: Vec<bool>,
}

/// Answers that must have been put right: by chance alone, of three turned answers
/// all are right once in eight times.
const SURELY: u32 = 3;

/// One label, predicted without having been seen.
struct Outcome {
    truth: usize,
    alone: usize,
    /// With each share of the learned scores.
    learned: [usize; SHARES.len()],
}

impl Trial {
    /// Judges by predict-then-learn; none when learning may not act at all.
    pub(super) fn of(prepared: &[Prepared], rows: usize) -> Option<Self> {
        let classes = prepared.first()?.prior.len();
        let outcomes = predict_then_learn(prepared, rows);
        let trials = SHARES.iter().enumerate().map(|(at, share)| {
            let acts = acting(&outcomes, at, classes);
            let right = outcomes
                .iter()
                .filter(|outcome| outcome.answer(at, &acts) == outcome.truth)
                .count();
            let share = *share;
            (right, Self { share, acts })
        });
        // The smaller share when equal.
        let best = trials.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let (_, trial) = best?;
        trial.acts.contains(&true).then_some(trial)
    }

    pub(super) fn acts_for(&self, class: usize) -> bool {
        self.acts.get(class).copied().unwrap_or(false)
    }
}

impl Outcome {
    fn answer(&self, share: usize, acts: &[bool]) -> usize {
        let learned = self.learned.get(share).copied().unwrap_or(self.alone);
        match acts.get(learned) {
            Some(true) => learned,
            _ => self.alone,
        }
    }
}

/// The classes into which learning turned answers rightly so much more often than
/// wrongly that chance does not explain it: at least so many times, and twice for
/// each wrong one. Where neither was right nothing is lost or won.
fn acting(outcomes: &[Outcome], share: usize, classes: usize) -> Vec<bool> {
    let mut turns = vec![(0_u32, 0_u32); classes];
    for outcome in outcomes {
        let learned = outcome.learned.get(share).copied();
        let turned = learned.filter(|learned| *learned != outcome.alone);
        if let Some((won, lost)) = turned.and_then(|class| turns.get_mut(class)) {
            *won += u32::from(turned == Some(outcome.truth));
            *lost += u32::from(outcome.alone == outcome.truth);
        }
    }
    turns
        .into_iter()
        .map(|(won, lost)| won >= SURELY + 2 * lost)
        .collect()
}

fn predict_then_learn(prepared: &[Prepared], rows: usize) -> Vec<Outcome> {
    let each = prepared.len().div_ceil(JUDGED).max(1);
    let prepared: Vec<&Prepared> = prepared.iter().step_by(each).collect();
    let mut outcomes = Vec::with_capacity(prepared.len());
    for part in 0..PARTS {
        let known = prepared
            .iter()
            .enumerate()
            .filter(|(at, _)| at % PARTS != part)
            .map(|(_, example)| *example)
            .collect();
        let Some(linear) = train(known, rows) else {
            continue;
        };
        for example in prepared.iter().skip(part).step_by(PARTS) {
            let mut scores = vec![0.0; linear.width()];
            linear.add_scores(&example.features.entries, &mut scores);
            let answer = |share: f32| {
                let scored = scores.iter().zip(&example.prior);
                best(scored.map(|(score, prior)| score * share + prior))
            };
            outcomes.push(Outcome {
                truth: example.class,
                alone: best(example.prior.iter().copied()),
                learned: SHARES.map(answer),
            });
        }
    }
    outcomes
}

fn best(scores: impl Iterator<Item = f32>) -> usize {
    scores
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map_or(0, |(class, _)| class)
}
