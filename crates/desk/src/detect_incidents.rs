//! Finding incidents: bursts of reporters on one entry, or on something that
//! no entry answers (`domain.md` section 4). *Work once* is public; the
//! server's loop is thin. Filing does nothing for it: a look reads what was
//! committed, on any replica.

mod clusters;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, TryStreamExt, stream};
use runbook::Slug;
use store::{CountedIncident, Outcome, Sighted, Sought, TicketWrite, Write};
use ticketing::{
    Acknowledgement, Actor, Closing, Decided, Incident, IncidentId, Sighting, Ticket, TicketNumber,
    TicketRef, burst, join_incident, lead_incident, may_join,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{Desk, error::DeskError, rules::Rules};

/// How many of an entry's newest tickets a look goes over.
const AMONG: u64 = 500;
/// How many tickets an incident is opened with at most; the others join.
const OPENED_WITH: usize = 50;
/// How many tickets join incidents in one look.
const JOINS: usize = 32;
/// How many of them at once: they share transactions with those who file.
const ABREAST: usize = 4;
/// An incident links no more tickets than this; by then everybody knows.
const MEMBERS: u64 = 1000;
/// How often a look goes over everything though no event is newer: on
/// PostgreSQL commits overtake ids.
const ANYWAY: TimeDelta = TimeDelta::seconds(30);

/// What one look did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detected {
    /// Incidents opened.
    pub opened: usize,
    /// Tickets that joined open ones.
    pub joined: usize,
    /// Incidents that ended because no further ticket came.
    pub ended: usize,
    /// Whether there may be more to do now.
    pub more: bool,
}

/// What is remembered from look to look.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    newest: Option<(Uuid, i64)>,
    at: Option<DateTime<Utc>>,
    clusters: clusters::Known,
}

/// Shared by the desk's clones; held for the whole of a look.
pub(crate) type Watch = Arc<Mutex<Seen>>;

impl Desk {
    /// Looks once for new incidents, for tickets that belong to open ones, and
    /// for open ones that are over.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`]; what was not done
    /// is found by the next look.
    pub async fn detect_incidents(&self) -> Result<Detected, DeskError> {
        let mut detected = Detected::default();
        if self.incident_rules.reporters == 0 {
            return Ok(detected);
        }
        let now = self.clock.now();
        let mut seen = self.watch.lock().await;
        let window = TimeDelta::seconds(self.incident_rules.window_seconds);
        let cooldown = TimeDelta::seconds(self.incident_rules.cooldown_seconds);
        let current = self
            .store
            .list_current_incidents(now - window - cooldown)
            .await?;
        detected.ended = self.follow_open(&current, now).await?;

        let newest = self.store.event_mark().await?;
        let fresh = seen.at.is_some_and(|at| now - at < ANYWAY);
        if newest == seen.newest && fresh {
            return Ok(detected);
        }
        let rules = self.rules();
        let mut joins = JOINS;
        for entry in &rules.runbook.entries {
            let of_entry = current
                .iter()
                .filter(|counted| counted.incident.entry.as_ref() == Some(&entry.slug));
            let of_entry: Vec<&CountedIncident> = of_entry.collect();
            let title = (&entry.slug, entry.title.as_str());
            let found = self
                .look_at_entry(&rules, title, &of_entry, &mut joins, now)
                .await?;
            detected.opened += found.opened;
            detected.joined += found.joined;
        }
        let found = self
            .look_at_clusters(&mut seen.clusters, &rules, &current, &mut joins, now)
            .await?;
        detected.opened += found.opened;
        detected.joined += found.joined;
        // Whatever was left undone is written about again by the next look.
        seen.newest = newest;
        seen.at = Some(now);
        detected.more = joins == 0;
        if detected.opened + detected.joined > 0 {
            seen.newest = None;
            self.wake.ring();
        }
        Ok(detected)
    }

    async fn look_at_entry(
        &self,
        rules: &Rules,
        (slug, title): (&Slug, &str),
        incidents: &[&CountedIncident],
        joins: &mut usize,
        now: DateTime<Utc>,
    ) -> Result<Detected, DeskError> {
        let window = TimeDelta::seconds(self.incident_rules.window_seconds);
        let open = incidents
            .iter()
            .find(|counted| counted.incident.closed.is_none());
        let since = open.map_or(now, |open| open.incident.opened_at) - window;
        let sought = Sought {
            entry: Some(slug.as_str()),
            since,
            among: AMONG,
        };
        let free = unlinked(self.store.list_sightings(sought).await?);
        if let Some(open) = open {
            let joined = self.join(rules, open, &free, joins, now).await?;
            return Ok(Detected {
                joined,
                ..Detected::default()
            });
        }
        let quiet = incidents.iter().any(|counted| {
            counted
                .incident
                .quiet_until
                .is_some_and(|until| until > now)
        });
        // What was filed before the last one ended belonged to that one.
        let ended = incidents
            .iter()
            .filter_map(|counted| counted.incident.closed.as_ref())
            .map(|closing| closing.at)
            .max();
        let free: Vec<Sighting> = free
            .into_iter()
            .filter(|sighting| ended.is_none_or(|ended| sighting.at > ended))
            .collect();
        if quiet {
            return Ok(Detected::default());
        }
        let Some((places, reporters)) = burst(&free, &self.incident_rules) else {
            return Ok(Detected::default());
        };
        let members: Vec<&Sighting> = places.iter().filter_map(|&at| free.get(at)).collect();
        let opened = self
            .open_incident(rules, Some(slug), title, reporters, &members, now)
            .await?;
        Ok(Detected {
            opened: usize::from(opened),
            ..Detected::default()
        })
    }

    /// Opens an incident with its first tickets in one transaction; `false`
    /// when somebody else was first with it or with one of the tickets.
    async fn open_incident(
        &self,
        rules: &Rules,
        entry: Option<&Slug>,
        title: &str,
        reporters: u32,
        members: &[&Sighting],
        now: DateTime<Utc>,
    ) -> Result<bool, DeskError> {
        let numbers = one_of_each_reporter_first(members);
        let tickets = self.store.list_numbered(&numbers).await?;
        let tickets: Vec<&Ticket> = tickets.iter().filter(|ticket| may_join(ticket)).collect();
        // The first one that has not told level 3 by itself tells of the incident.
        let lead = tickets
            .iter()
            .find(|ticket| ticket.level < runbook::Level::ENGINEERING)
            .or(tickets.first());
        let Some(lead) = lead else {
            return Ok(false);
        };
        let id = IncidentId::new(now, self.entropy());
        let minutes = self.incident_rules.window_seconds.div_euclid(60);
        let reason =
            format!("incident: {reporters} reporters within {minutes} min tell of \"{title}\"");
        let desk = Actor::desk();
        let mut incident = Incident {
            id,
            version: 1,
            entry: entry.cloned(),
            title: title.to_owned(),
            reporters,
            lead: lead.number,
            escalation: 0,
            opened_at: now,
            acknowledged: None,
            closed: None,
            quiet_until: None,
        };
        let mut write = Write::default();
        for ticket in &tickets {
            let decided = self.in_scene(&desk, now, &rules.book, |scene| {
                if ticket.number == lead.number {
                    let (decided, n) = lead_incident(ticket, id, &reason, scene)?;
                    incident.escalation = n;
                    Ok(decided)
                } else {
                    join_incident(ticket, id, scene)
                }
            });
            let decided: Decided = match decided {
                Ok(decided) => decided,
                Err(ticketing::Refusal::Merged { .. }) => continue,
                Err(refusal) => return Err(refusal.into()),
            };
            self.add(&mut write, rules, decided, now);
        }
        write.incident = Some(incident);
        Ok(self.write(write).await? == Outcome::Written)
    }

    /// Links further tickets with an open incident, each in a write of its own:
    /// no more than `joins`, which it counts down.
    async fn join(
        &self,
        rules: &Rules,
        open: &CountedIncident,
        free: &[Sighting],
        joins: &mut usize,
        now: DateTime<Utc>,
    ) -> Result<usize, DeskError> {
        let room = usize::try_from(MEMBERS.saturating_sub(open.tickets)).unwrap_or(0);
        let numbers: Vec<TicketNumber> = free
            .iter()
            .map(|sighting| sighting.ticket)
            .take(room.min(*joins))
            .collect();
        *joins -= numbers.len();
        let desk = Actor::desk();
        let mut writes = Vec::new();
        for ticket in self.store.list_numbered(&numbers).await? {
            if !may_join(&ticket) {
                continue;
            }
            let decided = self.in_scene(&desk, now, &rules.book, |scene| {
                join_incident(&ticket, open.incident.id, scene)
            })?;
            let mut write = Write::default();
            self.add(&mut write, rules, decided, now);
            writes.push(self.write(write));
        }
        let mut outcomes = stream::iter(writes).buffer_unordered(ABREAST);
        let mut joined = 0;
        while let Some(outcome) = outcomes.try_next().await? {
            // Somebody changed the ticket meanwhile: the next look sees it again.
            joined += usize::from(outcome == Outcome::Written);
        }
        Ok(joined)
    }

    fn add(&self, write: &mut Write, rules: &Rules, decided: Decided, now: DateTime<Utc>) {
        self.told(rules, &decided.ticket, decided.notices, now)
            .add_to(write);
        write.tickets.push(TicketWrite {
            seen: decided.seen,
            ticket: decided.ticket,
            events: decided.events,
        });
    }

    /// Open incidents follow their escalation: acknowledged at the ticket is
    /// acknowledged. One that got no further ticket for long is over.
    async fn follow_open(
        &self,
        current: &[CountedIncident],
        now: DateTime<Utc>,
    ) -> Result<usize, DeskError> {
        let quiet = TimeDelta::seconds(self.incident_rules.quiet_seconds);
        let mut ended = 0;
        for counted in current {
            let incident = &counted.incident;
            if incident.closed.is_some() {
                continue;
            }
            if now - counted.last_joined_at >= quiet {
                let closing = Closing {
                    by: Actor::desk().name,
                    at: now,
                    reason: Some("no further ticket came".to_owned()),
                };
                let closed = incident.close(closing, &self.incident_rules)?;
                ended += usize::from(self.write_incident(closed).await?);
            } else if incident.acknowledged.is_none()
                && let Some(acknowledgement) = self.acknowledged_at_ticket(incident).await?
            {
                self.write_incident(incident.acknowledge(acknowledgement)?)
                    .await?;
            }
        }
        Ok(ended)
    }

    async fn acknowledged_at_ticket(
        &self,
        incident: &Incident,
    ) -> Result<Option<Acknowledgement>, DeskError> {
        let lead = TicketRef::Number(incident.lead);
        let ticket = self.store.find_ticket(lead).await?;
        Ok(ticket.and_then(|ticket| {
            let mut escalations = ticket.escalations.into_iter();
            escalations
                .find(|of| of.n == incident.escalation)?
                .acknowledged
        }))
    }

    async fn write_incident(&self, incident: Incident) -> Result<bool, DeskError> {
        let write = Write {
            incident: Some(incident),
            ..Write::default()
        };
        Ok(self.write(write).await? == Outcome::Written)
    }
}

fn unlinked(found: Vec<Sighted>) -> Vec<Sighting> {
    found
        .into_iter()
        .filter(|sighted| sighted.incident.is_none())
        .map(|sighted| sighted.sighting)
        .collect()
}

/// The tickets that open an incident: of each reporter the first one, then more
/// while there is room.
fn one_of_each_reporter_first(members: &[&Sighting]) -> Vec<TicketNumber> {
    let mut reporters: Vec<&str> = Vec::new();
    let (mut first, mut more) = (Vec::new(), Vec::new());
    for member in members {
        if reporters.contains(&member.reporter.as_str()) {
            more.push(member.ticket);
        } else {
            reporters.push(&member.reporter);
            first.push(member.ticket);
        }
    }
    first.into_iter().chain(more).take(OPENED_WITH).collect()
}
