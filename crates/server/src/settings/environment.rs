//! The `DESK_…` variables as a layer.

use std::collections::BTreeMap;

use figment::{Metadata, value::Dict};

use super::{
    catalogue::{Form, SETTINGS, find},
    fault::{Origin, SettingFault, unknown},
    layers::Layer,
    named::fold,
};

/// What every variable of the desk begins with.
pub(super) const PREFIX: &str = "DESK_";

/// Names the settings file itself, and so is the one variable that has no place
/// in it.
pub(super) const CONFIG: &str = "DESK_CONFIG";

/// What the command line's client goes by: where the desk is and whose key it
/// shows. No settings of the desk itself.
const CLIENT: [&str; 2] = ["DESK_URL", "DESK_KEY"];

/// Takes the desk's variables out of all of the process.
pub(super) fn layer(env: &BTreeMap<String, String>, faults: &mut Vec<SettingFault>) -> Layer {
    let known: Vec<String> = SETTINGS
        .iter()
        .filter_map(|setting| match setting.form {
            Form::One => Some(setting.key.to_ascii_uppercase()),
            Form::Named => Some(format!("{}__NAME", setting.key.to_ascii_uppercase())),
            Form::Tables => None,
        })
        .chain(["CONFIG".to_owned()])
        .collect();
    let mut values = Dict::new();
    let mut named: BTreeMap<&str, Dict> = BTreeMap::new();
    for (variable, text) in env {
        let Some(rest) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        // An empty variable is how compose files and shells say "not set".
        let elsewhere = variable == CONFIG || CLIENT.contains(&variable.as_str());
        if text.is_empty() || elsewhere || is_service_link(rest, text) {
            continue;
        }
        let (key, name) = match rest.split_once("__") {
            Some((key, name)) => (key.to_ascii_lowercase(), Some(fold(name))),
            None => (rest.to_ascii_lowercase(), None),
        };
        match (find(&key).map(|setting| (setting.key, setting.form)), name) {
            (Some((key, Form::One)), None) => {
                values.insert(key.to_owned(), text.as_str().into());
            }
            (Some((key, Form::Named)), Some(name)) if !name.is_empty() => {
                named
                    .entry(key)
                    .or_default()
                    .insert(name, text.as_str().into());
            }
            (Some((_, Form::Tables)), _) => faults.push(SettingFault {
                setting: variable.clone(),
                origin: Origin::Environment,
                message: "can only be set in the settings file".to_owned(),
            }),
            _ => faults.push(SettingFault {
                setting: variable.clone(),
                origin: Origin::Environment,
                message: unknown(rest, &known, PREFIX),
            }),
        }
    }
    values.extend(
        named
            .into_iter()
            .map(|(key, names)| (key.to_owned(), names.into())),
    );
    Layer {
        metadata: Metadata::named(PREFIX),
        values,
    }
}

/// Kubernetes and old container links set variables such as
/// `DESK_PORT=tcp://10.0.0.1:8080` for a service that is named `desk`.
fn is_service_link(rest: &str, text: &str) -> bool {
    rest.starts_with("SERVICE_")
        || (rest.starts_with("PORT") && (text.starts_with("tcp://") || rest.contains("_TCP")))
}
