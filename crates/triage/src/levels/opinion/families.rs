//! Families of concepts: what stands together in a text, whatever its words.

use std::sync::OnceLock;

use crate::{
    data,
    text::concepts::{Concept, Concepts},
};

/// A set of families, one bit each.
pub(super) type Families = u32;

/// The families of a concept.
pub(super) fn families_of(concept: Concept) -> Families {
    static FAMILIES: OnceLock<Vec<Families>> = OnceLock::new();
    let families = FAMILIES.get_or_init(|| {
        let mut families: Vec<Families> = Vec::new();
        for (number, (_, names)) in (0_u32..).zip(data::sections(data::LEVEL_FAMILIES)) {
            for name in names.split_whitespace() {
                let shipped = Concepts::shipped().named(name);
                for concept in [shipped, Concepts::of_levels().named(name)]
                    .into_iter()
                    .flatten()
                {
                    let place = usize::from(concept);
                    if families.len() <= place {
                        families.resize(place + 1, 0);
                    }
                    if let Some(place) = families.get_mut(place) {
                        *place |= 1_u32.checked_shl(number).unwrap_or(0);
                    }
                }
            }
        }
        families
    });
    families.get(usize::from(concept)).copied().unwrap_or(0)
}

/// The family of a name.
pub(super) fn family(name: &str) -> Families {
    let mut names = data::sections(data::LEVEL_FAMILIES);
    let place = names.position(|(other, _)| other == name);
    place
        .and_then(|place| u32::try_from(place).ok())
        .map_or(0, |place| 1_u32.checked_shl(place).unwrap_or(0))
}

/// Calls `visit` with each two families of a set.
pub(super) fn for_each_pair(set: Families, mut visit: impl FnMut(u32, u32)) {
    let mut rest = set;
    while rest != 0 {
        let low = rest.trailing_zeros();
        rest &= rest - 1;
        let mut others = rest;
        while others != 0 {
            visit(low, others.trailing_zeros());
            others &= others - 1;
        }
    }
}
