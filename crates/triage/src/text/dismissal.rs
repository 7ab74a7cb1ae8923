//! Clauses that only say that their topic is not the matter: "login works
//! fine, but …", "nothing wrong with the cart", "not a payment problem", "no
//! refund or exchange". Complaints ("cannot", "does not open", "nothing works",
//! "no refund yet") are none.

use std::sync::OnceLock;

use super::{
    concepts::{Concept, Concepts},
    reading::{Clause, Mention, Reading, Unit},
};
use crate::hash;

/// How far a "no" reaches, in units.
const REACH: usize = 7;

/// The concepts and words that tell.
struct Signs {
    okay: Option<Concept>,
    trouble: Option<Concept>,
    failing: Option<Concept>,
    asking: Option<Concept>,
    unwanted: Option<Concept>,
    not: u64,
    no: u64,
    nothing: u64,
    without: u64,
    /// Words between "not" and a trouble that make it "not a problem".
    behind_not: Vec<u64>,
    /// Words before "not" that make it a complaint.
    before_not: Vec<u64>,
    want: Vec<u64>,
    or: Vec<u64>,
    late: Vec<u64>,
    about: Vec<u64>,
}

fn signs() -> &'static Signs {
    static SIGNS: OnceLock<Signs> = OnceLock::new();
    SIGNS.get_or_init(|| {
        let concept = |name| Concepts::shipped().named(name);
        let keys = |words: &str| {
            words
                .split_whitespace()
                .map(super::lexicon::stem_key)
                .collect::<Vec<_>>()
        };
        Signs {
            okay: concept("okay"),
            trouble: concept("trouble"),
            failing: concept("failing"),
            asking: concept("asking"),
            unwanted: concept("unwanted"),
            not: hash::of("not"),
            no: hash::of("no"),
            nothing: super::lexicon::stem_key("nothing"),
            without: super::lexicon::stem_key("without"),
            behind_not: keys("a an any about have had because really even exactly the my here"),
            before_not: keys("can could will would able"),
            want: keys("want need wish require ask request look"),
            or: keys("or nor need wanted required necessary please"),
            late: keys("yet still after receive received come came arrive got get given response reply since days"),
            about: keys("about for regarding concerning"),
        }
    })
}

/// Marks the clauses that dismiss.
pub(super) fn mark(reading: &mut Reading<'_>) {
    let dismissed: Vec<bool> = reading
        .clauses
        .iter()
        .map(|clause| dismisses(reading, clause))
        .collect();
    for (clause, dismissed) in reading.clauses.iter_mut().zip(dismissed) {
        clause.dismissed = dismissed;
    }
}

fn dismisses(reading: &Reading<'_>, clause: &Clause) -> bool {
    let signs = signs();
    let units = reading.units_of(clause);
    let mentions = reading.mentions_of(clause);
    if clause.question {
        return false;
    }
    denies_trouble(signs, clause, units, mentions)
        || says_okay(signs, clause, units, mentions)
        || names_what_is_not_wanted(signs, clause, units, mentions)
}

/// "no problem with …", "nothing wrong", "not a login problem", "without any error".
fn denies_trouble(signs: &Signs, clause: &Clause, units: &[Unit], mentions: &[Mention]) -> bool {
    units.iter().enumerate().any(|(at, unit)| {
        let key_at = |place: usize| units.get(place).map(|unit| unit.key);
        let before = at.checked_sub(1).and_then(key_at);
        let complaint = before.is_some_and(|key| signs.before_not.contains(&key));
        let behind = key_at(at + 1);
        let denies = unit.key == signs.no
            || unit.key == signs.nothing
            || unit.key == signs.without
            || (unit.key == signs.not
                && !complaint
                && behind.is_some_and(|key| signs.behind_not.contains(&key)));
        if !denies {
            return false;
        }
        // "This is not about payment", "nothing about the delivery".
        if unit.key != signs.without
            && unit.key != signs.no
            && behind.is_some_and(|key| signs.about.contains(&key))
        {
            return true;
        }
        let place = clause.first + at;
        // "Not a cancellation": what follows is a wish that others have.
        let other_wish = mentions.iter().any(|mention| {
            let first = usize::try_from(mention.first).unwrap_or(usize::MAX);
            is(mention, signs.unwanted) && first == place + 2
        });
        if unit.key == signs.not && other_wish {
            return true;
        }
        let reached = |mention: &Mention| {
            let first = usize::try_from(mention.first).unwrap_or(usize::MAX);
            first > place && first <= place + REACH
        };
        let trouble = mentions
            .iter()
            .any(|mention| is(mention, signs.trouble) && reached(mention));
        // "No error, but the page does not open" still complains.
        let complains = mentions
            .iter()
            .any(|mention| is(mention, signs.failing) && !reached(mention));
        trouble && !complains
    })
}

/// "works fine", "payment ok", unless denied or together with a complaint.
fn says_okay(signs: &Signs, clause: &Clause, units: &[Unit], mentions: &[Mention]) -> bool {
    let denied =
        |mention: &Mention| {
            let first = usize::try_from(mention.first).unwrap_or(0) - clause.first;
            units.iter().take(first).rev().take(4).any(|unit| {
                unit.key == signs.not || unit.key == signs.no || unit.key == signs.nothing
            })
        };
    mentions
        .iter()
        .any(|mention| is(mention, signs.okay) && !denied(mention))
        && !mentions
            .iter()
            .any(|mention| is(mention, signs.failing) || is(mention, signs.asking))
}

/// "no refund or exchange", "I do not want a refund", "do not cancel".
fn names_what_is_not_wanted(
    signs: &Signs,
    clause: &Clause,
    units: &[Unit],
    mentions: &[Mention],
) -> bool {
    let has = |keys: &[u64]| units.iter().any(|unit| keys.contains(&unit.key));
    units.iter().enumerate().any(|(at, unit)| {
        let key_at = |place: usize| units.get(place).map(|unit| unit.key);
        let place = clause.first + at;
        let topic_within = |reach: usize| {
            mentions.iter().any(|mention| {
                let first = usize::try_from(mention.first).unwrap_or(usize::MAX);
                is(mention, signs.unwanted) && first > place && first <= place + reach
            })
        };
        if unit.key == signs.no {
            return topic_within(2) && has(&signs.or) && !has(&signs.late);
        }
        if unit.key != signs.not {
            return false;
        }
        let before = at.checked_sub(1).and_then(key_at);
        let complaint = before.is_some_and(|key| signs.before_not.contains(&key));
        let wanted = key_at(at + 1).is_some_and(|key| signs.want.contains(&key));
        !complaint && (topic_within(1) || (wanted && topic_within(5)))
    })
}

fn is(mention: &Mention, concept: Option<Concept>) -> bool {
    Some(mention.concept) == concept
}
