//! What tools are told of tickets: event types and what an event carries.
//! Only what a tool may see: an internal comment is no event.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    escalation::Escalation,
    event::{Event, EventKind, Visibility},
    ticket::Ticket,
    words::{UnknownWord, words},
};

words! {
    /// The type of an event that tools can subscribe to.
    TicketEventType {
        /// A ticket was filed.
        TicketFiled = "ticket.filed",
        /// Anything of it changed that has no type of its own.
        TicketChanged = "ticket.changed",
        /// A public comment was made.
        TicketCommented = "ticket.commented",
        /// Its level was raised, also at filing.
        TicketEscalated = "ticket.escalated",
        /// Someone took responsibility for an escalation.
        TicketAcknowledged = "ticket.acknowledged",
        /// Its level was lowered.
        TicketDeescalated = "ticket.deescalated",
        /// It was resolved.
        TicketResolved = "ticket.resolved",
        /// It was taken up again.
        TicketReopened = "ticket.reopened",
        /// It was closed.
        TicketClosed = "ticket.closed",
        /// Most of a target's time is used up.
        TicketSlaAtRisk = "ticket.sla_at_risk",
        /// A target was missed.
        TicketSlaBreached = "ticket.sla_breached",
        /// The reporter said how it went.
        TicketRated = "ticket.rated",
        /// A test, asked for by whoever looks after the webhook.
        WebhookTest = "webhook.test",
    }
}

/// An event for tools, as it is signed and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketEvent {
    /// Its type.
    pub kind: TicketEventType,
    /// What makes it unique for its ticket.
    pub cause: String,
    /// JSON: type, timestamp and data.
    pub payload: String,
}

impl TicketEvent {
    /// What tools are told of one event: of a filing above level 1 two things.
    #[must_use]
    pub fn of(ticket: &Ticket, event: &Event) -> Vec<Self> {
        let made = |kind: TicketEventType, more: Value| {
            let mut data = facts(ticket);
            data.insert(
                "event".to_owned(),
                json!({"n": event.n, "kind": event.kind.name(), "by": event.actor.name}),
            );
            if let Value::Object(more) = more {
                data.extend(more);
            }
            let payload = json!({"type": kind.as_str(), "timestamp": event.at, "data": data});
            Self {
                kind,
                cause: format!("event:{}:{kind}", event.n),
                payload: payload.to_string(),
            }
        };
        let mut told: Vec<Self> = type_of(&event.kind)
            .map(|kind| made(kind, detail(&event.kind)))
            .into_iter()
            .collect();
        if let EventKind::Filed { ticket: filed } = &event.kind
            && let Some(escalation) = filed.escalations.first()
        {
            told.push(made(TicketEventType::TicketEscalated, raised(escalation)));
        }
        told
    }
}

const fn type_of(kind: &EventKind) -> Option<TicketEventType> {
    use TicketEventType as Type;
    Some(match kind {
        EventKind::Filed { .. } => Type::TicketFiled,
        EventKind::Commented(comment) => match comment.visibility {
            Visibility::Public => Type::TicketCommented,
            Visibility::Internal => return None,
        },
        EventKind::Escalated(_) => Type::TicketEscalated,
        EventKind::Acknowledged { .. } => Type::TicketAcknowledged,
        EventKind::Deescalated { .. } => Type::TicketDeescalated,
        EventKind::Resolved { .. } => Type::TicketResolved,
        EventKind::Reopened { .. } => Type::TicketReopened,
        EventKind::Closed { .. } => Type::TicketClosed,
        EventKind::SlaAtRisk { .. } => Type::TicketSlaAtRisk,
        EventKind::SlaBreached { .. } => Type::TicketSlaBreached,
        EventKind::Satisfaction(_) => Type::TicketRated,
        _ => Type::TicketChanged,
    })
}

/// The ticket after the event, without its reporter and its texts but the title.
fn facts(ticket: &Ticket) -> serde_json::Map<String, Value> {
    let facts = json!({
        "ticket": {
            "id": ticket.id,
            "key": ticket.number.to_string(),
            "version": ticket.version,
            "kind": ticket.kind(),
            "title": ticket.title,
            "status": ticket.status,
            "urgency": ticket.urgency(),
            "level": ticket.level,
            "entry": ticket.entry(),
            "assignee": ticket.assignee,
            "source": ticket.source,
            "external_ref": ticket.external_ref,
            "tags": ticket.tags,
        }
    });
    match facts {
        Value::Object(facts) => facts,
        _ => serde_json::Map::new(),
    }
}

fn detail(kind: &EventKind) -> Value {
    match kind {
        EventKind::Commented(comment) => json!({"comment": {
            "author": comment.author, "text": comment.text,
        }}),
        EventKind::Escalated(escalation) => raised(escalation),
        EventKind::SlaBreached { clock, instant, .. }
        | EventKind::SlaAtRisk { clock, instant, .. } => {
            json!({"clock": clock, "instant": instant})
        }
        EventKind::Satisfaction(said) => json!({"score": said.score}),
        _ => Value::Null,
    }
}

fn raised(escalation: &Escalation) -> Value {
    json!({"escalation": {
        "n": escalation.n, "from": escalation.from, "to": escalation.to,
        "trigger": escalation.trigger,
    }})
}
