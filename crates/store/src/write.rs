//! A write is a value: what one use case changes, guarded, all or nothing.

use ticketing::{Event, Incident, Ticket};

use crate::{
    budget::BudgetedPage,
    idempotency::Idempotency,
    inbound::{Bounced, InboundMail},
    label::Label,
    notification::NewNotification,
    settlement::Settlement,
    webhook::Webhook,
};

/// What one use case writes in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Write {
    /// The key of the request, if it came with one: the first guard.
    pub idempotency: Option<Idempotency>,
    /// The mail that it takes in, if one caused it: a guard too.
    pub inbound: Option<InboundMail>,
    /// New and changed tickets with what happened to them.
    pub tickets: Vec<TicketWrite>,
    /// What is to be told; a row whose dedupe key is there already is left out.
    pub notifications: Vec<NewNotification>,
    /// What is told when the budget of pages has room for it.
    pub pages: Vec<BudgetedPage>,
    /// What an agent said about a classification.
    pub labels: Vec<Label>,
    /// An incident that is opened or changed: a guard too. One that somebody
    /// else was first with is [`Outcome::Stale`].
    pub incident: Option<Incident>,
    /// A webhook that is made.
    pub webhook: Option<Webhook>,
    /// A notification that came back.
    pub bounced: Option<Bounced>,
    /// How attempts to deliver ended.
    pub settlements: Vec<Settlement>,
}

/// One ticket of a [`Write`].
#[derive(Clone, Debug)]
pub struct TicketWrite {
    /// The version the change was decided on, 0 for a new ticket: the guard.
    pub seen: i64,
    /// The ticket after it.
    pub ticket: Ticket,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// How a write ended. A guard that fails writes nothing and is an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable.
    Written,
    /// The idempotency key is there already, or the mail was taken in before.
    Replayed,
    /// The source has filed under this external reference already: `index`
    /// among the write's tickets.
    Taken {
        /// Which ticket of the write.
        index: usize,
    },
    /// Somebody else changed the ticket first.
    Stale {
        /// Which ticket of the write.
        index: usize,
    },
}

impl Write {
    /// Whether two writes must not share a batch: they speak of one ticket, one
    /// key, one mail or one external reference, or hold several tickets that must be
    /// rolled back together.
    pub(crate) fn collides_with(&self, other: &Self) -> bool {
        let key = |write: &Self| {
            write
                .idempotency
                .as_ref()
                .map(|key| (key.principal.clone(), key.key.clone()))
        };
        let same_key = key(self).is_some() && key(self) == key(other);
        let mail = |write: &Self| write.inbound.as_ref().map(|mail| mail.message_id.clone());
        let same_mail = mail(self).is_some() && mail(self) == mail(other);
        same_key
            || same_mail
            || self.tickets.iter().any(|mine| {
                other.tickets.iter().any(|theirs| {
                    let reference = mine.ticket.external_ref.is_some()
                        && mine.ticket.external_ref == theirs.ticket.external_ref;
                    mine.ticket.id == theirs.ticket.id || reference
                })
            })
    }

    /// Whether the write must have a transaction of its own.
    pub(crate) fn is_alone(&self) -> bool {
        self.tickets.len() > 1 || self.incident.is_some()
    }
}
