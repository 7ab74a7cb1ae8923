//! Access keys: who is asking, and what they may do (`domain.md` section 10).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use store::AccessKey;
use ticketing::{Actor, Role, Ticket};
use uuid::Uuid;

use crate::{Desk, error::DeskError};

/// What every key begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "rd_";
/// For how long a replica may go on with keys as it last read them.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(5);

/// The keys as last read, by hash: looking a hash up tells nothing of the key.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    by_hash: HashMap<String, AccessKey>,
    read_at: Option<DateTime<Utc>>,
}

/// A key that was just made: the only time its text is seen.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// `rd_` and 64 hex digits.
    pub secret: String,
    /// What is kept of it.
    pub key: AccessKey,
}

impl Desk {
    /// Who holds this bearer token.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn authenticate(&self, token: &str) -> Result<Option<Actor>, DeskError> {
        let now = self.clock.now();
        let hash = hash(token);
        let fresh = {
            let keys = self.keys.read().await;
            let fresh = keys.read_at.is_some_and(|at| (now - at).abs() < FRESH_FOR);
            if fresh && let Some(key) = keys.by_hash.get(&hash) {
                return Ok(actor_of(key, now));
            }
            fresh
        };
        if fresh {
            return Ok(None);
        }
        self.refresh_keys(now).await?;
        let keys = self.keys.read().await;
        Ok(keys.by_hash.get(&hash).and_then(|key| actor_of(key, now)))
    }

    async fn refresh_keys(&self, now: DateTime<Utc>) -> Result<(), DeskError> {
        let read = self.store.list_access_keys().await?;
        let by_hash = read
            .into_iter()
            .map(|key| (key.hash.clone(), key))
            .collect();
        *self.keys.write().await = Keys {
            by_hash,
            read_at: Some(now),
        };
        Ok(())
    }

    /// All keys.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anyone but an admin.
    pub async fn list_access_keys(&self, actor: &Actor) -> Result<Vec<AccessKey>, DeskError> {
        require(actor, Role::Admin)?;
        Ok(self.store.list_access_keys().await?)
    }

    /// Makes a key.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::NameTaken`];
    /// [`DeskError::Invalid`] for a name that is not [`is_actor_name`].
    pub async fn create_access_key(
        &self,
        actor: &Actor,
        name: &str,
        role: Role,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<NewKey, DeskError> {
        require(actor, Role::Admin)?;
        if !is_actor_name(name) {
            return Err(DeskError::Invalid {
                pointer: "/name",
                message: ACTOR_NAMES.to_owned(),
            });
        }
        let digits = crate::random_hex(&self.fill);
        let secret = format!("{PREFIX}{digits}");
        self.store_key(actor, name, role, expires_at, &secret).await
    }

    /// Makes sure that an admin key exists: on the first start there is none.
    /// Answers the new key, if one was made.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn first_admin_key(&self, wanted: Option<&str>) -> Result<Option<NewKey>, DeskError> {
        if !self.store.list_access_keys().await?.is_empty() {
            return Ok(None);
        }
        let desk = Actor::desk();
        let made = match wanted {
            Some(secret) => {
                self.store_key(&desk, "admin", Role::Admin, None, secret)
                    .await
            }
            None => {
                self.create_access_key(&desk, "admin", Role::Admin, None)
                    .await
            }
        };
        match made {
            Ok(key) => Ok(Some(key)),
            // Another replica was first.
            Err(DeskError::NameTaken { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn store_key(
        &self,
        actor: &Actor,
        name: &str,
        role: Role,
        expires_at: Option<DateTime<Utc>>,
        secret: &str,
    ) -> Result<NewKey, DeskError> {
        let now = self.clock.now();
        let key = AccessKey {
            id: ticketing::EventId::new(now, self.entropy()).0,
            name: name.to_owned(),
            role,
            hash: hash(secret),
            created_at: now,
            created_by: actor.name.clone(),
            expires_at,
            revoked_at: None,
        };
        if !self.store.insert_access_key(&key).await? {
            return Err(DeskError::NameTaken {
                what: "access key",
                name: name.to_owned(),
            });
        }
        self.refresh_keys(now).await?;
        Ok(NewKey {
            secret: secret.to_owned(),
            key,
        })
    }

    /// Revokes a key; other replicas follow within five seconds.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::NotFound`].
    pub async fn revoke_access_key(&self, actor: &Actor, id: Uuid) -> Result<(), DeskError> {
        require(actor, Role::Admin)?;
        let now = self.clock.now();
        if !self.store.revoke_access_key(id, now).await? {
            return Err(DeskError::NotFound {
                what: "access key",
                id: id.to_string(),
            });
        }
        self.refresh_keys(now).await
    }
}

/// What [`is_actor_name`] allows, in words.
pub const ACTOR_NAMES: &str =
    "must have 1 to 64 letters, digits or . _ @ - and begin with a letter or digit";

/// Whether a key may have this name. What the made-up history was filed by has
/// a colon in its name, so that no key can be taken for it.
#[must_use]
pub fn is_actor_name(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let rest = characters.all(|c| c.is_ascii_alphanumeric() || "._@-".contains(c));
    first && rest && name.len() <= 64
}

/// Refuses an actor whose role is less than needed.
pub(crate) fn require(actor: &Actor, needs: Role) -> Result<(), DeskError> {
    if actor.role >= needs {
        Ok(())
    } else {
        Err(DeskError::Forbidden { needs })
    }
}

/// Whether the actor may know of the ticket: a tool sees what it filed.
pub(crate) fn may_see(actor: &Actor, ticket: &Ticket) -> bool {
    actor.works_on_tickets() || ticket.source == actor.name
}

pub(crate) fn actor_of(key: &AccessKey, now: DateTime<Utc>) -> Option<Actor> {
    let good = key.revoked_at.is_none() && key.expires_at.is_none_or(|until| now < until);
    good.then(|| Actor {
        name: key.name.clone(),
        role: key.role,
    })
}

fn hash(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret.as_bytes()))
}
