//! The "How" line of a level: whom to tell, and over which channel.

mod joint;

use crate::{
    level::{Channel, Contact, Reach},
    markdown::{Field, Line},
    problems::Problems,
    words::excerpt,
};

use self::joint::alternatives;
use super::is_placeholder;

/// The groups of a field's lines and bullets: every line is told.
pub(crate) fn read(field: &Field, problems: &mut Problems<'_>) -> Vec<Reach> {
    field
        .lines()
        .iter()
        .flat_map(|line| groups(line, problems))
        .collect()
}

fn groups(line: &Line, problems: &mut Problems<'_>) -> Vec<Reach> {
    let number = problems.source.line(line.offset);
    let mut reaches = Vec::new();
    for alternatives in alternatives(&line.text) {
        let mut channel = None;
        let mut any_of = Vec::new();
        for words in alternatives {
            match contact(&words, &mut channel) {
                Ok(told) => {
                    if !told.unread.is_empty() {
                        let unread = told.unread.join(" ");
                        problems.note(
                            "contact_remark",
                            line.offset,
                            format!("“{}” beside an address has no effect", excerpt(&unread)),
                        );
                    }
                    any_of.push(told.contact);
                }
                Err(text) => not_understood(&text, line, problems),
            }
        }
        if !any_of.is_empty() {
            reaches.push(Reach {
                any_of,
                line: number,
            });
        }
    }
    reaches
}

fn not_understood(text: &str, line: &Line, problems: &mut Problems<'_>) {
    let (code, why) = if is_placeholder(text) {
        ("placeholder", "is an unfilled placeholder")
    } else {
        ("contact_not_understood", "names nobody who could be told")
    };
    problems.warning(code, line.offset, format!("“{}” {why}", excerpt(text)));
}

/// One contact from its words. A verb holds for the alternatives after it, too.
fn contact(words: &[String], verb: &mut Option<Channel>) -> Result<Told, String> {
    let text = words.join(" ");
    if is_placeholder(&text) {
        return Err(text);
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    if let Some(channel) = lower.iter().find_map(|word| channel_of(word)) {
        *verb = Some(channel);
    }
    if let Some(at) = words.iter().position(|word| is_address(word)) {
        let address = words.get(at).map(|word| bare(word)).unwrap_or_default();
        let channel = if address.starts_with('#') {
            Channel::Slack
        } else {
            Channel::Email
        };
        let after = words.iter().zip(&lower).skip(at + 1);
        let unread = after.filter(|(_, lower)| !says_nothing(lower));
        return Ok(Told {
            contact: Contact {
                channel,
                address: address.to_owned(),
            },
            unread: unread.map(|(word, _)| word.clone()).collect(),
        });
    }

    let rest: Vec<&str> = words
        .iter()
        .zip(&lower)
        .filter(|(_, lower)| !says_nothing(lower))
        .map(|(word, _)| word.trim_matches(|c: char| ",;.!:".contains(c)))
        .filter(|word| !word.is_empty())
        .collect();
    let address = rest.join(" ");
    if !address.chars().any(char::is_alphanumeric) || address.contains('@') {
        return Err(text);
    }
    let channel = match verb {
        Some(Channel::Page) => Channel::Page,
        _ => Channel::Role,
    };
    Ok(Told {
        contact: Contact { channel, address },
        unread: Vec::new(),
    })
}

/// A contact, and the words after its address.
struct Told {
    contact: Contact,
    unread: Vec<String>,
}

/// A verb or a word that changes nothing.
fn says_nothing(lower: &str) -> bool {
    channel_of(lower).is_some() || FILLERS.contains(&lower)
}

fn channel_of(word: &str) -> Option<Channel> {
    Some(match word.trim_end_matches(':') {
        "email" | "e-mail" | "mail" => Channel::Email,
        "slack" => Channel::Slack,
        "page" | "pager" | "call" | "phone" | "ring" => Channel::Page,
        "contact" | "notify" | "tell" | "inform" | "alert" | "message" | "ask" => Channel::Role,
        _ => return None,
    })
}

/// Words beside a contact that change nothing.
const FILLERS: &[&str] = &[
    "the",
    "a",
    "an",
    "to",
    "at",
    "in",
    "via",
    "by",
    "channel",
    "directly",
    "immediately",
    "first",
    "please",
    "then",
    "either",
    "both",
];

fn is_address(word: &str) -> bool {
    is_email(bare(word)) || is_slack(bare(word))
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|c: char| "()<>[]\"“”:;,.!".contains(c));
    word.strip_prefix("mailto:").unwrap_or(word)
}

fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_alphanumeric() || ".-_+".contains(c);
    !local.is_empty()
        && local.chars().all(plain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && domain
            .chars()
            .all(|c| c.is_alphanumeric() || ".-".contains(c))
}

fn is_slack(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|name| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "-_".contains(c))
    })
}
