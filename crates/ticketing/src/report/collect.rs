//! One pass over the facts: each goes to its group; the whole is the sum of
//! the groups, so they cannot disagree.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::report::{
    facts::Facts,
    group::{Code, Group, Groups},
    question::Question,
};

/// What takes in tickets one by one.
pub trait Accumulate: Clone {
    /// Takes a ticket in; open clocks are judged at an instant.
    fn add(&mut self, facts: &Facts<'_>, as_of: DateTime<Utc>);
    /// Takes in all that another one did.
    fn absorb(&mut self, other: &Self);
    /// How many tickets it counts.
    fn n(&self) -> u64;
}

/// Collects the tickets of a question's cohort and period into groups.
#[derive(Clone, Debug)]
pub struct Collector<T> {
    groups: Groups,
    empty: T,
    found: HashMap<Code, T>,
}

/// The whole and its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouped<T> {
    /// The sum of the groups.
    pub total: T,
    /// In order: of time and rank; of names by how many tickets there are.
    pub groups: Vec<Group<T>>,
}

impl<T: Accumulate> Collector<T> {
    /// Begins with nothing but `empty`.
    #[must_use]
    pub fn new(question: Question, empty: T) -> Self {
        Self {
            groups: Groups::new(question),
            empty,
            found: HashMap::new(),
        }
    }

    /// Takes a ticket in, if it belongs to the cohort and period; answers
    /// whether it does.
    pub fn add(&mut self, facts: &Facts<'_>) -> bool {
        let question = self.groups.question();
        let Some(at) = facts.instant(question.cohort) else {
            return false;
        };
        if !question.holds(at) {
            return false;
        }
        let as_of = question.as_of;
        let code = self.groups.code(facts, at);
        let tally = self.found.entry(code).or_insert_with(|| self.empty.clone());
        tally.add(facts, as_of);
        true
    }

    /// All that was found; empty days, weeks or months are there too.
    #[must_use]
    pub fn finish(mut self) -> Grouped<T> {
        let mut total = self.empty.clone();
        for tally in self.found.values() {
            total.absorb(tally);
        }
        if self.groups.question().group_by.is_empty() {
            return Grouped {
                total,
                groups: Vec::new(),
            };
        }
        for code in self.groups.all_times() {
            let empty = || self.empty.clone();
            self.found.entry(code).or_insert_with(empty);
        }
        let mut found: Vec<(Code, T)> = self.found.into_iter().collect();
        found.sort_by_cached_key(|(code, _)| self.groups.order(*code));
        if self.groups.is_of_names() {
            found.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.n()));
        }
        let groups = found.into_iter().map(|(code, figures)| Group {
            keys: self.groups.keys(code),
            figures,
        });
        Grouped {
            total,
            groups: groups.collect(),
        }
    }
}

impl<T> Grouped<T> {
    /// The same groups with other figures.
    #[must_use]
    pub fn map<U>(self, mut figures: impl FnMut(T) -> U) -> Grouped<U> {
        Grouped {
            total: figures(self.total),
            groups: self
                .groups
                .into_iter()
                .map(|group| Group {
                    keys: group.keys,
                    figures: figures(group.figures),
                })
                .collect(),
        }
    }
}
