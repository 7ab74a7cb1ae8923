//! An escalation level: `### Level 2: Technical Support`.

use crate::{
    level::{Level, LevelSpec, Trigger},
    markdown::Line,
    parts::Runbook,
    problems::Problems,
    words::excerpt,
};

use super::{
    amount::{Amount, bound},
    contact, content, leftover,
    section::Chunk,
};

/// The longest name of a level, in characters; rules are searched for it.
const LONGEST_NAME: usize = 100;

/// Reads one level.
pub(crate) fn read(number: u32, chunk: Chunk, runbook: &mut Runbook, problems: &mut Problems<'_>) {
    let offset = chunk.heading.offset;
    let Some(level) = u8::try_from(number)
        .ok()
        .and_then(|number| Level::try_from(number).ok())
    else {
        problems.error(
            "level_out_of_range",
            offset,
            format!("level {number} does not exist: levels are 1 to 4"),
        );
        return;
    };
    if let Some(first) = runbook.levels.iter().find(|spec| spec.level == level) {
        problems.error(
            "duplicate_level",
            offset,
            format!(
                "level {level} is described twice, first on line {}",
                first.line
            ),
        );
        return;
    }

    let mut spec = LevelSpec {
        level,
        name: name(&chunk.heading),
        line: problems.source.line(offset),
        handles: Vec::new(),
        triggers: Vec::new(),
        contacts: Vec::new(),
    };
    if spec.name.is_empty() {
        problems.warning(
            "level_without_name",
            offset,
            format!("level {level} has no name, so no escalation rule can name it"),
        );
    }
    if let Some((cut, _)) = spec.name.char_indices().nth(LONGEST_NAME) {
        problems.warning(
            "level_name_too_long",
            offset,
            format!("level {level}'s name is longer than {LONGEST_NAME} characters and cut there"),
        );
        spec.name.truncate(cut);
    }
    for field in chunk.fields(&|key| kind(key).is_some()) {
        match field.label.as_ref().and_then(|label| kind(&label.key)) {
            Some(Kind::Handles) => spec
                .handles
                .extend(content::clauses(&field, problems.source)),
            Some(Kind::Triggers) => {
                spec.triggers
                    .extend(
                        content::clauses(&field, problems.source)
                            .into_iter()
                            .map(|clause| Trigger {
                                lasting_longer_than_seconds: lasting(&clause.text),
                                text: clause.text,
                                line: clause.line,
                            }),
                    )
            }
            Some(Kind::Contacts) => spec.contacts.extend(contact::read(&field, problems)),
            None => leftover(&field, runbook, problems),
        }
    }
    for trigger in spec
        .triggers
        .iter()
        .filter(|trigger| asks_too_much(trigger))
    {
        problems.warning(
            "duration_not_understood",
            trigger.line,
            format!(
                "“{}” compares with something that is no duration",
                excerpt(&trigger.text)
            ),
        );
    }
    runbook.levels.push(spec);
}

enum Kind {
    Handles,
    Triggers,
    Contacts,
}

fn kind(key: &str) -> Option<Kind> {
    Some(match key {
        "handle" | "handles" | "handling" | "responsibilities" | "scope" => Kind::Handles,
        "escalate when" | "escalate if" | "when" | "when to escalate" | "trigger" | "triggers" => {
            Kind::Triggers
        }
        "how" | "how to escalate" | "contact" | "contacts" | "how to contact" | "reach" => {
            Kind::Contacts
        }
        _ => return None,
    })
}

/// The heading without its number and without a remark in brackets:
/// "Customer Support" of "Level 1: Customer Support (You)".
fn name(heading: &Line) -> String {
    let text = heading.text.as_str();
    // "2. Level 3: Name" has its own number after the word.
    let lower = text.to_ascii_lowercase();
    let word = lower.find("level").or_else(|| lower.find("tier"));
    let text = word.and_then(|at| text.get(at..)).unwrap_or(text);
    let after_number = text
        .find(|c: char| c.is_ascii_digit())
        .and_then(|at| text.get(at..))
        .unwrap_or_default()
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let name = after_number
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .trim();
    let bare = name
        .strip_suffix(')')
        .and_then(|name| name.rsplit_once('('));
    bare.map_or(name, |(name, _)| name.trim_end()).to_owned()
}

/// "Major outage > 1 hour" asks for more than 3,600 seconds.
fn lasting(trigger: &str) -> Option<u64> {
    match bound(trigger)? {
        bound if bound.above != Some(true) => None,
        bound => match bound.amount {
            Amount::Seconds(seconds) => Some(seconds),
            Amount::Percent(_) => None,
        },
    }
}

/// Whether a trigger has a comparison sign that is not part of its duration.
fn asks_too_much(trigger: &Trigger) -> bool {
    trigger.lasting_longer_than_seconds.is_none() && trigger.text.contains(['<', '>', '≤', '≥'])
}
