//! Requests as people would send them.

use serde_json::{Value, json};

/// A bug report that says little: neither an entry's words nor a trigger's.
pub(crate) fn bug(title: &str) -> Value {
    json!({"kind": "bug", "title": title, "severity": "medium", "actual": "It does not look right"})
}

/// A bug report with more or other fields.
pub(crate) fn bug_with(title: &str, fields: Value) -> Value {
    let mut bug = bug(title);
    for (name, value) in fields.as_object().unwrap() {
        bug[name.as_str()] = value.clone();
    }
    bug
}

/// A feature request.
pub(crate) fn feature(title: &str) -> Value {
    json!({
        "kind": "feature",
        "title": title,
        "requested_by": {"type": "customer", "name": "Bishnu"},
        "use_case": "Many customers ask for it",
        "priority": "medium",
    })
}
