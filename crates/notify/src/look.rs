//! What all messages of a desk have in common.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// How messages look and who they are from.
#[derive(Clone, Debug)]
pub struct Look {
    /// The sender's mail address.
    pub from: String,
    /// Where replies of reporters go; none: nobody reads them.
    pub reply_to: Option<String>,
    /// The zone in which times are written.
    pub zone: Tz,
    /// Where people reach the desk, for links; without a slash at the end.
    pub public_url: Option<String>,
}

impl Look {
    /// The right side of message ids: the sender's domain, so that ids are
    /// unique in the world and the same on every replica.
    #[must_use]
    pub(crate) fn domain(&self) -> String {
        let domain = self.from.rsplit('@').next().unwrap_or_default();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        if !domain.is_empty() && domain.chars().all(fits) {
            domain.to_owned()
        } else {
            "runbook-desk.invalid".to_owned()
        }
    }

    /// Where a path of the desk is reached; a whole URL is left as it is.
    pub(crate) fn url(&self, to: &str) -> Option<String> {
        if to.starts_with("https://") || to.starts_with("http://") {
            return Some(to.to_owned());
        }
        let base = self.public_url.as_ref()?;
        let path = to.trim_start_matches('/');
        Some(format!("{}/{path}", base.trim_end_matches('/')))
    }

    /// An instant as the reader's clock shows it: `Mon 23 Nov 2026 14:05 +0545`.
    pub(crate) fn time(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        format!(
            "{} ({})",
            local.format("%a %d %b %Y %H:%M %z"),
            self.zone.name()
        )
    }
}
