//! Stories through the front door.

#[cfg(test)]
mod access_keys;
#[cfg(test)]
mod api_guide;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod conventions;
#[cfg(test)]
mod crash_points;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod escalation;
#[cfg(test)]
mod events;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod health;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod incidents;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod on_call;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod ops;
#[cfg(test)]
mod postgres_restart;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod runbook;
#[cfg(test)]
mod sla;
#[cfg(test)]
mod sla_preview;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod triage;
#[cfg(test)]
mod webhooks;
