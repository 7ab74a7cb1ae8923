//! SLA policies: which targets and calendar apply to a ticket, and why.
//! Versioned: a clock names the version that judges it (`domain.md` section 7).

use std::{collections::BTreeMap, fmt};

use runbook::{Level, Runbook, Slug};
use serde::{Deserialize, Serialize};
use sla::{Calendar, CalendarSpec};

use crate::{
    citation::Citations,
    pace::Pace,
    ticket::Ticket,
    words::{Kind, Urgency},
};

/// The calendar that is always there: every second counts.
pub const ALWAYS: &str = "24x7";

/// Which tickets a policy is for; an absent part matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matcher {
    /// Bug or feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// How urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// Which level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Which entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Slug>,
    /// Carries this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// A first-response target, a resolution target and the calendar both count in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name, unique within a version.
    pub name: String,
    /// Which tickets it is for.
    #[serde(default, rename = "match")]
    pub matches: Matcher,
    /// In counted seconds; none: no first-response clock.
    #[serde(default)]
    pub first_response_seconds: Option<i64>,
    /// In counted seconds; none: no resolution clock.
    #[serde(default)]
    pub resolution_seconds: Option<i64>,
    /// The calendar's name; `24x7` is always there.
    #[serde(default = "always")]
    pub calendar: String,
}

fn always() -> String {
    ALWAYS.to_owned()
}

/// The policy that applies to a ticket, as its clocks remember it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// The version of policies and calendars.
    pub version: i64,
    /// The policy's name.
    pub policy: String,
    /// Why it matched, such as "kind bug, urgency critical".
    pub why: String,
    /// In counted seconds.
    pub first_response_seconds: Option<i64>,
    /// In counted seconds.
    pub resolution_seconds: Option<i64>,
    /// The calendar's name in that version.
    pub calendar: String,
}

/// One version of policies and calendars, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySet {
    /// In the order in which they are tried: the first that matches applies.
    pub policies: Vec<Policy>,
    /// By name.
    #[serde(default)]
    pub calendars: BTreeMap<String, CalendarSpec>,
}

/// Targets of the settings, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetSettings {
    /// Instead of the runbook's first-response target.
    pub first_response_seconds: Option<i64>,
    /// Instead of the runbook's resolution target.
    pub resolution_seconds: Option<i64>,
    /// For critical bugs, where the runbook is silent.
    pub critical_resolution_seconds: i64,
}

/// What is wrong with a [`PolicySet`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// JSON pointer into the set.
    pub pointer: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// What tickets are judged by: all versions that clocks may name, compiled, the
/// pace of new escalations, and what the desk may cite.
#[derive(Clone, Debug, Default)]
pub struct PolicyBook {
    versions: BTreeMap<i64, Compiled>,
    active: i64,
    pace: Pace,
    citations: Citations,
}

#[derive(Clone, Debug)]
struct Compiled {
    policies: Vec<Policy>,
    calendars: BTreeMap<String, Calendar>,
}

impl PolicySet {
    /// The settings' policies and calendars, completed by the runbook's targets:
    /// feature requests have a first-response target only; critical bugs
    /// resolve within their own target where the runbook's resolution target
    /// leaves critical ones out.
    #[must_use]
    pub fn complete(mut self, runbook: &Runbook, targets: &TargetSettings) -> Self {
        let seconds = |target: &Option<runbook::Target>| {
            target
                .as_ref()
                .and_then(|target| i64::try_from(target.value).ok())
        };
        let first_response_seconds = targets
            .first_response_seconds
            .or_else(|| seconds(&runbook.targets.first_response));
        let resolution_seconds = targets
            .resolution_seconds
            .or_else(|| seconds(&runbook.targets.resolution));
        let leaves_critical_out = runbook
            .targets
            .resolution
            .as_ref()
            .is_none_or(|target| target.only.is_some())
            || runbook.targets.critical_resolution.is_some();
        let runbook_policy = |name: &str, matches: Matcher, resolution_seconds| Policy {
            name: name.to_owned(),
            matches,
            first_response_seconds,
            resolution_seconds,
            calendar: always(),
        };
        let feature = Matcher {
            kind: Some(Kind::Feature),
            ..Matcher::default()
        };
        self.policies
            .push(runbook_policy("runbook-feature", feature, None));
        if leaves_critical_out {
            let critical = Matcher {
                urgency: Some(Urgency::Critical),
                ..Matcher::default()
            };
            let seconds = seconds(&runbook.targets.critical_resolution)
                .or(Some(targets.critical_resolution_seconds));
            self.policies
                .push(runbook_policy("runbook-critical", critical, seconds));
        }
        self.policies.push(runbook_policy(
            "runbook",
            Matcher::default(),
            resolution_seconds,
        ));
        self
    }

    /// Everything that is wrong with the set, empty when it can be activated.
    #[must_use]
    pub fn faults(&self) -> Vec<PolicyError> {
        let mut faults = Vec::new();
        for (name, spec) in &self.calendars {
            match Calendar::compile(spec) {
                Ok(calendar) if !calendar.has_hours() => faults.push(PolicyError {
                    pointer: format!("/calendars/{name}/hours"),
                    message: "a calendar that is never open has no due times".to_owned(),
                }),
                Ok(_) => {}
                Err(found) => faults.extend(found.into_iter().map(|fault| PolicyError {
                    pointer: format!("/calendars/{name}{}", fault.pointer),
                    message: fault.message,
                })),
            }
        }
        for (index, policy) in self.policies.iter().enumerate() {
            let mut fault = |field: &str, message: String| {
                faults.push(PolicyError {
                    pointer: format!("/policies/{index}/{field}"),
                    message,
                });
            };
            if policy.calendar != ALWAYS && !self.calendars.contains_key(&policy.calendar) {
                let known: Vec<&str> = self.calendars.keys().map(String::as_str).collect();
                fault(
                    "calendar",
                    format!(
                        "{:?} is no calendar; there are: {ALWAYS}, {}",
                        policy.calendar,
                        known.join(", ")
                    ),
                );
            }
            for (field, target) in [
                ("first_response_seconds", policy.first_response_seconds),
                ("resolution_seconds", policy.resolution_seconds),
            ] {
                if target.is_some_and(|seconds| seconds < 1) {
                    fault(field, "must be at least 1".to_owned());
                }
            }
        }
        faults
    }
}

impl PolicyBook {
    /// Adds a version; the highest one added is the active one.
    ///
    /// # Errors
    /// Every fault of the set, see [`PolicySet::faults`].
    pub fn add(&mut self, version: i64, set: &PolicySet) -> Result<(), Vec<PolicyError>> {
        let faults = set.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut calendars = BTreeMap::from([(always(), Calendar::always())]);
        for (name, spec) in &set.calendars {
            if let Ok(calendar) = Calendar::compile(spec) {
                calendars.insert(name.clone(), calendar);
            }
        }
        self.versions.insert(
            version,
            Compiled {
                policies: set.policies.clone(),
                calendars,
            },
        );
        self.active = self.active.max(version);
        Ok(())
    }

    /// The same book, with that pace for new escalations.
    #[must_use]
    pub const fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same book, citing that runbook.
    #[must_use]
    pub fn with_citations(mut self, citations: Citations) -> Self {
        self.citations = citations;
        self
    }

    pub(crate) const fn pace(&self) -> Pace {
        self.pace
    }

    pub(crate) const fn citations(&self) -> &Citations {
        &self.citations
    }

    /// The version that applies to what is filed or changed now.
    #[must_use]
    pub const fn active(&self) -> i64 {
        self.active
    }

    /// Whether a version is known.
    #[must_use]
    pub fn has(&self, version: i64) -> bool {
        self.versions.contains_key(&version)
    }

    /// A calendar of a version.
    #[must_use]
    pub fn calendar(&self, version: i64, name: &str) -> Option<&Calendar> {
        self.versions.get(&version)?.calendars.get(name)
    }

    /// The first policy of the active version that matches the ticket.
    #[must_use]
    pub fn select(&self, ticket: &Ticket) -> Selected {
        let policies = self
            .versions
            .get(&self.active)
            .map(|set| set.policies.as_slice());
        let found = policies
            .unwrap_or_default()
            .iter()
            .find(|policy| policy.matches.fits(ticket));
        match found {
            Some(policy) => Selected {
                version: self.active,
                policy: policy.name.clone(),
                why: policy.matches.to_string(),
                first_response_seconds: policy.first_response_seconds,
                resolution_seconds: policy.resolution_seconds,
                calendar: policy.calendar.clone(),
            },
            None => Selected {
                version: self.active,
                policy: "none".to_owned(),
                why: "no policy matches".to_owned(),
                first_response_seconds: None,
                resolution_seconds: None,
                calendar: always(),
            },
        }
    }
}

impl Selected {
    /// Whether two selections ask for the same (the version alone may differ).
    #[must_use]
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        self.policy == other.policy
            && self.first_response_seconds == other.first_response_seconds
            && self.resolution_seconds == other.resolution_seconds
            && self.calendar == other.calendar
    }
}

impl Matcher {
    /// Whether the ticket is one the policy is for.
    #[must_use]
    pub fn fits(&self, ticket: &Ticket) -> bool {
        self.kind.is_none_or(|kind| kind == ticket.kind())
            && self
                .urgency
                .is_none_or(|urgency| urgency == ticket.urgency())
            && self.level.is_none_or(|level| level == ticket.level)
            && self
                .entry
                .as_ref()
                .is_none_or(|entry| Some(entry) == ticket.entry())
            && self
                .tag
                .as_ref()
                .is_none_or(|tag| ticket.tags.contains(tag))
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = [
            self.kind.map(|kind| format!("kind {kind}")),
            self.urgency.map(|urgency| format!("urgency {urgency}")),
            self.level.map(|level| format!("level {level}")),
            self.entry.as_ref().map(|entry| format!("entry {entry}")),
            self.tag.as_ref().map(|tag| format!("tag {tag}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            f.write_str("every ticket")
        } else {
            f.write_str(&parts.join(", "))
        }
    }
}
