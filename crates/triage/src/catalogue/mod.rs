//! The runbook's entries made ready for matching: their words, and the topics
//! that belong to them.

mod lexical;
mod links;

pub(crate) use lexical::{Lexical, Match};
pub(crate) use links::{Links, link};

use runbook::{Entry, Step};

use crate::assessment::EntryField;

/// The texts of an entry with the field they stand in.
pub(crate) fn texts(entry: &Entry) -> Vec<(EntryField, &str)> {
    let mut texts = vec![(EntryField::Title, entry.title.as_str())];
    if let Some(note) = &entry.title_note {
        texts.push((EntryField::Title, note));
    }
    for clause in &entry.symptoms {
        texts.push((EntryField::Symptoms, &clause.text));
    }
    if let Some(problem) = &entry.problem {
        texts.push((EntryField::Symptoms, &problem.text));
    }
    for clause in &entry.also_say {
        texts.push((EntryField::AlsoSay, &clause.text));
    }
    for clause in &entry.causes {
        texts.push((EntryField::Causes, &clause.text));
    }
    add_steps(&entry.steps, &mut texts);
    if let Some(workaround) = &entry.workaround {
        texts.push((EntryField::Steps, &workaround.text));
    }
    if let Some(fix) = &entry.fix {
        texts.push((EntryField::Steps, &fix.text));
        add_steps(&fix.steps, &mut texts);
    }
    if let Some(answer) = entry.answer.as_ref().filter(|answer| !answer.placeholder) {
        texts.push((EntryField::Answer, &answer.text));
    }
    texts
}

fn add_steps<'r>(steps: &'r [Step], texts: &mut Vec<(EntryField, &'r str)>) {
    for step in steps {
        texts.push((EntryField::Steps, &step.text));
        add_steps(&step.steps, texts);
    }
}
