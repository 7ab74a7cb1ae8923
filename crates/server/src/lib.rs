//! The parts of the `runbook-desk` binary.

pub mod settings;
