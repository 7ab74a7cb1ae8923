//! Mails that no person wrote (RFC 3834 and older customs): they are never
//! filed and never answered, or two machines would talk for ever.

use mail_parser::Message;

use crate::clean::one_line;

/// Why the mail is automatic, if it is.
pub(super) fn why(head: &Message<'_>) -> Option<String> {
    let value = |name: &'static str| {
        let raw = head.header_raw(name)?;
        Some(one_line(raw, 100).to_ascii_lowercase())
    };
    // `Auto-Submitted: no; comment` is a person's.
    let word = |text: &str| {
        let first = text.split([';', ' ', '(']).next().unwrap_or_default();
        first.to_owned()
    };
    if let Some(found) = value("Return-Path").filter(|path| path == "<>" || path.is_empty()) {
        return Some(format!(
            "its envelope sender is empty: Return-Path: {found}"
        ));
    }
    if let Some(found) = value("Auto-Submitted").filter(|found| word(found) != "no") {
        return Some(format!("Auto-Submitted: {found}"));
    }
    let bulk = |found: &String| matches!(word(found).as_str(), "bulk" | "list" | "junk");
    if let Some(found) = value("Precedence").filter(bulk) {
        return Some(format!("Precedence: {found}"));
    }
    let named = [
        "X-Auto-Response-Suppress",
        "List-Id",
        "List-Unsubscribe",
        "X-Autoreply",
        "X-Autorespond",
    ];
    named.into_iter().find_map(|name| {
        let found = value(name)?;
        (word(&found) != "none").then(|| format!("{name}: {found}"))
    })
}
