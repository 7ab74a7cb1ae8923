//! The level at filing (`domain.md` section 4): the highest of 1, the matched
//! entry's rule when the text states its condition, and every trigger that the
//! text or the fields meet. Only rules and triggers that the runbook has fire.

mod duration;
mod opinion;
mod patterns;
mod rules;
mod terms;

use runbook::{Entry, EntryKind, Level, Runbook};

use crate::{
    assessment::{LevelReason, LevelRule, Outage, OutageRule},
    text::{Reading, lexicon::OwnWords},
    ticket::{Ticket, TicketKind},
};
use duration::Lasting;
use opinion::{Heard, Impression, Opinion};
use patterns::{Evidence, Pattern, Present};
use rules::{Kind, kinds};

/// Learns what the second opinion is made of.
pub(crate) fn prepare() {
    Opinion::shipped();
}

/// What a ticket's level is and why.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) level: Level,
    pub(crate) reasons: Vec<LevelReason>,
    pub(crate) outage: Option<Outage>,
}

/// The runbook's level rules, each with the patterns that meet it.
#[derive(Debug, Default)]
pub(crate) struct LevelRules {
    triggers: Vec<Trigger>,
    /// One per entry, in the runbook's order.
    conditions: Vec<Option<Condition>>,
}

#[derive(Debug)]
struct Trigger {
    level: Level,
    text: String,
    line: u32,
    lasting: Option<u64>,
    kinds: Vec<&'static Kind>,
    /// Guides that the trigger names, by their place among the entries.
    guides: Vec<usize>,
    /// Whether it speaks of critical faults of several users.
    by_fields: bool,
}

#[derive(Debug)]
struct Condition {
    level: Level,
    text: String,
    line: u32,
    kinds: Vec<&'static Kind>,
    /// The condition's own words, for a condition that no kind describes.
    own: Pattern,
}

impl LevelRules {
    pub(crate) fn new(runbook: &Runbook, own: &OwnWords) -> Self {
        let triggers = runbook
            .levels
            .iter()
            .flat_map(|spec| {
                spec.triggers
                    .iter()
                    .map(move |trigger| (spec.level, trigger))
            })
            .map(|(level, trigger)| {
                let words = Reading::new(own, "", &trigger.text);
                let kinds: Vec<_> = kinds()
                    .iter()
                    .filter(|kind| kind.is_trigger(&words))
                    .collect();
                Trigger {
                    level,
                    text: trigger.text.clone(),
                    line: trigger.line,
                    lasting: trigger.lasting_longer_than_seconds,
                    guides: guides_named(runbook, own, &words),
                    by_fields: kinds.iter().any(|kind| kind.name == "several_users"),
                    kinds,
                }
            })
            .collect();
        let conditions = runbook
            .entries
            .iter()
            .map(|entry| condition(entry, own))
            .collect();
        Self {
            triggers,
            conditions,
        }
    }

    /// Decides a ticket's level; `entry` is the place of the matched entry,
    /// `ranked` are those that may answer too, `topics` names what the text is
    /// likely about.
    pub(crate) fn decide(
        &self,
        ticket: &Ticket<'_>,
        reading: &Reading<'_>,
        entry: Option<usize>,
        ranked: &[usize],
        topics: &[(&'static str, f32)],
    ) -> Decision {
        if ticket.kind == TicketKind::Feature {
            return Decision::new();
        }
        let facts = Facts::new(reading, topics);
        let mut decision = self.by_rules(ticket, &facts, entry, ranked);
        self.hear(&facts, &mut decision);
        decision.settle();
        decision
    }

    /// What the rules alone find.
    fn by_rules(
        &self,
        ticket: &Ticket<'_>,
        facts: &Facts<'_>,
        entry: Option<usize>,
        ranked: &[usize],
    ) -> Decision {
        let mut decision = Decision::new();
        for trigger in &self.triggers {
            let evidence = trigger.kinds.iter().find_map(|kind| kind.evidence(facts));
            if !decision.met(trigger, evidence, facts.lasting.as_ref())
                && entry.is_some_and(|entry| trigger.guides.contains(&entry))
            {
                decision.add(trigger, LevelRule::Guide, "matched to the guide".to_owned());
            }
            if trigger.by_fields && ticket.critical && ticket.affected_users > Some(1) {
                let users = ticket.affected_users.unwrap_or(0);
                decision.add(
                    trigger,
                    LevelRule::FieldTrigger,
                    format!("severity critical, affected users {users}"),
                );
            }
        }
        let stated = |entry: usize, matched: bool| {
            let condition = self.conditions.get(entry)?.as_ref()?;
            let counts = matched || condition.kinds.iter().any(|kind| kind.offered);
            let evidence = condition.evidence(facts);
            Some((condition, evidence.filter(|_| counts)?))
        };
        let matched = entry.and_then(|entry| stated(entry, true));
        let met = matched.or_else(|| ranked.iter().find_map(|&entry| stated(entry, false)));
        if let Some((condition, evidence)) = met {
            decision.reasons.push(LevelReason {
                level: condition.level,
                rule: LevelRule::EntryRule,
                text: condition.text.clone(),
                line: Some(condition.line),
                evidence: evidence.words,
            });
        }
        decision
    }

    /// Asks the second opinion about the triggers above what the rules found, and
    /// about an outage that they did not see.
    fn hear(&self, facts: &Facts<'_>, decision: &mut Decision) {
        let found = decision.reasons.iter().map(|reason| reason.level).max();
        let higher = |trigger: &&Trigger| {
            Some(trigger.level) > found
                && trigger.level > Level::TECHNICAL
                && trigger.lasts(facts.lasting.as_ref())
        };
        let heard = facts.heard(|name| {
            let mut triggers = self.triggers.iter().filter(higher);
            triggers.any(|trigger| trigger.is_of(name))
        });
        if let Some(heard) = heard {
            let of_it = |trigger: &&Trigger| higher(trigger) && trigger.is_of(heard.condition);
            for trigger in self.triggers.iter().filter(of_it) {
                decision.met(
                    trigger,
                    Some(heard.evidence.clone()),
                    facts.lasting.as_ref(),
                );
            }
        }
        // What an outage rises to when it lasts is noted whatever else was found.
        let waits =
            |trigger: &&Trigger| trigger.is_of("outage") && !trigger.lasts(facts.lasting.as_ref());
        let risen = |outage: &Outage| outage.rises.is_some();
        if decision.outage.as_ref().is_some_and(risen)
            || !self.triggers.iter().any(|trigger| waits(&trigger))
        {
            return;
        }
        if let Some(heard) = facts.heard(|name| name == "outage") {
            for trigger in self.triggers.iter().filter(waits) {
                decision.met(
                    trigger,
                    Some(heard.evidence.clone()),
                    facts.lasting.as_ref(),
                );
            }
        }
    }
}

/// What is known of a ticket's text.
#[derive(Debug)]
struct Facts<'t> {
    reading: &'t Reading<'t>,
    present: Present,
    topics: &'t [(&'static str, f32)],
    lasting: Option<Lasting>,
    impression: Impression,
}

impl<'t> Facts<'t> {
    fn new(reading: &'t Reading<'t>, topics: &'t [(&'static str, f32)]) -> Self {
        let present = Present::new(reading);
        let lasting = duration::longest(reading);
        let seconds = lasting.as_ref().map(|lasting| lasting.seconds);
        Self {
            impression: Opinion::shipped().of(reading, &present, topics, seconds),
            reading,
            present,
            topics,
            lasting,
        }
    }

    /// What the second opinion hears of the conditions that are `asked` for.
    fn heard(&self, asked: impl Fn(&str) -> bool) -> Option<Heard> {
        let heard = self.impression.heard(self.reading, asked)?;
        let mut kinds = kinds().iter().filter(|kind| kind.name == heard.condition);
        let never = kinds.any(|kind| kind.is_never_met(self));
        (!never).then_some(heard)
    }
}

impl Trigger {
    fn is_of(&self, kind: &str) -> bool {
        self.kinds.iter().any(|other| other.name == kind)
    }

    /// Whether what lasts so long is enough for it.
    fn lasts(&self, lasting: Option<&Lasting>) -> bool {
        let enough = |least| lasting.is_some_and(|lasting| lasting.seconds > least);
        self.lasting.is_none_or(enough)
    }

    fn outage_rule(&self) -> Option<OutageRule> {
        self.lasting.map(|after_seconds| OutageRule {
            level: self.level,
            after_seconds,
            text: self.text.clone(),
            line: self.line,
        })
    }
}

impl Decision {
    fn new() -> Self {
        Self {
            level: Level::SUPPORT,
            reasons: Vec::new(),
            outage: None,
        }
    }

    /// Puts the highest reason first and takes its level.
    fn settle(&mut self) {
        self.reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.level));
        if let Some(highest) = self.reasons.first() {
            self.level = highest.level.max(Level::SUPPORT);
        }
    }

    /// Adds a trigger that the text meets by `evidence`; whether it does.
    fn met(
        &mut self,
        trigger: &Trigger,
        evidence: Option<Evidence>,
        lasting: Option<&Lasting>,
    ) -> bool {
        let Some(evidence) = evidence else {
            return false;
        };
        let is_outage = trigger.is_of("outage");
        if is_outage {
            let outage = self.outage.get_or_insert_with(|| Outage {
                evidence: evidence.words.clone(),
                rises: None,
                lasting_seconds: lasting.map(|lasting| lasting.seconds),
            });
            outage.rises = trigger.outage_rule().or(outage.rises.take());
        }
        if !trigger.lasts(lasting) {
            return false;
        }
        match (trigger.lasting, lasting) {
            (Some(_), Some(lasting)) => {
                let rule = if is_outage {
                    LevelRule::Outage
                } else {
                    LevelRule::LevelTrigger
                };
                self.add(trigger, rule, evidence.and(&lasting.words).words);
            }
            _ => self.add(trigger, LevelRule::LevelTrigger, evidence.words),
        }
        true
    }

    fn add(&mut self, trigger: &Trigger, rule: LevelRule, evidence: String) {
        self.reasons.push(LevelReason {
            level: trigger.level,
            rule,
            text: trigger.text.clone(),
            line: Some(trigger.line),
            evidence,
        });
    }
}

impl Condition {
    fn evidence(&self, facts: &Facts<'_>) -> Option<Evidence> {
        if self.kinds.is_empty() {
            return self.own.find(facts.reading, &facts.present);
        }
        self.kinds.iter().find_map(|kind| kind.evidence(facts))
    }
}

fn condition(entry: &Entry, own: &OwnWords) -> Option<Condition> {
    let rule = entry.escalation.as_ref()?;
    let words = Reading::new(own, "", &rule.condition);
    Some(Condition {
        level: rule.level,
        text: rule.text.clone(),
        line: rule.line,
        kinds: kinds()
            .iter()
            .filter(|kind| kind.is_condition(&words))
            .collect(),
        own: Pattern::of_words(&words),
    })
}

/// Guides whose title has all the telling words of a trigger: "Authentication
/// bugs" names the guide "Authentication Issues".
fn guides_named(runbook: &Runbook, own: &OwnWords, trigger: &Reading<'_>) -> Vec<usize> {
    let telling = rules::telling_keys(trigger);
    if telling.is_empty() {
        return Vec::new();
    }
    runbook
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind == EntryKind::Guide)
        .filter(|(_, entry)| {
            let title = Reading::new(own, "", &entry.title);
            let keys = rules::telling_keys(&title);
            telling.iter().all(|key| keys.contains(key))
        })
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests;
