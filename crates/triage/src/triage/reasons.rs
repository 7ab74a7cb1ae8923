//! Why an entry has its score: the words that count, heaviest first. The
//! weights sum to the score.

use super::{
    RANKED,
    scores::{EntryScore, Scores},
};
use crate::{
    assessment::{EntryField, Field, Reason, TicketField},
    text::Reading,
    topics::TopicModel,
};

/// At most this many words are named; the rest is summed up.
const MOST: usize = 8;

/// A stretch of the ticket's words and what it adds.
#[derive(Clone, Copy, Debug)]
struct Part {
    in_title: bool,
    field: EntryField,
    first: usize,
    last: usize,
    weight: f32,
    repaired: bool,
    dismissed: bool,
}

/// The words of a text that the topic model knows, those that stand at the same
/// place together, with what they say of each ranked entry.
#[derive(Debug)]
pub(super) struct Places {
    stretches: Vec<Stretch>,
}

#[derive(Debug)]
struct Stretch {
    in_title: bool,
    first: u32,
    last: u32,
    repaired: bool,
    dismissed: bool,
    /// One for each ranked entry.
    weights: [f32; RANKED],
}

impl Places {
    pub(super) fn new(scores: &Scores, ranked: &[usize], model: &TopicModel) -> Self {
        let mut topics = [None; RANKED];
        for (topic, entry) in topics.iter_mut().zip(ranked) {
            let score = scores.entries.get(*entry);
            *topic = score.and_then(|score| score.topic).map(|(topic, _)| topic);
        }
        // Sorted by one number: where the words begin, where they end, which.
        let mut order: Vec<u64> = (0_u64..)
            .zip(&scores.shown)
            .map(|(at, shown)| {
                let (first, last) = (u64::from(shown.first), u64::from(shown.last));
                (first << 40) | ((last & 0xf_ffff) << 20) | (at & 0xf_ffff)
            })
            .collect();
        order.sort_unstable();
        let mut stretches: Vec<Stretch> = Vec::with_capacity(order.len());
        for at in order {
            let at = usize::try_from(at & 0xf_ffff).unwrap_or(0);
            let Some(shown) = scores.shown.get(at) else {
                continue;
            };
            let weights = model.weights.of_classes(shown.row, shown.value, topics);
            let same = |last: &&mut Stretch| (last.first, last.last) == (shown.first, shown.last);
            match stretches.last_mut().filter(same) {
                Some(stretch) => {
                    stretch.repaired |= shown.repaired;
                    for (sum, weight) in stretch.weights.iter_mut().zip(weights) {
                        *sum += weight;
                    }
                }
                None => stretches.push(Stretch {
                    in_title: shown.in_title,
                    first: shown.first,
                    last: shown.last,
                    repaired: shown.repaired,
                    dismissed: shown.dismissed,
                    weights,
                }),
            }
        }
        Self { stretches }
    }
}

/// The heaviest parts, in order, and the sum of the others.
#[derive(Debug, Default)]
struct Heaviest {
    parts: Vec<Part>,
    minor: f32,
}

impl Heaviest {
    fn add(&mut self, part: Part) {
        let full = self.parts.len() >= MOST;
        if full && self.parts.last().is_some_and(|last| heavier(last, &part)) {
            self.minor += part.weight;
            return;
        }
        let place = self.parts.partition_point(|other| heavier(other, &part));
        self.parts.insert(place, part);
        if full && let Some(last) = self.parts.pop() {
            self.minor += last.weight;
        }
    }
}

fn heavier(one: &Part, other: &Part) -> bool {
    one.weight
        .abs()
        .total_cmp(&other.weight.abs())
        .reverse()
        .then_with(|| (one.first, one.last, one.field).cmp(&(other.first, other.last, other.field)))
        .is_lt()
}

/// Why the entry of this rank has its score.
pub(super) fn of_entry(
    rank: usize,
    entry: usize,
    reading: &Reading<'_>,
    scores: &Scores,
    places: &Places,
) -> Vec<Reason> {
    let Some(score) = scores.entries.get(entry) else {
        return Vec::new();
    };
    let mut heaviest = Heaviest {
        parts: Vec::with_capacity(MOST + 1),
        minor: 0.0,
    };
    let said = add_vocabulary(rank, score, places, &mut heaviest);
    add_own_words(entry, score, scores, &mut heaviest);
    let learned = scores.learned.get(entry).copied().unwrap_or(0.0);
    let rest = score.score - score.lexical - said;
    let named = together(heaviest.parts.iter().map(|part| part.reason(reading)));
    let summed_up = [
        ("other words", EntryField::Vocabulary, heaviest.minor),
        ("how common the topic is", EntryField::Vocabulary, rest),
        ("corrections by agents", EntryField::Learned, learned),
    ];
    let summed_up = summed_up
        .into_iter()
        .filter(|(_, _, weight)| weight.abs() > 1e-6)
        .map(|(term, field, weight)| whole(term, field, weight));
    named.into_iter().chain(summed_up).collect()
}

/// The same words of one field said again are one reason; heaviest first.
fn together(named: impl Iterator<Item = Reason>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::with_capacity(MOST + 3);
    for reason in named {
        let same = |other: &&mut Reason| {
            other.field == reason.field
                && other.dismissed == reason.dismissed
                && other.term.eq_ignore_ascii_case(&reason.term)
        };
        match reasons.iter_mut().find(same) {
            Some(other) => {
                other.weight += reason.weight;
                other.repaired |= reason.repaired;
            }
            None => reasons.push(reason),
        }
    }
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    reasons
}

impl Part {
    fn reason(&self, reading: &Reading<'_>) -> Reason {
        Reason {
            term: reading
                .words(self.in_title, self.first, self.last)
                .to_owned(),
            field: Field {
                ticket: if self.in_title {
                    TicketField::Title
                } else {
                    TicketField::Body
                },
                entry: self.field,
            },
            weight: f64::from(self.weight),
            repaired: self.repaired,
            dismissed: self.dismissed,
        }
    }
}

/// A weight that stands for the ticket as a whole.
fn whole(term: &str, entry: EntryField, weight: f32) -> Reason {
    Reason {
        term: term.to_owned(),
        field: Field {
            ticket: TicketField::Whole,
            entry,
        },
        weight: f64::from(weight),
        repaired: false,
        dismissed: false,
    }
}

/// What the topic model's features add to the entry's best topic, the same
/// words together; answers the sum.
fn add_vocabulary(
    rank: usize,
    score: &EntryScore,
    places: &Places,
    heaviest: &mut Heaviest,
) -> f32 {
    if score.topic.is_none() {
        return 0.0;
    }
    let mut said = 0.0;
    for stretch in &places.stretches {
        let weight = stretch.weights.get(rank).copied().unwrap_or(0.0);
        said += weight;
        heaviest.add(Part {
            in_title: stretch.in_title,
            field: EntryField::Vocabulary,
            first: usize::try_from(stretch.first).unwrap_or(usize::MAX),
            last: usize::try_from(stretch.last).unwrap_or(usize::MAX),
            weight,
            repaired: stretch.repaired,
            dismissed: stretch.dismissed,
        });
    }
    said
}

/// What the runbook's own words add.
fn add_own_words(entry: usize, score: &EntryScore, scores: &Scores, heaviest: &mut Heaviest) {
    let own = scores
        .matches
        .iter()
        .filter(|found| usize::try_from(found.entry) == Ok(entry));
    let sum: f32 = own.clone().map(|found| found.weight).sum();
    if sum <= 0.0 {
        return;
    }
    for found in own {
        heaviest.add(Part {
            in_title: found.in_title,
            field: found.field,
            first: found.place,
            last: found.place,
            weight: found.weight * score.lexical / sum,
            repaired: false,
            dismissed: false,
        });
    }
}
