//! Triage's assessment in ticketing's words.

use ticketing::{
    AffectedUsers, Classification, ClassificationMethod, Details, Draft, LevelReason, LevelRule,
    OutageRule, RankedEntry, Severity, TermReason, Verdict,
};

use crate::rules::Rules;

/// How many terms the reasons of the best entry name.
const TERMS: usize = 8;
/// How many those of the others.
const TERMS_OF_OTHERS: usize = 3;
/// How many entries are kept with a ticket: those that an agent is offered.
pub(crate) const OFFERED: usize = 3;
/// What stands for all terms that are not named.
const OTHERS: &str = "all the rest";

/// Assesses a draft by the rules in force; names up to `ranked` entries.
pub(crate) fn verdict(rules: &Rules, draft: &Draft, ranked: usize) -> Verdict {
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
    from_assessment(rules, rules.triage.assess(&ticket), ranked)
}

fn from_assessment(rules: &Rules, assessed: triage::Assessment, ranked: usize) -> Verdict {
    let ranked = assessed.ranked.into_iter().take(ranked).enumerate();
    let ranked = ranked
        .map(|(rank, entry)| ranked_entry(entry, if rank == 0 { TERMS } else { TERMS_OF_OTHERS }))
        .collect();
    let level_reasons: Vec<LevelReason> = assessed.level_reasons.into_iter().map(reason).collect();
    Verdict {
        classification: Classification {
            entry: assessed.entry,
            confidence: rounded(assessed.confidence),
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
        outage: assessed.outage.and_then(outage),
    }
}

fn outage(found: triage::Outage) -> Option<OutageRule> {
    let rises = found.rises?;
    Some(OutageRule {
        level: rises.level,
        after_seconds: i64::try_from(rises.after_seconds).ok()?,
        clause: rises.text,
        line: Some(rises.line),
        evidence: found.evidence,
    })
}

fn ranked_entry(entry: triage::Ranked, terms: usize) -> RankedEntry {
    let mut reasons = Vec::with_capacity(terms + 1);
    let (mut rest, mut score) = (0.0, 0.0);
    for (place, reason) in entry.reasons.into_iter().enumerate() {
        let weight = rounded(reason.weight);
        score += weight;
        let entry_field = reason.field.entry;
        // What agents taught is always named.
        if place >= terms && entry_field != triage::EntryField::Learned {
            rest += weight;
            continue;
        }
        let own = entry_field != triage::EntryField::Vocabulary;
        reasons.push(TermReason {
            term: reason.term,
            field: word(&reason.field.ticket),
            entry_field: own.then(|| word(&entry_field)),
            weight,
            repaired: reason.repaired,
            dismissed: reason.dismissed,
        });
    }
    // What is not named is summed up, so that the weights sum to the score.
    if rest != 0.0 {
        reasons.push(TermReason {
            term: OTHERS.to_owned(),
            field: word(&triage::TicketField::Whole),
            entry_field: None,
            weight: rounded(rest),
            repaired: false,
            dismissed: false,
        });
    }
    RankedEntry {
        entry: entry.entry,
        confidence: rounded(entry.confidence),
        score: rounded(score),
        reasons,
    }
}

/// Four digits say enough of a probability or a weight.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

pub(crate) fn reason(reason: triage::LevelReason) -> LevelReason {
    LevelReason {
        level: reason.level,
        rule: match reason.rule {
            triage::LevelRule::EntryRule => LevelRule::EntryRule,
            triage::LevelRule::LevelTrigger => LevelRule::LevelTrigger,
            triage::LevelRule::FieldTrigger => LevelRule::FieldTrigger,
            triage::LevelRule::Guide => LevelRule::LevelTrigger,
            triage::LevelRule::Outage => LevelRule::Outage,
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
