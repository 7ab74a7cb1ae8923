//! SeaORM entities, private to this crate. The schema's truth is `migrations`;
//! a test compares the two.

pub(crate) mod access_key;
pub(crate) mod attachment;
pub(crate) mod attachment_chunk;
pub(crate) mod escalation;
pub(crate) mod event;
pub(crate) mod held_page;
pub(crate) mod idempotency_key;
pub(crate) mod inbound_mail;
pub(crate) mod incident;
pub(crate) mod incident_ticket;
pub(crate) mod label;
pub(crate) mod notification;
pub(crate) mod notification_attempt;
pub(crate) mod on_call;
pub(crate) mod page_budget;
pub(crate) mod policy;
pub(crate) mod runbook;
pub(crate) mod secret;
pub(crate) mod ticket;
pub(crate) mod ticket_facts;
pub(crate) mod ticket_tag;

#[cfg(test)]
mod tests;
pub(crate) mod webhook;
