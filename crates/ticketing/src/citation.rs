//! The runbook's lines that decisions of the desk cite beside triggers and
//! entries' rules: targets, and the headings of levels.

use std::collections::BTreeMap;

use runbook::{Level, Runbook, Target};

use crate::clocks::ClockName;

/// A clause of the runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// As it would be said.
    pub text: String,
    /// Its line.
    pub line: u32,
}

/// What can be cited of one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citations {
    revision: i64,
    targets: Vec<(ClockName, i64, Clause)>,
    levels: BTreeMap<Level, Clause>,
}

impl Citations {
    /// What can be cited of a runbook.
    #[must_use]
    pub fn of(runbook: &Runbook, revision: i64) -> Self {
        let targets = [
            (ClockName::FirstResponse, &runbook.targets.first_response),
            (ClockName::Resolution, &runbook.targets.resolution),
            (ClockName::Resolution, &runbook.targets.critical_resolution),
        ];
        let level = |spec: &runbook::LevelSpec| {
            let text = format!("Level {}: {}", spec.level, spec.name);
            let line = spec.line;
            (spec.level, Clause { text, line })
        };
        Self {
            revision,
            targets: targets
                .into_iter()
                .filter_map(|(clock, target)| cited(clock, target.as_ref()?))
                .collect(),
            levels: runbook.levels.iter().map(level).collect(),
        }
    }

    pub(crate) const fn revision(&self) -> i64 {
        self.revision
    }

    pub(crate) fn level(&self, level: Level) -> Option<&Clause> {
        self.levels.get(&level)
    }

    /// The runbook's target of that length; settings may have another.
    pub(crate) fn target(&self, clock: ClockName, seconds: i64) -> Option<&Clause> {
        let mut targets = self.targets.iter();
        let found = targets.find(|(of, target, _)| *of == clock && *target == seconds);
        found.map(|(_, _, clause)| clause)
    }
}

fn cited(clock: ClockName, target: &Target) -> Option<(ClockName, i64, Clause)> {
    let seconds = i64::try_from(target.value).ok()?;
    let name = match clock {
        ClockName::FirstResponse => "First response",
        ClockName::Resolution => "Resolution",
    };
    let bound = match seconds {
        hours if hours % 3600 == 0 => format!("{} h", hours / 3600),
        minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
        seconds => format!("{seconds} s"),
    };
    let only = target.only.as_ref().map(|only| format!(" ({only})"));
    let text = format!("{name} < {bound}{}", only.unwrap_or_default());
    let line = target.line;
    Some((clock, seconds, Clause { text, line }))
}
