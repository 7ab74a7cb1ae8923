//! Slack-compatible incoming webhooks (Slack, Mattermost, Rocket.Chat).

use std::{collections::BTreeMap, fmt, time::Duration};

use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::json;

use crate::{clean::one_line, message::Message, outcome::Outcome};

/// How long one request may take in all.
const PATIENCE: Duration = Duration::from_secs(30);

/// The webhooks that the settings name, by channel.
#[derive(Clone)]
pub struct Slack {
    webhooks: BTreeMap<String, String>,
    client: Result<Client, String>,
}

impl fmt::Debug for Slack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A webhook's address is its secret.
        f.debug_set().entries(self.webhooks.keys()).finish()
    }
}

impl Slack {
    /// Webhooks by channel, each name folded by [`ticketing::fold_name`].
    #[must_use]
    pub fn new(webhooks: BTreeMap<String, String>) -> Self {
        // No redirects: a message for one host must not end up at another.
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(10));
        Self {
            webhooks,
            client: client.build().map_err(|error| error.to_string()),
        }
    }

    pub(crate) async fn post(&self, message: &Message, channel: &str) -> Outcome {
        let Some(webhook) = self.webhooks.get(&ticketing::fold_name(channel)) else {
            return Outcome::Permanent(format!("no webhook is set for {}", one_line(channel, 80)));
        };
        let client = match &self.client {
            Ok(client) => client,
            Err(error) => return Outcome::Misconfigured(error.clone()),
        };
        let body = json!({ "text": text(message) });
        match client.post(webhook).json(&body).send().await {
            Ok(response) => {
                let status = response.status();
                judge(status, &status.to_string())
            }
            // The URL is a secret and must not stand in an error.
            Err(error) if error.is_connect() => {
                Outcome::Transient(one_line(&error.without_url().to_string(), 300))
            }
            Err(error) => Outcome::Unknown(one_line(&error.without_url().to_string(), 300)),
        }
    }
}

fn judge(status: StatusCode, words: &str) -> Outcome {
    let words = words.to_owned();
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Outcome::Transient(words),
        _ if status.is_success() => Outcome::Sent(words),
        // 403, 404 and 410: the webhook was taken back.
        _ if status.is_client_error() => Outcome::Permanent(words),
        _ if status.is_redirection() => {
            Outcome::Misconfigured(format!("{words}: redirects are not followed"))
        }
        _ => Outcome::Transient(words),
    }
}

/// The message in Slack's markup: `&`, `<` and `>` escaped, so that no text of
/// a ticket becomes a link or a mention of everyone.
fn text(message: &Message) -> String {
    let escaped = format!("*{}*\n{}", message.subject, message.text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    crate::clean::lines(&escaped, 3000)
}
