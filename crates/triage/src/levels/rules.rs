//! Kinds of triggers and conditions as the data file describes them.

use std::sync::OnceLock;

use super::{
    Facts,
    patterns::{Counting, Evidence, Pattern, Present, Scope},
};
use crate::{
    data,
    text::{Reading, concepts::Concepts, lexicon::STOP},
};

/// A topic this likely speaks for the kinds that name it.
const LIKELY: f32 = 0.5;

/// How likely the second opinion must find it that a text states anything, for
/// kinds that ask it: far less than it needs to hear a condition by itself.
const PLAUSIBLE: f32 = 0.15;

/// A kind of trigger or condition.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What a runbook's trigger must say to be of this kind.
    triggers: Vec<Pattern>,
    /// What an entry's condition must say to be of this kind.
    conditions: Vec<Pattern>,
    /// What a ticket says that meets it.
    says: Vec<Pattern>,
    /// What a ticket says that keeps its rules from being met.
    unless: Vec<Pattern>,
    /// What a ticket says that keeps the second opinion from hearing it as well.
    never: Vec<Pattern>,
    /// Topics that meet it when they are likely.
    topics: Vec<&'static str>,
    /// What must be said as well for its topics to count; nothing when empty.
    needs: Vec<Pattern>,
    /// Whether clauses that only suppose something do not meet it.
    stated: bool,
    /// Whether the second opinion must find the text plausible.
    plausible: bool,
    /// Whether a condition of this kind tells enough to count for an entry that
    /// was only ranked.
    pub(super) offered: bool,
}

/// The shipped kinds.
pub(super) fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let mut kinds: Vec<Kind> = Vec::new();
        for line in data::lines(data::LEVELS) {
            let (word, content) = line.split_once(' ').unwrap_or((line, ""));
            let content = content.trim();
            if word == "kind" {
                kinds.push(Kind {
                    name: content,
                    triggers: Vec::new(),
                    conditions: Vec::new(),
                    says: Vec::new(),
                    unless: Vec::new(),
                    never: Vec::new(),
                    topics: Vec::new(),
                    needs: Vec::new(),
                    stated: false,
                    plausible: false,
                    offered: false,
                });
                continue;
            }
            let Some(kind) = kinds.last_mut() else {
                continue;
            };
            let counting = if kind.stated {
                Counting::Stated
            } else {
                Counting::Mentioned
            };
            let pattern = |scope| Pattern::parse(content, scope, counting);
            let against = || Pattern::parse(content, Scope::Text, Counting::Any);
            match word {
                "trigger" => kind.triggers.push(pattern(Scope::Clause)),
                "condition" => kind.conditions.push(pattern(Scope::Text)),
                "clause" => kind.says.push(pattern(Scope::Clause)),
                "sentence" => kind.says.push(pattern(Scope::Sentence)),
                "text" => kind.says.push(pattern(Scope::Text)),
                "needs" => kind.needs.push(pattern(Scope::Text)),
                "unless" => kind.unless.push(against()),
                "never" => kind.never.push(against()),
                "stated" => kind.stated = true,
                "plausible" => kind.plausible = true,
                "offered" => kind.offered = true,
                "topics" => kind.topics.extend(content.split_whitespace()),
                _ => {}
            }
        }
        kinds
    })
}

impl Kind {
    pub(super) fn is_trigger(&self, words: &Reading<'_>) -> bool {
        let present = Present::new(words);
        self.triggers
            .iter()
            .any(|pattern| pattern.find(words, &present).is_some())
    }

    pub(super) fn is_condition(&self, words: &Reading<'_>) -> bool {
        let present = Present::new(words);
        self.conditions
            .iter()
            .any(|pattern| pattern.find(words, &present).is_some())
    }

    /// Whether a ticket says what keeps this kind from being met whoever hears it.
    pub(super) fn is_never_met(&self, facts: &Facts<'_>) -> bool {
        let mut never = self.never.iter();
        never.any(|pattern| pattern.find(facts.reading, &facts.present).is_some())
    }

    /// The words of a ticket that meet this kind.
    pub(super) fn evidence(&self, facts: &Facts<'_>) -> Option<Evidence> {
        let find = |pattern: &Pattern| pattern.find(facts.reading, &facts.present);
        if self.is_never_met(facts)
            || self.unless.iter().any(|pattern| find(pattern).is_some())
            || self.plausible && facts.impression.of_any() < PLAUSIBLE
        {
            return None;
        }
        if let Some(evidence) = self.says.iter().find_map(find) {
            return Some(evidence);
        }
        let likely: f32 = facts
            .topics
            .iter()
            .filter(|(name, _)| self.topics.contains(name))
            .map(|(_, probability)| probability)
            .sum();
        if likely < LIKELY {
            return None;
        }
        if self.needs.is_empty() {
            return Some(Evidence::whole(facts.reading));
        }
        self.needs.iter().find_map(find)
    }
}

/// The keys of the words that tell triggers apart: without stop words and
/// without words such as "issues".
pub(super) fn telling_keys(reading: &Reading<'_>) -> Vec<u64> {
    let trouble = Concepts::shipped().named("trouble");
    reading
        .units
        .iter()
        .enumerate()
        .filter(|(at, unit)| {
            let general = reading.mentions.iter().any(|mention| {
                Some(mention.concept) == trouble && usize::try_from(mention.first) == Ok(*at)
            });
            unit.role & STOP == 0 && !general
        })
        .map(|(_, unit)| unit.key)
        .collect()
}
