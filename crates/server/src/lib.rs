//! The parts of the `runbook-desk` binary: settings, wiring, loops. The only
//! crate that reads the clock and the environment.

pub mod commands;
pub mod settings;

mod channels;
mod clock;
mod log;
mod loops;
mod metrics;
mod open;
mod serve;

pub use channels::channels;
pub use clock::system_clock;
pub use log::init as init_log;
pub use open::{OpenError, Opened, open, random};
pub use serve::{Serving, http_server, serve};

/// The runbook that the binary embeds: what runs where the settings name none.
pub const DEFAULT_RUNBOOK: &str = include_str!("../../../runbook/customer-support.md");
