//! Counting tickets: what every figure is made of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    escalation::EscalationTrigger,
    report::{
        bits::Bits,
        collect::Accumulate,
        distribution::Rate,
        facts::{Facts, Measure},
        question::ClockOutcome,
    },
    words::ClosedAs,
};

/// What a tally keeps beside counts: durations need room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    /// How long answers and resolutions took.
    pub durations: bool,
    /// How long tickets stayed at each level and waited to be acknowledged.
    pub escalations: bool,
}

/// Tickets counted. Cancelled and merged ones are counted apart and nowhere
/// else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub(crate) sections: Sections,
    pub(crate) n: u64,
    pub(crate) cancelled: u64,
    pub(crate) merged: u64,
    pub(crate) resolved: u64,
    pub(crate) first_response: ClockTally,
    pub(crate) resolution: ClockTally,
    pub(crate) escalated: Rate,
    pub(crate) resolved_without_escalation: Rate,
    pub(crate) reopened: Rate,
    /// Scores 1 to 5.
    pub(crate) scores: [u64; 5],
    /// Auto, offered, none, corrected, confirmed.
    pub(crate) methods: [u64; 5],
    /// Seconds at levels 1 to 4, one value per ticket that was there.
    pub(crate) stays: [Vec<u32>; 4],
    /// Escalations to levels 1 to 4.
    pub(crate) raised_to: [u64; 4],
    pub(crate) triggers: BTreeMap<EscalationTrigger, u64>,
    /// Seconds from an escalation to its acknowledgement.
    pub(crate) waits: Vec<u32>,
    pub(crate) unacknowledged: u64,
}

/// How clocks of one name came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClockTally {
    pub(crate) met: u64,
    pub(crate) breached: u64,
    pub(crate) open: u64,
    pub(crate) without: u64,
    pub(crate) first: Durations,
    pub(crate) total: Durations,
}

/// Working and wall seconds, value by value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Durations {
    pub(crate) working: Vec<u32>,
    pub(crate) wall: Vec<u32>,
}

impl Tally {
    /// Of no tickets.
    #[must_use]
    pub fn new(sections: Sections) -> Self {
        Self {
            sections,
            ..Self::default()
        }
    }
}

impl Accumulate for Tally {
    fn add(&mut self, facts: &Facts<'_>, as_of: DateTime<Utc>) {
        let now = as_of.timestamp();
        let bits = facts.bits;
        match bits.closed_as() {
            Some(ClosedAs::Cancelled) => return self.cancelled += 1,
            Some(ClosedAs::Merged) => return self.merged += 1,
            Some(ClosedAs::Resolved) | None => {}
        }
        self.n += 1;
        let escalated = bits.is(Bits::ESCALATED);
        self.escalated.count(escalated);
        if facts.is_resolved() {
            self.resolved += 1;
            self.resolved_without_escalation.count(!escalated);
        }
        if bits.is(Bits::EVER_RESOLVED) {
            self.reopened.count(bits.is(Bits::REOPENED));
        }
        bump(&mut self.scores, bits.get(Bits::SCORE) - 1);
        bump(&mut self.methods, bits.get(Bits::METHOD));

        self.first_response.count(facts.first_response_outcome(now));
        self.resolution.count(facts.resolution_outcome(now));
        if self.sections.durations {
            self.first_response.first.take(facts.first_response.first);
            self.resolution.first.take(facts.resolution.first);
            self.resolution.total.take(facts.resolution.total);
        }
        if self.sections.escalations {
            self.add_escalations(facts, now);
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.n += other.n;
        self.cancelled += other.cancelled;
        self.merged += other.merged;
        self.resolved += other.resolved;
        self.first_response.absorb(&other.first_response);
        self.resolution.absorb(&other.resolution);
        self.escalated.absorb(other.escalated);
        self.resolved_without_escalation
            .absorb(other.resolved_without_escalation);
        self.reopened.absorb(other.reopened);
        add_all(&mut self.scores, &other.scores);
        add_all(&mut self.methods, &other.methods);
        add_all(&mut self.raised_to, &other.raised_to);
        for (mine, theirs) in self.stays.iter_mut().zip(&other.stays) {
            mine.extend(theirs);
        }
        for (trigger, count) in &other.triggers {
            *self.triggers.entry(*trigger).or_default() += count;
        }
        self.waits.extend(&other.waits);
        self.unacknowledged += other.unacknowledged;
    }

    fn n(&self) -> u64 {
        self.n
    }
}

impl Tally {
    fn add_escalations(&mut self, facts: &Facts<'_>, now: i64) {
        let mut stayed: [Option<i64>; 4] = [None; 4];
        for (level, seconds) in facts.levels(now) {
            if let Some(sum) = stayed.get_mut(usize::from(level.saturating_sub(1))) {
                *sum = Some(sum.unwrap_or(0) + seconds);
            }
        }
        for (stays, sum) in self.stays.iter_mut().zip(stayed) {
            stays.extend(sum.map(seconds));
        }
        for (level, trigger, waited) in facts.escalations() {
            bump(&mut self.raised_to, i32::from(level) - 1);
            if let Ok(trigger) = trigger.parse() {
                *self.triggers.entry(trigger).or_default() += 1;
            }
            match waited {
                Some(waited) => self.waits.push(seconds(waited)),
                None => self.unacknowledged += 1,
            }
        }
    }
}

impl ClockTally {
    const fn count(&mut self, outcome: ClockOutcome) {
        match outcome {
            ClockOutcome::Met => self.met += 1,
            ClockOutcome::Breached => self.breached += 1,
            ClockOutcome::Open => self.open += 1,
            // A counted ticket's clock is not cancelled.
            ClockOutcome::Without | ClockOutcome::Cancelled => self.without += 1,
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.met += other.met;
        self.breached += other.breached;
        self.open += other.open;
        self.without += other.without;
        self.first.absorb(&other.first);
        self.total.absorb(&other.total);
    }
}

impl Durations {
    fn take(&mut self, measure: Option<Measure>) {
        if let Some(measure) = measure {
            self.working.push(seconds(measure.working));
            self.wall.push(seconds(measure.wall));
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.working.extend(&other.working);
        self.wall.extend(&other.wall);
    }
}

/// Seconds take four bytes: that reaches for 136 years.
pub(crate) fn seconds(of: i64) -> u32 {
    u32::try_from(of.max(0)).unwrap_or(u32::MAX)
}

fn bump<const N: usize>(counts: &mut [u64; N], index: i32) {
    let slot = usize::try_from(index).ok();
    if let Some(count) = slot.and_then(|index| counts.get_mut(index)) {
        *count += 1;
    }
}

fn add_all<const N: usize>(mine: &mut [u64; N], theirs: &[u64; N]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}
