//! What the desk judges by: the active runbook, triage built from it, policies
//! and the directory. Replaced as one, so that no request sees half of a change.

use std::sync::Arc;

use chrono::NaiveDate;
use runbook::{Diagnostic, Level, Runbook};
use sha2::{Digest, Sha256};
use store::{OnCallVersion, PolicyVersion, RunbookRevision};
use thiserror::Error;
use ticketing::{
    Actor, Citations, Directory, Pace, PolicyBook, PolicyError, PolicySet, TargetSettings,
};
use triage::Triage;

use crate::{Desk, error::DeskError};

/// One consistent set of rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The runbook's revision, from 1.
    pub revision: RunbookRevision,
    /// The runbook.
    pub runbook: Runbook,
    /// What is wrong or missing in it.
    pub diagnostics: Vec<Diagnostic>,
    /// Its classifier.
    pub triage: Arc<Triage>,
    /// All policy versions, the active one included.
    pub book: PolicyBook,
    /// Whom the settings know.
    pub directory: Directory,
    /// How many pages a tool may cause.
    pub budget: PageBudget,
    /// Who takes which turns.
    pub on_call: OnCallVersion,
}

/// What the settings say about rules.
#[derive(Clone, Debug)]
pub struct RuleSettings {
    /// Policies tried before the runbook's targets, and calendars.
    pub policies: PolicySet,
    /// Targets beside the runbook's.
    pub targets: TargetSettings,
    /// Whom they know.
    pub directory: Directory,
    /// At which pace escalations are repeated that nobody acknowledges.
    pub pace: Pace,
    /// How many pages a tool may cause.
    pub budget: PageBudget,
}

/// How many pages the tickets of one tool may cause in an hour. It limits
/// paging, never the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageBudget {
    /// At level 3.
    pub engineering_per_hour: u32,
    /// At level 4.
    pub leadership_per_hour: u32,
}

impl PageBudget {
    /// At that level; none where paging has no limit.
    pub(crate) fn of(&self, level: Level) -> Option<u32> {
        if level >= Level::LEADERSHIP {
            Some(self.leadership_per_hour)
        } else {
            (level >= Level::ENGINEERING).then_some(self.engineering_per_hour)
        }
    }
}

/// Why the rules cannot be opened.
#[derive(Debug, Error)]
pub enum RulesError {
    /// The runbook has errors; it is refused whole.
    #[error("the runbook has errors")]
    Runbook(Vec<Diagnostic>),
    /// A policy or calendar of the settings is wrong.
    #[error("the SLA settings are wrong")]
    Policies(Vec<PolicyError>),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// Reads the rules: the active revision, or `source` as the first one. A file
/// makes a new revision only when it differs from the last one loaded from a
/// file, so a restart does not undo what was activated by the API
/// (`domain.md` section 9).
pub(crate) async fn open(
    store: &store::Store,
    settings: &RuleSettings,
    source: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Rules, RulesError> {
    let today = now.date_naive();
    let sha256 = sha256(source);
    let from_file = store.last_runbook_from_file().await?;
    if from_file.is_none_or(|last| last.sha256 != sha256) {
        let parsed = runbook::parse(source, today);
        if parsed.has_errors() {
            return Err(RulesError::Runbook(parsed.diagnostics));
        }
        let active = store.active_runbook().await?;
        let revision = RunbookRevision {
            revision: active.map_or(0, |active| active.revision) + 1,
            sha256,
            origin: "file".to_owned(),
            source: source.to_owned(),
            activated_by: Actor::desk().name,
            activated_at: now,
        };
        // `false`: a replica that started at the same time was first.
        store.insert_runbook(&revision).await?;
    }
    let revision = store
        .active_runbook()
        .await?
        .ok_or_else(|| store::StoreError::Unusable("no runbook revision is stored".to_owned()))?;
    read(store, settings, revision, today, now).await
}

pub(crate) async fn read(
    store: &store::Store,
    settings: &RuleSettings,
    revision: RunbookRevision,
    today: NaiveDate,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Rules, RulesError> {
    let parsed = runbook::parse(&revision.source, today);
    let book = policies(store, settings, &parsed.runbook, now)
        .await?
        .with_pace(settings.pace)
        .with_citations(Citations::of(&parsed.runbook, revision.revision));
    Ok(Rules {
        triage: Arc::new(Triage::new(&parsed.runbook)),
        runbook: parsed.runbook,
        diagnostics: parsed.diagnostics,
        revision,
        book,
        directory: settings.directory.clone(),
        budget: settings.budget,
        on_call: store.on_call().await?,
    })
}

/// All policy versions; a new one where settings or runbook ask for it.
async fn policies(
    store: &store::Store,
    settings: &RuleSettings,
    runbook: &Runbook,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<PolicyBook, RulesError> {
    let wanted = settings
        .policies
        .clone()
        .complete(runbook, &settings.targets);
    let faults = wanted.faults();
    if !faults.is_empty() {
        return Err(RulesError::Policies(faults));
    }
    let mut versions = store.list_policies().await?;
    if versions.last().is_none_or(|last| last.set != wanted) {
        let json = serde_json::to_string(&wanted).unwrap_or_default();
        let version = PolicyVersion {
            version: versions.last().map_or(0, |last| last.version) + 1,
            sha256: sha256(&json),
            set: wanted,
            activated_by: Actor::desk().name,
            activated_at: now,
        };
        store.insert_policies(&version).await?;
        versions = store.list_policies().await?;
    }
    let mut book = PolicyBook::default();
    for stored in versions {
        book.add(stored.version, &stored.set)
            .map_err(RulesError::Policies)?;
    }
    Ok(book)
}

impl Rules {
    /// Whom to tell at that instant: the directory with who is on call then.
    #[must_use]
    pub fn directory_at(&self, now: chrono::DateTime<chrono::Utc>) -> Directory {
        let on_duty = self.on_call.on_call.on_duty(now);
        Directory {
            on_duty: on_duty.map(|(level, who)| (level, who.cloned())).collect(),
            ..self.directory.clone()
        }
    }
}

impl Desk {
    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.load_full()
    }

    /// Follows what another replica activated: new runbook revisions, policy
    /// versions and on-call schedules.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn refresh_rules(&self) -> Result<(), DeskError> {
        let Some(active) = self.store.active_runbook().await? else {
            return Ok(());
        };
        let on_call = self.store.on_call_version().await?;
        let rules = self.rules();
        if active.revision == rules.revision.revision && on_call == rules.on_call.version {
            return Ok(());
        }
        let now = self.clock.now();
        match read(
            &self.store,
            &self.rule_settings,
            active,
            now.date_naive(),
            now,
        )
        .await
        {
            Ok(rules) => {
                self.rules.store(Arc::new(rules));
                Ok(())
            }
            Err(RulesError::Store(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "the active runbook cannot be read; the old one stays");
                Ok(())
            }
        }
    }
}

pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
