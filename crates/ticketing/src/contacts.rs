//! Whom a level tells: the runbook's contacts, completed by the settings'
//! directory where the runbook names a role or leaves a placeholder.

use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, str::FromStr};

use runbook::{Channel, Contact, Level, LevelSpec, Runbook};
use serde::{Deserialize, Serialize};

use crate::{
    ticket::Ticket,
    words::{UnknownWord, words},
};

words! {
    /// How a notification travels (`domain.md` section 6).
    Medium {
        /// A mail.
        Email = "email",
        /// A Slack-compatible incoming webhook.
        Slack = "slack",
        /// A signed webhook for tools.
        Webhook = "webhook",
        /// Whoever is on call.
        Page = "page",
    }
}

/// One recipient on one channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Recipient {
    /// How.
    pub medium: Medium,
    /// A mail address, a `#channel`, a role.
    pub address: String,
}

/// What the settings know of people and channels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// Mail addresses by role, each folded by [`fold_name`].
    pub roles: BTreeMap<String, String>,
    /// Mail addresses of assignees, by name folded by [`fold_name`].
    pub people: BTreeMap<String, String>,
    /// Slack channels whose webhook is known, each folded by [`fold_name`].
    pub slack: BTreeSet<String>,
    /// Whether a pager is connected.
    pub pager: bool,
    /// Who is told when a level has no reachable contact.
    pub fallback: Option<String>,
    /// Whether reporters who left an address are mailed.
    pub mail_reporters: bool,
    /// The desk's own mail addresses, in lower case: it never mails itself.
    pub own: BTreeSet<String>,
}

/// Who is told at a level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Each of them, once.
    pub recipients: Vec<Recipient>,
    /// Whether they are told instead of the level's own contacts, of whom
    /// nobody can be reached.
    pub instead: bool,
}

/// The recipients of a level: of each group the first reachable alternative; at
/// levels 3 and 4 every reachable one. The fallback where nobody is reachable.
#[must_use]
pub fn recipients(runbook: &Runbook, directory: &Directory, level: Level) -> Vec<Recipient> {
    reach(runbook, directory, level).recipients
}

/// As [`recipients`], and whether it is the fallback that is told.
#[must_use]
pub fn reach(runbook: &Runbook, directory: &Directory, level: Level) -> Reached {
    let Some(spec) = runbook.levels.iter().find(|spec| spec.level == level) else {
        return Reached::fallback(directory);
    };
    let every_channel = level >= Level::ENGINEERING;
    let mut found: Vec<Recipient> = Vec::new();
    for group in &spec.contacts {
        let reachable = group
            .any_of
            .iter()
            .filter_map(|contact| directory.resolve(contact));
        let take = if every_channel { usize::MAX } else { 1 };
        found.extend(reachable.take(take));
    }
    if found.is_empty() && needs_contacts(spec) {
        return Reached::fallback(directory);
    }
    found.sort();
    found.dedup();
    Reached {
        recipients: found,
        instead: false,
    }
}

impl Reached {
    /// The contact for when nobody else can be told, where the settings name one.
    #[must_use]
    pub fn fallback(directory: &Directory) -> Self {
        let recipient = |address: &String| Recipient {
            medium: Medium::Email,
            address: address.clone(),
        };
        Self {
            recipients: directory.fallback.iter().map(recipient).collect(),
            instead: true,
        }
    }
}

/// How a ticket's reporter is reached: by mail, if they left an address that is
/// none of the desk's own, which would answer itself in a circle.
#[must_use]
pub fn reporter(runbook: &Runbook, directory: &Directory, ticket: &Ticket) -> Option<Recipient> {
    let address = ticket.reporter.email.as_ref()?;
    let wanted = directory.mail_reporters && !directory.is_ours(runbook, address);
    wanted.then(|| Recipient {
        medium: Medium::Email,
        address: address.clone(),
    })
}

/// The levels above 1 that nobody could be told of but the fallback.
#[must_use]
pub fn unreachable_levels(runbook: &Runbook, directory: &Directory) -> Vec<Level> {
    let reachable = |spec: &&LevelSpec| {
        let mut contacts = spec.contacts.iter().flat_map(|group| &group.any_of);
        contacts.any(|contact| directory.resolve(contact).is_some())
    };
    let levels = runbook.levels.iter().filter(|spec| needs_contacts(spec));
    levels
        .filter(|spec| !reachable(spec))
        .map(|spec| spec.level)
        .collect()
}

fn needs_contacts(spec: &LevelSpec) -> bool {
    spec.level > Level::SUPPORT
}

/// The form in which names of roles and channels are compared: lower case,
/// words joined by `_`, so that "On-Call Engineer" is `on_call_engineer`.
#[must_use]
pub fn fold_name(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("_")
}

impl Directory {
    /// The mail address of a role, however it is spelt.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&String> {
        self.roles.get(&fold_name(name))
    }

    /// Whether the desk itself, or who it tells, reads this address.
    fn is_ours(&self, runbook: &Runbook, address: &str) -> bool {
        let same = |other: &String| other.eq_ignore_ascii_case(address);
        let levels = runbook.levels.iter();
        let mut contacts = levels
            .flat_map(|level| &level.contacts)
            .flat_map(|group| &group.any_of);
        self.own.iter().any(same)
            || self.fallback.iter().any(same)
            || self.roles.values().any(same)
            || contacts.any(|contact| contact.channel == Channel::Email && same(&contact.address))
    }

    /// The mail address of someone who works on tickets.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<Recipient> {
        self.people.get(&fold_name(name)).map(|address| Recipient {
            medium: Medium::Email,
            address: address.clone(),
        })
    }

    fn resolve(&self, contact: &Contact) -> Option<Recipient> {
        let mail = |address: &str| Recipient {
            medium: Medium::Email,
            address: address.to_owned(),
        };
        let role = || {
            self.roles
                .get(&contact.address.to_lowercase())
                .map(|address| mail(address))
        };
        match contact.channel {
            Channel::Email => Some(mail(&contact.address)),
            Channel::Slack => {
                self.slack
                    .contains(&fold_name(&contact.address))
                    .then(|| Recipient {
                        medium: Medium::Slack,
                        address: contact.address.clone(),
                    })
            }
            Channel::Page if self.pager => Some(Recipient {
                medium: Medium::Page,
                address: contact.address.clone(),
            }),
            Channel::Page | Channel::Role => role(),
        }
    }
}
