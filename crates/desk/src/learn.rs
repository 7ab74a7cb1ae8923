//! Learning from what agents say: an append-only label log is the truth, the
//! learned weights are rebuilt from it (`domain.md` section 4).

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use chrono::{DateTime, Utc};
use runbook::{Level, Runbook, Slug};
use store::{Label, LabelOrigin};
use ticketing::{Actor, ClassificationMethod, Event, EventId, EventKind, Role, Ticket};
use triage::{Example, Triage};
use uuid::Uuid;

use crate::{Desk, access::require, error::DeskError, masking::mask_text};

/// Up to which part of the newest labels learning looks back.
const LABELS_MAX: usize = 50_000;

/// What the classifier in force was built from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Learned {
    revision: i64,
    mark: Option<(i64, Option<Uuid>)>,
}

/// A labelled text to be imported.
#[derive(Clone, Debug)]
pub struct NewExample {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// The entry that answers it; none: no entry does.
    pub entry: Option<Slug>,
    /// The level that a lead gave it.
    pub level: Option<Level>,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many labels were added.
    pub imported: usize,
    /// Entries that the active runbook does not have; their labels wait for one
    /// that does.
    pub unknown_entries: Vec<Slug>,
}

/// How good the live classifier has been: what it had said against what agents
/// said then. Labels that it had said nothing about (imports) are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    /// Labels that count, imports included.
    pub labels: usize,
    /// Labels with a prediction.
    pub judged: usize,
    /// Of those, right ones.
    pub right: usize,
    /// Mean difference between confidence and accuracy over ten equal bins of
    /// confidence (expected calibration error); none without predictions.
    pub calibration_error: Option<f64>,
    /// Accuracy of the newest 100 predictions less that of all before; none
    /// with fewer than 200.
    pub drift: Option<f64>,
    /// By entry that agents named; `None` is "no entry".
    pub entries: Vec<(Option<String>, EntryQuality)>,
    /// For which entries learning acts now, since there it has been better than
    /// the runbook alone; `None` is "no entry".
    pub learned_for: Vec<Option<String>>,
}

/// How good the classifier is on one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryQuality {
    /// Labels of this entry with a prediction.
    pub labelled: usize,
    /// Predictions of this entry.
    pub predicted: usize,
    /// Both at once.
    pub right: usize,
}

impl Desk {
    /// The labels that a change leaves: a correction, a confirmation, or the
    /// entry that a ticket was resolved by.
    pub(crate) fn labels_of(
        &self,
        actor: &Actor,
        before: &Ticket,
        events: &[Event],
        now: DateTime<Utc>,
    ) -> Vec<Label> {
        let said = events.iter().filter_map(|event| match &event.kind {
            EventKind::Classified { to, method, .. } => {
                let corrected = *method == ClassificationMethod::Corrected;
                let origin = if corrected {
                    LabelOrigin::Corrected
                } else {
                    LabelOrigin::Confirmed
                };
                Some((origin, to.clone()))
            }
            EventKind::Resolved { resolution, .. } => {
                let entry = resolution.entry.clone()?;
                Some((LabelOrigin::Resolved, Some(entry)))
            }
            _ => None,
        });
        let by_triage = matches!(
            before.classification.method,
            ClassificationMethod::Auto | ClassificationMethod::Offered | ClassificationMethod::None
        );
        let label = |(origin, entry): (LabelOrigin, Option<Slug>)| Label {
            id: EventId::new(now, self.entropy()).0,
            at: now,
            by: actor.name.clone(),
            origin,
            ticket: Some(before.number),
            title: before.title.clone(),
            body: before.details.body(),
            entry: entry.map(String::from),
            level: None,
            predicted: before
                .entry()
                .filter(|_| by_triage)
                .map(ToString::to_string),
            confidence: by_triage.then_some(before.classification.confidence),
            undone_at: None,
        };
        said.map(label).collect()
    }

    /// Imports labelled history, masked, all or none.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead.
    pub async fn import_examples(
        &self,
        actor: &Actor,
        examples: Vec<NewExample>,
    ) -> Result<Imported, DeskError> {
        require(actor, Role::Lead)?;
        let now = self.clock.now();
        let rules = self.rules();
        let mut unknown: Vec<Slug> = Vec::new();
        let labels: Vec<Label> = examples
            .into_iter()
            .map(|example| {
                let NewExample {
                    mut title,
                    mut body,
                    entry,
                    level,
                } = example;
                mask_text(&mut title, &mut Vec::new());
                mask_text(&mut body, &mut Vec::new());
                if let Some(slug) = entry
                    .as_ref()
                    .filter(|slug| rules.runbook.entry(slug).is_none())
                {
                    unknown.push(slug.clone());
                }
                Label {
                    id: EventId::new(now, self.entropy()).0,
                    at: now,
                    by: actor.name.clone(),
                    origin: LabelOrigin::Imported,
                    ticket: None,
                    title,
                    body,
                    entry: entry.map(String::from),
                    level: level.map(Level::number),
                    predicted: None,
                    confidence: None,
                    undone_at: None,
                }
            })
            .collect();
        unknown.sort();
        unknown.dedup();
        let imported = labels.len();
        self.store.insert_labels(labels).await?;
        Ok(Imported {
            imported,
            unknown_entries: unknown,
        })
    }

    /// Undoes a label: learning goes on without it.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead, [`DeskError::NotFound`].
    pub async fn undo_example(&self, actor: &Actor, id: Uuid) -> Result<(), DeskError> {
        require(actor, Role::Lead)?;
        if self.store.undo_label(id, self.clock.now()).await? {
            Ok(())
        } else {
            Err(DeskError::NotFound {
                what: "example",
                id: id.to_string(),
            })
        }
    }

    /// The labels that count, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below a lead.
    pub async fn list_examples(
        &self,
        actor: &Actor,
        limit: usize,
    ) -> Result<Vec<Label>, DeskError> {
        require(actor, Role::Lead)?;
        let mut labels = self.store.list_labels().await?;
        labels.reverse();
        labels.truncate(limit);
        Ok(labels)
    }

    /// Rebuilds the classifier when labels or runbook changed; answers whether
    /// it did. The tickets' own classification does not change by itself.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn learn(&self) -> Result<bool, DeskError> {
        let rules = self.rules();
        let mark = self.store.label_mark().await?;
        let wanted = Learned {
            revision: rules.revision.revision,
            mark: Some(mark),
        };
        let known = self
            .learned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        // A runbook that nothing was said about is as good as learned.
        if known == wanted || (mark.0 == 0 && known.mark.is_none_or(|(count, _)| count == 0)) {
            return Ok(false);
        }
        let labels = self.store.list_labels().await?;
        let skip = labels.len().saturating_sub(LABELS_MAX);
        let runbook = rules.runbook.clone();
        let build = move || {
            let examples: Vec<Example> = labels
                .into_iter()
                .skip(skip)
                .map(|l| example(&runbook, l))
                .collect();
            Triage::with_examples(&runbook, &examples)
        };
        // Seconds of computing: on a thread of its own.
        let built = tokio::task::spawn_blocking(build).await;
        let triage = Arc::new(built.map_err(|error| DeskError::Internal(error.to_string()))?);
        self.rules.rcu(|current| {
            // A runbook that was activated meanwhile keeps its own classifier;
            // the next round learns for it.
            if current.revision.revision == wanted.revision {
                Arc::new(crate::Rules {
                    triage: triage.clone(),
                    ..(**current).clone()
                })
            } else {
                current.clone()
            }
        });
        *self.learned.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
        Ok(true)
    }

    /// How good the live classifier has been.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] below an agent.
    pub async fn quality(&self, actor: &Actor) -> Result<Quality, DeskError> {
        require(actor, Role::Agent)?;
        let rules = self.rules();
        let learned_for = rules.triage.learned_entries().into_iter();
        Ok(Quality {
            learned_for: learned_for
                .map(|slug| slug.map(ToString::to_string))
                .collect(),
            ..quality(&self.store.list_labels().await?)
        })
    }
}

fn example(runbook: &Runbook, label: Label) -> Example {
    // A renamed entry is found by its alias.
    let entry = label.entry.and_then(|slug| slug.parse::<Slug>().ok());
    let entry = entry.map(|slug| {
        runbook
            .entry(&slug)
            .map_or(slug, |found| found.slug.clone())
    });
    Example {
        title: label.title,
        body: label.body,
        entry,
        level: label.level.and_then(|level| Level::try_from(level).ok()),
    }
}

/// Predict-then-learn: each label against what had been said before it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn quality(labels: &[Label]) -> Quality {
    let judged: Vec<(&Label, f64)> = labels
        .iter()
        .filter_map(|label| Some((label, label.confidence?)))
        .collect();
    let right = |label: &Label| label.predicted == label.entry;
    let mut entries: BTreeMap<Option<String>, EntryQuality> = BTreeMap::new();
    let mut bins = [(0_usize, 0_usize, 0.0_f64); 10];
    for (label, confidence) in &judged {
        entries.entry(label.entry.clone()).or_default().labelled += 1;
        entries
            .entry(label.predicted.clone())
            .or_default()
            .predicted += 1;
        if right(label) {
            entries.entry(label.entry.clone()).or_default().right += 1;
        }
        let place = (1..10)
            .filter(|tenth| *confidence >= f64::from(*tenth) / 10.0)
            .count();
        if let Some((count, hits, sum)) = bins.get_mut(place) {
            *count += 1;
            *hits += usize::from(right(label));
            *sum += confidence;
        }
    }
    let total = judged.len();
    let share = |part: &[(&Label, f64)]| {
        part.iter().filter(|(label, _)| right(label)).count() as f64 / part.len().max(1) as f64
    };
    let calibration = bins
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, hits, sum)| {
            let of = *count as f64;
            (of / total as f64) * (*hits as f64 / of - sum / of).abs()
        });
    let drift = judged
        .split_at_checked(total.saturating_sub(100))
        .filter(|_| total >= 200);
    Quality {
        labels: labels.len(),
        judged: total,
        right: judged.iter().filter(|(label, _)| right(label)).count(),
        calibration_error: (total > 0).then(|| calibration.sum()),
        drift: drift.map(|(before, newest)| share(newest) - share(before)),
        entries: entries.into_iter().collect(),
        learned_for: Vec::new(),
    }
}
