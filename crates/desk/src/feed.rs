//! The feed: changes of all tickets, as they are committed, to any number of
//! readers of this replica.
//!
//! One look at the database per replica serves them all. Where commits overtake
//! ids, every look goes over the last seconds again and tells what it has not
//! told yet.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;
use store::{Place, StreamedEvent};
use ticketing::{Actor, EventId, EventKind, Status, TicketId, TicketNumber, Visibility};
use tokio::sync::{Mutex, broadcast, watch};

use crate::{Desk, error::DeskError};

/// For how long ids are remembered that a look may find again.
const SEEN_FOR: TimeDelta = TimeDelta::seconds(11);
/// Changes that a reader may be behind before it is dropped.
const BEHIND_MAX: usize = 2048;
/// Readers of one replica.
const READERS_MAX: usize = 1000;
/// Ids read at a time.
const PAGE: usize = 1000;
/// Ids of told changes that are remembered, in the order they were told.
const TOLD_MAX: usize = 16_384;

/// One change of one ticket, as a reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketChange {
    /// The event's id; ascending in time.
    pub id: EventId,
    /// The event's kind, such as `commented`.
    pub kind: &'static str,
    /// Of which ticket.
    pub ticket: TicketId,
    /// Its number.
    pub number: TicketNumber,
    /// The ticket's version after it.
    pub version: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// The ticket's status, of this version or a later one.
    pub status: Status,
    /// The ticket's level, of this version or a later one.
    pub level: Level,
    source: String,
    internal: bool,
}

/// What the readers of one replica share.
#[derive(Debug)]
pub(crate) struct Feed {
    told: Mutex<Told>,
    changes: broadcast::Sender<Arc<TicketChange>>,
    closed: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Told {
    /// When the database was last looked at and where that ended; none while
    /// nobody reads.
    looked: Option<(DateTime<Utc>, Place)>,
    /// What was found in the last seconds before that.
    seen: BTreeSet<EventId>,
    /// What was told, in that order.
    order: VecDeque<EventId>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            told: Mutex::default(),
            changes: broadcast::channel(BEHIND_MAX).0,
            closed: watch::channel(false).0,
        }
    }
}

/// Reads changes as they come.
#[derive(Debug)]
pub struct FeedReader {
    desk: Desk,
    actor: Actor,
    changes: broadcast::Receiver<Arc<TicketChange>>,
    closed: watch::Receiver<bool>,
    /// Where the past still to be told begins; none once it is told.
    past: Option<Place>,
    waiting: VecDeque<Arc<TicketChange>>,
    /// What must not be told again: the reader has it.
    has: HashSet<EventId>,
    /// No change with a lower id can come any more but from the past.
    earliest: EventId,
}

impl Desk {
    /// Looks once for changes that were committed since, and tells this
    /// replica's readers. Answers how many there were; nothing is looked at
    /// while nobody reads.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`]; what was not found
    /// is found by the next look.
    pub async fn publish_events(&self) -> Result<usize, DeskError> {
        let mut told = self.feed.told.lock().await;
        if self.feed.changes.receiver_count() == 0 {
            *told = Told {
                order: std::mem::take(&mut told.order),
                ..Told::default()
            };
            return Ok(0);
        }
        let found = self.look(&mut told).await?;
        let count = found.len();
        for change in found {
            told.order.push_back(change.id);
            // An error means that the last reader has just gone.
            let _ = self.feed.changes.send(Arc::new(change));
        }
        let surplus = told.order.len().saturating_sub(TOLD_MAX);
        told.order.drain(..surplus);
        Ok(count)
    }

    /// Begins to read: with what is committed from now on, or with all that was
    /// committed after `last`. On PostgreSQL a reader that comes back to
    /// another replica may be told some of the ten seconds before `last` again.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`] when there are too many readers or the
    /// database is away, [`DeskError::Internal`].
    pub async fn read_events(
        &self,
        actor: &Actor,
        last: Option<EventId>,
    ) -> Result<FeedReader, DeskError> {
        if self.feed.changes.receiver_count() >= READERS_MAX {
            return Err(DeskError::Unavailable("too many readers".to_owned()));
        }
        let mut told = self.feed.told.lock().await;
        if told.looked.is_none() {
            // What is there already is the past.
            self.look(&mut told).await?;
        }
        let changes = self.feed.changes.subscribe();
        let mut has = HashSet::new();
        if let Some(last) = last {
            // Told here before `last`, so the reader was told of it too.
            if told.order.contains(&last) {
                has.extend(told.order.iter().take_while(|id| **id != last));
            }
            has.insert(last);
        }
        let earliest = told.looked.map_or(FIRST, |(at, _)| first_of(at));
        drop(told);
        let past = match last {
            Some(last) => Some(self.store.place_after(last).await?),
            None => None,
        };
        Ok(FeedReader {
            desk: self.clone(),
            actor: actor.clone(),
            changes,
            closed: self.feed.closed.subscribe(),
            past,
            waiting: VecDeque::new(),
            has,
            earliest,
        })
    }

    /// Ends all readers: the desk is about to close.
    pub fn close_feed(&self) {
        self.feed.closed.send_replace(true);
    }

    /// Whether the actor's key is still good.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn is_admitted(&self, actor: &Actor) -> Result<bool, DeskError> {
        let now = self.clock.now();
        let keys = self.store.list_access_keys().await?;
        Ok(keys
            .iter()
            .any(|key| crate::access::actor_of(key, now).as_ref() == Some(actor)))
    }

    async fn past(&self, place: Place) -> Result<(Vec<StreamedEvent>, Place), DeskError> {
        let (ids, next) = self.store.list_event_ids_from(place, PAGE as u64).await?;
        Ok((self.store.list_events_by_id(&ids).await?, next))
    }

    /// What was committed and not seen yet. The first look only finds out
    /// what there is.
    async fn look(&self, told: &mut Told) -> Result<Vec<TicketChange>, DeskError> {
        let now = self.clock.now();
        let mut place = match told.looked {
            Some((looked_at, place)) => place.again(looked_at.min(now)),
            None => self.store.place_now(now).await?,
        };
        let mut unseen = Vec::new();
        loop {
            let (ids, next) = self.store.list_event_ids_from(place, PAGE as u64).await?;
            let full = ids.len() == PAGE;
            place = next;
            unseen.extend(ids.into_iter().filter(|id| !told.seen.contains(id)));
            if !full {
                break;
            }
        }
        let mut found = Vec::with_capacity(unseen.len());
        if told.looked.is_some() {
            for ids in unseen.chunks(PAGE) {
                let events = self.store.list_events_by_id(ids).await?;
                found.extend(events.into_iter().map(TicketChange::of));
            }
        }
        told.seen.extend(unseen);
        told.seen = told.seen.split_off(&first_of(now));
        told.looked = Some((now, place));
        Ok(found)
    }
}

impl FeedReader {
    /// The next change that the reader may see; none at the end: it was too
    /// slow, the desk closes, or the past cannot be read. Dropping the future
    /// loses nothing.
    pub async fn next(&mut self) -> Option<Arc<TicketChange>> {
        loop {
            if *self.closed.borrow() {
                return None;
            }
            let change = match (self.waiting.pop_front(), self.past) {
                (Some(change), _) => change,
                (None, Some(place)) => {
                    self.read_past(place).await?;
                    continue;
                }
                (None, None) => {
                    let received = tokio::select! {
                        _ = self.closed.changed() => return None,
                        received = self.changes.recv() => received,
                    };
                    let change = received.ok()?;
                    if self.has.remove(&change.id) {
                        continue;
                    }
                    change
                }
            };
            if change.is_seen_by(&self.actor) {
                return Some(change);
            }
        }
    }

    async fn read_past(&mut self, place: Place) -> Option<()> {
        let (events, next) = match self.desk.past(place).await {
            Ok(read) => read,
            Err(error) => {
                tracing::warn!(%error, "past events could not be read; the reader must come back");
                return None;
            }
        };
        self.past = if events.is_empty() { None } else { Some(next) };
        for streamed in events {
            let id = streamed.event.id;
            if self.has.contains(&id) {
                continue;
            }
            if id >= self.earliest {
                self.has.insert(id);
            }
            self.waiting.push_back(Arc::new(TicketChange::of(streamed)));
        }
        Some(())
    }
}

impl TicketChange {
    fn of(streamed: StreamedEvent) -> Self {
        let event = streamed.event;
        let internal = matches!(&event.kind,
            EventKind::Commented(comment) if comment.visibility == Visibility::Internal);
        Self {
            id: event.id,
            kind: event.kind.name(),
            ticket: event.ticket,
            number: streamed.ticket,
            version: event.n,
            at: event.at,
            by: event.actor.name,
            status: streamed.status,
            level: streamed.level,
            source: streamed.source,
            internal,
        }
    }

    /// A tool sees what happens to its own tickets, without internal comments.
    fn is_seen_by(&self, actor: &Actor) -> bool {
        actor.works_on_tickets() || (self.source == actor.name && !self.internal)
    }
}

/// Below every other.
const FIRST: EventId = EventId(uuid::Uuid::nil());

/// Below every id that a look after one at that instant could find new.
fn first_of(looked_at: DateTime<Utc>) -> EventId {
    EventId::new(looked_at - SEEN_FOR, [0; 10])
}
