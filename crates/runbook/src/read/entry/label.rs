//! The labels that an entry may have.

use crate::entry::EntryKind;

/// What a label of an entry announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryLabel {
    /// What customers see.
    Symptoms,
    /// What is wrong.
    Problem,
    /// Why.
    Causes,
    /// What to do.
    Steps,
    /// What to look up.
    Query,
    /// What to do meanwhile.
    Workaround,
    /// What cures it.
    Fix,
    /// When it goes to whom.
    Escalation,
    /// A question's answer.
    Answer,
    /// Other words for it.
    AlsoSay,
    /// Earlier names.
    Aliases,
}

/// The meaning of a label's words, in an entry of a kind.
pub(crate) fn entry_label(key: &str, kind: EntryKind) -> Option<EntryLabel> {
    Some(match key {
        "symptom" | "symptoms" | "signs" | "what customers see" => EntryLabel::Symptoms,
        "problem" => EntryLabel::Problem,
        "cause" | "causes" | "common cause" | "common causes" | "likely causes"
        | "possible causes" | "root cause" | "root causes" => EntryLabel::Causes,
        "check"
        | "checks"
        | "debug steps"
        | "diagnosis"
        | "how to resolve"
        | "resolution"
        | "resolution steps"
        | "steps"
        | "troubleshooting steps" => EntryLabel::Steps,
        "database queries" | "database query" | "diagnostic queries" | "diagnostic query"
        | "queries" | "query" | "sql" => EntryLabel::Query,
        "workaround" | "workarounds" => EntryLabel::Workaround,
        "common fix" | "fix" | "permanent fix" | "quick fix" | "quick win" | "solution" => {
            EntryLabel::Fix
        }
        "escalate" | "escalate when" | "escalation" | "escalation rule" => EntryLabel::Escalation,
        "a" | "answer" if kind == EntryKind::Faq => EntryLabel::Answer,
        "also say" | "customers also say" | "customers say" => EntryLabel::AlsoSay,
        "alias" | "aliases" | "earlier names" => EntryLabel::Aliases,
        _ => return None,
    })
}
