//! What is wrong with a schedule, all at once.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::{OnCall, Person, Schedule};

/// More people, turns or overrides than any team has.
const MANY: usize = 200;
const NAME_MAX: usize = 100;
const ADDRESS_MAX: usize = 254;
/// The years that zone data is known for.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2099;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCallFault {
    /// JSON pointer to it.
    pub pointer: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

#[derive(Default)]
struct Faults(Vec<OnCallFault>);

impl Faults {
    fn add(&mut self, pointer: String, message: impl Into<String>) {
        self.0.push(OnCallFault {
            pointer,
            message: message.into(),
        });
    }

    fn text(&mut self, pointer: String, text: &str, max: usize) {
        if text.trim().is_empty() || text.chars().count() > max {
            self.add(pointer, format!("must have 1 to {max} characters"));
        } else if text.chars().any(char::is_control) {
            self.add(pointer, "must not have control characters");
        }
    }

    fn year(&mut self, pointer: String, year: i32) {
        if !YEARS.contains(&year) {
            let (first, last) = (YEARS.start(), YEARS.end());
            self.add(pointer, format!("must be in the years {first} to {last}"));
        }
    }

    fn many(&mut self, pointer: String, count: usize) {
        if count > MANY {
            self.add(pointer, format!("must have at most {MANY} items"));
        }
    }
}

impl OnCall {
    /// Everything that keeps it from being followed; empty when nothing does.
    #[must_use]
    pub fn faults(&self) -> Vec<OnCallFault> {
        let mut faults = Faults::default();
        faults.many("/people".to_owned(), self.people.len());
        let mut names = BTreeSet::new();
        for (n, person) in self.people.iter().enumerate() {
            let at = format!("/people/{n}");
            person.faults(&at, &mut faults);
            if !names.insert(person.name.as_str()) {
                faults.add(format!("{at}/name"), "is there twice");
            }
        }
        let mut levels = BTreeSet::new();
        for (n, schedule) in self.schedules.iter().enumerate() {
            let at = format!("/schedules/{n}");
            schedule.faults(&at, &names, &mut faults);
            if !levels.insert(schedule.level) {
                faults.add(format!("{at}/level"), "has a schedule already");
            }
        }
        faults.0
    }
}

impl Person {
    fn faults(&self, at: &str, faults: &mut Faults) {
        faults.text(format!("{at}/name"), &self.name, NAME_MAX);
        if let Some(page) = &self.page {
            faults.text(format!("{at}/page"), page, ADDRESS_MAX);
        }
        if self.email.as_ref().is_some_and(|email| !is_address(email)) {
            faults.add(format!("{at}/email"), "must be a mail address");
        }
    }
}

impl Schedule {
    fn faults(&self, at: &str, names: &BTreeSet<&str>, faults: &mut Faults) {
        faults.year(format!("{at}/starting_on"), self.starting_on.year());
        faults.many(format!("{at}/rotation"), self.rotation.len());
        faults.many(format!("{at}/overrides"), self.overrides.len());
        let mut known = |pointer: String, name: &str| {
            if !names.contains(name) {
                faults.add(pointer, "is not among the people");
            }
        };
        for (n, name) in self.rotation.iter().enumerate() {
            known(format!("{at}/rotation/{n}"), name);
        }
        for (n, over) in self.overrides.iter().enumerate() {
            known(format!("{at}/overrides/{n}/person"), &over.person);
        }
        for (n, over) in self.overrides.iter().enumerate() {
            let at = format!("{at}/overrides/{n}");
            faults.year(format!("{at}/from"), over.from.year());
            faults.year(format!("{at}/until"), over.until.year());
            if over.until <= over.from {
                faults.add(format!("{at}/until"), "must be after from");
            }
        }
    }
}

/// What can be an addr-spec (RFC 5322); whether a mailbox is there, only a mail
/// can tell.
fn is_address(text: &str) -> bool {
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\"\\".contains(c);
    let parts = text.split_once('@');
    text.len() <= ADDRESS_MAX
        && text.chars().all(plain)
        && parts.is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}
