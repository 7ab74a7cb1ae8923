//! Between domain values and rows.

use sea_orm::ActiveValue::Set;
use ticketing::{ClockState, Event, Ticket};

use crate::{
    entity::{event, ticket},
    error::StoreError,
    text::indexed,
};

/// A ticket's row: columns to filter and sort by, and the whole as JSON.
pub(crate) fn ticket_row(ticket: &Ticket) -> Result<ticket::ActiveModel, StoreError> {
    let clocks = [&ticket.clocks.first_response, &ticket.clocks.resolution];
    let any = |state: ClockState| {
        clocks
            .into_iter()
            .flatten()
            .any(|clock| clock.state == state)
    };
    Ok(ticket::ActiveModel {
        seq: Set(ticket.number.0),
        id: Set(ticket.id.0),
        version: Set(ticket.version),
        kind: Set(ticket.kind().as_str().to_owned()),
        status: Set(ticket.status.as_str().to_owned()),
        level: Set(i16::from(ticket.level.number())),
        urgency: Set(ticket.urgency().rank()),
        assignee: Set(ticket.assignee.clone()),
        entry: Set(ticket.entry().map(ToString::to_string)),
        source: Set(ticket.source.clone()),
        external_ref: Set(ticket.external_ref.clone()),
        reporter_email: Set(ticket.reporter.email.clone()),
        at_risk: Set(any(ClockState::AtRisk)),
        breached: Set(any(ClockState::Breached)),
        created_at: Set(ticket.created_at),
        updated_at: Set(ticket.updated_at),
        next_due_at: Set(ticket.clocks.next_due_at()),
        next_timer_at: Set(ticket.next_timer_at()),
        resolved_at: Set(ticket.resolved_at),
        search: Set(indexed(&ticket.text())),
        doc: Set(to_json("tickets", ticket)?),
    })
}

pub(crate) fn ticket_from(seq: i64, doc: &str) -> Result<Ticket, StoreError> {
    serde_json::from_str(doc).map_err(|error| corrupt("tickets", seq, &error))
}

pub(crate) fn event_row(ticket: &Ticket, of: &Event) -> Result<event::ActiveModel, StoreError> {
    Ok(event::ActiveModel {
        id: Set(of.id.0),
        seq: Set(ticket.number.0),
        n: Set(of.n),
        at: Set(of.at),
        actor: Set(of.actor.name.clone()),
        role: Set(of.actor.role.as_str().to_owned()),
        kind: Set(of.kind.name().to_owned()),
        doc: Set(to_json("events", of)?),
    })
}

pub(crate) fn event_from(row: &event::Model) -> Result<Event, StoreError> {
    serde_json::from_str(&row.doc).map_err(|error| corrupt("events", row.id, &error))
}

pub(crate) fn to_json(
    table: &'static str,
    value: &impl serde::Serialize,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| corrupt(table, "new row", &error))
}

pub(crate) fn corrupt(
    table: &'static str,
    id: impl std::fmt::Display,
    error: &serde_json::Error,
) -> StoreError {
    // The error's position, never its text: that may quote a customer.
    let why = format!(
        "{:?} at line {} column {}",
        error.classify(),
        error.line(),
        error.column()
    );
    StoreError::Corrupt {
        table,
        id: id.to_string(),
        column: "doc",
        why,
    }
}
