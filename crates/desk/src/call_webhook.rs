//! Calling webhooks, and what becomes of one that nobody answers.

use chrono::{DateTime, TimeDelta, Utc};
use notify::{Call, Outcome, Session};
use runbook::Level;
use store::{Claimed, Next, Settlement, Webhook};
use ticketing::{Block, Letter, LetterKind, Medium, Recipient, TicketEvent};
use tracing::{error, warn};

use crate::{Desk, backoff::untried, error::DeskError};

/// For how long one may fail before nothing is sent any more.
const FAILS_FOR: TimeDelta = TimeDelta::days(3);
/// How long a row waits when the database could not be asked about its webhook.
const WAIT: TimeDelta = TimeDelta::seconds(15);

impl Desk {
    /// One attempt to tell a tool of an event.
    pub(crate) async fn attempt_call(
        &self,
        session: &mut Session<'_>,
        row: &Claimed,
        event: &TicketEvent,
    ) -> Settlement {
        let hook = match self.told_webhook(&row.recipient.address).await {
            Ok(Some(hook)) => hook,
            Ok(None) => {
                let why = "the webhook was deleted or disabled, or its key revoked";
                return self.settlement(row, "superseded", why, Next::Superseded);
            }
            Err(error) => {
                error!(%error, "a webhook could not be read; its notification waits");
                return untried(row, self.clock.now() + WAIT);
            }
        };
        let call = Call {
            id: row.id,
            url: &hook.url,
            secret: &hook.secret,
            body: &event.payload,
            at: self.clock.now(),
        };
        let outcome = session.call(&call).await;
        if let Err(error) = self.webhook_answered(&hook, &outcome).await {
            error!(%error, "how a webhook answered could not be noted; the next call is");
        }
        self.judge(row, &outcome)
    }

    /// Notes how a call ended: after days of failure, or a 410, nothing is sent
    /// any more, and the lead is told.
    pub(crate) async fn webhook_answered(
        &self,
        hook: &Webhook,
        outcome: &Outcome,
    ) -> Result<(), DeskError> {
        let now = self.clock.now();
        if matches!(outcome, Outcome::Sent(_)) {
            if hook.failing_since.is_some() {
                self.store.webhook_delivered(hook.id).await?;
                self.refresh_webhooks().await?;
            }
            return Ok(());
        }
        let since = match hook.failing_since {
            Some(since) => since,
            None => {
                let since = self.store.webhook_failed(hook.id, now).await?;
                self.refresh_webhooks().await?;
                since.unwrap_or(now)
            }
        };
        let gone = matches!(outcome, Outcome::Permanent(_));
        if gone || now - since >= FAILS_FOR {
            let reply = outcome.reply();
            let why = if gone {
                format!("it was refused for good: {reply}")
            } else {
                format!("it has failed since {since}: {reply}")
            };
            self.disable_webhook(hook, &why, now).await?;
        }
        Ok(())
    }

    async fn disable_webhook(
        &self,
        hook: &Webhook,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        if !self.store.disable_webhook(hook.id, why, now).await? {
            return Ok(());
        }
        warn!(webhook = %hook.id, owner = hook.owner, why, "a webhook was disabled");
        self.refresh_webhooks().await?;
        let rules = self.rules();
        let lead = rules.directory.role("support lead");
        let Some(address) = lead.or(rules.directory.fallback.as_ref()) else {
            return Ok(());
        };
        let letter = Letter {
            kind: LetterKind::Webhook,
            cause: format!("webhook_disabled:{}", hook.id),
            subject: format!("The webhook of {} was disabled", hook.owner),
            blocks: vec![
                Block::Paragraph(format!(
                    "The desk tells {} nothing any more, because {why}",
                    hook.owner
                )),
                Block::Paragraph(
                    "Once the receiver answers again, make a new webhook for it and read what \
                     was missed with GET /v1/events or the list of tickets."
                        .to_owned(),
                ),
                Block::Link {
                    text: "The webhook".to_owned(),
                    to: format!("/v1/webhooks/{}", hook.id),
                },
            ],
        };
        let to = Recipient {
            medium: Medium::Email,
            address: address.clone(),
        };
        self.post_letter(&letter, Level::SUPPORT, vec![to]).await
    }
}
