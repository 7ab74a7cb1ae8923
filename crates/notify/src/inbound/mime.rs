//! The parts of a message, walked with bounds of our own. The parser reads
//! headers, encodings and charsets; it is not let loose on the tree, since a
//! few megabytes of parts within parts would exhaust the stack.

use std::borrow::Cow;

use mail_parser::{
    HeaderName, HeaderValue, Message, MessageParser, MimeHeaders,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder,
        quoted_printable::quoted_printable_decode,
    },
};

use super::{
    DeliveryReport, MailFault, ReceivedFile,
    html::html_to_text,
    report::{self, Report},
};
use crate::clean::one_line;

/// Bytes of a header block.
const HEAD_MAX: usize = 256 << 10;
/// Parts within parts.
const DEPTH_MAX: usize = 10;
/// Parts in all.
const PARTS_MAX: usize = 200;

/// What the parts hold together.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) files: Vec<ReceivedFile>,
    pub(super) report: Option<DeliveryReport>,
}

pub(super) fn read(raw: &[u8]) -> Result<Content, MailFault> {
    let mut walk = Walk::default();
    walk.entity(raw, 0)?;
    let texts: Vec<&str> = walk.bodies.iter().map(|body| body.text.trim()).collect();
    Ok(Content {
        text: texts.join("\n\n"),
        files: walk.files,
        report: walk.report.told(),
    })
}

/// The headers of a message.
pub(super) fn head(raw: &[u8]) -> Result<Message<'_>, MailFault> {
    let (head, _) = split(raw)?;
    // A line that begins with a space continues nothing: it would be lost
    // without a word. mbox files and some pipes put a `From ` line on top.
    let parsed = MessageParser::default().parse_headers(head);
    let message = parsed.filter(|message| !message.parts.is_empty());
    let named = message.filter(|message| message.headers().iter().any(|h| h.name() != ""));
    named.ok_or_else(|| MailFault("the message has no headers".to_owned()))
}

struct Body {
    text: String,
    plain: bool,
}

#[derive(Default)]
struct Walk {
    bodies: Vec<Body>,
    files: Vec<ReceivedFile>,
    report: Report,
    parts: usize,
}

impl Walk {
    fn entity(&mut self, entity: &[u8], depth: usize) -> Result<(), MailFault> {
        self.parts += 1;
        if depth > DEPTH_MAX {
            let message = format!("the message has parts nested deeper than {DEPTH_MAX}");
            return Err(MailFault(message));
        }
        if self.parts > PARTS_MAX {
            let message = format!("the message has more than {PARTS_MAX} parts");
            return Err(MailFault(message));
        }
        let (head, body) = split(entity)?;
        let Some(headers) = MessageParser::default().parse_headers(head) else {
            // A part may have no headers: then it is plain text (RFC 2046).
            self.leaf(None, "text", "plain", body);
            return Ok(());
        };
        let kind = headers.content_type();
        let major = kind
            .map_or("text", |kind| kind.ctype())
            .to_ascii_lowercase();
        let minor = kind.map_or("plain", |kind| kind.subtype().unwrap_or_default());
        let minor = minor.to_ascii_lowercase();
        let boundary = kind.and_then(|kind| kind.attribute("boundary"));
        match boundary {
            Some(boundary) if major == "multipart" && !boundary.is_empty() => {
                let first = self.bodies.len();
                for part in parts(body, boundary.as_bytes()) {
                    self.entity(part, depth + 1)?;
                }
                if minor == "alternative" {
                    self.choose(first);
                }
            }
            _ => self.leaf(Some(&headers), &major, &minor, body),
        }
        Ok(())
    }

    /// Of alternatives the plain one: it is what its writer's program says the
    /// formatted one means.
    fn choose(&mut self, first: usize) {
        let plain = |body: &Body| body.plain && !body.text.trim().is_empty();
        if self.bodies.iter().skip(first).any(plain) {
            let mut index = 0;
            self.bodies.retain(|body| {
                index += 1;
                index <= first || body.plain
            });
        }
    }

    fn leaf(&mut self, headers: Option<&Message<'_>>, major: &str, minor: &str, body: &[u8]) {
        let content = decoded(headers, body);
        match (major, minor) {
            ("message", "delivery-status" | "global-delivery-status") => {
                self.report.read_status(&text_of(headers, &content));
                return;
            }
            ("message", "rfc822" | "global") | ("text", "rfc822-headers")
                if self.report.is_begun() =>
            {
                self.report.read_original(&content);
                return;
            }
            _ => {}
        }
        let shown = headers.is_none_or(|headers| {
            let attached = headers
                .content_disposition()
                .is_some_and(|disposition| disposition.is_attachment());
            !attached && headers.attachment_name().is_none()
        });
        if shown && major == "text" && matches!(minor, "plain" | "html" | "") {
            let text = text_of(headers, &content);
            let plain = minor != "html";
            let text = if plain {
                text.into_owned()
            } else {
                html_to_text(&text)
            };
            self.bodies.push(Body { text, plain });
        } else if !content.is_empty() {
            let name = headers.and_then(|headers| headers.attachment_name());
            let name = one_line(name.unwrap_or_default(), 300);
            self.files.push(ReceivedFile {
                name: if name.is_empty() {
                    format!("{major}-{}.{}", self.files.len() + 1, report::ending(minor))
                } else {
                    name
                },
                content: content.into_owned(),
            });
        }
    }
}

/// The header block and what follows the blank line after it.
fn split(entity: &[u8]) -> Result<(&[u8], &[u8]), MailFault> {
    let mut at = 0;
    for line in entity.split_inclusive(|&byte| byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            let head = entity.get(..at).unwrap_or_default();
            let body = entity.get(at + line.len()..).unwrap_or_default();
            return Ok((head, body));
        }
        at += line.len();
        if at > HEAD_MAX {
            let message = format!("a header block is larger than {} KiB", HEAD_MAX >> 10);
            return Err(MailFault(message));
        }
    }
    Ok((entity, &[]))
}

/// What stands between the delimiters (RFC 2046 section 5.1.1).
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let (mut at, mut begun): (usize, Option<usize>) = (0, None);
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let after = line
            .strip_prefix(b"--")
            .and_then(|rest| rest.strip_prefix(boundary));
        let rest = after.map(<[u8]>::trim_ascii);
        if let Some(rest @ (b"" | b"--")) = rest {
            if let Some(from) = begun {
                let part = body.get(from..at).unwrap_or_default();
                // The line end before a delimiter belongs to the delimiter.
                let part = part.strip_suffix(b"\n").unwrap_or(part);
                found.push(part.strip_suffix(b"\r").unwrap_or(part));
            }
            begun = rest.is_empty().then_some(at + line.len());
            if begun.is_none() {
                return found;
            }
        }
        at += line.len();
        if found.len() > PARTS_MAX {
            return found;
        }
    }
    // A message that was cut off.
    found.extend(begun.and_then(|from| body.get(from..)));
    found
}

fn decoded<'a>(headers: Option<&Message<'_>>, body: &'a [u8]) -> Cow<'a, [u8]> {
    let encoding =
        headers.and_then(
            |headers| match headers.header(HeaderName::ContentTransferEncoding) {
                Some(HeaderValue::Text(encoding)) => Some(encoding.trim().to_ascii_lowercase()),
                _ => None,
            },
        );
    let decoded = match encoding.as_deref() {
        Some("base64") => base64_decode(body),
        Some("quoted-printable") => quoted_printable_decode(body),
        _ => None,
    };
    decoded.map_or(Cow::Borrowed(body), Cow::Owned)
}

/// Bytes as text in their charset; what no charset explains is replaced.
fn text_of<'a>(headers: Option<&Message<'_>>, content: &'a [u8]) -> Cow<'a, str> {
    let charset = headers
        .and_then(|headers| headers.content_type())
        .and_then(|kind| kind.attribute("charset"));
    match charset.and_then(|charset| charset_decoder(charset.as_bytes())) {
        Some(decode) => Cow::Owned(decode(content)),
        None => String::from_utf8_lossy(content),
    }
}
