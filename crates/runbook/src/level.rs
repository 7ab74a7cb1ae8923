//! Escalation levels: what each handles, when it is called and how it is told.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::parts::Clause;

/// An escalation level, 1 (customer support) to 4 (leadership).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

impl Level {
    /// Customer support.
    pub const SUPPORT: Self = Self(1);
    /// Technical support.
    pub const TECHNICAL: Self = Self(2);
    /// Engineering.
    pub const ENGINEERING: Self = Self(3);
    /// Leadership.
    pub const LEADERSHIP: Self = Self(4);

    /// The level's number, 1 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number that is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelError;

impl fmt::Display for LevelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a level is 1, 2, 3 or 4")
    }
}

impl std::error::Error for LevelError {}

impl TryFrom<u8> for Level {
    type Error = LevelError;

    fn try_from(number: u8) -> Result<Self, LevelError> {
        if (1..=4).contains(&number) {
            Ok(Self(number))
        } else {
            Err(LevelError)
        }
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        text.parse::<u8>()
            .ok()
            .and_then(|number| Self::try_from(number).ok())
            .ok_or(LevelError)
    }
}

/// One level as the escalation procedures describe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LevelSpec {
    /// Which level.
    pub level: Level,
    /// Its name, such as "Technical Support".
    pub name: String,
    /// The line of its heading.
    pub line: u32,
    /// What it handles without escalation (level 1).
    pub handles: Vec<Clause>,
    /// When to escalate to it, one per bullet.
    pub triggers: Vec<Trigger>,
    /// How it is told; every group must be told, see [`Reach`].
    pub contacts: Vec<Reach>,
}

/// A bullet under "Escalate When".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// The bullet as written, such as "Major outage > 1 hour".
    pub text: String,
    /// Its line.
    pub line: u32,
    /// The duration a trigger asks for, in seconds ("> 1 hour" is 3,600).
    pub lasting_longer_than_seconds: Option<u64>,
}

/// One group of a "How" line: "+" and "and" separate groups that are all told,
/// "or" separates alternatives of which the first reachable one is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The alternatives, in the order of preference.
    pub any_of: Vec<Contact>,
    /// Line of the "How" line.
    pub line: u32,
}

/// Whom to tell, and over which channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Over which channel.
    pub channel: Channel,
    /// The address as the runbook has it: an email address, a `#channel`, or a
    /// role such as "on-call engineer", "CTO", "CEO" that the settings resolve.
    pub address: String,
}

/// How a contact is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A mail to an address.
    Email,
    /// A message to a Slack channel through its incoming webhook.
    Slack,
    /// A page to whoever is on call.
    Page,
    /// A named role (CTO, CEO) without an address in the runbook.
    Role,
}

/// An issue's escalation rule: the part after `**Escalation**:`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Escalation {
    /// The rule as written, arrows repaired.
    pub text: String,
    /// The condition alone ("Payment gateway errors").
    pub condition: String,
    /// The target level.
    pub level: Level,
    /// Whether it says "immediately".
    pub immediate: bool,
    /// Its line.
    pub line: u32,
}
