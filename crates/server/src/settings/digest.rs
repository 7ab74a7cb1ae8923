//! Whom the desk mails digests to, and when.

use chrono_tz::Tz;
use ticketing::digest::{DigestPlan, Turns};

use super::{parse, reader::Reader};

/// What the settings say of digests.
#[derive(Clone, Debug)]
pub struct Digests {
    /// The leads' addresses; none: the support lead's, where there is one.
    pub to: Option<Vec<String>>,
    /// Whose clock and days count; none: the zone of the desk's messages.
    pub time_zone: Option<Tz>,
    /// None: off.
    pub daily: Option<Turns>,
    /// None: off.
    pub weekly: Option<Turns>,
    /// None: off.
    pub monthly: Option<Turns>,
}

impl Digests {
    /// Answers `None` only after a fault was noted.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let to = reader.optional("digest_to", parse::emails);
        let daily = reader.required("digest_daily", parse::turns);
        let weekly = reader.required("digest_weekly", parse::turns);
        let monthly = reader.required("digest_monthly", parse::turns);
        let time_zone = reader.optional("digest_time_zone", parse::time_zone);
        Some(Self {
            to: to?,
            time_zone: time_zone?,
            daily: daily?,
            weekly: weekly?,
            monthly: monthly?,
        })
    }

    /// The plan, where `zone` is that of the desk's messages.
    #[must_use]
    pub fn plan(&self, zone: Tz) -> DigestPlan {
        DigestPlan {
            zone: self.time_zone.unwrap_or(zone),
            daily: self.daily.clone(),
            weekly: self.weekly.clone(),
            monthly: self.monthly.clone(),
        }
    }
}
