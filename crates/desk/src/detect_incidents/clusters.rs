//! Bursts of tickets that no entry answers: they are of one thing when their
//! telling words are alike.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use store::{CountedIncident, Sought};
use ticketing::{Incident, Sighting, Ticket, TicketNumber, burst};
use triage::Gist;

use super::Detected;
use crate::{Desk, error::DeskError, rules::Rules};

/// Among how many of the newest tickets those without an entry are looked for.
const AMONG: u64 = 1000;
/// How many of them are compared: the newest ones.
const COMPARED: usize = 300;
/// How many members of an incident say what it is about.
const TELLING: u64 = 12;
/// How many words name a cluster.
const WORDS: usize = 5;

/// The tickets without an entry that were read before.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<TicketNumber, (Sighting, Gist)>);

impl Desk {
    pub(super) async fn look_at_clusters(
        &self,
        known: &mut Known,
        rules: &Rules,
        current: &[CountedIncident],
        joins: &mut usize,
        now: DateTime<Utc>,
    ) -> Result<Detected, DeskError> {
        let mut detected = Detected::default();
        let new = self.follow_unanswered(known, now).await?;
        if new.is_empty() {
            return Ok(detected);
        }
        for counted in current {
            let incident = &counted.incident;
            if incident.entry.is_some() {
                continue;
            }
            let told = self.store.list_tickets_of(incident.id, TELLING).await?;
            let told: Vec<Gist> = told.iter().map(gist_of).collect();
            if incident.closed.is_none() {
                let joining = known.like(&told);
                detected.joined += self.join(rules, counted, &joining, joins, now).await?;
            } else if cools_down(incident, now) {
                known.forget_like(&told);
            }
        }
        for number in new {
            let Some((members, reporters)) = known.burst_around(number, self) else {
                continue;
            };
            let numbers: Vec<TicketNumber> = members.iter().map(|member| member.ticket).collect();
            let tickets = self.store.list_numbered(&numbers).await?;
            let bodies: Vec<String> = tickets.iter().map(|ticket| ticket.details.body()).collect();
            let texts: Vec<(&str, &str)> = tickets
                .iter()
                .zip(&bodies)
                .map(|(ticket, body)| (ticket.title.as_str(), body.as_str()))
                .collect();
            let title = triage::common_words(&texts, WORDS).join(" ");
            let members: Vec<&Sighting> = members.iter().collect();
            if self
                .open_incident(rules, None, &title, reporters, &members, now)
                .await?
            {
                detected.opened += 1;
            }
            // Linked now, by this replica or another; or read again.
            known.forget(&numbers);
        }
        Ok(detected)
    }

    /// Brings what is known up to date; answers the tickets that are new.
    async fn follow_unanswered(
        &self,
        known: &mut Known,
        now: DateTime<Utc>,
    ) -> Result<Vec<TicketNumber>, DeskError> {
        let sought = Sought {
            entry: None,
            since: now - TimeDelta::seconds(self.incident_rules.window_seconds),
            among: AMONG,
        };
        let found = super::unlinked(self.store.list_sightings(sought).await?);
        let skipped = found.len().saturating_sub(COMPARED);
        let found: BTreeMap<TicketNumber, Sighting> = found
            .into_iter()
            .skip(skipped)
            .map(|sighting| (sighting.ticket, sighting))
            .collect();
        known.0.retain(|number, _| found.contains_key(number));
        let new: Vec<TicketNumber> = found
            .keys()
            .filter(|number| !known.0.contains_key(number))
            .copied()
            .collect();
        for ticket in self.store.list_numbered(&new).await? {
            if let Some(sighting) = found.get(&ticket.number) {
                let read = (sighting.clone(), gist_of(&ticket));
                known.0.insert(ticket.number, read);
            }
        }
        Ok(new)
    }
}

impl Known {
    /// The tickets that tell of what these tell of.
    fn like(&self, told: &[Gist]) -> Vec<Sighting> {
        self.0
            .values()
            .filter(|(_, gist)| gist.belongs_to(told))
            .map(|(sighting, _)| sighting.clone())
            .collect()
    }

    fn forget(&mut self, numbers: &[TicketNumber]) {
        self.0.retain(|number, _| !numbers.contains(number));
    }

    fn forget_like(&mut self, told: &[Gist]) {
        self.0.retain(|_, (_, gist)| !gist.belongs_to(told));
    }

    /// The burst that a new ticket is part of, if there is one.
    fn burst_around(&self, number: TicketNumber, desk: &Desk) -> Option<(Vec<Sighting>, u32)> {
        let (_, new) = self.0.get(&number)?;
        let mut near: Vec<&(Sighting, Gist)> = self
            .0
            .iter()
            .filter(|(other, (_, gist))| **other == number || new.is_near(gist))
            .map(|(_, read)| read)
            .collect();
        near.sort_by_key(|(sighting, _)| (sighting.at, sighting.ticket));
        let gists: Vec<Gist> = near.iter().map(|(_, gist)| gist.clone()).collect();
        let new = near.iter().position(|(read, _)| read.ticket == number)?;
        let mut clusters = triage::clusters(&gists).into_iter();
        let cluster = clusters.find(|cluster| cluster.contains(&new))?;
        let sightings: Vec<Sighting> = cluster
            .iter()
            .filter_map(|&place| near.get(place))
            .map(|(sighting, _)| sighting.clone())
            .collect();
        let (places, reporters) = burst(&sightings, &desk.incident_rules)?;
        let members = places.iter().filter_map(|&place| sightings.get(place));
        Some((members.cloned().collect(), reporters))
    }
}

fn gist_of(ticket: &Ticket) -> Gist {
    triage::gist(&ticket.title, &ticket.details.body())
}

fn cools_down(incident: &Incident, now: DateTime<Utc>) -> bool {
    incident.quiet_until.is_some_and(|until| until > now)
}
