//! Named points at which a test build of the desk ends itself, as `kill -9`
//! would: no destructor, no flush, no goodbye. Behind the feature
//! `crash-points` of whoever has such points; what is shipped has none.

use std::{
    fmt,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// The points, in the order of a ticket's way to its reader.
pub const NAMES: [&str; 8] = [
    "before-commit",
    "after-commit",
    "after-claim",
    "after-connect",
    "after-data",
    "after-dot-before-250",
    "after-250-before-settle",
    "after-settle",
];

struct Armed {
    name: String,
    left: AtomicU64,
}

static ARMED: OnceLock<Armed> = OnceLock::new();

/// A text that names no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchPoint;

impl fmt::Display for NoSuchPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be one of {}, or NAME:N", NAMES.join(", "))
    }
}

impl std::error::Error for NoSuchPoint {}

/// Arms the point that a text such as `after-claim` or `after-claim:3` names:
/// the process ends when it comes there, or there for the third time.
///
/// # Errors
/// [`NoSuchPoint`].
pub fn arm(text: &str) -> Result<(), NoSuchPoint> {
    let (name, times) = text.split_once(':').unwrap_or((text, "1"));
    let times: u64 = times.parse().or(Err(NoSuchPoint))?;
    if !NAMES.contains(&name) || times == 0 {
        return Err(NoSuchPoint);
    }
    let armed = Armed {
        name: name.to_owned(),
        left: AtomicU64::new(times),
    };
    // The first one counts; there is but one main.
    let _ = ARMED.set(armed);
    Ok(())
}

/// Ends the process here, if this point is armed and its turn has come.
pub fn point(name: &str) {
    if let Some(armed) = ARMED.get()
        && armed.name == name
        && armed.left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}
