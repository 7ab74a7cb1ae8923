//! Likely duplicates among open tickets: the same order, the same reporter
//! with the same entry, a near-copy, or a related one (`domain.md` section 4).
//!
//! Sketches of the newest tickets are kept in memory: they are a hint for
//! people, rebuilt from the database at the start and followed from there, so
//! that filing costs no query.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use runbook::Slug;
use ticketing::{Actor, Ticket, TicketNumber};
use triage::{Extraction, Fingerprint};

use crate::{Desk, error::DeskError};

/// How many of the newest tickets are looked at.
const RECENT: usize = 500;
/// How many duplicates are listed.
const LISTED: usize = 5;
/// Near-copies share more than this part of their words and word pairs.
const NEAR_COPY: f64 = 0.7;
/// Related ones share more than this part.
const RELATED: f64 = 0.25;

/// A ticket that may say the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// Which.
    pub ticket: TicketNumber,
    /// How likely, 0 to 1.
    pub score: f64,
    /// Why.
    pub reason: DuplicateReason,
}

/// Why a ticket may say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicateReason {
    /// It names the same order.
    SameOrder,
    /// The same reporter, classified as the same entry.
    SameReporterAndEntry,
    /// Almost the same words.
    NearCopy,
    /// Many of the same words: worth a look, hardly the same.
    Related,
}

impl DuplicateReason {
    /// The reason's word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameOrder => "same_order",
            Self::SameReporterAndEntry => "same_reporter_and_entry",
            Self::NearCopy => "near_copy",
            Self::Related => "related",
        }
    }
}

/// What is remembered of a ticket.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    number: TicketNumber,
    source: String,
    orders: Vec<String>,
    reporter: Option<String>,
    entry: Option<Slug>,
    words: Fingerprint,
}

/// The sketches of the newest open tickets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent(Arc<Mutex<VecDeque<Sketch>>>);

impl Sketch {
    pub(crate) fn of(ticket: &Ticket) -> Self {
        Self::with(ticket, &triage::extract(&ticket.text()))
    }

    /// The sketch of a ticket of whose text it is known what it names.
    pub(crate) fn with(ticket: &Ticket, found: &Extraction) -> Self {
        let orders = found.order_numbers.iter();
        let orders = orders.map(|order| order.value().to_owned());
        Self {
            number: ticket.number,
            source: ticket.source.clone(),
            orders: orders.collect(),
            reporter: ticket
                .reporter
                .email
                .as_ref()
                .map(|email| email.to_lowercase()),
            entry: ticket.entry().cloned(),
            words: triage::fingerprint(&ticket.title, &ticket.details.body()),
        }
    }

    pub(crate) fn is_of(&self, ticket: TicketNumber) -> bool {
        self.number == ticket
    }

    fn likeness(&self, other: &Self) -> Option<(f64, DuplicateReason)> {
        if self.orders.iter().any(|order| other.orders.contains(order)) {
            return Some((0.95, DuplicateReason::SameOrder));
        }
        let alike = triage::similarity(&self.words, &other.words);
        if alike > NEAR_COPY {
            return Some((alike, DuplicateReason::NearCopy));
        }
        let same_reporter = self.reporter.is_some() && self.reporter == other.reporter;
        let same_entry = self.entry.is_some() && self.entry == other.entry;
        if same_reporter && same_entry {
            return Some((0.8, DuplicateReason::SameReporterAndEntry));
        }
        (alike > RELATED).then_some((alike, DuplicateReason::Related))
    }
}

impl Recent {
    /// The likeliest duplicates that the actor may know of, best first.
    pub(crate) fn like(&self, new: &Sketch, actor: &Actor) -> Vec<Duplicate> {
        let sketches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let visible = |sketch: &&Sketch| actor.works_on_tickets() || sketch.source == actor.name;
        let mut found: Vec<Duplicate> = sketches
            .iter()
            .filter(|sketch| sketch.number != new.number)
            .filter(visible)
            .filter_map(|sketch| {
                let (score, reason) = new.likeness(sketch)?;
                Some(Duplicate {
                    ticket: sketch.number,
                    score,
                    reason,
                })
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.ticket.cmp(&a.ticket)));
        found.truncate(LISTED);
        found
    }

    /// Remembers a ticket that was filed.
    pub(crate) fn remember(&self, sketch: Sketch) {
        let mut sketches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sketches.push_back(sketch);
        while sketches.len() > RECENT {
            sketches.pop_front();
        }
    }

    /// Forgets a ticket that is no longer open.
    pub(crate) fn follow(&self, ticket: &Ticket) {
        if !ticket.status.is_live() {
            let mut sketches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            sketches.retain(|sketch| sketch.number != ticket.number);
        }
    }
}

impl Desk {
    /// Reads the newest tickets' sketches anew: at the start, and now and then,
    /// since other replicas file and resolve tickets too.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn refresh_duplicates(&self) -> Result<(), DeskError> {
        let filter = store::TicketFilter {
            status: ticketing::Status::ALL
                .iter()
                .copied()
                .filter(|s| s.is_live())
                .collect(),
            ..store::TicketFilter::default()
        };
        let limit = u64::try_from(RECENT).unwrap_or(u64::MAX);
        let newest = self
            .store
            .list_tickets(&filter, store::Sort::Created, None, limit, false)
            .await?;
        let newest = newest.map(|page| page.items).unwrap_or_default();
        let sketches: VecDeque<Sketch> = newest.iter().rev().map(Sketch::of).collect();
        *self.recent.0.lock().unwrap_or_else(PoisonError::into_inner) = sketches;
        Ok(())
    }
}
