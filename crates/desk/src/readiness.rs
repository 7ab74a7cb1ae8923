//! Whether the desk can serve, and what is incomplete about it.

use chrono::TimeDelta;
use ticketing::{Directory, Unpaged, unpaged_levels, unreachable_levels};

use crate::Desk;

/// For how long what was given up is warned about.
pub(crate) const DEAD_FOR: TimeDelta = TimeDelta::hours(24);
/// How long after its due time a notification must have been taken up.
pub(crate) const OVERDUE_BY: TimeDelta = TimeDelta::minutes(5);

/// What a load balancer and an operator want to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// What keeps the desk from serving.
    pub problems: Vec<String>,
    /// What is only incomplete.
    pub warnings: Vec<String>,
}

impl Desk {
    /// Checks the database and the rules.
    pub async fn readiness(&self) -> Readiness {
        let mut found = Readiness::default();
        if self.store.ping().await.is_err() {
            found
                .problems
                .push("the database does not answer".to_owned());
        }
        found.warnings.extend(self.outbox_warnings().await);
        found.warnings.extend(self.timer_warnings().await);
        let rules = self.rules();
        let directory = rules.directory_at(self.clock.now());
        for level in unreachable_levels(&rules.runbook, &directory) {
            let instead = fallback(&directory);
            found
                .warnings
                .push(format!("level {level} has no reachable contact; {instead}"));
        }
        for (level, why) in unpaged_levels(&rules.runbook, &directory) {
            let instead = fallback(&directory);
            found.warnings.push(match why {
                Unpaged::NoSchedule => format!(
                    "level {level} pages whoever is on call, but has no schedule; see /v1/on-call"
                ),
                Unpaged::Nobody => format!("nobody is on call at level {level}; {instead}"),
                Unpaged::Unreachable(name) => {
                    format!("{name} is on call at level {level} and cannot be reached; {instead}")
                }
            });
        }
        found
    }

    async fn outbox_warnings(&self) -> Vec<String> {
        let now = self.clock.now();
        // A database that does not answer is told already.
        let health = self
            .store
            .outbox_health(now - DEAD_FOR, now - OVERDUE_BY)
            .await;
        let health = health.unwrap_or_default();
        let dead = (health.dead > 0).then(|| {
            format!(
                "{} notifications were given up in the last 24 h; see /v1/notifications?state=dead",
                health.dead
            )
        });
        let overdue = (health.overdue > 0).then(|| {
            format!(
                "{} notifications are overdue: nothing delivers them",
                health.overdue
            )
        });
        dead.into_iter().chain(overdue).collect()
    }

    /// What the auditor finds: the same figures as in `/metrics`.
    async fn timer_warnings(&self) -> Vec<String> {
        let now = self.clock.now();
        let overdue = self.timers_overdue(now).await.unwrap_or_default();
        let overdue = (overdue > 0)
            .then(|| format!("the timers of {overdue} tickets are overdue: nothing sweeps"));
        let without = self.store.list_without_timer(now).await.unwrap_or_default();
        let without = (!without.is_empty()).then(|| {
            let named = without.iter().take(5).map(ToString::to_string);
            format!(
                "{} open tickets have a running target and no timer, such as {}; \
                 see `runbook-desk sla verify`",
                without.len(),
                named.collect::<Vec<_>>().join(", ")
            )
        });
        overdue.into_iter().chain(without).collect()
    }
}

fn fallback(directory: &Directory) -> &'static str {
    match &directory.fallback {
        Some(_) => "the fallback contact is told instead",
        None => "and no fallback contact is set: nobody would be told",
    }
}
