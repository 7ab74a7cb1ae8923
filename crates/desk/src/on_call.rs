//! Who is on call: read, replaced whole, and followed by every replica.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::OnCallVersion;
use ticketing::{Actor, OnCall, Role, Shift};

use crate::{Desk, Precondition, access::require, error::DeskError, rules::Rules};

impl Desk {
    /// The version in force, as the database has it.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for tools: people's addresses are the team's affair.
    pub async fn on_call(&self, actor: &Actor) -> Result<OnCallVersion, DeskError> {
        require(actor, Role::Agent)?;
        Ok(self.store.on_call().await?)
    }

    /// Replaces who is on call, where it is still as the caller read it. Other
    /// replicas follow within seconds.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anyone below a lead, [`DeskError::Stale`].
    pub async fn replace_on_call(
        &self,
        actor: &Actor,
        seen: Precondition,
        on_call: OnCall,
    ) -> Result<OnCallVersion, DeskError> {
        require(actor, Role::Lead)?;
        let current = self.store.on_call_version().await?;
        if let Precondition::Version(seen) = seen
            && seen != current
        {
            return Err(DeskError::Stale { current });
        }
        let version = OnCallVersion {
            version: current + 1,
            on_call,
            changed_by: actor.name.clone(),
            changed_at: self.clock.now(),
        };
        if !self.store.insert_on_call(&version).await? {
            let current = self.store.on_call_version().await?;
            return Err(DeskError::Stale { current });
        }
        self.rules.rcu(|rules| {
            let mut rules = Rules::clone(rules);
            // Of two changes at once the later one stays.
            if rules.on_call.version < version.version {
                rules.on_call = version.clone();
            }
            Arc::new(rules)
        });
        Ok(version)
    }

    /// The shifts of every level between two instants.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for tools.
    pub async fn shifts(
        &self,
        actor: &Actor,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Shift>, DeskError> {
        let on_call = self.on_call(actor).await?.on_call;
        let schedules = on_call.schedules.iter();
        Ok(schedules.flat_map(|s| s.shifts(from, until)).collect())
    }
}
