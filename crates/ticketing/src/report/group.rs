//! Which group of a report a ticket belongs to.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    report::{
        bucket::{Buckets, TimeUnit},
        facts::Facts,
        question::{Dimension, Question},
    },
    words::{Kind, Urgency},
};

/// What all tickets of a group have in common, in one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A day, week or month, as far as it lies in the period.
    Time {
        /// Its first day in the report's zone.
        first_day: NaiveDate,
        /// From this instant.
        from: DateTime<Utc>,
        /// Until before this one.
        to: DateTime<Utc>,
    },
    /// A kind or an urgency.
    Word(&'static str),
    /// A level.
    Level(u8),
    /// An entry, an assignee, a source; none for tickets without one.
    Name(Option<String>),
}

/// A group of a report: a key per dimension, and what was found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<T> {
    /// In the order of the dimensions; empty for the whole.
    pub keys: Vec<Key>,
    /// What was found.
    pub figures: T,
}

/// A group as two numbers, the second 0 with one dimension.
pub(crate) type Code = [i64; 2];

/// Gives tickets their groups.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    question: Question,
    first: Option<By>,
    second: Option<By>,
}

#[derive(Clone, Debug)]
struct By {
    dimension: Dimension,
    buckets: Option<Buckets>,
    /// Names seen, by number; 0 is nobody's.
    names: Vec<String>,
    numbers: HashMap<String, i64>,
}

/// Beyond so many units a period's empty ones are not listed.
const LISTED_MAX: usize = 400;

impl Groups {
    pub(crate) fn new(question: Question) -> Self {
        let by = |index: usize| {
            let dimension = *question.group_by.get(index)?;
            let unit = match dimension {
                Dimension::Day => Some(TimeUnit::Day),
                Dimension::Week => Some(TimeUnit::Week),
                Dimension::Month => Some(TimeUnit::Month),
                _ => None,
            };
            Some(By {
                dimension,
                buckets: unit.map(|unit| Buckets::new(question.zone, unit)),
                names: vec![String::new()],
                numbers: HashMap::from([(String::new(), 0)]),
            })
        };
        Self {
            first: by(0),
            second: by(1),
            question,
        }
    }

    pub(crate) const fn question(&self) -> &Question {
        &self.question
    }

    /// The group of a ticket whose instant in the cohort is `at`.
    pub(crate) fn code(&mut self, facts: &Facts<'_>, at: i64) -> Code {
        let code = |by: &mut Option<By>| by.as_mut().map_or(0, |by| by.code(facts, at));
        [code(&mut self.first), code(&mut self.second)]
    }

    /// The groups of all days, weeks or months, where they are the only
    /// dimension and not too many.
    pub(crate) fn all_times(&self) -> Vec<Code> {
        let buckets = match (&self.first, &self.second) {
            (Some(by), None) => by.buckets.as_ref(),
            _ => None,
        };
        let Some(buckets) = buckets else {
            return Vec::new();
        };
        let days = buckets.within(self.question.from, self.question.to, LISTED_MAX + 1);
        if days.len() > LISTED_MAX {
            return Vec::new();
        }
        days.iter()
            .map(|day| [i64::from(day.num_days_from_ce()), 0])
            .collect()
    }

    /// By which groups are put in order: numbers as they are, names by their
    /// letters, those without one last.
    pub(crate) fn order(&self, code: Code) -> impl Ord + use<> {
        let [first, second] = code;
        let order = |by: &Option<By>, code| by.as_ref().map(|by| by.order(code));
        (order(&self.first, first), order(&self.second, second))
    }

    /// Whether the one dimension is of names.
    pub(crate) fn is_of_names(&self) -> bool {
        let named = |by: &By| {
            matches!(
                by.dimension,
                Dimension::Entry | Dimension::Assignee | Dimension::Source
            )
        };
        self.second.is_none() && self.first.as_ref().is_some_and(named)
    }

    pub(crate) fn keys(&self, code: Code) -> Vec<Key> {
        let [first, second] = code;
        let key = |by: &Option<By>, code| by.as_ref().map(|by| by.key(code, &self.question));
        [key(&self.first, first), key(&self.second, second)]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl By {
    fn code(&mut self, facts: &Facts<'_>, at: i64) -> i64 {
        if let Some(buckets) = &mut self.buckets {
            return i64::from(buckets.first_day(at).num_days_from_ce());
        }
        match self.dimension {
            Dimension::Kind => facts.bits.kind() as i64,
            Dimension::Urgency => i64::from(facts.bits.urgency().rank()),
            Dimension::Level => i64::from(facts.bits.level()),
            Dimension::Entry => self.number(facts.entry),
            Dimension::Assignee => self.number(facts.assignee),
            // Units of time have buckets.
            Dimension::Source | Dimension::Day | Dimension::Week | Dimension::Month => {
                self.number(facts.source)
            }
        }
    }

    fn number(&mut self, name: &str) -> i64 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = i64::try_from(self.names.len()).unwrap_or(i64::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn name(&self, code: i64) -> &str {
        let index = usize::try_from(code).unwrap_or(0);
        self.names.get(index).map_or("", String::as_str)
    }

    fn order(&self, code: i64) -> (bool, i64, String) {
        match self.dimension {
            Dimension::Entry | Dimension::Assignee | Dimension::Source => {
                (code == 0, 0, self.name(code).to_owned())
            }
            _ => (false, code, String::new()),
        }
    }

    fn key(&self, code: i64, question: &Question) -> Key {
        if let Some(buckets) = &self.buckets {
            let days = i32::try_from(code).unwrap_or(i32::MAX);
            let first_day = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default();
            let (from, to) = buckets.bounds(first_day);
            return Key::Time {
                first_day,
                from: from.max(question.from),
                to: to.min(question.to),
            };
        }
        match self.dimension {
            Dimension::Kind if code == 0 => Key::Word(Kind::Bug.as_str()),
            Dimension::Kind => Key::Word(Kind::Feature.as_str()),
            Dimension::Urgency => {
                let found = Urgency::ALL
                    .iter()
                    .find(|one| i64::from(one.rank()) == code);
                Key::Word(found.map_or("", |urgency| urgency.as_str()))
            }
            Dimension::Level => Key::Level(u8::try_from(code).unwrap_or(1)),
            _ => Key::Name(Some(self.name(code).to_owned()).filter(|name| !name.is_empty())),
        }
    }
}
