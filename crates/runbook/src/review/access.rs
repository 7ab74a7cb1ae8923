//! Queries against what the support team may access.

use crate::{
    parts::{AccessRule, Runbook},
    problems::Problems,
    words::words,
};

/// Reports writing queries when the access rules deny write access.
pub(crate) fn review(runbook: &Runbook, problems: &mut Problems<'_>) {
    let Some(rule) = runbook.access.iter().find(|rule| denies_writing(rule)) else {
        return;
    };
    let queries = runbook.entries.iter().flat_map(|entry| &entry.queries);
    for query in queries.filter(|query| query.writes) {
        problems.warning(
            "write_query_without_access",
            query.line,
            format!(
                "this query may change data, which line {} denies to the team: only leads and admins are shown it",
                rule.line
            ),
        );
    }
}

fn denies_writing(rule: &AccessRule) -> bool {
    let words = words(&rule.text);
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    !rule.allowed
        && has(&["write", "writing", "change", "modify", "edit"])
        && has(&["database", "db", "data", "sql"])
}
