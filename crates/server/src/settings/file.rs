//! The settings file as a layer.

use std::{fs, io, path::Path};

use figment::{
    Metadata,
    value::{Dict, Value},
};

use super::{
    catalogue::{Form, SETTINGS, find},
    fault::{Origin, SettingFault, unknown},
    layers::Layer,
    named::fold,
};

/// Reads the file that `config` names, or `desk.toml` if there is one.
pub(super) fn layer(
    config: Option<&String>,
    cwd: &Path,
    faults: &mut Vec<SettingFault>,
) -> Option<Layer> {
    let path = cwd.join(config.map_or("desk.toml", String::as_str));
    let origin = Origin::File(path.clone());
    let mut fault = |setting: &str, message: String| {
        faults.push(SettingFault {
            setting: setting.to_owned(),
            origin: origin.clone(),
            message,
        });
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && config.is_none() => return None,
        Err(error) => {
            fault("", format!("cannot be read: {error}"));
            return None;
        }
    };
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => {
            // Only the bare message: the full text quotes the line, which may
            // hold a password.
            let start = error.span().map_or(0, |span| span.start);
            let line = 1 + text
                .bytes()
                .take(start)
                .filter(|byte| *byte == b'\n')
                .count();
            fault("", format!("line {line}: {}", error.message()));
            return None;
        }
    };
    let known: Vec<String> = SETTINGS
        .iter()
        .map(|setting| setting.key.to_owned())
        .collect();
    let mut values = Dict::new();
    for (key, value) in table {
        match find(&key).map(|setting| setting.form) {
            None => fault(&key, unknown(&key, &known, "")),
            Some(Form::Named) => match value {
                toml::Value::Table(names) => {
                    let mut folded = Dict::new();
                    for (name, value) in names {
                        if folded.insert(fold(&name), tagless(value)).is_some() {
                            fault(&format!("{key}.\"{name}\""), "stands here twice".to_owned());
                        }
                    }
                    values.insert(key, folded.into());
                }
                _ => fault(&key, format!("must be a table: [{key}]")),
            },
            Some(Form::One) if value.as_str() == Some("") => {}
            Some(Form::One | Form::Tables) => {
                values.insert(key, tagless(value));
            }
        }
    }
    Some(Layer {
        metadata: Metadata::from("file", path.as_path()),
        values,
    })
}

/// A TOML value as the layers hold it; dates become their text.
fn tagless(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(tagless).collect::<Vec<_>>().into(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key, tagless(value)))
            .collect::<Dict>()
            .into(),
    }
}
