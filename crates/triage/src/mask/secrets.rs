//! Secrets given behind their name: `password: …`, `cvv 123`, `token=…`, and
//! tokens known by their own shape.

use std::ops::Range;

use super::{
    Finding, Sensitive,
    secrets::value::{Given, shown_value},
};

mod shapes;
mod value;

/// The longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 24;

/// How sure a name is to be followed by its secret.
#[derive(Clone, Copy)]
enum Name {
    /// Followed by the secret when `:`, `=` or the like stands between, or
    /// when what follows looks like one.
    Secret(Sensitive),
    /// Followed by three or four digits.
    Cvv,
    /// Followed by four to eight digits.
    Pin,
    /// An HTTP header whose whole value is secret.
    Header,
}

pub(super) fn find(text: &str, findings: &mut Vec<Finding>) {
    let mut word_start = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || matches!(c, '_' | '\u{900}'..='\u{963}') {
            word_start.get_or_insert(at);
        } else if let Some(start) = word_start.take() {
            word(text, start..at, findings);
        }
    }
    if let Some(start) = word_start {
        word(text, start..text.len(), findings);
    }
}

fn word(text: &str, span: Range<usize>, findings: &mut Vec<Finding>) {
    // What is hidden already is not looked at again, so that the work stays
    // linear however long a value is.
    if findings.last().is_some_and(|finding| {
        finding.kind != Sensitive::PrivateKey && finding.span.end > span.start
    }) {
        return;
    }
    if let Some(token) = shapes::token_at(text, &span) {
        push(findings, token, Sensitive::Token);
        return;
    }
    let Some(name) = name_of(text, &span) else {
        return;
    };
    match name {
        Name::Secret(kind) => {
            let given = shown_value(text, span.end);
            if let Some(value) = given.and_then(|given| hidden_part(text, kind, given)) {
                push(findings, value, kind);
            }
        }
        Name::Cvv => {
            for value in [
                value::digits_behind(text, span.end, 3..=4),
                value::digits_before(text, span.start),
            ]
            .into_iter()
            .flatten()
            {
                push(findings, value, Sensitive::Cvv);
            }
        }
        Name::Pin => {
            if let Some(value) = value::digits_behind(text, span.end, 4..=8) {
                push(findings, value, Sensitive::Pin);
            }
        }
        Name::Header => {
            if let Some(value) = value::rest_of_header(text, span.end) {
                push(findings, value, Sensitive::Token);
            }
        }
    }
}

fn push(findings: &mut Vec<Finding>, span: Range<usize>, kind: Sensitive) {
    findings.push(Finding {
        span,
        kind,
        tail: String::new(),
    });
}

/// What of a given value is hidden: everything behind a clear separator; behind
/// none only what looks like a secret, so that "my password is not working"
/// stays readable.
fn hidden_part(text: &str, kind: Sensitive, given: Given) -> Option<Range<usize>> {
    let value = text.get(given.span.clone())?;
    let hide = match (given.clearly, kind) {
        (true, Sensitive::Token) => value.len() >= 8 && value::looks_secret(value),
        (true, _) => true,
        (false, _) => value.len() >= 5 && value::looks_secret(value),
    };
    hide.then_some(given.span)
}

/// The secret that a word names. Compound names ("db_password", "clientSecret")
/// count by their end.
fn name_of(text: &str, span: &Range<usize>) -> Option<Name> {
    let word = text.get(span.clone())?;
    if let Some(name) = foreign_name(word) {
        return Some(name);
    }
    if !may_be_name(word) {
        return None;
    }
    let mut from = word.len().saturating_sub(LONGEST_NAME);
    while !word.is_char_boundary(from) {
        from += 1;
    }
    let tail = word.get(from..)?.to_ascii_lowercase();
    let ends = |names: &[&str]| names.iter().any(|name| tail.ends_with(name));
    let is = |names: &[&str]| {
        names.iter().any(|name| {
            tail.strip_suffix(name)
                .is_some_and(|before| before.is_empty() || before.ends_with('_'))
        })
    };
    if ends(&[
        "password",
        "passwd",
        "passwrd",
        "pasword",
        "passwort",
        "passcode",
        "passphrase",
    ]) || is(&["pwd", "pass", "pw", "psw", "passwd1"])
    {
        return Some(Name::Secret(Sensitive::Password));
    }
    if ends(&["secret", "secret_key", "secretkey"]) {
        return Some(Name::Secret(Sensitive::Password));
    }
    if ends(&[
        "token",
        "apikey",
        "api_key",
        "access_key",
        "accesskey",
        "auth_key",
        "private_key",
        "session_id",
        "sessionid",
        "jwt",
    ]) || is(&["bearer"])
    {
        return Some(Name::Secret(Sensitive::Token));
    }
    if is(&["authorization", "cookie"]) {
        return Some(Name::Header);
    }
    if is(&["cvv", "cvv2", "cvc", "cvc2", "csc", "cvn"]) {
        return Some(Name::Cvv);
    }
    if is(&["otp", "mpin", "tpin"]) {
        return Some(Name::Pin);
    }
    two_words(text, span, &tail)
}

/// Whether a word ends in the two letters in which some name ends; most do not.
fn may_be_name(word: &str) -> bool {
    let [.., one, two] = word.as_bytes() else {
        return false;
    };
    matches!(
        &[one.to_ascii_lowercase(), two.to_ascii_lowercase()],
        b"rd"
            | b"wd"
            | b"rt"
            | b"de"
            | b"se"
            | b"ss"
            | b"pw"
            | b"sw"
            | b"d1"
            | b"et"
            | b"ey"
            | b"en"
            | b"id"
            | b"wt"
            | b"er"
            | b"on"
            | b"ie"
            | b"vv"
            | b"v2"
            | b"vc"
            | b"c2"
            | b"sc"
            | b"vn"
            | b"tp"
            | b"in"
    )
}

/// Names of two words: "security code", "api key", "atm pin".
fn two_words(text: &str, span: &Range<usize>, last: &str) -> Option<Name> {
    let before = text.get(..span.start)?.trim_end_matches([' ', '-']);
    let previous = || -> String {
        let letters: String = before
            .chars()
            .rev()
            .take(16)
            .take_while(|c| c.is_alphanumeric())
            .collect();
        letters
            .chars()
            .rev()
            .collect::<String>()
            .to_ascii_lowercase()
    };
    match last {
        "code" => matches!(
            previous().as_str(),
            "security" | "verification" | "cvv" | "cvc"
        )
        .then_some(Name::Cvv),
        "key" => matches!(previous().as_str(), "api" | "access" | "secret" | "auth")
            .then_some(Name::Secret(Sensitive::Token)),
        "pin" => (previous() != "area").then_some(Name::Pin),
        _ => None,
    }
}

/// Names in Devanagari, as typed on Nepali keyboards.
fn foreign_name(word: &str) -> Option<Name> {
    match word {
        "पासवर्ड" | "पासवार्ड" => {
            Some(Name::Secret(Sensitive::Password))
        }
        "पिन" | "ओटीपी" => Some(Name::Pin),
        "सीभीभी" => Some(Name::Cvv),
        _ => None,
    }
}
