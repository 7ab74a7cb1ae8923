//! The tables `[[sla.policies]]` and `[sla.calendars.NAME]` of the settings
//! file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use figment::value::{Dict, Value};
use serde::{Serialize, de::DeserializeOwned};
use ticketing::{Policy, PolicySet};

use super::{
    fault::{Origin, unknown},
    parse,
    reader::Reader,
};

/// Policies and calendars of the settings; the runbook's targets complete them.
#[derive(Clone, Debug, Default)]
pub struct SlaSettings {
    /// As written, free of faults.
    pub set: PolicySet,
    /// Files with further holidays, by calendar name.
    pub holidays_ics: BTreeMap<String, PathBuf>,
}

impl SlaSettings {
    /// The tables as a settings file would have them; none when there are none.
    pub(super) fn render(&self) -> Option<String> {
        #[derive(Serialize)]
        struct File<'a> {
            sla: &'a PolicySet,
        }

        let empty = self.set.policies.is_empty() && self.set.calendars.is_empty();
        let tables = toml::to_string(&File { sla: &self.set }).ok();
        tables.filter(|_| !empty).map(|mut text| {
            for (calendar, path) in &self.holidays_ics {
                text.push_str(&format!("# holidays of {calendar}: {}\n", path.display()));
            }
            text
        })
    }
}

/// Answers `None` only after a fault was noted.
pub(super) fn read(reader: &mut Reader, cwd: &Path) -> Option<SlaSettings> {
    let Some(value) = reader.layers.value("sla") else {
        return Some(SlaSettings::default());
    };
    let origin = reader.layers.origin(&value);
    let mut tables = Tables {
        reader,
        origin,
        read: SlaSettings::default(),
    };
    tables.read(value, cwd);
    let Tables {
        reader,
        origin,
        read,
    } = tables;
    let faults = read.set.faults();
    for fault in &faults {
        // "/policies/0/calendar" is "sla.policies.0.calendar" in the file.
        let setting = format!("sla{}", fault.pointer.replace('/', "."));
        reader.fault(setting, origin.clone(), fault.message.clone());
    }
    Some(read)
}

struct Tables<'a> {
    reader: &'a mut Reader,
    origin: Origin,
    read: SlaSettings,
}

impl Tables<'_> {
    fn read(&mut self, value: Value, cwd: &Path) {
        let Value::Dict(_, parts) = value else {
            return self.fault(
                "sla",
                "must hold [[sla.policies]] and [sla.calendars.NAME]".to_owned(),
            );
        };
        for (part, value) in parts {
            match (part.as_str(), value) {
                ("policies", Value::Array(_, policies)) => self.policies(&policies),
                ("policies", _) => self.fault(
                    "sla.policies",
                    "must be tables: [[sla.policies]]".to_owned(),
                ),
                ("calendars", Value::Dict(_, calendars)) => self.calendars(calendars, cwd),
                ("calendars", _) => self.fault(
                    "sla.calendars",
                    "must be tables: [sla.calendars.NAME]".to_owned(),
                ),
                (other, _) => {
                    let known = ["policies".to_owned(), "calendars".to_owned()];
                    self.fault(&format!("sla.{other}"), unknown(other, &known, "sla."));
                }
            }
        }
    }

    fn policies(&mut self, policies: &[Value]) {
        for (index, value) in policies.iter().enumerate() {
            let policy: Option<Policy> = self.table(&format!("sla.policies.{index}"), value);
            self.read.set.policies.extend(policy);
        }
    }

    fn calendars(&mut self, calendars: Dict, cwd: &Path) {
        for (name, mut value) in calendars {
            let at = format!("sla.calendars.{name}");
            // The file belongs to the settings; the calendar proper knows no files.
            let ics = match &mut value {
                Value::Dict(_, fields) => fields.remove("holidays_ics"),
                _ => None,
            };
            if let Some(ics) = ics {
                match ics.as_str().and_then(|text| parse::file(text, cwd)) {
                    Some(path) => drop(self.read.holidays_ics.insert(name.clone(), path)),
                    None => self.fault(
                        &format!("{at}.holidays_ics"),
                        "must name a readable file".to_owned(),
                    ),
                }
            }
            if let Some(spec) = self.table(&at, &value) {
                self.read.set.calendars.insert(name, spec);
            }
        }
    }

    fn table<T: DeserializeOwned>(&mut self, at: &str, value: &Value) -> Option<T> {
        match T::deserialize(value) {
            Ok(read) => Some(read),
            Err(error) => {
                let path: Vec<&str> = [at]
                    .into_iter()
                    .chain(error.path.iter().map(String::as_str))
                    .collect();
                self.fault(&path.join("."), error.kind.to_string());
                None
            }
        }
    }

    fn fault(&mut self, setting: &str, message: String) {
        self.reader
            .fault(setting.to_owned(), self.origin.clone(), message);
    }
}
