//! URLs that carry a secret: shown without it, used with it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::catalogue::Secrecy;

/// A URL with a password, a token or a secret path in it. Prints without them,
/// also by `Debug`.
#[derive(Clone)]
pub struct SecretUrl {
    whole: SecretString,
    shown: String,
}

impl SecretUrl {
    /// The whole URL, for the library that connects.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.whole.expose_secret()
    }

    pub(super) fn new(whole: &str, secrecy: Secrecy) -> Self {
        Self {
            shown: redact(whole, secrecy),
            whole: whole.into(),
        }
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// `text` as it may be shown.
pub(super) fn redact(text: &str, secrecy: Secrecy) -> String {
    match secrecy {
        Secrecy::Open => text.to_owned(),
        Secrecy::Whole => HIDDEN.to_owned(),
        // What is no URL at all may be a password pasted into the wrong place;
        // the file name of a SQLite database is not secret.
        Secrecy::UrlPassword if text.starts_with("sqlite:") => text.to_owned(),
        Secrecy::UrlPassword => {
            Url::parse(text).map_or_else(|_| HIDDEN.to_owned(), without_password)
        }
        Secrecy::UrlPath => Url::parse(text).map_or_else(
            |_| HIDDEN.to_owned(),
            |url| {
                format!(
                    "{}://{}/{HIDDEN}",
                    url.scheme(),
                    url.host_str().unwrap_or(HIDDEN)
                )
            },
        ),
    }
}

const HIDDEN: &str = "***";

/// Parameters of a database or mail URL that say nothing secret; all others
/// (`password`, `sslkey`, …) are hidden.
const OPEN_PARAMETERS: [&str; 8] = [
    "tls",
    "mode",
    "sslmode",
    "host",
    "port",
    "dbname",
    "user",
    "application_name",
];

fn without_password(mut url: Url) -> String {
    if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
        return HIDDEN.to_owned();
    }
    let parameters: Vec<String> = url
        .query_pairs()
        .map(|(name, value)| {
            let open = OPEN_PARAMETERS.contains(&&*name);
            format!("{name}={}", if open { &value } else { HIDDEN })
        })
        .collect();
    if !parameters.is_empty() {
        url.set_query(Some(&parameters.join("&")));
    }
    url.to_string()
}
