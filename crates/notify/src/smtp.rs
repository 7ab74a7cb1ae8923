//! A mail server, named by a URL.
//!
//! `smtp://[user:password@]host[:port]` speaks plainly, and over STARTTLS with
//! `?tls=required` (always) or `?tls=opportunistic` (when it is offered);
//! `smtps://` is TLS from the first byte (RFC 8314). A password never goes out
//! in the clear but to this very machine: with one, `tls=required` is the default.

mod session;
#[cfg(test)]
mod tests;

use std::{fmt, net::IpAddr, time::Duration};

use lettre::transport::smtp::{client::Certificate, extension::ClientId};
use url::{Host, Url};

pub(crate) use session::SmtpSession;

/// The longest that one attempt can take; a lease on a mail must be longer.
pub const SMTP_PATIENCE: Duration = Duration::from_secs(345);

/// A mail server and how to speak to it.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    login: Option<(String, String)>,
    hello: ClientId,
    timeouts: Timeouts,
    /// Trusted beside the authorities that browsers trust.
    authorities: Option<Certificate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Plain,
    /// STARTTLS when the server offers it.
    Opportunistic,
    /// STARTTLS or nothing.
    Required,
    /// TLS from the first byte.
    Implicit,
}

/// How long each step may take. RFC 5321 section 4.5.3.2 allows minutes for
/// most; the final dot has at least what a busy server needs, since giving up
/// there leaves an unknown outcome.
#[derive(Clone, Copy, Debug)]
struct Timeouts {
    connect: Duration,
    step: Duration,
    dot: Duration,
}

const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(15),
    // Greeting and EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA.
    step: Duration::from_secs(30),
    dot: Duration::from_secs(150),
};

/// A text that is no mail server's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmtpUrlError;

impl fmt::Display for SmtpUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "must be smtp://[user:password@]host[:port][?tls=required|opportunistic] or smtps://…",
        )
    }
}

impl std::error::Error for SmtpUrlError {}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the login.
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.security)
    }
}

impl Smtp {
    /// Reads a mail server's URL; user and password are percent-decoded.
    ///
    /// # Errors
    /// [`SmtpUrlError`], which never quotes the text: it may hold a password.
    pub fn from_url(text: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(text).or(Err(SmtpUrlError))?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or(SmtpUrlError)?.to_owned();
        let login = login(&url)?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls");
        let tls = tls.map(|(_, value)| value.into_owned());
        let security = match (url.scheme(), tls.as_deref()) {
            ("smtps", _) => Security::Implicit,
            ("smtp", Some("required")) => Security::Required,
            ("smtp", Some("opportunistic")) if login.is_none() || is_local(&url) => {
                Security::Opportunistic
            }
            // A server that offers no TLS would be sent the password in the clear.
            ("smtp", Some("opportunistic")) => Security::Required,
            ("smtp", None) if login.is_some() && !is_local(&url) => Security::Required,
            ("smtp", None) => Security::Plain,
            _ => return Err(SmtpUrlError),
        };
        let default = match (security, &login) {
            (Security::Implicit, _) => 465,
            (_, Some(_)) => 587,
            (_, None) => 25,
        };
        Ok(Self {
            // An IPv6 address stands in brackets in a URL and nowhere else.
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(default),
            security,
            login,
            hello: ClientId::default(),
            timeouts: TIMEOUTS,
            authorities: None,
        })
    }

    /// `host:port`, for logs.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The same server, its certificate also trusted from these authorities.
    #[must_use]
    pub fn trusting(mut self, authorities: Authorities) -> Self {
        self.authorities = Some(authorities.0);
        self
    }

    /// The same server with other patience: `step` for each step, `dot` for
    /// the answer to the final dot.
    #[must_use]
    pub const fn with_patience(mut self, step: Duration, dot: Duration) -> Self {
        self.timeouts = Timeouts {
            connect: step,
            step,
            dot,
        };
        self
    }
}

/// Certificate authorities of your own, read from PEM.
#[derive(Clone, Debug)]
pub struct Authorities(Certificate);

impl Authorities {
    /// Reads one certificate or several.
    #[must_use]
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        // A text without a certificate is read as none, and would trust nobody.
        let begin = b"-----BEGIN CERTIFICATE-----";
        let any = pem.windows(begin.len()).any(|part| part == begin);
        let read = Certificate::from_pem(pem).ok().filter(|_| any);
        read.map(Self)
    }
}

fn login(url: &Url) -> Result<Option<(String, String)>, SmtpUrlError> {
    let Some(password) = url.password() else {
        return Ok(None);
    };
    Ok(Some((decode(url.username())?, decode(password)?)))
}

/// Percent-decoding (RFC 3986 section 2.1) into UTF-8.
fn decode(text: &str) -> Result<String, SmtpUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err(SmtpUrlError);
        };
        bytes.push(u8::try_from(high * 16 + low).or(Err(SmtpUrlError))?);
    }
    String::from_utf8(bytes).or(Err(SmtpUrlError))
}

/// Whether the server is this very machine. The `url` crate takes the host of
/// an unknown scheme as a name, also when it is an address.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
