//! Why an entry has its score: the words that count, heaviest first. The
//! weights sum to the score.

use super::scores::{EntryScore, Scores};
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
/// place together: the same for every entry.
#[derive(Debug)]
pub(super) struct Places {
    /// The text's features in the order of their words, and where a new stretch
    /// of words begins.
    order: Vec<(usize, bool)>,
}

impl Places {
    pub(super) fn new(scores: &Scores) -> Self {
        let mut order: Vec<(usize, usize, usize)> = scores
            .shown
            .iter()
            .enumerate()
            .map(|(at, shown)| (shown.feature.first, shown.feature.last, at))
            .collect();
        order.sort_unstable();
        let mut before = None;
        let order = order
            .into_iter()
            .map(|(first, last, at)| (at, before.replace((first, last)) != Some((first, last))))
            .collect();
        Self { order }
    }
}

pub(super) fn of_entry(
    entry: usize,
    reading: &Reading<'_>,
    scores: &Scores,
    places: &Places,
    model: &TopicModel,
) -> Vec<Reason> {
    let Some(score) = scores.entries.get(entry) else {
        return Vec::new();
    };
    let mut parts = vocabulary_parts(score, scores, places, model);
    let said: f32 = parts.iter().map(|part| part.weight).sum();
    lexical_parts(entry, score, scores, &mut parts);
    let heavier = |a: &Part, b: &Part| {
        b.weight
            .abs()
            .total_cmp(&a.weight.abs())
            .then_with(|| (a.first, a.last, a.field).cmp(&(b.first, b.last, b.field)))
    };
    let mut minor = 0.0;
    if parts.len() > MOST {
        parts.select_nth_unstable_by(MOST, heavier);
        minor = parts.iter().skip(MOST).map(|part| part.weight).sum();
        parts.truncate(MOST);
    }
    parts.sort_unstable_by(heavier);
    let learned = scores.learned.get(entry).copied().unwrap_or(0.0);
    let rest = score.score - score.lexical - said;
    parts
        .iter()
        .map(|part| part.reason(reading))
        .chain(
            [
                ("other words", EntryField::Vocabulary, minor),
                ("how common the topic is", EntryField::Vocabulary, rest),
                ("corrections by agents", EntryField::Learned, learned),
            ]
            .into_iter()
            .filter(|(_, _, weight)| weight.abs() > 1e-6)
            .map(|(term, field, weight)| whole(term, field, weight)),
        )
        .collect()
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
/// words together.
fn vocabulary_parts(
    score: &EntryScore,
    scores: &Scores,
    places: &Places,
    model: &TopicModel,
) -> Vec<Part> {
    let Some((topic, _)) = score.topic else {
        return Vec::new();
    };
    let mut parts: Vec<Part> = Vec::with_capacity(places.order.len());
    for &(at, begins) in &places.order {
        let Some(shown) = scores.shown.get(at) else {
            continue;
        };
        let weight = shown.value
            * model
                .linear
                .row(shown.row)
                .get(topic)
                .copied()
                .unwrap_or(0.0);
        let feature = &shown.feature;
        match parts.last_mut().filter(|_| !begins) {
            Some(part) => {
                part.weight += weight;
                part.repaired |= feature.repaired;
            }
            None => parts.push(Part {
                in_title: feature.in_title,
                field: EntryField::Vocabulary,
                first: feature.first,
                last: feature.last,
                weight,
                repaired: feature.repaired,
                dismissed: feature.dismissed,
            }),
        }
    }
    parts
}

/// What the runbook's own words add.
fn lexical_parts(entry: usize, score: &EntryScore, scores: &Scores, parts: &mut Vec<Part>) {
    let own = scores
        .matches
        .iter()
        .filter(|found| usize::try_from(found.entry) == Ok(entry));
    let sum: f32 = own.clone().map(|found| found.weight).sum();
    if sum <= 0.0 {
        return;
    }
    parts.extend(own.map(|found| Part {
        in_title: found.in_title,
        field: found.field,
        first: found.place,
        last: found.place,
        weight: found.weight * score.lexical / sum,
        repaired: false,
        dismissed: false,
    }));
}
