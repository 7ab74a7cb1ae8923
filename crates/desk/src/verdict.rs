//! Triage's assessment in ticketing's words.

use ticketing::{
    AffectedUsers, Classification, ClassificationMethod, Details, Draft, LevelReason, LevelRule,
    RankedEntry, Severity, TermReason, Verdict,
};

use crate::rules::Rules;

/// How many terms an entry's reasons name.
const TERMS: usize = 8;

/// Assesses a draft by the rules in force.
pub(crate) fn verdict(rules: &Rules, draft: &Draft) -> Verdict {
    let body = draft.details.body();
    let (kind, critical, affected_users) = match &draft.details {
        Details::Bug(bug) => (
            triage::TicketKind::Bug,
            bug.severity == Severity::Critical,
            bug.affected_users.map(|AffectedUsers(count)| count),
        ),
        Details::Feature(_) => (triage::TicketKind::Feature, false, None),
    };
    let ticket = triage::Ticket {
        kind,
        title: &draft.title,
        body: &body,
        critical,
        affected_users,
    };
    from_assessment(rules, rules.triage.assess(&ticket))
}

pub(crate) fn from_assessment(rules: &Rules, assessed: triage::Assessment) -> Verdict {
    let ranked = assessed.ranked.into_iter().map(ranked).collect();
    let level_reasons: Vec<LevelReason> = assessed.level_reasons.into_iter().map(reason).collect();
    Verdict {
        classification: Classification {
            entry: assessed.entry,
            confidence: assessed.confidence,
            method: match assessed.method {
                triage::Method::Auto => ClassificationMethod::Auto,
                triage::Method::Offered => ClassificationMethod::Offered,
                triage::Method::None_ => ClassificationMethod::None,
            },
            runbook_revision: rules.revision.revision,
            ranked,
            background: assessed.background.map(|background| background.name),
        },
        level: assessed.level,
        level_reasons,
    }
}

fn ranked(entry: triage::Ranked) -> RankedEntry {
    let reasons = entry
        .reasons
        .into_iter()
        .take(TERMS)
        .map(|reason| TermReason {
            term: reason.term,
            field: word(&reason.field.ticket),
            weight: reason.weight,
        });
    RankedEntry {
        entry: entry.entry,
        confidence: entry.confidence,
        reasons: reasons.collect(),
    }
}

fn reason(reason: triage::LevelReason) -> LevelReason {
    LevelReason {
        level: reason.level,
        rule: match reason.rule {
            triage::LevelRule::EntryRule => LevelRule::EntryRule,
            triage::LevelRule::LevelTrigger => LevelRule::LevelTrigger,
            triage::LevelRule::FieldTrigger => LevelRule::FieldTrigger,
            triage::LevelRule::Guide => LevelRule::LevelTrigger,
        },
        text: reason.text,
        line: reason.line,
        evidence: reason.evidence,
    }
}

/// The word that a closed set of triage has in JSON.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
