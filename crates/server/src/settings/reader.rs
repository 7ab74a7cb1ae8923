//! Reads settings one by one, keeping every fault and what is in effect.

use std::collections::BTreeMap;

use figment::value::Value;

use super::{
    catalogue::{Secrecy, Setting, find},
    fault::{Origin, SettingFault},
    layers::Layers,
    named::Named,
    secret_url::redact,
};

/// One value in effect, as it may be shown.
#[derive(Clone, Debug)]
pub(super) struct Effective {
    pub(super) key: String,
    /// None: not set.
    pub(super) text: Option<String>,
    /// The variable, the file, or "default".
    pub(super) source: String,
}

/// Collects values, faults and what to print. A getter answers `None` only
/// after it noted a fault.
pub(super) struct Reader {
    pub(super) layers: Layers,
    pub(super) faults: Vec<SettingFault>,
    pub(super) effective: Vec<Effective>,
}

impl Reader {
    /// A setting that always has a value, by its default if need be.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.optional(key, parse).flatten()
    }

    /// A setting that may be absent.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let setting = find(key)?;
        let Some(value) = self.layers.value(key) else {
            self.note(key.to_owned(), None, "default".to_owned());
            return Some(None);
        };
        self.parse(setting, None, &value, parse).map(Some)
    }

    /// A table from names to values.
    pub(super) fn named<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Named<T>> {
        let setting = find(key)?;
        let values = self
            .layers
            .value(key)
            .and_then(Value::into_dict)
            .unwrap_or_default();
        if values.is_empty() {
            self.note(key.to_owned(), None, "default".to_owned());
        }
        let read: BTreeMap<String, Option<T>> = values
            .into_iter()
            .map(|(name, value)| {
                let parsed = self.parse(setting, Some(&name), &value, &parse);
                (name, parsed)
            })
            .collect();
        let whole: Option<BTreeMap<String, T>> = read
            .into_iter()
            .map(|(name, value)| Some((name, value?)))
            .collect();
        whole.map(Named::new)
    }

    /// Notes a fault of a value that stands in the settings file.
    pub(super) fn fault(&mut self, setting: String, origin: Origin, message: String) {
        self.faults.push(SettingFault {
            setting,
            origin,
            message,
        });
    }

    /// Notes the value of a setting that was not set and follows from others.
    pub(super) fn derived(&mut self, key: &str, text: String) {
        let noted = self.effective.iter_mut().find(|one| one.key == key);
        if let Some(one) = noted {
            one.text = Some(text);
        }
    }

    /// Notes what is in effect.
    fn note(&mut self, key: String, text: Option<String>, source: String) {
        self.effective.push(Effective { key, text, source });
    }

    fn parse<T>(
        &mut self,
        setting: &Setting,
        name: Option<&str>,
        value: &Value,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let origin = self.layers.origin(value);
        let text = text(value);
        let parsed = text.as_deref().and_then(&parse);
        if parsed.is_none() {
            let found = match (&text, setting.secrecy) {
                (Some(text), Secrecy::Open) => format!("{text:?}"),
                (Some(_), _) => "its value".to_owned(),
                (None, _) => format!("{} value", value.to_actual()),
            };
            self.fault(
                spelled(setting, name, &origin),
                origin,
                format!("{found} is not {}", setting.allowed),
            );
            return None;
        }
        let shown = text.map(|text| redact(&text, setting.secrecy));
        let source = match &origin {
            Origin::Default => "default".to_owned(),
            Origin::File(path) => path.display().to_string(),
            Origin::Environment => spelled(setting, name, &origin),
        };
        self.note(spelled(setting, name, &Origin::Default), shown, source);
        parsed
    }
}

/// A setting's name as its source spells it.
fn spelled(setting: &Setting, name: Option<&str>, origin: &Origin) -> String {
    match (origin, name) {
        (Origin::Environment, None) => setting.variable(),
        (Origin::Environment, Some(name)) => {
            format!("{}__{}", setting.variable(), name.to_uppercase())
        }
        (_, None) => setting.key.to_owned(),
        (_, Some(name)) => format!("{}.{name}", setting.key),
    }
}

/// The text of a single value: `workers = 4` and `workers = "4"` are the same,
/// as they must be for a variable.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(_, text) => Some(text.clone()),
        Value::Bool(_, truth) => Some(truth.to_string()),
        Value::Num(_, number) => number
            .to_i128()
            .map(|number| number.to_string())
            .or_else(|| number.to_f64().map(|number| number.to_string())),
        Value::Char(..) | Value::Empty(..) | Value::Dict(..) | Value::Array(..) => None,
    }
}
