//! Who acts: a person or a tool, known by the access key they use.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::words::{UnknownWord, words};

words! {
    /// What an access key may do (`domain.md` section 10). Each role may do
    /// what those before it may, but that a tool sees only its own tickets.
    Role {
        /// Files tickets and reads its own.
        Tool = "tool",
        /// Works on tickets.
        Agent = "agent",
        /// An agent who also sees reports and tries runbooks out.
        Lead = "lead",
        /// Everything.
        Admin = "admin",
    }
}

/// Who causes a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The key's name, unique among keys.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

impl Actor {
    /// The desk itself: timers, the runbook's rules.
    #[must_use]
    pub fn desk() -> Self {
        Self {
            name: "runbook-desk".to_owned(),
            role: Role::Admin,
        }
    }

    /// Who has the problem, without a key: by a link of their own, or by mail.
    #[must_use]
    pub fn reporter() -> Self {
        Self {
            name: "reporter".to_owned(),
            role: Role::Tool,
        }
    }

    /// Whether the actor works on tickets (anyone but a tool).
    #[must_use]
    pub fn works_on_tickets(&self) -> bool {
        self.role >= Role::Agent
    }
}
