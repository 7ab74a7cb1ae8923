//! Values that are looked up by a name which people spell in several ways.

use std::collections::BTreeMap;

pub(super) use ticketing::fold_name as fold;

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
