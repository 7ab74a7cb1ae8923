//! Seeded chance: the same seed gives the same history.

use std::f64::consts::TAU;

use chrono::TimeDelta;

/// A small generator of numbers (SplitMix64); nothing secret depends on it.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// One generator per part, so that parts can be made side by side.
    pub(super) const fn new(seed: u64, part: u64) -> Self {
        let mixed = seed ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed.wrapping_mul(0xd605_bbb5_8c8a_bbc9).wrapping_add(part))
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        // 53 bits are what a float holds exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something happens that happens that often.
    pub(super) fn once_in(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// From 0 to below `end`; 0 for an empty range.
    pub(super) fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            return 0;
        }
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    /// One of them, each as likely; none of nothing.
    pub(super) fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// One of some words, the first ones often and the last ones seldom.
    pub(super) fn word(&mut self, of: &[&'static str]) -> &'static str {
        let skewed = self.unit() * self.unit() * of.len() as f64;
        of.get(skewed as usize).copied().unwrap_or_default()
    }

    /// A duration as people's work takes: half of them shorter than the
    /// median, a few many times as long.
    pub(super) fn around(&mut self, median_minutes: f64) -> TimeDelta {
        // Box and Muller's way from even chance to the bell curve.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (TAU * self.unit()).cos();
        let seconds = median_minutes * 60.0 * (0.8 * normal).exp();
        TimeDelta::seconds(seconds.clamp(5.0, 7.8e6) as i64)
    }

    /// Ten bytes for an id.
    pub(super) fn bytes(&mut self) -> [u8; 10] {
        let (high, low) = (self.next().to_le_bytes(), self.next().to_le_bytes());
        let [a, b, c, d, e, f, g, h] = high;
        let [i, j, ..] = low;
        [a, b, c, d, e, f, g, h, i, j]
    }
}
