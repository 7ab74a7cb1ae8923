//! Spelling repair: the nearest known word within one edit (two for long
//! words), found through an index of deletions of the words' beginnings
//! (Garbe's symmetric deletes with a prefix).
//!
//! Most unknown words are names and codes that no known word is near, so the
//! common case is to find nothing at once: letters are packed into one number,
//! a letter is deleted by shifting, and one bit tells whether a known word can
//! be there.

mod nearness;

use crate::hash::{self, HashedMap};
use nearness::Nearness;

/// Words shorter than this are not repaired: too many are near.
const SHORTEST: usize = 4;
/// From this length on two edits are allowed.
const LONG: usize = 8;
/// Words longer than this are not repaired.
const LONGEST: usize = 20;
/// So many first letters of a word are in the index: words that are near begin
/// with letters that are near.
const PREFIX: usize = 7;
/// How many bits a letter takes.
const LETTER: u32 = 5;

/// The index of deletions over the known words.
#[derive(Debug, Default)]
pub(super) struct Speller {
    words: Vec<(Box<str>, u32)>,
    /// Which letters each word has, to reject most without a look at it.
    letters: Vec<u32>,
    deletions: HashedMap<Vec<u32>>,
    seen: Seen,
}

/// Which deletions may be in the index, by one bit of their hash: most of those
/// of an unknown word are not, and this fits into a processor's cache.
#[derive(Debug, Default)]
struct Seen(Vec<u64>);

impl Seen {
    /// Words of 64 bits: half a million bits, a tenth of which the shipped
    /// words set.
    const LENGTH: usize = 1 << 13;

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
        let Ok(index) = u32::try_from(self.words.len()) else {
            return;
        };
        let Some(prefix) = Prefix::of(word) else {
            return;
        };
        self.words.push((word.into(), uses));
        self.letters.push(letters_of(word));
        let (deletions, seen) = (&mut self.deletions, &mut self.seen);
        prefix.for_each_deletion(edits(word.len()), |key| {
            seen.add(key);
            let bucket = deletions.entry(key).or_default();
            if bucket.last() != Some(&index) {
                bucket.push(index);
            }
        });
    }

    /// The nearest known word to a lower-case word that is not known.
    pub(super) fn repair(&self, word: &str) -> Option<&str> {
        if self.words.is_empty() {
            return None;
        }
        let prefix = Prefix::of(word)?;
        let most = edits(word.len());
        let letters = letters_of(word);
        let mut nearness = None;
        let mut best: Option<(usize, u32, &str)> = None;
        prefix.for_each_deletion(most, |key| {
            if !self.seen.may_hold(key) {
                return;
            }
            for &index in self.deletions.get(&key).into_iter().flatten() {
                let Ok(index) = usize::try_from(index) else {
                    continue;
                };
                // An edit changes at most one letter for another one.
                let differing = self.letters.get(index).map_or(0, |known| known ^ letters);
                if usize::try_from(differing.count_ones()).is_ok_and(|count| count > 2 * most) {
                    continue;
                }
                let Some((known, uses)) = self.words.get(index) else {
                    continue;
                };
                let allowed = most.min(edits(known.len()));
                let nearness = nearness.get_or_insert_with(|| Nearness::to(word));
                let Some(distance) = nearness.distance(known, allowed) else {
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

/// The letters of a word as bits.
fn letters_of(word: &str) -> u32 {
    word.bytes()
        .fold(0, |letters, byte| letters | 1 << (byte & 31))
}

/// The first letters of a word, packed into a number, the first one lowest.
#[derive(Clone, Copy, Debug)]
struct Prefix {
    letters: u64,
    count: u32,
}

impl Prefix {
    /// None for what is no word, or too short or too long to be repaired.
    fn of(word: &str) -> Option<Self> {
        let plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !plain || !(SHORTEST..=LONGEST).contains(&word.len()) {
            return None;
        }
        let mut prefix = Self {
            letters: 0,
            count: 0,
        };
        for byte in word.bytes().take(PREFIX) {
            prefix.letters |= u64::from(byte & 31) << (LETTER * prefix.count);
            prefix.count += 1;
        }
        Some(prefix)
    }

    fn without(self, place: u32) -> Self {
        let before = (1_u64 << (LETTER * place)) - 1;
        let behind = (self.letters >> LETTER) & !before;
        Self {
            letters: (self.letters & before) | behind,
            count: self.count.saturating_sub(1),
        }
    }

    /// Visits a key for the prefix and for it with up to `most` letters deleted.
    /// A word that is two edits away begins with the same letter, and so does
    /// one where only one is allowed.
    fn for_each_deletion(self, most: usize, mut visit: impl FnMut(u64)) {
        visit(hash::mix(self.letters));
        if most > 1 {
            visit(hash::mix(self.without(0).letters));
        }
        for place in 1..self.count {
            let one = self.without(place);
            visit(hash::mix(one.letters));
            if most > 1 {
                for place in place..one.count {
                    visit(hash::mix(one.without(place).letters));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONG, SHORTEST, Speller, nearness::Nearness};

    const KNOWN: [&str; 12] = [
        "cart",
        "order",
        "orders",
        "payment",
        "payments",
        "checkout",
        "delivery",
        "password",
        "available",
        "unavailable",
        "authentication",
        "refund",
    ];

    /// Repair without an index: every known word is compared.
    fn plainly(word: &str) -> Option<&'static str> {
        let edits = |word: &str| if word.len() >= LONG { 2 } else { 1 };
        KNOWN
            .into_iter()
            .filter_map(|known| {
                let allowed = edits(word).min(edits(known));
                let distance = Nearness::to(word).distance(known, allowed)?;
                let other_start = word.as_bytes()[0] != known.as_bytes()[0];
                let cost = 2 * distance + usize::from(other_start);
                (cost <= 2 * allowed).then_some((cost, known))
            })
            .min()
            .map(|(_, known)| known)
    }

    /// A known word with some letters changed.
    fn mistyped() -> impl Strategy<Value = String> {
        let change = (0_u8..4, 0_usize..20, b'a'..=b'z');
        let changes = proptest::collection::vec(change, 0..4);
        (proptest::sample::select(KNOWN.to_vec()), changes).prop_map(|(word, changes)| {
            let mut letters: Vec<char> = word.chars().collect();
            for (kind, place, letter) in changes {
                let letter = char::from(letter);
                let place = place % letters.len().max(1);
                match kind {
                    0 if letters.len() > SHORTEST => {
                        letters.remove(place);
                    }
                    1 => letters.insert(place, letter),
                    2 => letters[place] = letter,
                    _ => letters.swap(place, place.saturating_sub(1)),
                }
            }
            letters.into_iter().collect()
        })
    }

    proptest! {
        #[test]
        fn the_index_finds_what_comparing_with_every_word_finds(word in mistyped()) {
            let mut speller = Speller::default();
            for known in KNOWN {
                speller.add(known, 1);
            }
            prop_assert_eq!(speller.repair(&word), plainly(&word));
        }
    }

    #[test]
    fn what_is_no_word_is_not_repaired() {
        let mut speller = Speller::default();
        assert_eq!(speller.repair("paymnet"), None);
        speller.add("payment", 1);
        assert_eq!(speller.repair("paymnet"), Some("payment"));
        for other in [
            "",
            "pay",
            "payment2",
            "p\u{e4}yment",
            "paymentpaymentpayment",
        ] {
            assert_eq!(speller.repair(other), None, "{other}");
        }
    }
}
