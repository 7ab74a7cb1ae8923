//! Opaque keyset cursors: where a list goes on, stable under inserts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where the next page begins: the last row's sort value and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// A fingerprint of sort and filters: a cursor serves the list it came from.
    #[serde(rename = "l")]
    pub(crate) list: u32,
    /// The last row's number.
    #[serde(rename = "s")]
    pub(crate) seq: i64,
    /// The last row's time, where the list is sorted by one.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<DateTime<Utc>>,
    /// The last row's urgency, where the list is sorted by it.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub(crate) urgency: Option<i16>,
}

/// A text that is no cursor of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorError;

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a cursor of this list; pass next_cursor as it came, with the same filters and sort")
    }
}

impl std::error::Error for CursorError {}

impl Cursor {
    /// The cursor's opaque text: hex of its JSON.
    #[must_use]
    pub fn encode(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        json.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a cursor's text.
    ///
    /// # Errors
    /// [`CursorError`] for anything that [`Cursor::encode`] did not write.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        if text.len() > 400 || !text.len().is_multiple_of(2) || !text.is_ascii() {
            return Err(CursorError);
        }
        let byte = |pair: &[u8]| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        };
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
        let parsed = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        parsed.ok_or(CursorError)
    }
}
