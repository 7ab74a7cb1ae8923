//! Webhooks of tools: who may have which, and what they are told.

use chrono::{DateTime, Utc};
use notify::webhook_secret;
use runbook::Level;
use serde_json::json;
use store::{NewNotification, Outcome, StoredAnswer, TicketWrite, Webhook, Write};
use ticketing::{
    Actor, Content, EventId, Medium, NotificationId, Recipient, Role, TicketEvent, TicketEventType,
};
use uuid::Uuid;

use crate::{
    Desk,
    access::{actor_of, require},
    error::DeskError,
    idempotent::{Answer, RequestKey, kept},
};

/// How many webhooks one key may have.
const MOST: usize = 20;

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Where to.
    pub url: String,
    /// Which events; none of them: all.
    pub events: Vec<TicketEventType>,
    /// Whether those of all tickets.
    pub all_tickets: bool,
}

impl Desk {
    /// Makes a webhook; its secret is shown this once. A tool is told of its
    /// own tickets, leads and admins may ask for all. `render` makes the answer
    /// that repeats of the request get.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Invalid`],
    /// [`DeskError::KeyReused`], [`DeskError::KeyRunning`].
    pub async fn create_webhook(
        &self,
        actor: &Actor,
        new: NewWebhook,
        request: Option<&RequestKey>,
        render: impl Fn(&Webhook) -> StoredAnswer,
    ) -> Result<Answer, DeskError> {
        if new.all_tickets {
            require(actor, Role::Lead)?;
        }
        let _running = self.start_keyed(&actor.name, request)?;
        // A repeat is no further webhook, however many there are.
        if let Some(request) = request
            && let Some(replayed) = self.replay(&actor.name, request).await?
        {
            return Ok(replayed);
        }
        if let Some(fault) = self.webhook_reach.fault(&new.url) {
            return Err(invalid("/url", fault.to_owned()));
        }
        let all = self.store.list_webhooks().await?;
        if all.iter().filter(|hook| hook.owner == actor.name).count() >= MOST {
            return Err(invalid("", format!("a key may have {MOST} webhooks")));
        }
        let now = self.clock.now();
        let mut random = [0; 32];
        (self.fill)(&mut random);
        let hook = Webhook {
            id: EventId::new(now, self.entropy()).0,
            owner: actor.name.clone(),
            url: new.url,
            secret: webhook_secret(random),
            events: new.events,
            all_tickets: new.all_tickets,
            created_at: now,
            failing_since: None,
            disabled_at: None,
            disabled_why: None,
        };
        let answer = render(&hook);
        let write = Write {
            idempotency: request.map(|key| kept(&actor.name, key, &answer, now)),
            webhook: Some(hook),
            ..Write::default()
        };
        let outcome = self.write(write).await?;
        self.refresh_webhooks().await?;
        match (outcome, request) {
            // Another replica was first with the key.
            (Outcome::Replayed, Some(key)) => self.must_replay(actor, key).await,
            _ => Ok(Answer::Fresh(answer)),
        }
    }

    /// The webhooks that the actor may see: their own, a lead everybody's.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn list_webhooks(&self, actor: &Actor) -> Result<Vec<Webhook>, DeskError> {
        let mut found = self.store.list_webhooks().await?;
        found.retain(|hook| may_see(actor, hook));
        Ok(found)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn webhook(&self, actor: &Actor, id: Uuid) -> Result<Webhook, DeskError> {
        let found = self.list_webhooks(actor).await?;
        let found = found.into_iter().find(|hook| hook.id == id);
        found.ok_or_else(|| no_such(id))
    }

    /// Forgets one; what still waits for it is not sent.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn delete_webhook(&self, actor: &Actor, id: Uuid) -> Result<(), DeskError> {
        self.webhook(actor, id).await?;
        self.store.delete_webhook(id).await?;
        self.refresh_webhooks().await
    }

    /// Posts a test event; answers the notification by which it can be followed.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Invalid`] when it is disabled.
    pub async fn test_webhook(&self, actor: &Actor, id: Uuid) -> Result<NotificationId, DeskError> {
        let hook = self.webhook(actor, id).await?;
        if hook.disabled_at.is_some() {
            return Err(invalid("", "it is disabled; make a new one".to_owned()));
        }
        let now = self.clock.now();
        let row = NotificationId::new(now, self.entropy());
        let kind = TicketEventType::WebhookTest;
        let payload = json!({"type": kind.as_str(), "timestamp": now, "data": {
            "webhook": id, "by": actor.name,
        }});
        let event = TicketEvent {
            kind,
            cause: format!("test:{row}"),
            payload: payload.to_string(),
        };
        let content = Content::Event {
            ticket: None,
            event,
        };
        let write = Write {
            notifications: vec![row_of(row, id, content, now)],
            ..Write::default()
        };
        self.write(write).await?;
        self.wake.ring();
        Ok(row)
    }

    /// Reads again which webhooks are told: those that are not disabled and
    /// whose owner's key is good.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn refresh_webhooks(&self) -> Result<(), DeskError> {
        let mut hooks = self.store.list_webhooks().await?;
        hooks.retain(|hook| hook.disabled_at.is_none());
        if !hooks.is_empty() {
            let now = self.clock.now();
            let keys = self.store.list_access_keys().await?;
            let good = |hook: &Webhook| {
                let mut keys = keys.iter().filter(|key| key.name == hook.owner);
                keys.any(|key| {
                    let actor = actor_of(key, now);
                    actor.is_some_and(|actor| !hook.all_tickets || actor.role >= Role::Lead)
                })
            };
            hooks.retain(good);
        }
        self.webhooks.store(hooks.into());
        Ok(())
    }

    /// A webhook that is told, also when another replica has just made it.
    pub(crate) async fn told_webhook(&self, id: &str) -> Result<Option<Webhook>, DeskError> {
        let Ok(id) = id.parse::<Uuid>() else {
            return Ok(None);
        };
        let find = || {
            let hooks = self.webhooks.load();
            hooks.iter().find(|hook| hook.id == id).cloned()
        };
        if let Some(found) = find() {
            return Ok(Some(found));
        }
        self.refresh_webhooks().await?;
        Ok(find())
    }

    /// What the events of a write tell tools: rows of the same transaction.
    pub(crate) fn told_to_tools(&self, tickets: &[TicketWrite]) -> Vec<NewNotification> {
        let hooks = self.webhooks.load();
        if hooks.is_empty() {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for TicketWrite { ticket, events, .. } in tickets {
            let theirs = |hook: &&Webhook| hook.all_tickets || hook.owner == ticket.source;
            let hooks: Vec<&Webhook> = hooks.iter().filter(theirs).collect();
            if hooks.is_empty() {
                continue;
            }
            for event in events {
                for told in TicketEvent::of(ticket, event) {
                    let wants = |hook: &&&Webhook| {
                        hook.events.is_empty() || hook.events.contains(&told.kind)
                    };
                    rows.extend(hooks.iter().filter(wants).map(|hook| {
                        let id = NotificationId::new(event.at, self.entropy());
                        let content = Content::Event {
                            ticket: Some(ticket.number),
                            event: told.clone(),
                        };
                        row_of(id, hook.id, content, event.at)
                    }));
                }
            }
        }
        rows
    }
}

fn row_of(id: NotificationId, hook: Uuid, content: Content, at: DateTime<Utc>) -> NewNotification {
    NewNotification {
        id,
        recipient: Recipient {
            medium: Medium::Webhook,
            address: hook.to_string(),
        },
        level: Level::SUPPORT,
        content,
        created_at: at,
    }
}

fn may_see(actor: &Actor, hook: &Webhook) -> bool {
    hook.owner == actor.name || actor.role >= Role::Lead
}

fn no_such(id: Uuid) -> DeskError {
    DeskError::NotFound {
        what: "webhook",
        id: id.to_string(),
    }
}

const fn invalid(pointer: &'static str, message: String) -> DeskError {
    DeskError::Invalid { pointer, message }
}
