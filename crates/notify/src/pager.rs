//! Paging whoever is on call, in the form of PagerDuty's Events API v2, which
//! on-call tools take.

use std::{fmt, time::Duration};

use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    clean::one_line,
    message::{Message, PageAction},
    outcome::Outcome,
};

/// How long one request may take in all.
const PATIENCE: Duration = Duration::from_secs(20);

/// The on-call tool that the settings name.
#[derive(Clone)]
pub struct Pager {
    url: String,
    routing_key: Option<String>,
    client: Result<Client, String>,
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pager({})", self.routing_key.is_some())
    }
}

impl Pager {
    /// The tool at `url`; without a routing key nobody is paged.
    #[must_use]
    pub fn new(url: String, routing_key: Option<String>) -> Self {
        // No redirects: the routing key is for one host alone.
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(PATIENCE);
        Self {
            url,
            routing_key,
            client: client.build().map_err(|error| error.to_string()),
        }
    }

    pub(crate) async fn page(&self, message: &Message, whom: &str) -> Outcome {
        let Some(key) = &self.routing_key else {
            return Outcome::Permanent("no pager is connected".to_owned());
        };
        let client = match &self.client {
            Ok(client) => client,
            Err(error) => return Outcome::Misconfigured(error.clone()),
        };
        let event = event(message, whom, key);
        match client.post(&self.url).json(&event).send().await {
            Ok(response) => judge(response.status()),
            Err(error) if error.is_connect() => {
                Outcome::Transient(one_line(&error.without_url().to_string(), 300))
            }
            Err(error) => Outcome::Unknown(one_line(&error.without_url().to_string(), 300)),
        }
    }
}

/// One event; the deduplication key ties what follows to the page it is about.
fn event(message: &Message, whom: &str, routing_key: &str) -> Value {
    let action = message.page.action.as_str();
    let dedup_key = &message.page.key;
    if message.page.action != PageAction::Trigger {
        return json!({
            "routing_key": routing_key,
            "event_action": action,
            "dedup_key": dedup_key,
        });
    }
    let link = |href: &String| json!({"href": href, "text": message.about});
    let links: Vec<Value> = message.link.iter().map(link).collect();
    json!({
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": dedup_key,
        "payload": {
            "summary": one_line(&message.subject, 1024),
            "source": "runbook-desk",
            "severity": if message.page.urgent { "critical" } else { "warning" },
            "timestamp": message.at.to_rfc3339(),
            "component": message.about,
            "custom_details": {"for": one_line(whom, 120), "text": message.text},
        },
        "client": "Runbook Desk",
        "links": links,
    })
}

fn judge(status: StatusCode) -> Outcome {
    let words = status.to_string();
    match status {
        _ if status.is_success() => Outcome::Sent(words),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Outcome::Transient(words),
        // A refused routing key is the settings' fault, and is mended there.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
            Outcome::Misconfigured(words)
        }
        _ if status.is_client_error() => Outcome::Permanent(words),
        _ if status.is_redirection() => {
            Outcome::Misconfigured(format!("{words}: redirects are not followed"))
        }
        _ => Outcome::Transient(words),
    }
}
