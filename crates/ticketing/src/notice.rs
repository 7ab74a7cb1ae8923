//! A notice: what is to be told, before it is known to whom and how.

use runbook::Level;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    clocks::DueTimer,
    words::{UnknownWord, words},
};

words! {
    /// What a notice tells.
    NoticeKind {
        /// A level above 1 is asked to act.
        Escalated = "escalated",
        /// A person lowered the level.
        Deescalated = "deescalated",
        /// 80 % of a target are used.
        SlaAtRisk = "sla_at_risk",
        /// A target was missed.
        SlaBreached = "sla_breached",
    }
}

/// Something to be told about a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Whom: the contacts of this level; none means the ticket's own level.
    pub level: Option<Level>,
    /// Why, in one sentence with the runbook's clause.
    pub reason: String,
    /// What makes it unique for its ticket: the same cause never tells twice.
    pub cause: String,
}

impl Notice {
    pub(crate) fn of_clock(kind: NoticeKind, timer: &DueTimer) -> Self {
        let what = if timer.breach {
            "missed its target"
        } else {
            "has used 80 % of its target"
        };
        Self {
            kind,
            level: None,
            reason: format!(
                "The {} clock {what} of {} s",
                timer.clock, timer.target_seconds
            ),
            cause: format!(
                "{kind}:{}:{}:{}",
                timer.clock, timer.target_seconds, timer.cycle
            ),
        }
    }
}
