//! From a schedule to shifts: who is on call, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use runbook::Level;

use super::{Override, Schedule, Turn, zone};

/// Someone is on call for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// At which level.
    pub level: Level,
    /// Who.
    pub person: String,
    /// From this instant,
    pub from: DateTime<Utc>,
    /// until just before this one.
    pub until: DateTime<Utc>,
    /// Whether an override says so.
    pub overridden: bool,
}

/// What makes a stretch of time one shift.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Turn(i64),
    Override(usize),
}

/// A shift's end is looked for at most this far ahead.
const HORIZON: TimeDelta = TimeDelta::days(366);

/// The years 1900 to 9999: outside of them there are no shifts, and dates could
/// overflow.
const FIRST: i64 = -2_208_988_800;
const LAST: i64 = 253_402_300_799;

impl Schedule {
    /// The shift of an instant, cut off at it; none when nobody is on call.
    #[must_use]
    pub fn shift_at(&self, now: DateTime<Utc>) -> Option<Shift> {
        let until = now.checked_add_signed(HORIZON).unwrap_or(now);
        self.shifts(now, until)
            .next()
            .filter(|shift| shift.from <= now)
    }

    /// The shifts between two instants, cut off at both.
    pub fn shifts(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Shift> + '_ {
        let bound = |second| DateTime::from_timestamp(second, 0).unwrap_or_default();
        let mut at = from.max(bound(FIRST));
        let until = until.min(bound(LAST));
        std::iter::from_fn(move || {
            while at < until {
                let begin = at;
                let found = self.who(at);
                at = self.next_edge(at).map_or(until, |edge| edge.min(until));
                let Some((person, why)) = found else { continue };
                // An edge that changes nothing for this shift does not end it.
                while at < until && self.who(at).is_some_and(|(_, next)| next == why) {
                    at = self.next_edge(at).map_or(until, |edge| edge.min(until));
                }
                return Some(Shift {
                    level: self.level,
                    person: person.to_owned(),
                    from: begin,
                    until: at,
                    overridden: matches!(why, Why::Override(_)),
                });
            }
            None
        })
    }

    fn who(&self, at: DateTime<Utc>) -> Option<(&str, Why)> {
        let covers = |over: &Override| over.from <= at && at < over.until;
        let overrides = self.overrides.iter().enumerate();
        if let Some((n, over)) = overrides.rev().find(|(_, over)| covers(over)) {
            return Some((&over.person, Why::Override(n)));
        }
        let turn = self.turn(at).filter(|turn| *turn >= 0)?;
        let people = i64::try_from(self.rotation.len()).ok()?;
        let place = usize::try_from(turn.checked_rem(people)?).ok()?;
        Some((self.rotation.get(place)?, Why::Turn(turn)))
    }

    /// The turn that an instant falls into; the first one is 0.
    fn turn(&self, at: DateTime<Utc>) -> Option<i64> {
        let today = at.with_timezone(&self.time_zone).date_naive();
        let guess = (today - self.starting_on)
            .num_days()
            .div_euclid(self.days());
        // By its date alone an instant may be a turn off on either side.
        [guess + 1, guess, guess - 1]
            .into_iter()
            .find(|turn| self.begins(*turn).is_some_and(|begin| begin <= at))
    }

    fn begins(&self, turn: i64) -> Option<DateTime<Utc>> {
        let days = TimeDelta::try_days(turn.checked_mul(self.days())?)?;
        let date = self.starting_on.checked_add_signed(days)?;
        Some(zone::instant(self.time_zone, date, self.handover))
    }

    const fn days(&self) -> i64 {
        match self.every {
            Turn::Day => 1,
            Turn::Week => 7,
        }
    }

    /// The next instant at which somebody else may take over.
    fn next_edge(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let handover = match self.turn(at) {
            _ if self.rotation.is_empty() => None,
            Some(turn) if turn >= 0 => self.begins(turn + 1),
            _ => self.begins(0),
        };
        let edges = self
            .overrides
            .iter()
            .flat_map(|over| [over.from, over.until]);
        edges.chain(handover).filter(|edge| *edge > at).min()
    }
}
