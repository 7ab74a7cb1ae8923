//! A multinomial logistic model over sparse features, trained by AdaGrad.
//!
//! Deterministic: the same examples in the same order give the same weights.
//! Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 12 (2011).

/// Classes are padded to a multiple of this, so that rows vectorise.
const LANES: usize = 8;

/// A sparse vector: rows of the model and their values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sparse {
    pub(crate) entries: Vec<(u32, f32)>,
}

/// How a model is trained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Training {
    /// Passes over the examples.
    pub(crate) epochs: usize,
    /// The step of AdaGrad.
    pub(crate) rate: f32,
    /// The pull of every weight towards zero each time that it is touched.
    pub(crate) decay: f32,
    /// The strength of a ridge (L2) penalty on all weights: each row's part is
    /// spread over the lessons that touch it. Zero for none.
    pub(crate) ridge: f32,
}

/// What one example teaches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lesson<'a> {
    pub(crate) features: &'a [(u32, f32)],
    pub(crate) class: usize,
    /// Scores that are there without the model, one per class, or none.
    pub(crate) prior: &'a [f32],
    pub(crate) importance: f32,
}

/// The weights: one row of `width` numbers for each feature.
#[derive(Clone, Debug, Default)]
pub(crate) struct Linear {
    width: usize,
    classes: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// A model that knows nothing.
    pub(crate) fn new(rows: usize, classes: usize) -> Self {
        let width = classes.next_multiple_of(LANES);
        Self {
            width,
            classes,
            weights: vec![0.0; rows * width],
            bias: vec![0.0; width],
        }
    }

    pub(crate) fn classes(&self) -> usize {
        self.classes
    }

    /// Adds the score of every class to `scores`, which has [`Self::width`] places.
    pub(crate) fn add_scores(&self, features: &[(u32, f32)], scores: &mut [f32]) {
        self.add_bias(scores);
        for &(row, value) in features {
            self.add_row(row, value, scores);
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn rows(&self) -> usize {
        self.weights.len() / self.width.max(1)
    }

    /// The weights of a feature, one per class.
    pub(crate) fn row(&self, row: u32) -> &[f32] {
        let start = usize::try_from(row)
            .unwrap_or(usize::MAX)
            .saturating_mul(self.width);
        self.weights
            .get(start..start.saturating_add(self.width))
            .unwrap_or_default()
    }

    /// Takes the mean over the classes off every row: probabilities stay as they
    /// are, and a weight says how a class differs from the others.
    pub(crate) fn centre(&mut self) {
        let classes = self.classes;
        let share = f32::from(u16::try_from(classes).unwrap_or(u16::MAX)).max(1.0);
        let rows = self.weights.chunks_exact_mut(self.width.max(1));
        for row in rows.chain(std::iter::once(self.bias.as_mut_slice())) {
            let mean = row.iter().take(classes).sum::<f32>() / share;
            for weight in row.iter_mut().take(classes) {
                *weight -= mean;
            }
        }
    }

    /// Adds a feature's part to the scores.
    pub(crate) fn add_row(&self, row: u32, value: f32, scores: &mut [f32]) {
        for (score, weight) in scores.iter_mut().zip(self.row(row)) {
            *score += value * weight;
        }
    }

    /// Adds what is there without any feature.
    pub(crate) fn add_bias(&self, scores: &mut [f32]) {
        for (score, bias) in scores.iter_mut().zip(&self.bias) {
            *score += bias;
        }
    }

    /// Puts one class's weights and bias in their place.
    pub(crate) fn set_class(&mut self, class: usize, weights: &[f32], bias: f32) {
        let rows = self.weights.chunks_exact_mut(self.width.max(1));
        for (row, weight) in rows.zip(weights) {
            if let Some(place) = row.get_mut(class) {
                *place = *weight;
            }
        }
        if let Some(place) = self.bias.get_mut(class) {
            *place = bias;
        }
    }

    /// Learns from the lessons, in a mixed but repeatable order.
    pub(crate) fn train(&mut self, lessons: &[Lesson<'_>], training: Training) {
        // One step size for each row: its weights see the same texts.
        let mut squares = vec![1e-3_f32; self.rows()];
        let decays = self.decays(lessons, training);
        let mut bias_square = 1e-3;
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        let mut scores = vec![0.0_f32; self.width];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..training.epochs {
            shuffle(&mut order, &mut seed);
            for lesson in order.iter().filter_map(|&at| lessons.get(at)) {
                scores.fill(0.0);
                self.add_scores(lesson.features, &mut scores);
                for (score, prior) in scores.iter_mut().zip(lesson.prior) {
                    *score += prior;
                }
                softmax(scores.get_mut(..self.classes).unwrap_or_default());
                // The gradient of the cross entropy is probability minus truth.
                if let Some(score) = scores.get_mut(lesson.class) {
                    *score -= 1.0;
                }
                for score in &mut scores {
                    *score *= lesson.importance;
                }
                if let Some(pad) = scores.get_mut(self.classes..) {
                    pad.fill(0.0);
                }
                let steepness: f32 = scores.iter().map(|score| score * score).sum();
                step(
                    &mut self.bias,
                    &mut bias_square,
                    &scores,
                    steepness,
                    1.0,
                    training,
                );
                for &(row, value) in lesson.features {
                    let row = usize::try_from(row).unwrap_or(0);
                    let start = row * self.width;
                    if let (Some(weights), Some(square), Some(&decay)) = (
                        self.weights.get_mut(start..start + self.width),
                        squares.get_mut(row),
                        decays.get(row),
                    ) {
                        let training = Training { decay, ..training };
                        step(weights, square, &scores, steepness, value, training);
                    }
                }
            }
        }
    }
}

impl Linear {
    /// What pulls each row each time that a lesson touches it.
    fn decays(&self, lessons: &[Lesson<'_>], training: Training) -> Vec<f32> {
        let mut touched = vec![0.0_f32; self.rows()];
        for (row, _) in lessons.iter().flat_map(|lesson| lesson.features) {
            let row = usize::try_from(*row).unwrap_or(usize::MAX);
            if let Some(count) = touched.get_mut(row) {
                *count += 1.0;
            }
        }
        let pull = |count: f32| training.decay + training.ridge / count.max(1.0);
        touched.into_iter().map(pull).collect()
    }
}

/// One step of AdaGrad on a row, with one step size for all of its weights.
fn step(
    weights: &mut [f32],
    square: &mut f32,
    gradient: &[f32],
    steepness: f32,
    value: f32,
    training: Training,
) {
    *square += steepness * value * value;
    let rate = training.rate / square.sqrt();
    let pull = value * rate;
    // Implicit, so that a long step cannot throw a weight past zero.
    let keep = 1.0 / (1.0 + rate * training.decay);
    for (weight, gradient) in weights.iter_mut().zip(gradient) {
        *weight = *weight * keep - pull * gradient;
    }
}

/// Turns scores into probabilities.
pub(crate) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

/// Fisher and Yates' shuffle with a small generator (xorshift64*).
pub(crate) fn shuffle(order: &mut [usize], seed: &mut u64) {
    for at in (1..order.len()).rev() {
        *seed ^= *seed >> 12;
        *seed ^= *seed << 25;
        *seed ^= *seed >> 27;
        let random = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        let other = usize::try_from(random).unwrap_or(0) % (at + 1);
        order.swap(at, other);
    }
}
