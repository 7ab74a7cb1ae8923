//! Delivery reports (RFC 3464): which mail came back, and why.

use std::collections::HashMap;

use mail_parser::{HeaderName, MessageParser};

use super::ids;
use crate::clean::one_line;

/// What a mail server tells about an earlier mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Whether it will never arrive; otherwise it is late, or arrived.
    pub failed: bool,
    /// What the server says: recipient, status and its words.
    pub reason: String,
    /// Message ids of the mail that it is about.
    pub about: Vec<String>,
}

/// A report as its parts are read.
#[derive(Debug, Default)]
pub(super) struct Report {
    status: Option<(bool, String)>,
    about: Vec<String>,
}

impl Report {
    pub(super) const fn is_begun(&self) -> bool {
        self.status.is_some()
    }

    /// Groups of fields: one for the message, one for each recipient.
    pub(super) fn read_status(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n");
        let groups: Vec<HashMap<String, String>> = text.split("\n\n").map(fields).collect();
        let action = |group: &HashMap<String, String>| {
            group
                .get("action")
                .map(|action| action.to_ascii_lowercase())
        };
        let failed = groups
            .iter()
            .find(|group| action(group).is_some_and(|action| action == "failed"));
        let told = failed.or_else(|| groups.iter().find(|group| action(group).is_some()));
        let part = |name: &str| told.and_then(|group| group.get(name));
        // `rfc822; someone@example.com`, `smtp; 550 5.1.1 no such user`
        let after_kind = |value: &String| {
            let after = value
                .split_once(';')
                .map_or(value.as_str(), |(_, after)| after);
            after.trim().to_owned()
        };
        let words = [
            part("final-recipient").map(after_kind),
            part("action").cloned(),
            part("status").cloned(),
            part("diagnostic-code").map(after_kind),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        self.status = Some((failed.is_some(), one_line(&words.join(", "), 400)));
    }

    /// The mail that came back, or its headers.
    pub(super) fn read_original(&mut self, content: &[u8]) {
        let head = super::mime::head(content);
        if let Ok(head) = &head {
            self.about.extend(ids(head, HeaderName::MessageId));
        }
    }

    pub(super) fn told(self) -> Option<DeliveryReport> {
        let (failed, reason) = self.status?;
        Some(DeliveryReport {
            failed,
            reason,
            about: self.about,
        })
    }
}

/// `Name: value` lines, continued by lines that begin with a space.
fn fields(group: &str) -> HashMap<String, String> {
    let parsed = MessageParser::default();
    let Some(parsed) = parsed.parse_headers(group.as_bytes()) else {
        return HashMap::new();
    };
    let raw = parsed.headers_raw();
    raw.map(|(name, value)| (name.to_ascii_lowercase(), one_line(value, 400)))
        .collect()
}

/// A file's ending for a media subtype; only a hint for people.
pub(super) fn ending(minor: &str) -> &str {
    let plain = minor.chars().all(|c| c.is_ascii_alphanumeric());
    match minor {
        "plain" => "txt",
        "rfc822" => "eml",
        _ if plain && !minor.is_empty() && minor.len() <= 8 => minor,
        _ => "bin",
    }
}
