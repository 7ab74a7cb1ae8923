//! Percentiles by nearest rank, means and rates; of nothing there is none.

/// How values are distributed; all but `n` are none when there are no values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Distribution {
    /// How many values.
    pub n: usize,
    /// Their sum divided by `n`.
    pub mean: Option<f64>,
    /// Half of them are at most this.
    pub p50: Option<u32>,
    /// 90 % of them are at most this.
    pub p90: Option<u32>,
    /// 95 % of them are at most this.
    pub p95: Option<u32>,
    /// 99 % of them are at most this.
    pub p99: Option<u32>,
}

impl Distribution {
    /// Of these values.
    #[must_use]
    pub fn of(mut values: Vec<u32>) -> Self {
        values.sort_unstable();
        let sum: u64 = values.iter().map(|value| u64::from(*value)).sum();
        Self {
            n: values.len(),
            mean: ratio(sum, values.len() as u64),
            p50: nearest_rank(&values, 50),
            p90: nearest_rank(&values, 90),
            p95: nearest_rank(&values, 95),
            p99: nearest_rank(&values, 99),
        }
    }
}

/// The smallest of the ascending values such that `percent` of all are at most
/// it: the one at rank ⌈percent · n / 100⌉.
#[must_use]
pub fn nearest_rank(ascending: &[u32], percent: usize) -> Option<u32> {
    let rank = (ascending.len() * percent).div_ceil(100);
    ascending.get(rank.checked_sub(1)?).copied()
}

/// A part of a number of things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many are so.
    pub part: u64,
    /// Among how many.
    pub of: u64,
}

impl Rate {
    /// Counts one more.
    pub(crate) const fn count(&mut self, is_so: bool) {
        self.of += 1;
        self.part += is_so as u64;
    }

    /// The share, 0 to 1; none of nothing.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        ratio(self.part, self.of)
    }

    pub(crate) const fn absorb(&mut self, other: Self) {
        self.part += other.part;
        self.of += other.of;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sums of seconds and counts are far below 2^52"
)]
pub(crate) fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}
