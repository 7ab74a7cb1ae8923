//! The level at filing (`domain.md` section 4): the highest of 1, the matched
//! entry's rule when the text states its condition, and every trigger that the
//! text or the fields meet. Only rules and triggers that the runbook has fire.

mod duration;
mod patterns;
mod rules;
mod terms;

use runbook::{Entry, EntryKind, Level, Runbook};

use crate::{
    assessment::{LevelReason, LevelRule, Outage, OutageRule},
    text::{Reading, lexicon::OwnWords},
    ticket::{Ticket, TicketKind},
};
use patterns::{Evidence, Pattern, Present};
use rules::{Kind, kinds};

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
        let mut decision = Decision {
            level: Level::SUPPORT,
            reasons: Vec::new(),
            outage: None,
        };
        if ticket.kind == TicketKind::Feature {
            return decision;
        }
        let lasting = duration::longest(reading);
        let present = Present::new(reading);
        let met = |kind: &Kind| kind.evidence(reading, &present, topics);
        for trigger in &self.triggers {
            let evidence = trigger.kinds.iter().find_map(|kind| met(kind));
            let is_outage = trigger.kinds.iter().any(|kind| kind.name == "outage");
            if let Some(evidence) = evidence.as_ref().filter(|_| is_outage) {
                let outage = decision.outage.get_or_insert_with(|| Outage {
                    evidence: evidence.words.clone(),
                    rises: None,
                    lasting_seconds: lasting.as_ref().map(|lasting| lasting.seconds),
                });
                outage.rises = trigger.outage_rule().or(outage.rises.take());
            }
            let evidence = match (evidence, trigger.lasting) {
                (Some(evidence), Some(least)) => lasting
                    .as_ref()
                    .filter(|lasting| lasting.seconds > least)
                    .map(|lasting| evidence.and(&lasting.words)),
                (evidence, _) => evidence,
            };
            if let Some(evidence) = evidence {
                let rule = match trigger.lasting {
                    Some(_) if is_outage => LevelRule::Outage,
                    _ => LevelRule::LevelTrigger,
                };
                decision.add(trigger, rule, evidence.words);
            } else if entry.is_some_and(|entry| trigger.guides.contains(&entry)) {
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
            let evidence = condition.evidence(reading, &present, topics);
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
            .reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.level));
        if let Some(highest) = decision.reasons.first() {
            decision.level = highest.level.max(Level::SUPPORT);
        }
        decision
    }
}

impl Trigger {
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
    fn evidence(
        &self,
        reading: &Reading<'_>,
        present: &Present,
        topics: &[(&'static str, f32)],
    ) -> Option<Evidence> {
        if self.kinds.is_empty() {
            return self.own.find(reading, present);
        }
        self.kinds
            .iter()
            .find_map(|kind| kind.evidence(reading, present, topics))
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
