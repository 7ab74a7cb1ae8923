//! Linear support vector machines, one class against the rest, with squared
//! hinge loss, solved in the dual by coordinate descent with shrinking.
//!
//! Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent
//! method for large-scale linear SVM", ICML 2008. Each class is solved by
//! itself, so that the work spreads over the processor's cores and the answer
//! is the same however it is spread.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::linear::{Linear, Sparse, shuffle};

/// The price of an example on the wrong side.
const COST: f32 = 1.0;
/// The solver stops when no projected gradient is off by more than this.
const TOLERANCE: f32 = 0.1;
/// It stops in any case after this many passes.
const MOST_PASSES: usize = 60;
/// More threads than this bring nothing on the machines this is for.
const MOST_THREADS: usize = 8;

/// Trains a model from vectors and their classes.
pub(crate) fn train(examples: &[(&Sparse, usize)], rows: usize, classes: usize) -> Linear {
    let norms: Vec<f32> = examples
        .iter()
        .map(|(features, _)| {
            1.0 + features
                .entries
                .iter()
                .map(|(_, value)| value * value)
                .sum::<f32>()
        })
        .collect();
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism()
        .map_or(1, |cores| cores.get().min(MOST_THREADS))
        .min(classes.max(1));
    let work = || {
        let mut solved = Vec::new();
        loop {
            let class = next.fetch_add(1, Ordering::Relaxed);
            if class >= classes {
                return solved;
            }
            solved.push((class, solve(examples, &norms, class, rows)));
        }
    };
    let mut linear = Linear::new(rows, classes);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        let others = others.into_iter().filter_map(|thread| thread.join().ok());
        for (class, (weights, bias)) in others.chain(std::iter::once(own)).flatten() {
            linear.set_class(class, &weights, bias);
        }
    });
    linear
}

/// The weights and the bias that part a class from the others.
fn solve(
    examples: &[(&Sparse, usize)],
    norms: &[f32],
    class: usize,
    rows: usize,
) -> (Vec<f32>, f32) {
    let ridge = 0.5 / COST;
    let mut weights = vec![0.0_f32; rows];
    let mut bias = 0.0_f32;
    let mut duals = vec![0.0_f32; examples.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut active = order.len();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut highest_before = f32::INFINITY;
    for _ in 0..MOST_PASSES {
        shuffle(order.get_mut(..active).unwrap_or_default(), &mut seed);
        let mut highest = f32::NEG_INFINITY;
        let mut lowest = f32::INFINITY;
        let mut at = 0;
        while at < active {
            let Some(&index) = order.get(at) else {
                break;
            };
            let (Some((features, own)), Some(dual), Some(norm)) =
                (examples.get(index), duals.get_mut(index), norms.get(index))
            else {
                break;
            };
            let side = if *own == class { 1.0 } else { -1.0 };
            let slope = side * (dot(features, &weights) + bias) - 1.0 + ridge * *dual;
            let mut projected = slope;
            if *dual == 0.0 {
                if slope > highest_before {
                    // It has been on the right side for long: not looked at again.
                    active -= 1;
                    order.swap(at, active);
                    continue;
                }
                projected = slope.min(0.0);
            }
            highest = highest.max(projected);
            lowest = lowest.min(projected);
            if projected.abs() > 1e-9 {
                let before = *dual;
                *dual = (before - slope / (norm + ridge)).max(0.0);
                let step = side * (*dual - before);
                add(features, step, &mut weights);
                bias += step;
            }
            at += 1;
        }
        if highest - lowest <= TOLERANCE {
            if active == order.len() {
                break;
            }
            active = order.len();
            highest_before = f32::INFINITY;
            continue;
        }
        highest_before = if highest > 0.0 {
            highest
        } else {
            f32::INFINITY
        };
    }
    (weights, bias)
}

fn dot(features: &Sparse, weights: &[f32]) -> f32 {
    features
        .entries
        .iter()
        .filter_map(|&(row, value)| {
            let row = usize::try_from(row).ok()?;
            weights.get(row).map(|weight| weight * value)
        })
        .sum()
}

fn add(features: &Sparse, step: f32, weights: &mut [f32]) {
    for &(row, value) in &features.entries {
        let row = usize::try_from(row).ok();
        if let Some(weight) = row.and_then(|row| weights.get_mut(row)) {
            *weight += step * value;
        }
    }
}
