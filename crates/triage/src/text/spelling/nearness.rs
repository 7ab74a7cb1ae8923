//! How many edits are between one word and others: insertions, deletions,
//! substitutions and swaps of neighbours (optimal string alignment), a column
//! of the table at a time in the bits of a number.
//!
//! Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
//! distances", Nordic Journal of Computing 10 (2003).

/// A word of at most 64 lower-case letters that others are compared with.
#[derive(Debug)]
pub(super) struct Nearness {
    length: usize,
    /// For each letter the places where the word has it.
    places: [u64; 32],
}

impl Nearness {
    pub(super) fn to(word: &str) -> Self {
        let mut places = [0_u64; 32];
        for (place, byte) in word.bytes().enumerate().take(64) {
            if let Some(bits) = places.get_mut(usize::from(byte & 31)) {
                *bits |= 1 << place;
            }
        }
        Self {
            length: word.len(),
            places,
        }
    }

    /// The edits between the two words, when at most `most`.
    pub(super) fn distance(&self, other: &str, most: usize) -> Option<usize> {
        if self.length.abs_diff(other.len()) > most || self.length == 0 {
            return None;
        }
        let last = 1_u64 << (self.length - 1);
        let (mut higher, mut lower) = (u64::MAX, 0_u64);
        let (mut diagonal, mut before) = (0_u64, 0_u64);
        let mut edits = self.length;
        for byte in other.bytes() {
            let same = self.places.get(usize::from(byte & 31)).copied()?;
            let swapped = ((!diagonal & same) << 1) & before;
            diagonal = ((same & higher).wrapping_add(higher) ^ higher) | same | lower | swapped;
            let right_higher = lower | !(diagonal | higher);
            let right_lower = diagonal & higher;
            edits += usize::from(right_higher & last != 0);
            edits -= usize::from(right_lower & last != 0);
            let right_higher = (right_higher << 1) | 1;
            higher = (right_lower << 1) | !(diagonal | right_higher);
            lower = right_higher & diagonal;
            before = same;
        }
        (edits <= most).then_some(edits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Nearness;

    /// The table, cell by cell.
    fn table(left: &[u8], right: &[u8]) -> usize {
        let mut rows = vec![vec![0_usize; right.len() + 1]; left.len() + 1];
        for i in 0..=left.len() {
            for j in 0..=right.len() {
                rows[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let differ = usize::from(left[i - 1] != right[j - 1]);
                    let mut cost = (rows[i - 1][j - 1] + differ)
                        .min(rows[i - 1][j] + 1)
                        .min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]
                    {
                        cost = cost.min(rows[i - 2][j - 2] + 1);
                    }
                    cost
                };
            }
        }
        rows[left.len()][right.len()]
    }

    proptest! {
        #[test]
        fn bits_count_what_the_table_counts(left in "[a-d]{1,12}", right in "[a-d]{1,12}") {
            let edits = table(left.as_bytes(), right.as_bytes());
            for most in 0..4 {
                let found = Nearness::to(&left).distance(&right, most);
                prop_assert_eq!(found, (edits <= most).then_some(edits));
            }
        }
    }
}
