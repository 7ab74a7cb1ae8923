//! What is wrong with a setting, told so that it can be mended.

use std::{fmt, path::PathBuf};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// A settings file.
    File(PathBuf),
    /// An environment variable.
    Environment,
}

/// One wrong setting. Never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFault {
    /// The setting as its source spells it: `DESK_LISTEN`, or `listen`, or
    /// `sla.policies[2].urgency`. Empty when the whole source is at fault.
    pub setting: String,
    /// Where the wrong value stands.
    pub origin: Origin,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl fmt::Display for SettingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Origin::File(path) = &self.origin {
            write!(f, "{}: ", path.display())?;
        }
        if !self.setting.is_empty() {
            write!(f, "{}: ", self.setting)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingFault {}

/// The message for a name that is no setting, with the nearest one that is.
/// `prefix` stands before every name and is left out of both.
pub(super) fn unknown(name: &str, known: &[String], prefix: &str) -> String {
    let nearest = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min()
        // With more than a third of it wrong, something else was meant.
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3);
    match nearest {
        Some((_, candidate)) => format!("no such setting; did you mean `{prefix}{candidate}`?"),
        None => "no such setting".to_owned(),
    }
}
