//! The small facts of a ticket in one integer, so that both Rust and SQL can
//! look at them.

use crate::{
    clocks::{Clock, ClockState},
    mark::MarkKind,
    report::question::ClockOutcome,
    ticket::Ticket,
    verdict::ClassificationMethod,
    words::{ClosedAs, Kind, Status, Urgency},
};

/// Where a small fact lies among the bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// How far to the left.
    pub shift: u32,
    /// Its ones, at the right.
    pub mask: i32,
}

impl Field {
    const fn at(shift: u32, width: u32) -> Self {
        Self {
            shift,
            mask: (1 << width) - 1,
        }
    }

    const fn put(self, value: i32) -> i32 {
        (value & self.mask) << self.shift
    }
}

/// Small facts of a ticket. What each number means is part of the stored form:
/// a changed meaning needs a migration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bits(pub i32);

impl Bits {
    /// 0 bug, 1 feature.
    pub const KIND: Field = Field::at(0, 1);
    /// 0 critical to 3 low.
    pub const URGENCY: Field = Field::at(1, 2);
    /// The level less 1.
    pub const LEVEL: Field = Field::at(3, 2);
    /// 0 new, 1 open, 2 pending, 3 resolved, 4 closed.
    pub const STATUS: Field = Field::at(5, 3);
    /// 0 not closed, 1 resolved, 2 cancelled, 3 merged.
    pub const CLOSED_AS: Field = Field::at(8, 2);
    /// The first-response clock: 0 none, 1 running, 2 paused, 3 met,
    /// 4 breached, 5 cancelled.
    pub const FIRST_RESPONSE: Field = Field::at(10, 3);
    /// The resolution clock, likewise.
    pub const RESOLUTION: Field = Field::at(13, 3);
    /// Was ever above level 1.
    pub const ESCALATED: Field = Field::at(16, 1);
    /// Was resolved at least once.
    pub const EVER_RESOLVED: Field = Field::at(17, 1);
    /// Was taken up again after a resolution.
    pub const REOPENED: Field = Field::at(18, 1);
    /// The reporter's score, 1 to 5; 0 without one.
    pub const SCORE: Field = Field::at(19, 3);
    /// How it was classified: 0 auto, 1 offered, 2 none, 3 corrected,
    /// 4 confirmed.
    pub const METHOD: Field = Field::at(22, 3);
    /// Was answered or resolved at least once.
    pub const ANSWERED: Field = Field::at(25, 1);

    /// The bits of a ticket.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        let closed_as = match ticket.closed_as {
            None => 0,
            Some(ClosedAs::Resolved) => 1,
            Some(ClosedAs::Cancelled) => 2,
            Some(ClosedAs::Merged) => 3,
        };
        let status = match ticket.status {
            Status::New => 0,
            Status::Open => 1,
            Status::Pending => 2,
            Status::Resolved => 3,
            Status::Closed => 4,
        };
        let method = match ticket.classification.method {
            ClassificationMethod::Auto => 0,
            ClassificationMethod::Offered => 1,
            ClassificationMethod::None => 2,
            ClassificationMethod::Corrected => 3,
            ClassificationMethod::Confirmed => 4,
        };
        let stop = |mark: &crate::Mark| mark.what == MarkKind::Stop;
        let resolved = ticket.marks.iter().position(stop);
        let reopened = resolved.is_some_and(|at| {
            let later = ticket.marks.iter().skip(at);
            later.into_iter().any(|mark| mark.what == MarkKind::Reopen)
        });
        let escalated = ticket.level.number() > 1 || !ticket.escalations.is_empty();
        let first_response = ticket.clocks.first_response.as_ref();
        let answered = first_response.is_some_and(|clock| clock.first_stop.is_some());
        let score = ticket.satisfaction.as_ref();
        let score = score.map_or(0, |said| i32::from(said.score.number()));
        Self(
            Self::KIND.put(i32::from(ticket.kind() == Kind::Feature))
                | Self::URGENCY.put(i32::from(ticket.urgency().rank()))
                | Self::LEVEL.put(i32::from(ticket.level.number()) - 1)
                | Self::STATUS.put(status)
                | Self::CLOSED_AS.put(closed_as)
                | Self::FIRST_RESPONSE.put(standing(first_response))
                | Self::RESOLUTION.put(standing(ticket.clocks.resolution.as_ref()))
                | Self::ESCALATED.put(i32::from(escalated))
                | Self::EVER_RESOLVED.put(i32::from(resolved.is_some()))
                | Self::REOPENED.put(i32::from(reopened))
                | Self::SCORE.put(score)
                | Self::METHOD.put(method)
                | Self::ANSWERED.put(i32::from(answered)),
        )
    }

    /// One of them.
    #[must_use]
    pub const fn get(self, field: Field) -> i32 {
        (self.0 >> field.shift) & field.mask
    }

    /// Whether it is set.
    #[must_use]
    pub const fn is(self, field: Field) -> bool {
        self.get(field) != 0
    }

    /// Bug or feature.
    #[must_use]
    pub const fn kind(self) -> Kind {
        if self.is(Self::KIND) {
            Kind::Feature
        } else {
            Kind::Bug
        }
    }

    /// How urgent.
    #[must_use]
    pub const fn urgency(self) -> Urgency {
        match self.get(Self::URGENCY) {
            0 => Urgency::Critical,
            1 => Urgency::High,
            2 => Urgency::Medium,
            _ => Urgency::Low,
        }
    }

    /// 1 to 4.
    #[must_use]
    pub fn level(self) -> u8 {
        u8::try_from(self.get(Self::LEVEL) + 1).unwrap_or(1)
    }

    /// Where the ticket is in its life.
    #[must_use]
    pub const fn status(self) -> Status {
        match self.get(Self::STATUS) {
            0 => Status::New,
            1 => Status::Open,
            2 => Status::Pending,
            3 => Status::Resolved,
            _ => Status::Closed,
        }
    }

    /// Why it is closed.
    #[must_use]
    pub const fn closed_as(self) -> Option<ClosedAs> {
        match self.get(Self::CLOSED_AS) {
            1 => Some(ClosedAs::Resolved),
            2 => Some(ClosedAs::Cancelled),
            3 => Some(ClosedAs::Merged),
            _ => None,
        }
    }

    /// How a clock counts when it would be breached after `breaks` and it is
    /// `now`, in seconds: open past its due instant is breached.
    #[must_use]
    pub fn outcome(self, clock: Field, breaks: Option<i64>, now: i64) -> ClockOutcome {
        match self.get(clock) {
            1 | 2 if breaks.is_some_and(|breaks| breaks < now) => ClockOutcome::Breached,
            1 | 2 => ClockOutcome::Open,
            3 => ClockOutcome::Met,
            4 => ClockOutcome::Breached,
            5 => ClockOutcome::Cancelled,
            _ => ClockOutcome::Without,
        }
    }
}

const fn standing(clock: Option<&Clock>) -> i32 {
    let Some(clock) = clock else {
        return 0;
    };
    match clock.state {
        ClockState::Running | ClockState::AtRisk => 1,
        ClockState::Paused => 2,
        ClockState::Met => 3,
        ClockState::Breached => 4,
        ClockState::Cancelled => 5,
    }
}
