//! A message as a mail (RFC 5322), byte for byte the same in every attempt.

use std::time::SystemTime;

use lettre::{
    Address,
    address::Envelope,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use crate::{look::Look, message::Message};

/// A mail on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) from: Address,
    pub(crate) to: Address,
    /// Headers and body with CRLF line ends, ASCII alone.
    pub(crate) raw: Vec<u8>,
}

/// Writes the mail of a message to one address.
///
/// # Errors
/// What is wrong with the addresses.
pub(crate) fn compose(message: &Message, to: &str, look: &Look) -> Result<Mail, String> {
    let from = address(&look.from)?;
    let to = address(to)?;
    let parts = MultiPart::alternative()
        .boundary(format!("part-{}", message.id.0.simple()))
        .singlepart(SinglePart::plain(message.text.clone()))
        .singlepart(SinglePart::html(message.html.clone()));
    let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]);
    let mut mail = lettre::Message::builder()
        .envelope(envelope.map_err(|error| error.to_string())?)
        // lettre panics on control characters in a display name: it is ours,
        // never a customer's.
        .from(Mailbox::new(Some("Runbook Desk".to_owned()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(message.subject.clone())
        .date(SystemTime::from(message.at))
        .message_id(Some(message.message_id.clone()));
    if let Some(thread) = &message.thread_id {
        mail = mail.in_reply_to(thread.clone()).references(thread.clone());
    }
    if let Some(reply_to) = &message.reply_to {
        mail = mail.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    let mail = mail
        .header(AutoSubmitted)
        .header(SuppressResponses)
        .multipart(parts)
        .map_err(|error| error.to_string())?;
    Ok(Mail {
        from,
        to,
        raw: mail.formatted(),
    })
}

fn address(text: &str) -> Result<Address, String> {
    let parsed: Result<Address, _> = text.parse();
    parsed.map_err(|error| format!("{text:?} is no mail address: {error}"))
}

/// RFC 3834: no vacation responder answers it.
#[derive(Clone)]
struct AutoSubmitted;
/// The same for mail servers that do not know RFC 3834.
#[derive(Clone)]
struct SuppressResponses;

macro_rules! fixed {
    ($header:ident, $name:literal, $value:literal) => {
        impl Header for $header {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self)
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}
fixed!(AutoSubmitted, "Auto-Submitted", "auto-generated");
fixed!(SuppressResponses, "X-Auto-Response-Suppress", "All");
