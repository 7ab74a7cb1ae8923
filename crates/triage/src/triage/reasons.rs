//! Why an entry has its score: the words that count, heaviest first. The
//! weights sum to the score.

use std::collections::BTreeMap;

use super::scores::Scores;
use crate::{
    assessment::{EntryField, Field, Reason, TicketField},
    catalogue::Lexical,
    learning::Learned,
    text::Reading,
    topics::{TopicModel, for_each_feature},
};

/// At most this many words are named; the rest is summed up.
const MOST: usize = 8;

/// One word's part while it is summed.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    weight: f32,
    repaired: bool,
    dismissed: bool,
}

/// What belongs together: field, and the words' first and last unit.
type Place = (bool, EntryField, usize, usize);

pub(super) fn of_entry(
    entry: usize,
    reading: &Reading<'_>,
    scores: &Scores,
    lexical: &Lexical,
    learned: Option<&Learned>,
    model: &TopicModel,
) -> Vec<Reason> {
    let Some(score) = scores.entries.get(entry) else {
        return Vec::new();
    };
    let mut parts: BTreeMap<Place, Part> = BTreeMap::new();
    let mut rest = score.others;
    if let Some((topic, fit)) = score.topic {
        rest += fit;
        rest += vocabulary_parts(topic, reading, scores, model, &mut parts);
    }
    let scale = lexical_scale(entry, reading, score.lexical, lexical);
    lexical.for_each_match(reading, |posting, weight, place, in_title| {
        if usize::try_from(posting.entry) == Ok(entry) {
            let part = parts.entry((in_title, posting.field, place, place)).or_default();
            part.weight += weight * scale;
        }
    });
    let mut reasons: Vec<Reason> = parts
        .into_iter()
        .filter(|(_, part)| part.weight.abs() > 1e-6)
        .map(|((in_title, field, first, last), part)| Reason {
            term: reading.words(in_title, first, last).to_owned(),
            field: Field {
                ticket: if in_title { TicketField::Title } else { TicketField::Body },
                entry: field,
            },
            weight: f64::from(part.weight),
            repaired: part.repaired,
            dismissed: part.dismissed,
        })
        .collect();
    reasons.sort_by(|a, b| {
        b.weight
            .abs()
            .total_cmp(&a.weight.abs())
            .then_with(|| a.term.cmp(&b.term))
    });
    let minor: f64 = reasons.iter().skip(MOST).map(|reason| reason.weight).sum();
    reasons.truncate(MOST);
    let mut add = |term: &str, entry: EntryField, weight: f64| {
        if weight.abs() > 1e-9 {
            reasons.push(Reason {
                term: term.to_owned(),
                field: Field {
                    ticket: TicketField::Whole,
                    entry,
                },
                weight,
                repaired: false,
                dismissed: false,
            });
        }
    };
    add("other words", EntryField::Vocabulary, minor);
    add("how common the topic is", EntryField::Vocabulary, f64::from(rest));
    if learned.is_some() {
        let weight = scores.learned.get(entry).copied().unwrap_or(0.0);
        add("corrections by agents", EntryField::Learned, f64::from(weight));
    }
    reasons
}

/// Adds the parts of the topic model; returns what no words stand for.
fn vocabulary_parts(
    topic: usize,
    reading: &Reading<'_>,
    scores: &Scores,
    model: &TopicModel,
    parts: &mut BTreeMap<Place, Part>,
) -> f32 {
    let classes = model.linear.classes();
    let share = 1.0 / f32::from(u16::try_from(classes).unwrap_or(1)).max(1.0);
    let against_mean = |row: u32| {
        let weights = model.linear.row(row);
        let mean = weights.iter().take(classes).sum::<f32>() * share;
        weights.get(topic).copied().unwrap_or(0.0) - mean
    };
    let mut sum = 0.0;
    let mut open = scores.features.entries.clone();
    for_each_feature(reading, |feature| {
        let Some(&row) = model.rows.get(&feature.hash) else {
            return;
        };
        let Ok(at) = open.binary_search_by_key(&row, |(row, _)| *row) else {
            return;
        };
        // Each feature counts once, at its first place.
        let Some(value) = open.get_mut(at).map(|(_, value)| std::mem::take(value)) else {
            return;
        };
        let weight = value * against_mean(row);
        sum += weight;
        let place = (feature.in_title, EntryField::Vocabulary, feature.first, feature.last);
        let part = parts.entry(place).or_default();
        part.weight += weight;
        part.repaired |= feature.repaired;
        part.dismissed |= feature.dismissed;
    });
    scores.topics.get(topic).copied().unwrap_or(0.0) - sum
}

/// What brings the matches' sum to the entry's lexical score.
fn lexical_scale(entry: usize, reading: &Reading<'_>, score: f32, lexical: &Lexical) -> f32 {
    let mut sum = 0.0;
    lexical.for_each_match(reading, |posting, weight, _, _| {
        if usize::try_from(posting.entry) == Ok(entry) {
            sum += weight;
        }
    });
    if sum > 0.0 { score / sum } else { 0.0 }
}
