//! Scores and probabilities of entries and background topics for one text.

use crate::{
    catalogue::{Lexical, Links, Match},
    learning::Learned,
    linear::softmax,
    text::Reading,
    topics::{Shown, TopicModel, named, topics},
};

/// Scores are divided by this before they become probabilities; fitted on those
/// of the project's own labelled tickets that steered the vocabulary.
const TEMPERATURE: f32 = 0.75;
/// What the runbook's own words add to an entry that has topics.
const LEXICAL: f32 = 0.12;
/// An entry without topics is scored by the runbook's own words alone.
const OWN_WORDS: f32 = 2.4;
const OWN_WORDS_BIAS: f32 = -1.0;
/// Background topics are many and each gets a little of every unclear text;
/// this holds their sum back.
const BACKGROUND: f32 = -0.3;
/// The score of "nothing at all", for texts without any known word.
const SILENCE: f32 = 1.0;

/// All scores of a text.
#[derive(Debug)]
pub(crate) struct Scores {
    /// What the text shows of what the topic model knows.
    pub(crate) shown: Vec<Shown>,
    /// The words that the runbook has.
    pub(crate) matches: Vec<Match>,
    /// The topics' scores; their mean is zero.
    pub(crate) topics: Vec<f32>,
    /// The topics' probabilities among themselves.
    pub(crate) topic_shares: Vec<f32>,
    /// For each entry: the score, its best topic and that topic's fit.
    pub(crate) entries: Vec<EntryScore>,
    pub(crate) probabilities: Vec<f32>,
    /// The probability that no entry answers.
    pub(crate) none: f32,
    /// The likeliest background topic and its probability.
    pub(crate) background: Option<(usize, f32)>,
    /// What learning adds to each entry, and to none as the last one.
    pub(crate) learned: Vec<f32>,
}

/// How an entry's score comes about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EntryScore {
    pub(crate) score: f32,
    pub(crate) topic: Option<(usize, f32)>,
    pub(crate) lexical: f32,
}

impl Scores {
    pub(crate) fn new(
        reading: &Reading<'_>,
        links: &Links,
        lexical: &Lexical,
        entries: usize,
        learned: Option<&Learned>,
    ) -> Self {
        let model = TopicModel::shipped();
        let shown = model.shown(reading);
        let mut scores = model.weights.bias().to_vec();
        for shown in &shown {
            model.weights.add_row(shown.row, shown.value, &mut scores);
        }
        scores.truncate(topics().len());
        let mut topic_shares = scores.clone();
        softmax(&mut topic_shares);
        let mut lexical_scores = vec![0.0_f32; entries];
        let matches = lexical.matches(reading);
        for found in &matches {
            let entry = usize::try_from(found.entry).ok();
            if let Some(score) = entry.and_then(|entry| lexical_scores.get_mut(entry)) {
                *score += found.weight;
            }
        }
        let mut result = Self {
            shown,
            matches,
            entries: entry_scores(links, &scores, &lexical_scores),
            topics: scores,
            topic_shares,
            probabilities: Vec::new(),
            none: 1.0,
            background: None,
            learned: Vec::new(),
        };
        result.judge(links);
        if let Some(learned) = learned {
            let alone = result.best();
            result.learned = learned.scores(reading);
            result.judge(links);
            let turned = result.best();
            if turned != alone && !learned.acts_for(turned) {
                result.learned.clear();
                result.judge(links);
            }
        }
        result
    }

    /// The class that is decided for: an entry, or none as the last one.
    fn best(&self) -> usize {
        let entries = self.probabilities.iter().copied().enumerate();
        let likeliest = entries.max_by(|a, b| a.1.total_cmp(&b.1));
        match likeliest.filter(|(_, probability)| *probability >= self.none) {
            Some((entry, _)) => entry,
            None => self.probabilities.len(),
        }
    }

    /// Turns scores into probabilities of entries and of none.
    fn judge(&mut self, links: &Links) {
        let learned = |at: usize| self.learned.get(at).copied().unwrap_or(0.0);
        let entries = self.entries.len();
        let none = learned(entries);
        let background = links
            .background
            .iter()
            .map(|&topic| self.topics.get(topic).copied().unwrap_or(0.0) + BACKGROUND + none);
        let mut all: Vec<f32> = self
            .entries
            .iter()
            .enumerate()
            .map(|(at, entry)| entry.score + learned(at))
            .chain(background)
            .chain(std::iter::once(SILENCE + BACKGROUND + none))
            .map(|score| score / TEMPERATURE)
            .collect();
        softmax(&mut all);
        let (entries, rest) = all.split_at_checked(entries).unwrap_or_default();
        self.none = rest.iter().sum();
        self.background = links
            .background
            .iter()
            .copied()
            .zip(rest.iter().copied())
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, probability)| *probability > 0.02);
        self.probabilities = entries.to_vec();
    }

    pub(crate) fn probability(&self, entry: usize) -> f32 {
        self.probabilities.get(entry).copied().unwrap_or(0.0)
    }

    /// The topics that may matter for level rules.
    pub(crate) fn topic_probabilities(&self) -> Vec<(&'static str, f32)> {
        named(&self.topic_shares)
    }
}

fn entry_scores(links: &Links, topics: &[f32], lexical: &[f32]) -> Vec<EntryScore> {
    links
        .topics_of
        .iter()
        .zip(lexical)
        .map(|(own_topics, &lexical)| {
            let scored = own_topics
                .iter()
                .map(|&(topic, fit)| (topic, fit, topics.get(topic).copied().unwrap_or(0.0) + fit));
            let Some((topic, fit, best)) = scored.clone().max_by(|a, b| a.2.total_cmp(&b.2)) else {
                return EntryScore {
                    score: OWN_WORDS * lexical + OWN_WORDS_BIAS,
                    topic: None,
                    lexical: OWN_WORDS * lexical,
                };
            };
            // The logarithm of the sum, so that two topics of one entry count together.
            let others = scored
                .map(|(_, _, score)| (score - best).exp())
                .sum::<f32>()
                .ln();
            let lexical = LEXICAL * lexical;
            EntryScore {
                score: best + others + lexical,
                topic: Some((topic, fit)),
                lexical,
            }
        })
        .collect()
}
