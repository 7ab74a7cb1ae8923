//! One function per kind of value: text in, typed value out, or nothing when
//! the text is not what the setting allows.

use std::{
    fs,
    net::SocketAddr,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use notify::QuietHours;
use secrecy::SecretString;
use ticketing::digest::Turns;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};
use validator::ValidateEmail;

use super::{LogFormat, catalogue::Secrecy, secret_url::SecretUrl};

/// A century: any longer is a slip, and due times stay within the calendar.
const LONGEST_SECONDS: i64 = 3_155_760_000;

pub(super) fn number(text: &str, allowed: RangeInclusive<u32>) -> Option<u32> {
    text.parse().ok().filter(|number| allowed.contains(number))
}

pub(super) fn seconds(text: &str) -> Option<i64> {
    text.parse()
        .ok()
        .filter(|seconds| (1..=LONGEST_SECONDS).contains(seconds))
}

/// A settings file may say `true`, too.
pub(super) fn switch(text: &str) -> Option<bool> {
    match text {
        "on" | "true" => Some(true),
        "off" | "false" => Some(false),
        _ => None,
    }
}

pub(super) fn listen(text: &str) -> Option<SocketAddr> {
    text.parse().ok()
}

/// Relative paths are taken from the folder in which the desk was started, and
/// made absolute so that what is printed leaves no doubt.
pub(super) fn path(text: &str, cwd: &Path) -> PathBuf {
    cwd.join(text).components().collect()
}

pub(super) fn folder(text: &str, cwd: &Path) -> Option<PathBuf> {
    let path = path(text, cwd);
    // It need not exist yet: the first start makes it.
    (path.is_dir() || !path.exists()).then_some(path)
}

pub(super) fn file(text: &str, cwd: &Path) -> Option<PathBuf> {
    let path = path(text, cwd);
    let readable = path.is_file() && fs::File::open(&path).is_ok();
    readable.then_some(path)
}

/// A URL as it is meant to be written: the standard's parser would also take
/// stray blanks and a missing slash.
fn url(text: &str) -> Option<Url> {
    let clean = text.contains("://") && !text.contains(char::is_whitespace);
    clean.then(|| Url::parse(text).ok()).flatten()
}

pub(super) fn database(text: &str) -> Option<SecretUrl> {
    let fits = match text.strip_prefix("sqlite://") {
        // A desk that forgets everything when it stops keeps no promise.
        Some(file) => !file.is_empty() && !file.starts_with('?') && !file.contains("memory"),
        None => url(text).is_some_and(|url| {
            matches!(url.scheme(), "postgres" | "postgresql") && url.path().len() > 1
        }),
    };
    fits.then(|| SecretUrl::new(text, Secrecy::UrlPassword))
}

/// The SQLite URL of a file. SQLite URLs are percent-decoded, so the characters
/// with a meaning in them are encoded here.
pub(super) fn sqlite(file: &Path) -> SecretUrl {
    let mut url = "sqlite://".to_owned();
    for c in file.to_string_lossy().chars() {
        match c {
            '%' => url.push_str("%25"),
            '?' => url.push_str("%3F"),
            '#' => url.push_str("%23"),
            _ => url.push(c),
        }
    }
    SecretUrl::new(&url, Secrecy::UrlPassword)
}

pub(super) fn time_zone(text: &str) -> Option<chrono_tz::Tz> {
    text.parse().ok()
}

pub(super) fn smtp(text: &str) -> Option<SecretUrl> {
    let url = url(text)?;
    let fits = matches!(url.scheme(), "smtp" | "smtps")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && matches!(url.path(), "" | "/")
        && url.fragment().is_none()
        && url
            .query_pairs()
            .all(|(name, value)| name == "tls" && matches!(&*value, "required" | "opportunistic"));
    fits.then(|| SecretUrl::new(text, Secrecy::UrlPassword))
}

/// Certificate authorities, read at once: what is wrong with them is told at
/// the start and not by the first mail.
pub(super) fn authorities(text: &str, cwd: &Path) -> Option<notify::Authorities> {
    let pem = std::fs::read(file(text, cwd)?).ok()?;
    notify::Authorities::from_pem(&pem)
}

/// A webhook's address is its secret, so it goes over TLS; only a receiver on
/// this very machine may do without.
pub(super) fn webhook(text: &str) -> Option<SecretUrl> {
    let url = url(text)?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let fits = url.scheme() == "https" || (url.scheme() == "http" && local);
    fits.then(|| SecretUrl::new(text, Secrecy::UrlPath))
}

pub(super) fn public_url(text: &str) -> Option<Url> {
    let url = url(text)?;
    let fits = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    fits.then_some(url)
}

pub(super) fn admin_key(text: &str) -> Option<SecretString> {
    let random = text.strip_prefix("rd_")?;
    let fits = (32..=252).contains(&random.len())
        && random
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then(|| text.into())
}

pub(super) fn metrics_key(text: &str) -> Option<SecretString> {
    let fits = (16..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| text.into())
}

pub(super) fn routing_key(text: &str) -> Option<SecretString> {
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| text.into())
}

pub(super) fn quiet_hours(text: &str) -> Option<QuietHours> {
    text.parse().ok()
}

pub(super) fn log_filter(text: &str) -> Option<String> {
    EnvFilter::try_new(text).is_ok().then(|| text.to_owned())
}

pub(super) fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "human" => Some(LogFormat::Human),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// Whether the mailbox exists, only a delivery can tell.
pub(super) fn email(text: &str) -> Option<String> {
    text.validate_email().then(|| text.to_owned())
}

/// Several, each once.
pub(super) fn emails(text: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for part in text.split(',') {
        let address = email(part.trim())?;
        if !all.contains(&address) {
            all.push(address);
        }
    }
    Some(all)
}

/// A schedule, or none.
pub(super) fn turns(text: &str) -> Option<Option<Turns>> {
    match text {
        "off" | "false" => Some(None),
        _ => text.parse().ok().map(Some),
    }
}
