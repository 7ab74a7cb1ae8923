//! Signed webhooks for tools (Standard Webhooks 1.0.0): an event as JSON under
//! `webhook-id`, `webhook-timestamp` and `webhook-signature`.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use reqwest::{Client, StatusCode, redirect::Policy};
use ring::hmac;
use ticketing::NotificationId;
use url::Url;

use crate::{
    clean::one_line,
    outcome::Outcome,
    target::{Reach, Refused},
};

/// How long one request may take in all.
const PATIENCE: Duration = Duration::from_secs(15);
/// What secrets begin with.
const PREFIX: &str = "whsec_";

/// A request to a tool.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The outbox row: the same in every attempt, so that the tool can know a
    /// repeat.
    pub id: NotificationId,
    /// Where to.
    pub url: &'a str,
    /// What it is signed with.
    pub secret: &'a str,
    /// JSON.
    pub body: &'a str,
    /// When this attempt is made.
    pub at: DateTime<Utc>,
}

/// A secret of 256 bits, as it is shown.
#[must_use]
pub fn webhook_secret(random: [u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random))
}

/// The value of `webhook-signature`: HMAC-SHA256 of id, time and body.
#[must_use]
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let encoded = secret.strip_prefix(PREFIX).unwrap_or(secret);
    let key = STANDARD.decode(encoded);
    let key = key.unwrap_or_else(|_| secret.as_bytes().to_vec());
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let mac = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac))
}

impl Call<'_> {
    /// Makes the request. The address that was judged is the one that is
    /// dialled, redirects are not followed, and the answer's body is not read.
    pub(crate) async fn make(&self, reach: Reach) -> Outcome {
        let Ok(url) = Url::parse(self.url) else {
            return Outcome::Permanent("not a URL".to_owned());
        };
        let address = match reach.resolve(&url).await {
            Ok(address) => address,
            Err(Refused::Url(fault)) => return Outcome::Permanent(fault.to_owned()),
            Err(Refused::Inside) => {
                return Outcome::Transient("its name leads to a private address".to_owned());
            }
            Err(Refused::Unresolved(why)) => {
                let why = one_line(&why, 200);
                return Outcome::Transient(format!("its name does not resolve: {why}"));
            }
        };
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .resolve(url.host_str().unwrap_or_default(), address)
            .connect_timeout(Duration::from_secs(5))
            .timeout(PATIENCE)
            .user_agent("runbook-desk");
        let client = match client.build() {
            Ok(client) => client,
            Err(error) => return Outcome::Misconfigured(error.to_string()),
        };
        let (id, timestamp) = (self.id.to_string(), self.at.timestamp());
        let signature = sign(self.secret, &id, timestamp, self.body);
        let request = client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(self.body.to_owned());
        match request.send().await {
            Ok(response) => judge(response.status()),
            // The URL may hold a secret and must not stand in an error.
            Err(error) => {
                let connecting = error.is_connect();
                let words = one_line(&error.without_url().to_string(), 300);
                if connecting {
                    Outcome::Transient(words)
                } else {
                    Outcome::Unknown(words)
                }
            }
        }
    }
}

/// Anything but a 2xx is tried again; 410 says that nobody is there any more.
fn judge(status: StatusCode) -> Outcome {
    let words = status.to_string();
    match status {
        _ if status.is_success() => Outcome::Sent(words),
        StatusCode::GONE => Outcome::Permanent(words),
        _ if status.is_redirection() => {
            Outcome::Transient(format!("{words}: redirects are not followed"))
        }
        _ => Outcome::Transient(words),
    }
}

#[cfg(test)]
mod tests {
    use super::{sign, webhook_secret};

    #[test]
    fn signatures_are_those_of_the_standard() {
        // The example of standard-webhooks' own libraries.
        let signed = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(webhook_secret([7; 32]).starts_with("whsec_BwcH"));
    }
}
