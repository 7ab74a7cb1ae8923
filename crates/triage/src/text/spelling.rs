//! Spelling repair: the nearest known word within one edit (two for long
//! words), found through an index of deletions (Garbe's symmetric deletes).

use crate::hash::{self, HashedMap};

/// Words shorter than this are not repaired: too many are near.
const SHORTEST: usize = 4;
/// From this length on two edits are allowed.
const LONG: usize = 8;
/// Words longer than this are not repaired.
const LONGEST: usize = 20;

/// The index of deletions over the known words.
#[derive(Debug, Default)]
pub(super) struct Speller {
    words: Vec<(Box<str>, u32)>,
    deletions: HashedMap<Vec<u32>>,
    seen: Seen,
}

/// Which deletions may be in the index, by one bit of their hash: most of those
/// of an unknown word are not, and this fits into a processor's cache.
#[derive(Debug, Default)]
struct Seen(Vec<u64>);

impl Seen {
    /// Words of 64 bits: a million bits, a tenth of which the shipped words set.
    const LENGTH: usize = 1 << 14;

    fn place(key: u64) -> (usize, u64) {
        let word = usize::try_from(key >> 6).unwrap_or(0) % Self::LENGTH;
        (word, 1 << (key & 63))
    }

    fn add(&mut self, key: u64) {
        self.0.resize(Self::LENGTH, 0);
        let (word, bit) = Self::place(key);
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }

    fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = Self::place(key);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

impl Speller {
    /// Adds a known word; how often it is used decides between equal distances.
    pub(super) fn add(&mut self, word: &str, uses: u32) {
        if !(SHORTEST..=LONGEST).contains(&word.len()) || !word.is_ascii() {
            return;
        }
        let Ok(index) = u32::try_from(self.words.len()) else {
            return;
        };
        self.words.push((word.into(), uses));
        let (deletions, seen) = (&mut self.deletions, &mut self.seen);
        for_each_deletion(word.as_bytes(), edits(word.len()), &mut |key| {
            seen.add(key);
            let bucket = deletions.entry(key).or_default();
            if bucket.last() != Some(&index) {
                bucket.push(index);
            }
        });
    }

    /// The nearest known word to a lower-case word that is not known.
    pub(super) fn repair(&self, word: &str) -> Option<&str> {
        let length = word.len();
        if !(SHORTEST..=LONGEST).contains(&length) || !word.bytes().all(|b| b.is_ascii_lowercase())
        {
            return None;
        }
        let most = edits(length);
        let mut best: Option<(usize, u32, &str)> = None;
        for_each_deletion(word.as_bytes(), most, &mut |key| {
            if !self.seen.may_hold(key) {
                return;
            }
            for &index in self.deletions.get(&key).into_iter().flatten() {
                let Some((known, uses)) = usize::try_from(index)
                    .ok()
                    .and_then(|index| self.words.get(index))
                else {
                    continue;
                };
                let allowed = most.min(edits(known.len()).max(1));
                let Some(distance) = distance(word.as_bytes(), known.as_bytes(), allowed) else {
                    continue;
                };
                // The first letter is seldom wrong.
                let cost = 2 * distance + usize::from(first(word) != first(known));
                let better = best.is_none_or(|(best_cost, best_uses, best_word)| {
                    (cost, u32::MAX - uses, known.as_ref())
                        < (best_cost, u32::MAX - best_uses, best_word)
                });
                if better && cost <= 2 * allowed {
                    best = Some((cost, *uses, known.as_ref()));
                }
            }
        });
        best.map(|(_, _, known)| known)
    }
}

fn first(word: &str) -> Option<u8> {
    word.bytes().next()
}

fn edits(length: usize) -> usize {
    if length >= LONG { 2 } else { 1 }
}

/// Visits the hash of the word and of the word with up to `most` letters deleted.
fn for_each_deletion(word: &[u8], most: usize, visit: &mut impl FnMut(u64)) {
    visit(hash::mix(hashed(START, word)));
    // What stands before the first deletion, hashed.
    let mut before = START;
    for (i, &byte) in word.iter().enumerate() {
        let rest = word.get(i + 1..).unwrap_or_default();
        visit(hash::mix(hashed(before, rest)));
        if most > 1 {
            let mut between = before;
            for (j, &other) in rest.iter().enumerate() {
                let rest = rest.get(j + 1..).unwrap_or_default();
                visit(hash::mix(hashed(between, rest)));
                between = hashed(between, &[other]);
            }
        }
        before = hashed(before, &[byte]);
    }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// Goes on with a hash (FNV-1a).
fn hashed(from: u64, bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(from, step)
}

/// Edits between two words (insertions, deletions, substitutions and swaps of
/// neighbours: optimal string alignment), when at most `most`.
fn distance(left: &[u8], right: &[u8], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let width = right.len() + 1;
    let mut before: [usize; LONGEST + 2] = [0; LONGEST + 2];
    let mut last: [usize; LONGEST + 2] = std::array::from_fn(|at| at);
    let mut now: [usize; LONGEST + 2] = [0; LONGEST + 2];
    for (i, &a) in left.iter().enumerate() {
        if let Some(first) = now.first_mut() {
            *first = i + 1;
        }
        let mut least = i + 1;
        for (j, &b) in right.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, j) + usize::from(a != b))
                .min(at(&last, j + 1) + 1)
                .min(at(&now, j) + 1);
            if i > 0 && j > 0 && left.get(i - 1) == Some(&b) && right.get(j - 1) == Some(&a) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            if let Some(cell) = now.get_mut(j + 1) {
                *cell = cost;
            }
            least = least.min(cost);
        }
        if least > most {
            return None;
        }
        before = last;
        last = now;
    }
    last.get(width - 1).copied().filter(|&edits| edits <= most)
}
