//! Near-copies among tickets: a signature of fixed size whose similarity
//! estimates how many words and word pairs two texts share. One hash of each
//! word falls into one of the places, which keeps the least of its hashes (Li,
//! Owen and Zhang, "One permutation hashing", NIPS 2012): filing a ticket makes
//! one, so it must be cheap.

use serde::{Deserialize, Serialize};

use crate::{
    hash,
    text::{
        Reading,
        lexicon::{OwnWords, STOP},
    },
};

/// Places of the signature: the estimate's error is about 1/√64.
const PLACES: usize = 64;
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
#[must_use]
pub fn fingerprint(title: &str, body: &str) -> Fingerprint {
    let reading = Reading::new(&OwnWords::default(), title, body);
    let mut places = [VACANT; PLACES];
    let mut add = |item: u64| {
        let item = hash::mix(item);
        let at = usize::try_from(item % 64).unwrap_or(0);
        if let (Some(place), Ok(value)) = (places.get_mut(at), u32::try_from(item >> 32)) {
            *place = value.min(*place);
        }
    };
    let mut before = None;
    for unit in reading.units.iter().filter(|unit| unit.role & STOP == 0) {
        // Numbers tell copies apart, so they count by their value.
        let key = hash::join(unit.key, u64::from(unit.number));
        add(key);
        if let Some(before) = before.replace(key) {
            add(hash::join(before, key));
        }
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
    for (a, b) in left.places.iter().zip(&right.places) {
        let vacant = *a == VACANT && *b == VACANT;
        taken += u32::from(!vacant);
        same += u32::from(!vacant && a == b);
    }
    f64::from(same) / f64::from(taken.max(1))
}

#[cfg(test)]
mod tests;
