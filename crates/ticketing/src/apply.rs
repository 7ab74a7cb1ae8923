//! How an event changes a ticket: the only place where state changes, so that
//! a ticket can be rebuilt from its timeline.

use runbook::Level;

use crate::{
    event::{Change, Event, EventKind},
    lifecycle::Resolution,
    mark::mark_of,
    ticket::{Details, Lowered, Ticket},
    verdict::{ClassificationMethod, LevelReason, LevelRule},
    words::{ClosedAs, Status},
};

impl Ticket {
    /// The ticket as its events say, in order from the filing; none when they
    /// do not begin with one. Its clocks are those of the filing: they are
    /// derived from the marks.
    #[must_use]
    pub fn rebuild(events: &[Event]) -> Option<Self> {
        let (first, later) = events.split_first()?;
        let EventKind::Filed { ticket } = &first.kind else {
            return None;
        };
        let mut rebuilt = (**ticket).clone();
        for event in later {
            rebuilt.apply(event);
        }
        Some(rebuilt)
    }

    /// Folds one event into the ticket. Clocks are not touched: they are
    /// derived from the marks.
    pub fn apply(&mut self, event: &Event) {
        self.version = event.n;
        self.updated_at = event.at;
        self.marks.extend(mark_of(event).filter(|_| event.n > 1));
        match &event.kind {
            EventKind::Filed { ticket } => *self = (**ticket).clone(),
            EventKind::Commented(comment) => self.remember_masked(&comment.masked),
            EventKind::StatusChanged { to, .. } => self.status = *to,
            EventKind::Changed { changes, masked } => {
                changes.iter().for_each(|change| self.change(change));
                self.remember_masked(masked);
            }
            EventKind::Assigned { to, .. } => self.assignee.clone_from(to),
            EventKind::Classified { to, method, .. } => {
                self.classification.entry.clone_from(to);
                self.classification.method = *method;
                self.classification.confidence = 1.0;
            }
            EventKind::Resolved { resolution, .. } => self.resolve(resolution, event),
            EventKind::Reopened { from, .. } => {
                // What was over begins anew; what only waited goes on.
                if let Some(watch) = self.outage.as_mut().filter(|_| !from.is_live()) {
                    watch.since = event.at;
                }
                self.status = Status::Open;
                self.closed_as = None;
                self.resolved_at = None;
                self.closed_at = None;
            }
            EventKind::Closed {
                closed_as,
                merged_into,
                ..
            } => {
                self.status = Status::Closed;
                self.closed_as = Some(*closed_as);
                self.merged_into = *merged_into;
                self.closed_at = Some(event.at);
                self.waiting = None;
                if *closed_as != ClosedAs::Resolved {
                    self.resolved_at = None;
                }
            }
            EventKind::Linked { relation, to } => self.links.push((*relation, *to)),
            EventKind::Escalated(escalation) => {
                self.level = escalation.to;
                self.level_reasons.insert(0, reason_of(escalation));
                self.escalations.push(escalation.clone());
                self.waiting = Some(escalation.n);
                self.outage
                    .take_if(|watch| watch.rule.level <= escalation.to);
            }
            EventKind::Acknowledged {
                escalation: n,
                acknowledgement,
            } => {
                for escalation in self.escalations.iter_mut().filter(|found| found.n == *n) {
                    escalation.acknowledged = Some(acknowledgement.clone());
                }
                self.waiting.take_if(|waiting| waiting == n);
            }
            EventKind::EscalationRepeated {
                escalation: n,
                repeat,
            } => {
                for escalation in self.escalations.iter_mut().filter(|found| found.n == *n) {
                    escalation.repeats = *repeat;
                    escalation.repeated_at = Some(event.at);
                }
            }
            EventKind::Deescalated { to, .. } => self.lower(*to, event),
            EventKind::Retargeted { .. }
            | EventKind::SlaAtRisk { .. }
            | EventKind::SlaBreached { .. } => {}
            EventKind::Attached { size, masked, .. } => {
                self.attached.count += 1;
                self.attached.bytes += size;
                self.remember_masked(masked);
            }
            EventKind::JoinedIncident { incident } => self.incident = Some(*incident),
            EventKind::Satisfaction(said) => {
                self.satisfaction = Some(said.clone());
                self.remember_masked(&said.masked);
            }
        }
    }

    fn resolve(&mut self, resolution: &Resolution, event: &Event) {
        self.status = Status::Resolved;
        self.resolution = Some(resolution.clone());
        self.resolved_at = Some(event.at);
        self.waiting = None;
        // The entry that helped is the best label there is.
        if let Some(entry) = &resolution.entry
            && self.classification.entry.as_ref() != Some(entry)
        {
            self.classification.entry = Some(entry.clone());
            self.classification.method = ClassificationMethod::Corrected;
            self.classification.confidence = 1.0;
        }
    }

    fn lower(&mut self, to: Level, event: &Event) {
        self.level = to;
        self.lowered.push(Lowered { at: event.at, to });
        self.level_reasons.retain(|reason| reason.level <= to);
        // A person judged: neither repeats nor the outage rule overrule that.
        self.waiting = None;
        self.outage = None;
    }

    fn remember_masked(&mut self, kinds: &[String]) {
        self.masked.extend(kinds.iter().cloned());
        self.masked.sort();
        self.masked.dedup();
    }

    fn change(&mut self, change: &Change) {
        match (change, &mut self.details) {
            (Change::Title { new, .. }, _) => self.title.clone_from(new),
            (Change::Severity { new, .. }, Details::Bug(bug)) => bug.severity = *new,
            (Change::Priority { new, .. }, Details::Feature(feature)) => feature.priority = *new,
            (Change::AffectedUsers { new, .. }, Details::Bug(bug)) => bug.affected_users = *new,
            (Change::Tags { new, .. }, _) => self.tags.clone_from(new),
            (Change::Metadata { new, .. }, _) => self.metadata.clone_from(new),
            (Change::Reporter { new, .. }, _) => self.reporter = new.clone(),
            // A change that the kind does not have is refused before it is recorded.
            (Change::Severity { .. } | Change::AffectedUsers { .. }, Details::Feature(_))
            | (Change::Priority { .. }, Details::Bug(_)) => {}
        }
    }
}

fn reason_of(escalation: &crate::escalation::Escalation) -> LevelReason {
    use crate::escalation::EscalationTrigger as Trigger;
    LevelReason {
        level: escalation.to,
        rule: match escalation.trigger {
            Trigger::Manual => LevelRule::Manual,
            Trigger::EntryRule => LevelRule::EntryRule,
            Trigger::LevelTrigger => LevelRule::LevelTrigger,
            Trigger::SlaBreach => LevelRule::SlaBreach,
            Trigger::Unacknowledged => LevelRule::Unacknowledged,
            Trigger::Outage => LevelRule::Outage,
            Trigger::Incident => LevelRule::Incident,
        },
        text: escalation
            .clause
            .clone()
            .unwrap_or_else(|| escalation.reason.clone()),
        line: escalation.line,
        evidence: escalation.reason.clone(),
    }
}
