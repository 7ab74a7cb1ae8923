//! Masking of sensitive data where text enters the desk (`domain.md` section 3).
//!
//! Card numbers, card verification values, passwords, PINs, tokens and private
//! keys are replaced by a marker in brackets. The markers stop every rule, so
//! masking a masked text changes nothing. All rules look ahead over a bounded
//! number of characters: the work is linear in the text.

use std::{borrow::Cow, ops::Range};

use serde::Serialize;

mod cards;
mod keys;
mod protected;
mod secrets;

/// What kind of sensitive data was found; told in the ticket's event, never
/// the data itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitive {
    /// A payment card's number.
    CardNumber,
    /// A card verification value.
    Cvv,
    /// A password or passphrase.
    Password,
    /// A PIN or a one-time code.
    Pin,
    /// An access token, API key or the like.
    Token,
    /// A private key in PEM form.
    PrivateKey,
}

/// A text without sensitive data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked<'a> {
    /// The text with markers instead of the data; borrowed when nothing was found.
    pub text: Cow<'a, str>,
    /// Which kinds were found, each once, in the enum's order.
    pub kinds: Vec<Sensitive>,
}

/// The rules run at most this often; the last run usually finds nothing.
const PASSES: usize = 8;

/// A place to hide.
#[derive(Clone, Debug)]
struct Finding {
    span: Range<usize>,
    kind: Sensitive,
    /// The last digits that may stay (card numbers).
    tail: String,
}

impl Finding {
    fn marker(&self) -> String {
        match self.kind {
            Sensitive::CardNumber => format!("[masked card {}]", self.tail),
            Sensitive::Cvv => "[masked cvv]".to_owned(),
            Sensitive::Password => "[masked password]".to_owned(),
            Sensitive::Pin => "[masked pin]".to_owned(),
            Sensitive::Token => "[masked token]".to_owned(),
            Sensitive::PrivateKey => "[masked private key]".to_owned(),
        }
    }
}

/// Replaces sensitive data by markers. Idempotent and linear in the text.
#[must_use]
pub fn mask(text: &str) -> Masked<'_> {
    let mut masked = Masked {
        text: Cow::Borrowed(text),
        kinds: Vec::new(),
    };
    // What is hidden can have stood between a name and a second secret, so the
    // rules run again until they find no more.
    for _ in 0..PASSES {
        let findings = find(&masked.text);
        if findings.is_empty() {
            break;
        }
        masked
            .kinds
            .extend(findings.iter().map(|finding| finding.kind));
        masked.text = Cow::Owned(rebuild(&masked.text, findings));
    }
    masked.kinds.sort_unstable();
    masked.kinds.dedup();
    masked
}

fn find(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    keys::find(text, &mut findings);
    secrets::find(text, &mut findings);
    cards::find(text, &mut findings);
    findings.sort_by_key(|finding| (finding.span.start, usize::MAX - finding.span.end));
    findings
}

fn rebuild(text: &str, findings: Vec<Finding>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut findings = findings.into_iter().peekable();
    while let Some(mut finding) = findings.next() {
        // Overlapping findings become one: nothing of either may stay.
        while let Some(next) = findings.next_if(|next| next.span.start < finding.span.end) {
            finding.span.end = finding.span.end.max(next.span.end);
        }
        out.push_str(text.get(done..finding.span.start).unwrap_or_default());
        out.push_str(&finding.marker());
        done = finding.span.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
