//! Whether the runbook says how each level is reached.

use crate::{
    level::{Channel, Contact, LevelSpec},
    parts::Runbook,
    problems::Problems,
    words::{excerpt, words},
};

/// Reports levels above the first that the runbook gives no address for.
pub(crate) fn review(runbook: &Runbook, problems: &mut Problems<'_>) {
    for spec in runbook.levels.iter().skip(1) {
        if spec.contacts.is_empty() {
            problems.warning(
                "level_without_contact",
                spec.line,
                format!(
                    "level {} does not say how it is told of an escalation",
                    spec.level
                ),
            );
            continue;
        }
        let reachable = contacts(spec).any(|contact| is_addressed(contact, runbook));
        let missing: Vec<&str> = contacts(spec)
            .filter(|contact| !is_addressed(contact, runbook))
            .map(|contact| contact.address.as_str())
            .collect();
        let Some(line) = spec.contacts.first().map(|reach| reach.line) else {
            continue;
        };
        let names = excerpt(&missing.join(", "));
        if !reachable {
            problems.warning(
                "level_without_reachable_contact",
                line,
                format!(
                    "level {} names {names} without an address; until the settings know one, nobody is told",
                    spec.level
                ),
            );
        } else if !missing.is_empty() {
            problems.note(
                "contact_without_address",
                line,
                format!("{names} has no address in the runbook; the settings may name one"),
            );
        }
    }
}

fn contacts(spec: &LevelSpec) -> impl Iterator<Item = &Contact> {
    spec.contacts.iter().flat_map(|reach| &reach.any_of)
}

/// Whether a contact has an address of its own, or its role one among the
/// emergency contacts.
fn is_addressed(contact: &Contact, runbook: &Runbook) -> bool {
    let by_role = || {
        let role = words(&contact.address);
        runbook
            .emergency_contacts
            .iter()
            .any(|emergency| emergency.contact.is_some() && words(&emergency.role) == role)
    };
    let number = contact.address.chars().filter(char::is_ascii_digit).count() > 4;
    match contact.channel {
        Channel::Email | Channel::Slack => true,
        Channel::Page | Channel::Role => number || by_role(),
    }
}
