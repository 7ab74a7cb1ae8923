//! A model's weights in little space, so that reading a text touches little
//! memory: whole numbers of 16 bits with one scale for each feature.

use crate::linear::Linear;

/// The greatest whole number that a weight becomes.
const MOST: f32 = 32_767.0;

/// One row of `width` weights for each feature.
#[derive(Debug)]
pub(crate) struct Compact {
    width: usize,
    weights: Vec<i16>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Compact {
    pub(crate) fn of(linear: &Linear) -> Self {
        let mut bias = vec![0.0; linear.width()];
        linear.add_bias(&mut bias);
        let mut compact = Self {
            width: linear.width(),
            weights: Vec::with_capacity(linear.rows() * linear.width()),
            scales: Vec::with_capacity(linear.rows()),
            bias,
        };
        for row in (0_u32..)
            .zip(0..linear.rows())
            .map(|(row, _)| linear.row(row))
        {
            let heaviest = row
                .iter()
                .fold(0.0_f32, |most, weight| most.max(weight.abs()));
            let scale = (heaviest / MOST).max(f32::MIN_POSITIVE);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no weight is heavier than the heaviest"
            )]
            let whole = row.iter().map(|weight| (weight / scale).round() as i16);
            compact.weights.extend(whole);
            compact.scales.push(scale);
        }
        compact
    }

    /// The scores that are there without any feature, one for each class and
    /// some more.
    pub(crate) fn bias(&self) -> &[f32] {
        &self.bias
    }

    fn row(&self, row: u32) -> (&[i16], f32) {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        let start = row.saturating_mul(self.width);
        let weights = self.weights.get(start..start.saturating_add(self.width));
        let scale = self.scales.get(row).copied().unwrap_or(0.0);
        (weights.unwrap_or_default(), scale)
    }

    /// Adds a feature's part to the scores.
    pub(crate) fn add_row(&self, row: u32, value: f32, scores: &mut [f32]) {
        let (weights, scale) = self.row(row);
        let value = value * scale;
        for (score, weight) in scores.iter_mut().zip(weights) {
            *score += value * f32::from(*weight);
        }
    }

    /// What a feature of this value says of some classes.
    pub(crate) fn of_classes<const N: usize>(
        &self,
        row: u32,
        value: f32,
        classes: [Option<usize>; N],
    ) -> [f32; N] {
        let (weights, scale) = self.row(row);
        let value = value * scale;
        classes.map(|class| {
            let weight = class.and_then(|class| weights.get(class));
            weight.map_or(0.0, |weight| value * f32::from(*weight))
        })
    }
}
