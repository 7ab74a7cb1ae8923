//! Whom the desk can tell: addresses, and the names they are looked up by.

use std::collections::BTreeMap;

use super::{parse, secret_url::SecretUrl};

/// Where a message to a contact goes.
#[derive(Clone, Debug)]
pub enum Address {
    /// A mail address.
    Email(String),
    /// A Slack channel with its `#`; its webhook is in
    /// [`Settings::slack_webhooks`](super::Settings::slack_webhooks).
    Slack(String),
    /// A webhook of a paging service.
    Webhook(SecretUrl),
}

impl Address {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(channel) = text.strip_prefix('#') {
            return is_channel(channel).then(|| Self::Slack(text.to_owned()));
        }
        if text.contains("://") {
            return parse::webhook(text).map(Self::Webhook);
        }
        is_email(text).then(|| Self::Email(text.to_owned()))
    }
}

/// Values by name, where "On-Call Engineer", `on_call_engineer` and
/// `on-call engineer` are one name, and `#support` is `support`.
#[derive(Clone, Debug)]
pub struct Named<T>(BTreeMap<String, T>);

impl<T> Named<T> {
    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(&fold(name))
    }

    /// All of them, by folded name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn new(values: BTreeMap<String, T>) -> Self {
        Self(values)
    }
}

/// The form of a name that [`Named`] compares: lower case, words joined by `_`.
pub(super) fn fold(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("_")
}

fn is_channel(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 80
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// Whether `text` has the shape `local@domain`. Whether the mailbox exists, only
/// a delivery can tell.
fn is_email(text: &str) -> bool {
    let plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-@".contains(c));
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    plain
        && text.len() <= 254
        && !domain.contains('@')
        && [local, domain]
            .iter()
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.'))
        && !text.contains("..")
}
