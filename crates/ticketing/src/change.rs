//! Changing a ticket's fields: a merge patch, checked.

use serde_json::{Map, Value};

use crate::{
    event::{Change, EventKind},
    lifecycle::{reassign, set_status},
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::{AffectedUsers, Details, Reporter, Ticket},
    words::{Priority, Severity, Status},
};

/// What a `PATCH` asks for (RFC 7396): an absent field stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// `open` or `pending`.
    pub status: Option<Status>,
    /// A name, or nobody.
    pub assignee: Option<Option<String>>,
    /// One line.
    pub title: Option<String>,
    /// Of a bug.
    pub severity: Option<Severity>,
    /// Of a feature.
    pub priority: Option<Priority>,
    /// Of a bug.
    pub affected_users: Option<Option<AffectedUsers>>,
    /// All of them.
    pub tags: Option<Vec<String>>,
    /// Merged into the metadata; `null` members remove.
    pub metadata: Option<Map<String, Value>>,
    /// Merged into the reporter.
    pub reporter: Option<ReporterPatch>,
    /// Kinds of sensitive data masked in the new values.
    pub masked: Vec<String>,
}

/// A change of the reporter; an absent field stays, `None` removes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReporterPatch {
    /// Name.
    pub name: Option<Option<String>>,
    /// Mail address.
    pub email: Option<Option<String>>,
    /// Phone number.
    pub phone: Option<Option<String>>,
    /// Language tag.
    pub locale: Option<Option<String>>,
}

/// Applies a patch. A patch that asks for what already is changes nothing.
///
/// # Errors
/// [`Refusal::IllegalMove`] for a status that is not legal from here or a
/// closed ticket; [`Refusal::NoSuchField`] for a field of the other kind.
pub fn patch(ticket: &Ticket, patch: Patch, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    if ticket.status == Status::Closed {
        return Err(changing.illegal("changed"));
    }
    if let Some(to) = patch.status.filter(|to| *to != ticket.status) {
        set_status(&mut changing, to)?;
    }
    let changes = changes(ticket, &patch)?;
    if let Some(to) = patch.assignee {
        reassign(&mut changing, to);
    }
    if !changes.is_empty() {
        changing.record(EventKind::Changed {
            changes,
            masked: patch.masked,
        });
    }
    Ok(changing.settle())
}

fn changes(ticket: &Ticket, patch: &Patch) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    let mut changed = |differs: bool, change: Change| {
        if differs {
            changes.push(change);
        }
    };
    let no_field = |field| {
        Err(Refusal::NoSuchField {
            kind: ticket.kind(),
            field,
        })
    };
    if let Some(new) = patch.title.clone() {
        let old = ticket.title.clone();
        changed(old != new, Change::Title { old, new });
    }
    match (&ticket.details, patch.severity) {
        (Details::Bug(bug), Some(new)) => {
            let old = bug.severity;
            changed(old != new, Change::Severity { old, new });
        }
        (Details::Feature(_), Some(_)) => return no_field("severity"),
        (_, None) => {}
    }
    match (&ticket.details, patch.priority) {
        (Details::Feature(feature), Some(new)) => {
            let old = feature.priority;
            changed(old != new, Change::Priority { old, new });
        }
        (Details::Bug(_), Some(_)) => return no_field("priority"),
        (_, None) => {}
    }
    match (&ticket.details, patch.affected_users) {
        (Details::Bug(bug), Some(new)) => {
            let old = bug.affected_users;
            changed(old != new, Change::AffectedUsers { old, new });
        }
        (Details::Feature(_), Some(_)) => return no_field("affected_users"),
        (_, None) => {}
    }
    if let Some(mut new) = patch.tags.clone() {
        new.sort();
        new.dedup();
        let old = ticket.tags.clone();
        changed(old != new, Change::Tags { old, new });
    }
    if let Some(members) = &patch.metadata {
        let old = ticket.metadata.clone();
        let mut new = Value::Object(old.clone());
        merge(&mut new, Value::Object(members.clone()));
        if let Value::Object(new) = new {
            changed(old != new, Change::Metadata { old, new });
        }
    }
    if let Some(fields) = &patch.reporter {
        let old = ticket.reporter.clone();
        let new = fields.applied_to(&old);
        changed(old != new, Change::Reporter { old, new });
    }
    Ok(changes)
}

impl ReporterPatch {
    fn applied_to(&self, old: &Reporter) -> Reporter {
        let pick = |new: &Option<Option<String>>, old: &Option<String>| {
            new.clone().unwrap_or_else(|| old.clone())
        };
        Reporter {
            name: pick(&self.name, &old.name),
            email: pick(&self.email, &old.email),
            phone: pick(&self.phone, &old.phone),
            locale: pick(&self.locale, &old.locale),
        }
    }
}

/// JSON merge patch, RFC 7396 section 2. Recursion is bounded by the depth that
/// the JSON parser accepts.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(members) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(object) = target {
        for (name, value) in members {
            if value.is_null() {
                object.remove(&name);
            } else {
                merge(object.entry(name).or_insert(Value::Null), value);
            }
        }
    }
}
