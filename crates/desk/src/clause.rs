//! What a person's escalation rests on: the runbook's rule for the target level
//! that the agent's reason or the ticket's own text meets.

use runbook::Level;
use ticketing::{AffectedUsers, Details, LevelReason, LevelRule, Severity, Ticket};

use crate::{rules::Rules, verdict};

/// The clause of the runbook in force that asks for that level: the entry's
/// rule for it, whose condition the agent vouches for; else a trigger of the
/// level that the reason or the ticket meets; none when no rule does.
pub(crate) fn clause_for(
    rules: &Rules,
    ticket: &Ticket,
    to: Level,
    reason: &str,
) -> Option<LevelReason> {
    let entry = ticket.entry().and_then(|slug| rules.runbook.entry(slug));
    let rule = entry.and_then(|entry| entry.escalation.as_ref());
    if let Some(rule) = rule.filter(|rule| rule.level == to) {
        return Some(LevelReason {
            level: rule.level,
            rule: LevelRule::EntryRule,
            text: rule.text.clone(),
            line: Some(rule.line),
            evidence: reason.to_owned(),
        });
    }
    let body = ticket.details.body();
    let (critical, affected_users) = match &ticket.details {
        Details::Bug(bug) => (
            bug.severity == Severity::Critical,
            bug.affected_users.map(|AffectedUsers(count)| count),
        ),
        Details::Feature(_) => (false, None),
    };
    let said = triage::Ticket {
        kind: triage::TicketKind::Bug,
        title: reason,
        body: "",
        critical: false,
        affected_users: None,
    };
    let filed = triage::Ticket {
        title: &ticket.title,
        body: &body,
        critical,
        affected_users,
        ..said
    };
    [said, filed].iter().find_map(|text| {
        let met = rules.triage.assess(text).level_reasons;
        let mut met = met.into_iter().map(verdict::reason);
        met.find(|met| met.level == to)
    })
}
