//! Near-copies among tickets: a signature of fixed size whose similarity
//! estimates how many words and word pairs two texts share. One hash of each
//! word falls into one of the places, which keeps the least of its hashes (Li,
//! Owen and Zhang, "One permutation hashing", NIPS 2012): filing a ticket makes
//! one, so it must be cheap.

use serde::{Deserialize, Serialize};

use crate::{
    hash,
    text::{
        lexicon::{self, Lexicon},
        words::{Piece, for_each_piece},
    },
};

/// Places of the signature: the estimate's error is about 1/√64.
const PLACES: usize = 64;
/// At most this many words are read.
const MOST_WORDS: usize = 2048;
/// A place into which nothing fell.
const VACANT: u32 = u32::MAX;

/// The signature of a ticket's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint {
    places: Vec<u32>,
}

impl Fingerprint {
    /// The signature as bytes, to be stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.places
            .iter()
            .flat_map(|place| place.to_le_bytes())
            .collect()
    }

    /// Reads what [`Self::to_bytes`] wrote; none when the length is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = bytes.as_chunks::<4>();
        let fits = rest.is_empty() && (chunks.is_empty() || chunks.len() == PLACES);
        fits.then(|| Self {
            places: chunks
                .iter()
                .map(|chunk| u32::from_le_bytes(*chunk))
                .collect(),
        })
    }
}

/// The signature of a title and a body; a text without words has an empty one.
///
/// Words count as they are written, but for their case: copies repeat the
/// mistakes too.
#[must_use]
pub fn fingerprint(title: &str, body: &str) -> Fingerprint {
    let lexicon = Lexicon::shipped();
    let mut places = [VACANT; PLACES];
    let mut add = |item: u64| {
        let item = hash::mix(item);
        let at = usize::try_from(item % 64).unwrap_or(0);
        if let (Some(place), Ok(value)) = (places.get_mut(at), u32::try_from(item >> 32)) {
            *place = value.min(*place);
        }
    };
    let (mut before, mut words, mut lower) = (None, 0, String::new());
    for text in [title, body] {
        for_each_piece(text, |piece| {
            let (Piece::Word { text, .. } | Piece::Named { text, .. }) = piece else {
                return true;
            };
            lexicon::lower(text, &mut lower);
            let key = hash::of(&lower);
            if !lexicon.is_stop(key) {
                add(key);
                if let Some(before) = before.replace(key) {
                    add(hash::join(before, key));
                }
            }
            words += 1;
            words < MOST_WORDS
        });
    }
    if before.is_none() {
        return Fingerprint { places: Vec::new() };
    }
    Fingerprint {
        places: places.to_vec(),
    }
}

/// How alike two texts are, 0 to 1; near-copies are above 0.7. Empty texts are
/// like nothing.
#[must_use]
pub fn similarity(left: &Fingerprint, right: &Fingerprint) -> f64 {
    if left.places.is_empty() || left.places.len() != right.places.len() {
        return 0.0;
    }
    let (mut same, mut taken) = (0_u32, 0_u32);
    // Without branches, so that several places are compared at once: a new
    // ticket is compared with hundreds.
    for (&a, &b) in left.places.iter().zip(&right.places) {
        let told = u32::from(a != VACANT) | u32::from(b != VACANT);
        taken += told;
        same += told & u32::from(a == b);
    }
    f64::from(same) / f64::from(taken.max(1))
}

#[cfg(test)]
mod tests;
