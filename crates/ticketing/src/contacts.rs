//! Whom a level tells: the runbook's contacts, completed by the settings'
//! directory where the runbook names a role or leaves a placeholder.

use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, str::FromStr};

use runbook::{Channel, Contact, Level, LevelSpec, Runbook};
use serde::{Deserialize, Serialize};

use crate::{
    on_call::Person,
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
    /// A mail address, a `#channel`, a role, a name at the pager.
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
    /// Who is on call, by level; none where a schedule leaves a gap. A level
    /// without a schedule is not in it.
    pub on_duty: BTreeMap<Level, Option<Person>>,
}

/// Why nobody can be paged at a level whose contacts ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpaged {
    /// There is no schedule, no pager and no role of that name.
    NoSchedule,
    /// The schedule has a gap.
    Nobody,
    /// Whoever is on call has neither an address nor a pager.
    Unreachable(String),
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
        let reached = group.any_of.iter().map(|c| directory.resolve(level, c));
        let mut reached: Vec<_> = reached.filter(|all| !all.is_empty()).collect();
        if !every_channel {
            reached.truncate(1);
        }
        // A page that nobody takes must not vanish because a mail went out beside it.
        let paged = |contact: &&Contact| contact.channel == Channel::Page;
        let missed = directory.on_duty.contains_key(&level)
            && (every_channel || reached.is_empty())
            && (group.any_of.iter().filter(paged)).any(|c| directory.resolve(level, c).is_empty());
        if missed {
            reached.push(Reached::fallback(directory).recipients);
        }
        found.extend(reached.into_iter().flatten());
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
        contacts.any(|contact| !directory.resolve(spec.level, contact).is_empty())
    };
    let levels = runbook.levels.iter().filter(|spec| needs_contacts(spec));
    levels
        .filter(|spec| !reachable(spec))
        .map(|spec| spec.level)
        .collect()
}

/// The levels that page whoever is on call while nobody can be paged.
#[must_use]
pub fn unpaged_levels(runbook: &Runbook, directory: &Directory) -> Vec<(Level, Unpaged)> {
    let why = |spec: &LevelSpec| {
        let contacts = spec.contacts.iter().flat_map(|group| &group.any_of);
        let mut pages = contacts.filter(|contact| contact.channel == Channel::Page);
        pages.find(|contact| directory.resolve(spec.level, contact).is_empty())?;
        Some(match directory.on_duty.get(&spec.level) {
            None => Unpaged::NoSchedule,
            Some(None) => Unpaged::Nobody,
            Some(Some(person)) => Unpaged::Unreachable(person.name.clone()),
        })
    };
    let levels = runbook.levels.iter();
    levels
        .filter_map(|spec| Some((spec.level, why(spec)?)))
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

    /// How a contact is reached; nothing when it is not.
    fn resolve(&self, level: Level, contact: &Contact) -> Vec<Recipient> {
        let to = |medium, address: &str| Recipient {
            medium,
            address: address.to_owned(),
        };
        let role = || {
            let address = self.role(&contact.address);
            address.map(|address| to(Medium::Email, address))
        };
        let found = match contact.channel {
            Channel::Email => Some(to(Medium::Email, &contact.address)),
            Channel::Slack => {
                let known = self.slack.contains(&fold_name(&contact.address));
                known.then(|| to(Medium::Slack, &contact.address))
            }
            Channel::Page => match self.on_duty.get(&level) {
                Some(person) => return self.page(person.as_ref(), role()),
                None if self.pager => Some(to(Medium::Page, &contact.address)),
                None => role(),
            },
            Channel::Role => role(),
        };
        found.into_iter().collect()
    }

    /// Whoever is on call by pager and by mail; the role where that is nobody.
    fn page(&self, person: Option<&Person>, role: Option<Recipient>) -> Vec<Recipient> {
        let page = |person: &Person| Recipient {
            medium: Medium::Page,
            address: person.page.as_ref().unwrap_or(&person.name).clone(),
        };
        let mail = |person: &Person| {
            let address = person.email.clone()?;
            Some(Recipient {
                medium: Medium::Email,
                address,
            })
        };
        let paged = person.filter(|_| self.pager).map(page);
        let mailed = person.and_then(mail);
        let mut found: Vec<_> = paged.into_iter().chain(mailed).collect();
        if found.is_empty() {
            found.extend(role);
        }
        found
    }
}
