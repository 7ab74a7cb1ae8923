//! Figures read off a tally.

use std::collections::BTreeMap;

use crate::{
    escalation::EscalationTrigger,
    report::{
        distribution::{Distribution, Rate, ratio},
        tally::{self, ClockTally, Tally},
    },
};

/// The figures of a group of tickets.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Counted tickets: open and resolved.
    pub n: u64,
    /// Not yet resolved.
    pub open: u64,
    /// Resolved, closed or not.
    pub resolved: u64,
    /// Left out: cancelled.
    pub cancelled: u64,
    /// Left out: went on in another ticket.
    pub merged: u64,
    /// From filing to the first answer.
    pub first_response: ClockFigures,
    /// From filing to resolution.
    pub resolution: ClockFigures,
    /// Tickets that were ever above level 1, of all.
    pub escalated: Rate,
    /// Resolved tickets that never were, of the resolved ones.
    pub resolved_without_escalation: Rate,
    /// Tickets taken up again, of those that were ever resolved.
    pub reopened: Rate,
    /// Scores of 4 or 5, of all scores.
    pub satisfied: Rate,
    /// The mean score, 1 to 5.
    pub score_mean: Option<f64>,
    /// Classified: by triage alone, offered, as none, corrected, confirmed.
    pub methods: [u64; 5],
    /// Escalations, where the report is about them.
    pub escalations: Option<EscalationFigures>,
}

/// The figures of one clock.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockFigures {
    /// Stopped in time.
    pub met: u64,
    /// Missed the target, or open past the due instant.
    pub breached: u64,
    /// Not yet due: left out of compliance.
    pub open: u64,
    /// Without such a target.
    pub without: u64,
    /// How long it took, where the report is about that: to the first stop.
    pub first: Option<Durations>,
    /// And to the stop that stands, with all that counted before it.
    pub total: Option<Durations>,
}

impl ClockFigures {
    /// Met of met and breached.
    #[must_use]
    pub const fn compliance(&self) -> Rate {
        Rate {
            part: self.met,
            of: self.met + self.breached,
        }
    }
}

/// How long something took, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Durations {
    /// In working seconds that counted.
    pub working: Distribution,
    /// By the wall clock.
    pub wall: Distribution,
}

/// The figures of escalations.
#[derive(Clone, Debug, PartialEq)]
pub struct EscalationFigures {
    /// How many there were.
    pub count: u64,
    /// To levels 1 to 4.
    pub raised_to: [u64; 4],
    /// By what raised them.
    pub triggers: BTreeMap<EscalationTrigger, u64>,
    /// Wall seconds that tickets stayed at levels 1 to 4, one value per ticket
    /// that was there.
    pub stays: [Distribution; 4],
    /// Wall seconds from an escalation to its acknowledgement.
    pub acknowledged: Distribution,
    /// Not acknowledged.
    pub unacknowledged: u64,
}

impl From<Tally> for Figures {
    fn from(tally: Tally) -> Self {
        let [.., four, five] = tally.scores;
        let scored: u64 = tally.scores.iter().sum();
        let stars = tally.scores.iter().zip(1..).map(|(count, of)| count * of);
        let escalations = tally.sections.escalations.then(|| EscalationFigures {
            count: tally.raised_to.iter().sum(),
            raised_to: tally.raised_to,
            triggers: tally.triggers,
            stays: tally.stays.map(Distribution::of),
            acknowledged: Distribution::of(tally.waits),
            unacknowledged: tally.unacknowledged,
        });
        let kept = tally.sections.durations;
        Self {
            n: tally.n,
            open: tally.n - tally.resolved,
            resolved: tally.resolved,
            cancelled: tally.cancelled,
            merged: tally.merged,
            first_response: ClockFigures::of(tally.first_response, kept),
            resolution: ClockFigures::of(tally.resolution, kept),
            escalated: tally.escalated,
            resolved_without_escalation: tally.resolved_without_escalation,
            reopened: tally.reopened,
            satisfied: Rate {
                part: four + five,
                of: scored,
            },
            score_mean: ratio(stars.sum(), scored),
            methods: tally.methods,
            escalations,
        }
    }
}

impl ClockFigures {
    fn of(tally: ClockTally, kept: bool) -> Self {
        Self {
            met: tally.met,
            breached: tally.breached,
            open: tally.open,
            without: tally.without,
            first: kept.then(|| Durations::of(tally.first)),
            total: kept.then(|| Durations::of(tally.total)),
        }
    }
}

impl Durations {
    fn of(taken: tally::Durations) -> Self {
        Self {
            working: Distribution::of(taken.working),
            wall: Distribution::of(taken.wall),
        }
    }
}
