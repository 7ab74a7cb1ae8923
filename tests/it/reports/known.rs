//! What is known of a ticket by its raw events alone, and whether a figure
//! counts it: the reports' definitions once more, in the plainest form.

use chrono::{DateTime, SubsecRound, Utc};
use runbook::Level;
use sla::Calendar;
use ticketing::{
    Change, ClockName, ClosedAs, Event, EventKind, Kind, PolicyBook, Selected, Status, Ticket,
    Urgency,
};

pub(super) struct Known {
    pub(super) key: String,
    pub(super) created: DateTime<Utc>,
    pub(super) kind: Kind,
    pub(super) urgency: Urgency,
    pub(super) level: Level,
    pub(super) entry: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) source: String,
    pub(super) status: Status,
    pub(super) closed_as: Option<ClosedAs>,
    pub(super) resolved_at: Option<DateTime<Utc>>,
    pub(super) escalated: bool,
    pub(super) ever_resolved: bool,
    pub(super) reopened: bool,
    pub(super) score: Option<u8>,
    /// Each level with when it was reached.
    pub(super) levels: Vec<(Level, DateTime<Utc>)>,
    /// Seconds to each escalation's acknowledgement.
    pub(super) waits: Vec<Option<i64>>,
    pub(super) first_response: Clock,
    pub(super) resolution: Clock,
}

#[derive(Default)]
pub(super) struct Clock {
    pub(super) exists: bool,
    pub(super) breached: Option<DateTime<Utc>>,
    pub(super) stopped: bool,
    /// Working and wall seconds at the first stop and at the one that stands.
    pub(super) first: Option<(i64, i64)>,
    pub(super) total: Option<(i64, i64)>,
    /// When it is due while it runs, or would have been at its stop.
    due: Option<DateTime<Utc>>,
}

/// A stretch in which the resolution clock ran.
struct Run(DateTime<Utc>, Option<DateTime<Utc>>);

impl Known {
    pub(super) fn of(events: &[Event], book: &PolicyBook, now: DateTime<Utc>) -> Self {
        let EventKind::Filed { ticket } = &events[0].kind else {
            panic!("a timeline begins with the filing");
        };
        let ticket: &Ticket = ticket;
        let created = ticket.created_at;
        let mut known = Self {
            key: ticket.number.to_string(),
            created,
            kind: ticket.kind(),
            urgency: ticket.urgency(),
            level: ticket.level,
            entry: ticket.entry().map(ToString::to_string),
            assignee: None,
            source: ticket.source.clone(),
            status: Status::New,
            closed_as: None,
            resolved_at: None,
            escalated: ticket.level > Level::SUPPORT,
            ever_resolved: false,
            reopened: false,
            score: None,
            levels: vec![(ticket.level, created)],
            waits: ticket.escalations.iter().map(|_| None).collect(),
            first_response: Clock::default(),
            resolution: Clock::default(),
        };
        let mut raised: Vec<DateTime<Utc>> = ticket.escalations.iter().map(|one| one.at).collect();
        let mut selected = ticket.clocks.selected.clone();
        let mut runs = vec![Run(created, None)];
        let mut answered: Option<(DateTime<Utc>, Selected)> = None;
        for event in &events[1..] {
            let at = event.at;
            known.follow(event, &mut raised);
            let stops_answer = match &event.kind {
                EventKind::Commented(comment) => comment.first_response,
                EventKind::Resolved { .. } => true,
                _ => false,
            };
            if stops_answer && answered.is_none() {
                answered = Some((at, selected.clone()));
            }
            match &event.kind {
                EventKind::Retargeted { selected: later } => selected = later.clone(),
                EventKind::Resolved { .. } => {
                    let (calendar, wall) = (calendar(book, &selected), seconds(created, at));
                    stop(&mut runs, at);
                    let measured = (worked(&runs, calendar, at), wall);
                    let clock = &mut known.resolution;
                    clock.first = clock.first.or(Some(measured));
                    clock.total = Some(measured);
                    let left = selected
                        .resolution_seconds
                        .map(|target| target - measured.0);
                    clock.due = left.and_then(|left| calendar.due(at, left.max(0)).ok());
                }
                _ => {}
            }
            let running = matches!(known.status, Status::New | Status::Open);
            let ran = runs.last().is_some_and(|run| run.1.is_none());
            match (running, ran) {
                (true, false) => runs.push(Run(at, None)),
                (false, true) => stop(&mut runs, at),
                _ => {}
            }
        }
        let last = calendar(book, &selected);
        let response = &mut known.first_response;
        response.exists = selected.first_response_seconds.is_some();
        response.stopped = answered.is_some();
        let target = selected.first_response_seconds.unwrap_or_default();
        response.due = last.due(created, target).ok();
        if let Some((at, then)) = answered {
            let measured = (
                calendar(book, &then).elapsed(created, at),
                seconds(created, at),
            );
            (response.first, response.total) = (Some(measured), Some(measured));
        }
        let resolution = &mut known.resolution;
        resolution.exists = selected.resolution_seconds.is_some();
        resolution.stopped = known.resolved_at.is_some();
        if !resolution.stopped {
            resolution.total = None;
            let used = worked(&runs, last, now);
            let left = selected.resolution_seconds.map(|target| target - used);
            resolution.due = left.and_then(|left| last.due(now, left.max(0)).ok());
        }
        known
    }

    fn follow(&mut self, event: &Event, raised: &mut Vec<DateTime<Utc>>) {
        match &event.kind {
            EventKind::StatusChanged { to, .. } => self.status = *to,
            EventKind::Assigned { to, .. } => self.assignee.clone_from(to),
            EventKind::Classified { to, .. } => {
                self.entry = to.as_ref().map(ToString::to_string);
            }
            EventKind::Changed { changes, .. } => {
                for change in changes {
                    match change {
                        Change::Severity { new, .. } => self.urgency = (*new).into(),
                        Change::Priority { new, .. } => self.urgency = (*new).into(),
                        _ => {}
                    }
                }
            }
            EventKind::Resolved { resolution, .. } => {
                self.status = Status::Resolved;
                self.resolved_at = Some(event.at);
                self.ever_resolved = true;
                if let Some(entry) = &resolution.entry {
                    self.entry = Some(entry.to_string());
                }
            }
            EventKind::Satisfaction(said) => self.score = Some(said.score.number()),
            EventKind::Reopened { from, .. } => {
                self.reopened |= *from != Status::Pending && self.ever_resolved;
                self.status = Status::Open;
                self.closed_as = None;
                self.resolved_at = None;
            }
            EventKind::Closed { closed_as, .. } => {
                self.status = Status::Closed;
                self.closed_as = Some(*closed_as);
            }
            EventKind::Escalated(escalation) => {
                self.level = escalation.to;
                self.escalated = true;
                self.levels.push((escalation.to, event.at));
                self.waits.push(None);
                raised.push(event.at);
            }
            EventKind::Acknowledged { escalation, .. } => {
                let index = usize::try_from(escalation - 1).unwrap();
                self.waits[index] = Some(seconds(raised[index], event.at));
            }
            EventKind::Deescalated { to, .. } => {
                self.level = *to;
                self.levels.push((*to, event.at));
            }
            EventKind::SlaBreached { clock, instant, .. } => {
                let clock = match clock {
                    ClockName::FirstResponse => &mut self.first_response,
                    ClockName::Resolution => &mut self.resolution,
                };
                clock.breached = Some(*instant);
            }
            _ => {}
        }
    }

    pub(super) fn counted(&self) -> bool {
        !matches!(self.closed_as, Some(ClosedAs::Cancelled | ClosedAs::Merged))
    }

    pub(super) fn resolved(&self) -> bool {
        self.counted() && matches!(self.status, Status::Resolved | Status::Closed)
    }

    /// The instant by which a cohort holds it.
    pub(super) fn instant(&self, cohort: &str) -> Option<DateTime<Utc>> {
        match cohort {
            "filed" => Some(self.created),
            "resolved" => self.resolved_at,
            _ if !self.counted() => None,
            _ if self.resolution.exists => self.resolution.deadline(self.status),
            _ => self.first_response.deadline(Status::Open),
        }
    }

    /// Whether a figure counts it.
    pub(super) fn is_in(&self, figure: &str) -> bool {
        let closed = |as_what| self.closed_as == Some(as_what);
        let (name, cell) = figure.split_once('.').unwrap_or((figure, ""));
        let counts = match (name, cell) {
            ("cancelled", _) => return closed(ClosedAs::Cancelled),
            ("merged", _) => return closed(ClosedAs::Merged),
            ("n", _) => true,
            ("open", _) => !self.resolved(),
            ("resolved", _) => self.resolved(),
            ("escalated", _) => self.escalated,
            ("resolved_without_escalation", _) => self.resolved() && !self.escalated,
            ("reopened", _) => self.ever_resolved && self.reopened,
            ("satisfied", _) => self.score.is_some_and(|score| score >= 4),
            ("scored", _) => self.score.is_some(),
            ("first_response", "first") => self.first_response.first.is_some(),
            ("resolution", "first") => self.resolution.exists && self.resolution.first.is_some(),
            ("resolution", "total") => self.resolution.exists && self.resolution.total.is_some(),
            ("first_response", outcome) => self.first_response.outcome() == outcome,
            ("resolution", outcome) => self.resolution.outcome() == outcome,
            other => panic!("what is {other:?}?"),
        };
        self.counted() && counts
    }

    /// Wall seconds at a level, if it was ever there.
    pub(super) fn at_level(&self, level: u8, now: DateTime<Utc>) -> Option<i64> {
        let end = self.resolved_at.unwrap_or(now);
        let ends = self.levels.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let stays = self.levels.iter().zip(ends);
        let there = stays.filter(|((at, _), _)| at.number() == level);
        there
            .map(|((_, from), to)| seconds(*from, to.min(end)).max(0))
            .reduce(|sum, more| sum + more)
    }
}

impl Clock {
    pub(super) fn outcome(&self) -> &'static str {
        match (self.exists, self.breached, self.stopped) {
            (false, ..) => "without",
            (true, Some(_), _) => "breached",
            (true, None, true) => "met",
            (true, None, false) => "open",
        }
    }

    fn deadline(&self, status: Status) -> Option<DateTime<Utc>> {
        match (self.breached, self.stopped, status) {
            (Some(at), ..) => Some(at),
            (None, false, Status::Pending) => None,
            _ => self.due,
        }
    }
}

fn stop(runs: &mut [Run], at: DateTime<Utc>) {
    if let Some(Run(_, end @ None)) = runs.last_mut() {
        *end = Some(at);
    }
}

fn worked(runs: &[Run], calendar: &Calendar, now: DateTime<Utc>) -> i64 {
    let run = |Run(from, to): &Run| calendar.elapsed(*from, to.unwrap_or(now));
    runs.iter().map(run).sum()
}

fn calendar<'a>(book: &'a PolicyBook, selected: &Selected) -> &'a Calendar {
    book.calendar(selected.version, &selected.calendar).unwrap()
}

/// Whole seconds, as clocks count.
pub(super) fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (to.trunc_subsecs(0) - from.trunc_subsecs(0)).num_seconds()
}
