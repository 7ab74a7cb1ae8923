//! Rules that send one thing to different levels.
//!
//! Two rules are about one thing when two thirds of the larger one's subject
//! words are also the other's: "Payment gateway problems" and "Payment gateway
//! errors" are, "Data loss" and "Data integrity issues" are not.

use crate::{
    level::Level,
    parts::Runbook,
    problems::Problems,
    words::{excerpt, subject},
};

/// Only so many rules are compared with each other.
const COMPARED: usize = 400;

struct Rule<'a> {
    level: Level,
    text: &'a str,
    line: u32,
    subject: Vec<String>,
    /// A duration makes a rule a step of a ladder, not a contradiction: "Site
    /// down" is level 3 and "Site down > 1 hour" level 4.
    lasting: Option<u64>,
}

/// Reports contradicting rules at the later one.
pub(crate) fn review(runbook: &Runbook, problems: &mut Problems<'_>) {
    let mut rules = rules(runbook);
    if let Some(first) = rules.get(COMPARED) {
        problems.note(
            "rules_not_compared",
            first.line,
            format!("only the first {COMPARED} rules are compared with each other"),
        );
        rules.truncate(COMPARED);
    }
    rules.sort_by_key(|rule| rule.line);
    for (index, later) in rules.iter().enumerate() {
        for earlier in rules.iter().take(index) {
            if contradict(earlier, later) {
                let highest = earlier.level.max(later.level);
                problems.warning(
                    "contradicting_rules",
                    later.line,
                    format!(
                        "“{}” goes to level {}, but “{}” on line {} to level {}; the highest, {highest}, wins",
                        excerpt(later.text),
                        later.level,
                        excerpt(earlier.text),
                        earlier.line,
                        earlier.level,
                    ),
                );
            }
        }
    }
}

fn rules(runbook: &Runbook) -> Vec<Rule<'_>> {
    let triggers = runbook.levels.iter().flat_map(|spec| {
        spec.triggers.iter().map(|trigger| Rule {
            level: spec.level,
            text: &trigger.text,
            line: trigger.line,
            subject: subject(&trigger.text),
            lasting: trigger.lasting_longer_than_seconds,
        })
    });
    let escalations = runbook.entries.iter().filter_map(|entry| {
        let rule = entry.escalation.as_ref()?;
        Some(Rule {
            level: rule.level,
            text: &rule.condition,
            line: rule.line,
            subject: subject(&rule.condition),
            lasting: None,
        })
    });
    triggers.chain(escalations).collect()
}

fn contradict(a: &Rule<'_>, b: &Rule<'_>) -> bool {
    let larger = a.subject.len().max(b.subject.len());
    let shared = a
        .subject
        .iter()
        .filter(|word| b.subject.binary_search(word).is_ok())
        .count();
    a.level != b.level && a.lasting == b.lasting && shared > 0 && shared * 3 >= larger * 2
}
