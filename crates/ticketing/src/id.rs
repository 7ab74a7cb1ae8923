//! Identities: UUIDv7 made from the use case's `now`, and ticket numbers.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

/// A UUIDv7 of the instant `now` (RFC 9562 section 5.7).
fn v7(now: DateTime<Utc>, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id of the instant `now` with ten random bytes.
            #[must_use]
            pub fn new(now: DateTime<Utc>, random: [u8; 10]) -> Self {
                Self(v7(now, random))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A ticket's identity.
    TicketId
);
id!(
    /// An event's identity; ascending in time, so that a stream can resume.
    EventId
);
id!(
    /// An incident's identity.
    IncidentId
);
id!(
    /// A notification's identity: its outbox row, and the `Message-ID` of its mail.
    NotificationId
);

impl EventId {
    /// When the event happened, to the millisecond; none when the text was a
    /// UUID of another kind.
    #[must_use]
    pub fn at(self) -> Option<DateTime<Utc>> {
        if self.0.get_version_num() != 7 {
            return None;
        }
        let (seconds, nanos) = self.0.get_timestamp()?.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    }
}

/// A ticket's number, shown as `T-1042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketNumber(pub i64);

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T-{}", self.0)
    }
}

/// How a caller names a ticket: its id or its key `T-1042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketRef {
    /// By id.
    Id(TicketId),
    /// By number.
    Number(TicketNumber),
}

impl fmt::Display for TicketRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// A text that names no ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketRefError;

impl fmt::Display for TicketRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ticket is named by its id (a UUID) or its key such as T-1042")
    }
}

impl std::error::Error for TicketRefError {}

impl FromStr for TicketRef {
    type Err = TicketRefError;

    fn from_str(text: &str) -> Result<Self, TicketRefError> {
        if let Some(digits) = text.strip_prefix("T-").or_else(|| text.strip_prefix("t-")) {
            return match digits.parse::<i64>() {
                Ok(number) if number > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                    Ok(Self::Number(TicketNumber(number)))
                }
                _ => Err(TicketRefError),
            };
        }
        match text.parse::<Uuid>() {
            Ok(id) => Ok(Self::Id(TicketId(id))),
            Err(_) => Err(TicketRefError),
        }
    }
}
