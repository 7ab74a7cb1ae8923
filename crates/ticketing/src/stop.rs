//! The stops of a clock, each judged at its instant: what reports measure.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    clocks::{Clock, ClockName, ClockState},
    mark::{Mark, MarkKind},
};

/// An instant at which a clock stopped, and how it stood then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// When, in whole seconds.
    pub at: DateTime<Utc>,
    /// What had counted by then.
    pub elapsed_seconds: i64,
    /// When it would have been due had it gone on.
    pub due_at: Option<DateTime<Utc>>,
}

impl Clock {
    /// The stop at which it stands now.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.stopped_at?;
        self.last_stop.as_ref().or(self.first_stop.as_ref())
    }

    /// When it is due, was due at its stop, or was missed; none while paused,
    /// and none when it was cancelled.
    #[must_use]
    pub fn deadline(&self) -> Option<DateTime<Utc>> {
        match self.state {
            ClockState::Breached => self.breached_at,
            ClockState::Met => self.stop()?.due_at,
            ClockState::Running | ClockState::AtRisk => self.due_at,
            ClockState::Paused | ClockState::Cancelled => None,
        }
    }

    /// The second after which it is breached if nothing happens.
    #[must_use]
    pub fn breaks_at(&self) -> Option<DateTime<Utc>> {
        self.breaks_at.or(self.due_at)
    }
}

/// The first answer or resolution, and the last resolution where it is another.
/// A cancelled ticket was not answered by that.
pub(crate) fn stops(
    name: ClockName,
    clock: &sla::Clock<'_>,
    marks: &[Mark],
) -> (Option<Stop>, Option<Stop>) {
    let stopping = |mark: &&Mark| match mark.what {
        MarkKind::Stop => true,
        MarkKind::Respond => name == ClockName::FirstResponse,
        _ => false,
    };
    let stop = |mark: &Mark| {
        let judged = sla::judge(clock, mark.at).ok()?;
        Some(Stop {
            at: mark.at.trunc_subsecs(0),
            elapsed_seconds: judged.elapsed_s,
            due_at: judged.due_if_running,
        })
    };
    let Some(first) = marks.iter().find(stopping) else {
        return (None, None);
    };
    let last = marks.iter().rev().find(stopping);
    let last = last.filter(|last| name == ClockName::Resolution && last.at != first.at);
    (stop(first), last.and_then(stop))
}
