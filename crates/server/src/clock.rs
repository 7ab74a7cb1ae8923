//! The system's clock, read nowhere else.

use desk::Clock;

/// The clock of the machine.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system's clock"
)]
pub fn system_clock() -> Clock {
    Clock::new(chrono::Utc::now)
}
