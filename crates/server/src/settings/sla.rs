//! The tables `[[sla.policies]]` and `[sla.calendars.NAME]` of the settings
//! file.

use std::{fs, path::Path};

use figment::value::{Dict, Value};
use serde::{Serialize, de::DeserializeOwned};
use sla::{CalendarSpec, Holiday, holidays_from_ics};
use ticketing::{Policy, PolicySet};

use super::{
    fault::{Origin, unknown},
    parse,
    reader::Reader,
};

/// The tables as a settings file would have them; none when there are none.
pub(super) fn render(set: &PolicySet) -> Option<String> {
    #[derive(Serialize)]
    struct File<'a> {
        sla: &'a PolicySet,
    }

    let empty = set.policies.is_empty() && set.calendars.is_empty();
    let tables = toml::to_string(&File { sla: set }).ok();
    tables.filter(|_| !empty)
}

/// Reads the tables; what is at fault is noted and left out.
pub(super) fn read(reader: &mut Reader, cwd: &Path) -> PolicySet {
    let Some(value) = reader.layers.value("sla") else {
        return PolicySet::default();
    };
    let origin = reader.layers.origin(&value);
    let mut tables = Tables {
        reader,
        origin,
        set: PolicySet::default(),
    };
    tables.read(value, cwd);
    let Tables {
        reader,
        origin,
        set,
    } = tables;
    let faults = set.faults();
    for fault in &faults {
        // "/policies/0/calendar" is "sla.policies.0.calendar" in the file.
        let setting = format!("sla{}", fault.pointer.replace('/', "."));
        reader.fault(setting, origin.clone(), fault.message.clone());
    }
    set
}

struct Tables<'a> {
    reader: &'a mut Reader,
    origin: Origin,
    set: PolicySet,
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
            self.set.policies.extend(policy);
        }
    }

    fn calendars(&mut self, calendars: Dict, cwd: &Path) {
        for (name, mut value) in calendars {
            let at = format!("sla.calendars.{name}");
            // The file belongs to the settings; a calendar proper lists its days.
            let file = match &mut value {
                Value::Dict(_, fields) => fields.remove("holidays_ics"),
                _ => None,
            };
            let holidays =
                file.map(|file| self.holidays(&format!("{at}.holidays_ics"), &file, cwd));
            if let Some(mut spec) = self.table::<CalendarSpec>(&at, &value) {
                spec.holidays
                    .extend(holidays.into_iter().flatten().map(Into::into));
                self.set.calendars.insert(name, spec);
            }
        }
    }

    fn holidays(&mut self, at: &str, file: &Value, cwd: &Path) -> Vec<Holiday> {
        let path = file.as_str().map(|text| parse::path(text, cwd));
        let Some(text) = path.and_then(|path| fs::read_to_string(path).ok()) else {
            self.fault(at, "must name a readable file".to_owned());
            return Vec::new();
        };
        holidays_from_ics(&text).unwrap_or_else(|error| {
            self.fault(at, error.to_string());
            Vec::new()
        })
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
