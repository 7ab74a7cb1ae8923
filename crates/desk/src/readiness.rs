//! Whether the desk can serve, and what is incomplete about it.

use ticketing::unreachable_levels;

use crate::Desk;

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
        let rules = self.rules();
        for level in unreachable_levels(&rules.runbook, &rules.directory) {
            let fallback = match &rules.directory.fallback {
                Some(_) => "the fallback contact is told instead",
                None => "and no fallback contact is set: nobody would be told",
            };
            found.warnings.push(format!(
                "level {level} has no reachable contact; {fallback}"
            ));
        }
        found
    }
}
