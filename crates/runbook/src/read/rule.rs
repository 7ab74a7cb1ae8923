//! The escalation rule of an entry: `**Escalation**: condition → level`.

use crate::{
    level::{Escalation, Level, LevelSpec},
    parts::Clause,
    problems::Problems,
    words::{excerpt, words},
};

/// Reads a rule. None when its level cannot be told, which is an error.
pub(crate) fn read(
    clause: Clause,
    levels: &[LevelSpec],
    problems: &mut Problems<'_>,
) -> Option<Escalation> {
    if levels.is_empty() {
        // That the runbook has no levels is an error of its own.
        return None;
    }
    let offset = problems.source.first_of_line(clause.line);
    let (condition, target) = match split(&clause.text) {
        Some(sides) => sides,
        None => {
            problems.warning(
                "rule_without_arrow",
                offset,
                format!(
                    "“{}” has no arrow between condition and level; all of it is the condition",
                    excerpt(&clause.text)
                ),
            );
            (clause.text.as_str(), clause.text.as_str())
        }
    };
    let said = words(target);
    let named = named(&said, levels);
    let Some(level) = named.iter().map(|(level, _)| *level).max() else {
        let names: Vec<&str> = levels.iter().map(|spec| spec.name.as_str()).collect();
        problems.error(
            "unknown_level",
            offset,
            format!(
                "“{}” names none of the levels: {}",
                excerpt(target),
                excerpt(&names.join(", "))
            ),
        );
        return None;
    };
    if named.iter().any(|(other, _)| *other != level) {
        problems.warning(
            "several_levels",
            offset,
            format!(
                "“{}” names more than one level; the highest, {level}, counts",
                excerpt(target)
            ),
        );
    }
    let immediate = is_immediate(&said);
    if condition != target {
        remainder(&said, &named, offset, problems);
    }
    Some(Escalation {
        condition: bare(condition).to_owned(),
        level,
        immediate,
        line: clause.line,
        text: clause.text,
    })
}

/// Condition and target, at the last arrow.
fn split(text: &str) -> Option<(&str, &str)> {
    let arrows = ["→", "⇒", "➜", "➔", "⟶", "->", "=>"];
    let (before, after) = arrows
        .iter()
        .filter_map(|arrow| text.rsplit_once(arrow))
        .min_by_key(|(_, after)| after.len())?;
    Some((before.trim_end_matches(['-', '=', ' ', '\t']), after.trim()))
}

/// The condition without the word that only introduces it.
fn bare(condition: &str) -> &str {
    let condition = condition.trim();
    condition
        .split_once(' ')
        .filter(|(first, _)| ["if", "when"].contains(&first.to_lowercase().as_str()))
        .map_or(condition, |(_, rest)| rest.trim_start())
}

/// The levels that a text names, each with the words that name it: its whole
/// name, its number, or a word that no other level's name has ("Engineering"
/// for "Engineering Team").
fn named(said: &[String], levels: &[LevelSpec]) -> Vec<(Level, Vec<String>)> {
    let names: Vec<(Level, Vec<String>)> = levels
        .iter()
        .map(|spec| (spec.level, words(&spec.name)))
        .collect();
    let mut named: Vec<(Level, Vec<String>)> = Vec::new();
    for (level, name) in &names {
        let number = level.to_string();
        let short = format!("l{number}");
        let own = |word: &&String| {
            let others = names.iter().filter(|(other, _)| other != level);
            name.contains(*word)
                && !is_filler(word)
                && !others.into_iter().any(|(_, other)| other.contains(*word))
        };
        let by_number = said.windows(2).any(|pair| match pair {
            [word, digits] => ["level", "tier"].contains(&word.as_str()) && *digits == number,
            _ => false,
        });
        if contains(said, name) {
            named.push((*level, name.clone()));
        } else if by_number || said.contains(&short) {
            named.push((*level, vec![number, short]));
        } else if said.iter().any(|word| own(&word)) {
            named.push((*level, said.iter().filter(own).cloned().collect()));
        }
    }
    // "Support" within "Technical Support" names the longer one only.
    let all = named.clone();
    named.retain(|(level, name)| {
        let longer = |(other, longer): &(Level, Vec<String>)| {
            other != level && longer.len() > name.len() && contains(longer, name)
        };
        !all.iter().any(longer)
    });
    named
}

/// Whether words stand in a text one after the other.
fn contains(text: &[String], words: &[String]) -> bool {
    !words.is_empty() && text.windows(words.len()).any(|window| window == words)
}

fn is_immediate(said: &[String]) -> bool {
    let one = ["immediately", "immediate", "asap", "now", "instantly"];
    let two = [["at", "once"], ["right", "away"], ["straight", "away"]];
    said.iter().any(|word| one.contains(&word.as_str()))
        || said
            .windows(2)
            .any(|pair| two.iter().any(|phrase| pair == phrase))
}

/// Words around a level's name that change nothing.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "and",
    "as",
    "asap",
    "at",
    "away",
    "bug",
    "contact",
    "directly",
    "escalate",
    "file",
    "immediate",
    "immediately",
    "inform",
    "instantly",
    "it",
    "level",
    "notify",
    "now",
    "once",
    "or",
    "page",
    "please",
    "raise",
    "report",
    "right",
    "straight",
    "team",
    "tell",
    "the",
    "ticket",
    "tier",
    "to",
    "via",
    "with",
];

fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

fn remainder(
    said: &[String],
    named: &[(Level, Vec<String>)],
    offset: usize,
    problems: &mut Problems<'_>,
) {
    let rest: Vec<&str> = said
        .iter()
        .filter(|word| !is_filler(word) && !named.iter().any(|(_, name)| name.contains(word)))
        .map(String::as_str)
        .collect();
    if !rest.is_empty() {
        problems.warning(
            "rule_not_understood",
            offset,
            format!(
                "“{}” after the arrow has no effect",
                excerpt(&rest.join(" "))
            ),
        );
    }
}
