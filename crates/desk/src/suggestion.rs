//! The right runbook entry in front of whoever works on a ticket.

use runbook::{Entry, EntryKind, Link, Slug, Step};
use ticketing::{Role, Ticket};
use triage::Extraction;

use crate::rules::Rules;

/// What the runbook says about a ticket, with the ticket's own values filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Which entry.
    pub entry: Slug,
    /// Its title.
    pub title: String,
    /// Resolution steps in order, nested ones indented by two spaces a level.
    pub steps: Vec<String>,
    /// Diagnostic queries, filled in; those that write only for leads and admins.
    pub queries: Vec<String>,
    /// What to do meanwhile.
    pub workaround: Option<String>,
    /// A guide's fix, or an issue's.
    pub fix: Option<String>,
    /// A question's answer.
    pub answer: Option<String>,
    /// The entry's escalation rule while its level is above the ticket's: a
    /// one-call action for the agent.
    pub escalate_when: Option<String>,
    /// The level it would be escalated to.
    pub escalate_to: Option<runbook::Level>,
    /// Status links, on outage and performance tickets.
    pub links: Vec<Link>,
}

/// What a ticket's text names: order numbers, addresses, amounts, statuses.
#[must_use]
pub fn extracted(ticket: &Ticket) -> triage::Extraction {
    triage::extract(&ticket.text())
}

/// The suggestion for a ticket, by its entry; none when it has no entry or the
/// entry's answer is an unfilled placeholder.
/// `found` is what the ticket's text names.
pub(crate) fn suggest(
    rules: &Rules,
    ticket: &Ticket,
    found: &Extraction,
    role: Role,
) -> Option<Suggestion> {
    let entry = rules.runbook.entry(ticket.entry()?)?;
    if entry
        .answer
        .as_ref()
        .is_some_and(|answer| answer.placeholder)
    {
        return None;
    }
    let may_write = role >= Role::Lead;
    let queries = entry
        .queries
        .iter()
        .filter(|query| may_write || !query.writes);
    let rule = entry
        .escalation
        .as_ref()
        .filter(|rule| rule.level > ticket.level);
    let fix = entry.fix.as_ref().map(|fix| {
        let mut lines = vec![fix.text.clone()];
        flatten(&fix.steps, 0, &mut lines);
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    });
    let mut steps = Vec::new();
    flatten(&entry.steps, 0, &mut steps);
    Some(Suggestion {
        entry: entry.slug.clone(),
        title: entry.title.clone(),
        steps,
        queries: queries
            .map(|query| triage::fill_query(&query.sql, found))
            .collect(),
        workaround: entry.workaround.as_ref().map(|clause| clause.text.clone()),
        fix,
        answer: entry.answer.as_ref().map(|answer| answer.text.clone()),
        escalate_when: rule.map(|rule| rule.text.clone()),
        escalate_to: rule.map(|rule| rule.level),
        links: if needs_status(entry, ticket) {
            rules.runbook.status_links.clone()
        } else {
            Vec::new()
        },
    })
}

fn flatten(steps: &[Step], depth: usize, lines: &mut Vec<String>) {
    for step in steps {
        lines.push(format!("{}{}", "  ".repeat(depth), step.text));
        // The parser bounds the depth of nested steps.
        flatten(&step.steps, depth + 1, lines);
    }
}

fn needs_status(entry: &Entry, ticket: &Ticket) -> bool {
    let slow = entry.kind == EntryKind::Guide && entry.title.to_lowercase().contains("performance");
    slow || ticket.level >= runbook::Level::ENGINEERING
}
