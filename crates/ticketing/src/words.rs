//! The closed sets of the domain: kind, severity, priority, urgency, status.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A text that is none of the allowed words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// The words that are allowed.
    pub allowed: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be one of: {}", self.allowed.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Declares a closed set of words with one spelling for JSON, SQL and text.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in JSON, SQL and text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { allowed: &[$($word),+] }),
                }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a ticket is (`domain.md` section 3).
    Kind {
        /// Something is wrong.
        Bug = "bug",
        /// Something is wished for.
        Feature = "feature",
    }
}

words! {
    /// A bug's severity.
    Severity {
        /// Business stands still.
        Critical = "critical",
        /// Badly hurt.
        High = "high",
        /// Hurt.
        Medium = "medium",
        /// Hardly hurt.
        Low = "low",
    }
}

words! {
    /// A feature request's priority.
    Priority {
        /// Soon.
        High = "high",
        /// In its turn.
        Medium = "medium",
        /// Some day.
        Low = "low",
    }
}

words! {
    /// The one scale that policies and queues sort by: severity for a bug,
    /// priority for a feature. Smaller is more urgent.
    Urgency {
        /// A critical bug.
        Critical = "critical",
        /// High.
        High = "high",
        /// Medium.
        Medium = "medium",
        /// Low.
        Low = "low",
    }
}

words! {
    /// Where a ticket is in its life.
    Status {
        /// Filed and untouched.
        New = "new",
        /// Being worked on.
        Open = "open",
        /// Waiting for the customer.
        Pending = "pending",
        /// Answered.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
    }
}

impl Status {
    /// Whether work on the ticket is still owed.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::New | Self::Open | Self::Pending)
    }
}

words! {
    /// Why a closed ticket is closed.
    ClosedAs {
        /// It was resolved.
        Resolved = "resolved",
        /// Nothing was to be done; its clocks are cancelled.
        Cancelled = "cancelled",
        /// It went on in another ticket; its clocks are cancelled.
        Merged = "merged",
    }
}

impl Urgency {
    /// 0 is the most urgent: the order in which queues are sorted.
    #[must_use]
    pub const fn rank(self) -> i16 {
        self as i16
    }
}

impl From<Severity> for Urgency {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::Critical,
            Severity::High => Self::High,
            Severity::Medium => Self::Medium,
            Severity::Low => Self::Low,
        }
    }
}

impl From<Priority> for Urgency {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::High => Self::High,
            Priority::Medium => Self::Medium,
            Priority::Low => Self::Low,
        }
    }
}
