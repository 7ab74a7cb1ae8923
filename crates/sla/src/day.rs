//! The working intervals of one local day.

/// Disjoint, sorted, non-empty intervals of a local day, in seconds from its
/// midnight; touching ones are merged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Day {
    intervals: Box<[(i64, i64)]>,
    total: i64,
}

impl Day {
    /// Takes intervals in any order; they may touch or overlap.
    pub(crate) fn new(mut intervals: Vec<(i64, i64)>) -> Day {
        intervals.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(intervals.len());
        for (open, close) in intervals.into_iter().filter(|(open, close)| open < close) {
            match merged.last_mut() {
                Some(last) if open <= last.1 => last.1 = last.1.max(close),
                _ => merged.push((open, close)),
            }
        }
        let total = merged.iter().map(|(open, close)| close - open).sum();
        Day {
            intervals: merged.into(),
            total,
        }
    }

    /// This day without what `breaks` covers.
    pub(crate) fn without(&self, breaks: &Day) -> Day {
        let mut left = Vec::with_capacity(self.intervals.len() + breaks.intervals.len());
        for &(open, close) in &self.intervals {
            let mut from = open;
            for &(start, end) in &breaks.intervals {
                if end > from && start < close {
                    left.push((from, start));
                    from = end;
                }
            }
            left.push((from, close));
        }
        Day::new(left)
    }

    /// Working seconds of the whole day.
    pub(crate) fn total(&self) -> i64 {
        self.total
    }

    /// Working seconds before `second` of the day.
    pub(crate) fn worked_before(&self, second: i64) -> i64 {
        self.intervals
            .iter()
            .take_while(|(open, _)| *open < second)
            .map(|(open, close)| second.min(*close) - open)
            .sum()
    }

    /// The earliest second of the day before which `worked` seconds were
    /// worked; `worked` is in `1..=total`, more answers the last closing.
    pub(crate) fn reach(&self, worked: i64) -> i64 {
        let mut left = worked;
        let mut reached = 0;
        for &(open, close) in &self.intervals {
            reached = close.min(open + left);
            left -= close - open;
            if left <= 0 {
                break;
            }
        }
        reached
    }

    /// Whether `second` of the day is worked, and the next second at which
    /// that changes (`i64::MAX` when it does not on this day).
    pub(crate) fn at(&self, second: i64) -> (bool, i64) {
        for &(open, close) in &self.intervals {
            if second < open {
                return (false, open);
            }
            if second < close {
                return (true, close);
            }
        }
        (false, i64::MAX)
    }
}

#[cfg(test)]
mod tests;
