//! The sources of settings, one over the other: defaults, then the settings
//! file, then the environment.

use std::{collections::BTreeMap, path::Path};

use figment::{
    Figment, Metadata, Profile, Provider, Source,
    value::{Dict, Map, Value},
};

use super::{
    catalogue::SETTINGS,
    environment,
    fault::{Origin, SettingFault},
    file,
};

/// All layers merged; each value remembers the layer it came from.
pub(super) struct Layers(Figment);

impl Layers {
    /// Merges the layers; names that are no settings become `faults`.
    pub(super) fn new(
        env: &BTreeMap<String, String>,
        cwd: &Path,
        faults: &mut Vec<SettingFault>,
    ) -> Self {
        let mut figment = Figment::new().merge(defaults());
        if let Some(layer) = file::layer(env.get(environment::CONFIG), cwd, faults) {
            figment = figment.merge(layer);
        }
        Self(figment.merge(environment::layer(env, faults)))
    }

    /// The value of a setting and where it came from; nothing when it is not set.
    pub(super) fn value(&self, path: &str) -> Option<Value> {
        self.0.find_value(path).ok()
    }

    /// The layer that a value came from.
    pub(super) fn origin(&self, value: &Value) -> Origin {
        match self.0.get_metadata(value.tag()) {
            Some(Metadata {
                source: Some(Source::File(path)),
                ..
            }) => Origin::File(path.clone()),
            Some(metadata) if metadata.name == environment::PREFIX => Origin::Environment,
            _ => Origin::Default,
        }
    }
}

/// One layer.
pub(super) struct Layer {
    pub(super) metadata: Metadata,
    pub(super) values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

fn defaults() -> Layer {
    Layer {
        metadata: Metadata::named("defaults"),
        values: SETTINGS
            .iter()
            .filter_map(|setting| Some((setting.key.to_owned(), Value::from(setting.default?))))
            .collect(),
    }
}
