//! Mail in: a raw message (RFC 5322, MIME) as what it says. Hostile input is
//! the rule here: sizes, depths and counts are bounded, and what cannot be read
//! is a [`MailFault`], never a panic.

mod automatic;
mod html;
mod mime;
mod quote;
mod report;
#[cfg(test)]
mod tests;

use std::fmt;

use mail_parser::{HeaderForm, HeaderName, HeaderValue, Message};

pub use report::DeliveryReport;

use crate::clean::{lines, one_line};

/// Characters of a text that are read; the rest of a mail may be files.
const TEXT_MAX: usize = 1 << 20;
/// Message ids that are looked at, those nearest to the mail first.
const REFERENCES_MAX: usize = 40;
/// Characters of a message id or an address that are kept.
const ID_MAX: usize = 512;

/// A mail that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Its own id without angle brackets; some mails have none.
    pub message_id: Option<String>,
    /// Who wrote it.
    pub from: Option<Correspondent>,
    /// One line, as sent.
    pub subject: String,
    /// Ids of the mails that it answers, the nearest first.
    pub references: Vec<String>,
    /// Why no person wrote it, if so.
    pub automatic: Option<String>,
    /// All that it says.
    pub text: String,
    /// What it says itself: without quotes and signature.
    pub reply: String,
    /// What came with it.
    pub files: Vec<ReceivedFile>,
    /// What became of an earlier mail, if that is what it tells.
    pub report: Option<DeliveryReport>,
}

/// A mail address with the name beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondent {
    /// The name, if one is given.
    pub name: Option<String>,
    /// The address, as written.
    pub address: String,
}

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedFile {
    /// Its name as sent; a made one where there is none.
    pub name: String,
    /// What it holds, decoded.
    pub content: Vec<u8>,
}

/// Why a message cannot be read as a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFault(pub(crate) String);

impl fmt::Display for MailFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MailFault {}

impl ReceivedMail {
    /// Reads a raw message.
    ///
    /// # Errors
    /// [`MailFault`]: no headers, too many or too large parts, parts within
    /// parts without end.
    pub fn read(raw: &[u8]) -> Result<Self, MailFault> {
        let content = mime::read(raw)?;
        let head = mime::head(raw)?;
        let text = lines(&content.text, TEXT_MAX);
        let report = content.report;
        Ok(Self {
            message_id: ids(&head, HeaderName::MessageId).into_iter().next(),
            from: correspondent(&head),
            subject: one_line(head.subject().unwrap_or_default(), 500),
            references: references(&head),
            automatic: automatic::why(&head),
            reply: quote::trim(&text),
            text,
            files: content.files,
            report,
        })
    }
}

fn correspondent(head: &Message<'_>) -> Option<Correspondent> {
    let first = |address: &mail_parser::Address<'_>| {
        let found = address.iter().find_map(|addr| {
            let address = one_line(addr.address()?, ID_MAX);
            let name = one_line(addr.name().unwrap_or_default(), 200);
            address.contains('@').then_some((name, address))
        });
        found.map(|(name, address)| Correspondent {
            name: Some(name).filter(|name| !name.is_empty()),
            address,
        })
    };
    head.from()
        .and_then(first)
        .or_else(|| head.sender().and_then(first))
}

/// The mail it answers, then the thread from its end.
fn references(head: &Message<'_>) -> Vec<String> {
    let mut found = ids(head, HeaderName::InReplyTo);
    let mut thread = ids(head, HeaderName::References);
    thread.reverse();
    found.extend(thread);
    let mut known = std::collections::HashSet::new();
    found.retain(|id| known.insert(id.clone()));
    found.truncate(REFERENCES_MAX);
    found
}

/// The message ids of a header, in its order.
pub(crate) fn ids(head: &Message<'_>, name: HeaderName<'static>) -> Vec<String> {
    let mut found = Vec::new();
    for value in head.header_as(name, HeaderForm::MessageIds) {
        match value {
            HeaderValue::Text(id) => found.push(id.into_owned()),
            HeaderValue::TextList(ids) => found.extend(ids.into_iter().map(Into::into)),
            _ => {}
        }
    }
    found
        .into_iter()
        .map(|id| one_line(&id, ID_MAX))
        .filter(|id| !id.is_empty())
        .collect()
}
