//! Trying a runbook out and activating it: a new revision, atomically, on all
//! replicas (`domain.md` sections 2 and 9).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use runbook::{Diagnostic, Entry, Runbook, Slug};
use store::{RunbookRevision, Sort, TicketFilter};
use ticketing::{Actor, Details, Draft, Role, Ticket, TicketNumber};

use crate::{
    Desk,
    access::require,
    error::DeskError,
    rules::{self, Rules, RulesError, sha256},
    verdict::verdict,
};

/// How many of the newest tickets a dry run classifies again.
const RECENT: u64 = 200;

/// What a runbook would change, or changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunbookChange {
    /// Entries that are new.
    pub added: Vec<Slug>,
    /// Entries that are gone.
    pub removed: Vec<Slug>,
    /// Entries that say something else.
    pub changed: Vec<Slug>,
    /// Escalation rules that differ, as "slug: old -> new".
    pub rules: Vec<String>,
    /// Targets that differ, as "metric: old -> new".
    pub targets: Vec<String>,
    /// Recent tickets that would be classified differently.
    pub reclassified: Vec<Reclassified>,
    /// How many recent tickets were classified again.
    pub tried: usize,
}

/// A ticket that would be classified differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Reclassified {
    /// Which.
    pub ticket: TicketNumber,
    /// The entry by the active runbook.
    pub from: Option<Slug>,
    /// The entry by the other one.
    pub to: Option<Slug>,
}

/// How a runbook fared.
#[derive(Clone, Debug)]
pub enum Activated {
    /// It has errors: refused whole, the active one stays.
    Refused(Vec<Diagnostic>),
    /// It was tried out; nothing changed.
    Tried {
        /// What is wrong or missing in it.
        diagnostics: Vec<Diagnostic>,
        /// What it would change.
        change: RunbookChange,
    },
    /// It is active.
    Active {
        /// The new revision.
        revision: RunbookRevision,
        /// What is wrong or missing in it.
        diagnostics: Vec<Diagnostic>,
        /// What it changed.
        change: RunbookChange,
    },
}

impl Desk {
    /// Tries a runbook out (leads) or activates it (admins).
    ///
    /// # Errors
    /// [`DeskError::Forbidden`]; [`DeskError::Unavailable`] when another
    /// activation was first.
    pub async fn activate_runbook(
        &self,
        actor: &Actor,
        source: String,
        dry_run: bool,
    ) -> Result<Activated, DeskError> {
        require(actor, if dry_run { Role::Lead } else { Role::Admin })?;
        let now = self.clock.now();
        let parsed = runbook::parse(&source, now.date_naive());
        if parsed.has_errors() {
            return Ok(Activated::Refused(parsed.diagnostics));
        }
        let change = self.change_by(&parsed.runbook).await?;
        let diagnostics = parsed.diagnostics;
        if dry_run {
            return Ok(Activated::Tried {
                diagnostics,
                change,
            });
        }
        let active = self.store.active_runbook().await?;
        let revision = RunbookRevision {
            revision: active.map_or(0, |active| active.revision) + 1,
            sha256: sha256(&source),
            origin: "api".to_owned(),
            source,
            activated_by: actor.name.clone(),
            activated_at: now,
        };
        if !self.store.insert_runbook(&revision).await? {
            let message = "another runbook was activated at the same time";
            return Err(DeskError::Unavailable(message.to_owned()));
        }
        self.adopt(revision.clone(), now).await?;
        Ok(Activated::Active {
            revision,
            diagnostics,
            change,
        })
    }

    async fn adopt(&self, revision: RunbookRevision, now: DateTime<Utc>) -> Result<(), DeskError> {
        let read = rules::read(
            &self.store,
            &self.rule_settings,
            revision,
            now.date_naive(),
            now,
        );
        match read.await {
            Ok(rules) => {
                self.rules.store(Arc::new(rules));
                Ok(())
            }
            Err(RulesError::Store(error)) => Err(error.into()),
            Err(other) => Err(DeskError::Internal(other.to_string())),
        }
    }

    /// All revisions, newest first, without their sources.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below an agent.
    pub async fn list_runbooks(&self, actor: &Actor) -> Result<Vec<RunbookRevision>, DeskError> {
        require(actor, Role::Agent)?;
        Ok(self.store.list_runbooks().await?)
    }

    async fn change_by(&self, new: &Runbook) -> Result<RunbookChange, DeskError> {
        let rules = self.rules();
        let mut change = diff(&rules.runbook, new);
        let other = Rules {
            revision: rules.revision.clone(),
            runbook: new.clone(),
            diagnostics: Vec::new(),
            triage: Arc::new(triage::Triage::new(new)),
            book: rules.book.clone(),
            on_call: rules.on_call.clone(),
            directory: rules.directory.clone(),
            budget: rules.budget,
        };
        let filter = TicketFilter::default();
        let recent = self
            .store
            .list_tickets(&filter, Sort::Created, None, RECENT, false)
            .await?;
        let recent = recent.map(|page| page.items).unwrap_or_default();
        change.tried = recent.len();
        for ticket in recent {
            let number = ticket.number;
            let draft = draft_of(ticket);
            let from = verdict(&rules, &draft, 0).classification.entry;
            let to = verdict(&other, &draft, 0).classification.entry;
            if from != to {
                change.reclassified.push(Reclassified {
                    ticket: number,
                    from,
                    to,
                });
            }
        }
        Ok(change)
    }
}

/// A ticket's texts as a draft, to be classified again.
fn draft_of(ticket: Ticket) -> Draft {
    let details: Details = ticket.details;
    Draft {
        title: ticket.title,
        details,
        extra: ticket.extra,
        reporter: ticket.reporter,
        external_ref: None,
        tags: Vec::new(),
        metadata: serde_json::Map::new(),
        masked: Vec::new(),
    }
}

/// What differs between two runbooks; lines do not count.
fn diff(old: &Runbook, new: &Runbook) -> RunbookChange {
    let mut change = RunbookChange::default();
    for entry in &new.entries {
        match old.entry(&entry.slug) {
            None => change.added.push(entry.slug.clone()),
            Some(before) => {
                if words(before) != words(entry) {
                    change.changed.push(entry.slug.clone());
                }
                let rule = |entry: &Entry| entry.escalation.as_ref().map(|rule| rule.text.clone());
                if rule(before) != rule(entry) {
                    change
                        .rules
                        .push(differs(entry.slug.as_str(), rule(before), rule(entry)));
                }
            }
        }
    }
    let gone = old
        .entries
        .iter()
        .filter(|entry| new.entry(&entry.slug).is_none());
    change.removed = gone.map(|entry| entry.slug.clone()).collect();
    let targets = [
        (
            "first_response",
            &old.targets.first_response,
            &new.targets.first_response,
        ),
        (
            "resolution",
            &old.targets.resolution,
            &new.targets.resolution,
        ),
        (
            "satisfaction",
            &old.targets.satisfaction,
            &new.targets.satisfaction,
        ),
        (
            "escalation_rate",
            &old.targets.escalation_rate,
            &new.targets.escalation_rate,
        ),
    ];
    for (metric, before, after) in targets {
        let value = |target: &Option<runbook::Target>| {
            target
                .as_ref()
                .map(|t| format!("{}{}", if t.above { ">" } else { "<" }, t.value))
        };
        if value(before) != value(after) {
            change
                .targets
                .push(differs(metric, value(before), value(after)));
        }
    }
    change
}

fn differs(what: &str, before: Option<String>, after: Option<String>) -> String {
    let none = || "none".to_owned();
    format!(
        "{what}: {} -> {}",
        before.unwrap_or_else(none),
        after.unwrap_or_else(none)
    )
}

/// An entry's JSON without its lines.
fn words(entry: &Entry) -> serde_json::Value {
    let mut json = serde_json::to_value(entry).unwrap_or_default();
    without_lines(&mut json);
    json
}

fn without_lines(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            members.remove("line");
            members.values_mut().for_each(without_lines);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_lines),
        _ => {}
    }
}
