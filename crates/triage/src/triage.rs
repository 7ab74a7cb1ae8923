//! A runbook compiled for triage, and the assessment of a ticket.

mod reasons;
mod scores;

use runbook::{Runbook, Slug};

use crate::{
    assessment::{Assessment, Background, Method, Ranked},
    catalogue::{self, Lexical, Links},
    learning::{Example, Learned},
    levels::{self, LevelRules},
    text::{Reading, lexicon::OwnWords},
    ticket::{Ticket, TicketKind},
    topics::{TopicModel, topics},
};
use reasons::Places;
use scores::Scores;

/// At most this many entries are ranked.
const RANKED: usize = 5;
/// From this probability on a decision may act alone.
const SURE: f32 = 0.85;

/// A runbook compiled for triage, with what was learned from corrections.
/// Built once for each revision; it is shared between threads as it is.
#[derive(Debug)]
pub struct Triage {
    own: OwnWords,
    slugs: Vec<Slug>,
    links: Links,
    lexical: Lexical,
    levels: LevelRules,
    learned: Option<Learned>,
}

/// Learns what all runbooks share from the shipped phrases and tickets, which
/// the first assessment does otherwise. Takes some tenths of a second, once.
pub fn prepare() {
    TopicModel::shipped();
    levels::prepare();
}

impl Triage {
    /// Compiles a runbook.
    #[must_use]
    pub fn new(runbook: &Runbook) -> Self {
        let own = OwnWords::learn(
            runbook
                .entries
                .iter()
                .flat_map(|entry| catalogue::texts(entry).into_iter().map(|(_, text)| text)),
        );
        Self {
            slugs: runbook
                .entries
                .iter()
                .map(|entry| entry.slug.clone())
                .collect(),
            links: catalogue::link(runbook, &own),
            lexical: Lexical::new(runbook, &own),
            levels: LevelRules::new(runbook, &own),
            own,
            learned: None,
        }
    }

    /// Compiles a runbook and learns from labelled tickets. Labels name entries
    /// by slug or by an alias of the runbook; others are left out.
    #[must_use]
    pub fn with_examples(runbook: &Runbook, examples: &[Example]) -> Self {
        let mut triage = Self::new(runbook);
        triage.learned = Learned::from_examples(&triage, runbook, examples);
        triage
    }

    /// Assesses a ticket. The work is bounded whatever the text is.
    #[must_use]
    pub fn assess(&self, ticket: &Ticket<'_>) -> Assessment {
        let reading = Reading::new(&self.own, ticket.title, ticket.body);
        if ticket.kind == TicketKind::Feature {
            return Assessment {
                entry: None,
                confidence: 1.0,
                method: Method::None_,
                ranked: Vec::new(),
                background: None,
                level: runbook::Level::SUPPORT,
                level_reasons: Vec::new(),
                outage: None,
            };
        }
        let scores = self.scores(&reading, true);
        let mut order: Vec<usize> = (0..self.slugs.len()).collect();
        order.sort_by(|&a, &b| {
            scores
                .probability(b)
                .total_cmp(&scores.probability(a))
                .then_with(|| self.slugs.get(a).cmp(&self.slugs.get(b)))
        });
        let best = order.first().copied();
        let chosen = best.filter(|&best| scores.probability(best) >= scores.none);
        let confidence = chosen.map_or(scores.none, |entry| scores.probability(entry));
        order.truncate(RANKED);
        let decision = self.levels.decide(
            ticket,
            &reading,
            chosen,
            &order,
            &scores.topic_probabilities(),
        );
        let places = Places::new(&scores, &order, TopicModel::shipped());
        Assessment {
            entry: chosen.and_then(|entry| self.slugs.get(entry)).cloned(),
            confidence: f64::from(confidence),
            method: match chosen {
                None => Method::None_,
                Some(_) if confidence >= SURE => Method::Auto,
                Some(_) => Method::Offered,
            },
            ranked: order
                .into_iter()
                .enumerate()
                .filter_map(|(rank, entry)| self.ranked(rank, entry, &reading, &scores, &places))
                .collect(),
            background: scores.background.map(|(topic, probability)| Background {
                name: topics()
                    .get(topic)
                    .map_or("", |topic| topic.name)
                    .to_owned(),
                confidence: f64::from(probability),
            }),
            level: decision.level,
            level_reasons: decision.reasons,
            outage: decision.outage,
        }
    }

    /// The entries for which learning acts, since there it has been better than
    /// the runbook alone; `None` stands for "no entry".
    #[must_use]
    pub fn learned_entries(&self) -> Vec<Option<&Slug>> {
        let Some(learned) = &self.learned else {
            return Vec::new();
        };
        let slugs = self.slugs.iter().map(Some).chain(std::iter::once(None));
        slugs
            .enumerate()
            .filter(|(class, _)| learned.acts_for(*class))
            .map(|(_, slug)| slug)
            .collect()
    }

    pub(crate) fn scores(&self, reading: &Reading<'_>, learned: bool) -> Scores {
        let learned = self.learned.as_ref().filter(|_| learned);
        Scores::new(
            reading,
            &self.links,
            &self.lexical,
            self.slugs.len(),
            learned,
        )
    }

    fn ranked(
        &self,
        rank: usize,
        entry: usize,
        reading: &Reading<'_>,
        scores: &Scores,
        places: &Places,
    ) -> Option<Ranked> {
        let reasons = reasons::of_entry(rank, entry, reading, scores, places);
        Some(Ranked {
            entry: self.slugs.get(entry)?.clone(),
            confidence: f64::from(scores.probability(entry)),
            score: reasons.iter().map(|reason| reason.weight).sum(),
            reasons,
        })
    }

    pub(crate) fn own_words(&self) -> &OwnWords {
        &self.own
    }

    pub(crate) fn slugs(&self) -> &[Slug] {
        &self.slugs
    }
}

#[cfg(test)]
mod tests;
