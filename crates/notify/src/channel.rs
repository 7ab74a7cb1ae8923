//! The ways out of the desk, as a closed set.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use runbook::Level;
use ticketing::{Letter, Medium, Recipient};

use crate::{
    folder::Folder,
    letter,
    look::Look,
    mail::compose,
    message::{Envelope, Message},
    notice::{self, Subject},
    outcome::Outcome,
    pager::Pager,
    quiet::QuietHours,
    slack::Slack,
    smtp::{Smtp, SmtpSession},
    target::Reach,
    webhook::Call,
};

/// Where mails go.
#[derive(Clone, Debug)]
pub enum Mailing {
    /// To a mail server.
    Server(Box<Smtp>),
    /// Into a folder.
    Folder(Folder),
}

/// All channels with the look of what goes over them.
#[derive(Clone, Debug)]
pub struct Channels {
    /// Where mails go.
    pub mailing: Mailing,
    /// Chat.
    pub slack: Slack,
    /// Who is on call.
    pub pager: Pager,
    /// Where webhooks of tools may lead.
    pub reach: Reach,
    /// When whom not to disturb, by address, each folded by
    /// [`ticketing::fold_name`].
    pub quiet: BTreeMap<String, QuietHours>,
    /// How messages look.
    pub look: Look,
}

/// A round of sending: mails share one connection.
pub struct Session<'a> {
    channels: &'a Channels,
    smtp: Option<SmtpSession>,
    /// What became of the first call to a webhook that failed: the rest of a
    /// batch need not wait for it one by one.
    down: BTreeMap<String, Outcome>,
}

impl Channels {
    /// Begins a round; connections are opened when they are needed.
    #[must_use]
    pub fn session(&self) -> Session<'_> {
        let smtp = match &self.mailing {
            Mailing::Server(server) => Some(SmtpSession::new(Smtp::clone(server))),
            Mailing::Folder(_) => None,
        };
        Session {
            channels: self,
            smtp,
            down: BTreeMap::new(),
        }
    }

    /// Until when a recipient is not to be disturbed; none: tell them now.
    /// Levels 3 and 4 never wait.
    #[must_use]
    pub fn quiet_until(
        &self,
        to: &Recipient,
        level: Level,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        if level >= Level::ENGINEERING || self.quiet.is_empty() {
            return None;
        }
        let hours = self.quiet.get(&ticketing::fold_name(&to.address))?;
        hours.until(now)
    }

    /// Writes a notice about a ticket in the desk's look.
    #[must_use]
    pub fn render(&self, about: &Subject<'_>) -> Message {
        notice::write(about, &self.look)
    }

    /// Writes a letter in the desk's look.
    #[must_use]
    pub fn render_letter(&self, envelope: &Envelope, letter: &Letter) -> Message {
        letter::write(envelope, letter, &self.look)
    }
}

impl Session<'_> {
    /// Sends one message to one recipient. Dropping the future midway leaves
    /// the session usable: what was in use is thrown away.
    pub async fn send(&mut self, message: &Message, to: &Recipient) -> Outcome {
        match to.medium {
            Medium::Email => self.mail(message, &to.address).await,
            Medium::Slack => self.channels.slack.post(message, &to.address).await,
            Medium::Page => self.channels.pager.page(message, &to.address).await,
            Medium::Webhook => Outcome::Permanent("a webhook takes events alone".to_owned()),
        }
    }

    /// Calls a tool's webhook.
    pub async fn call(&mut self, call: &Call<'_>) -> Outcome {
        if let Some(outcome) = self.down.get(call.url) {
            return outcome.clone();
        }
        let outcome = call.make(self.channels.reach).await;
        if !matches!(outcome, Outcome::Sent(_)) {
            self.down.insert(call.url.to_owned(), outcome.clone());
        }
        outcome
    }

    /// Ends the round politely.
    pub async fn close(self) {
        if let Some(smtp) = self.smtp {
            smtp.close().await;
        }
    }

    async fn mail(&mut self, message: &Message, to: &str) -> Outcome {
        let mail = match compose(message, to, &self.channels.look) {
            Ok(mail) if mail.raw.is_ascii() && mail.to.to_string().is_ascii() => mail,
            Ok(_) => {
                return Outcome::Permanent(
                    "a mail address outside of ASCII needs SMTPUTF8, which is not spoken"
                        .to_owned(),
                );
            }
            Err(error) => return Outcome::Permanent(error),
        };
        match (&mut self.smtp, &self.channels.mailing) {
            (Some(smtp), _) => smtp.send(&mail).await,
            (None, Mailing::Folder(folder)) => folder.write(message, mail).await,
            (None, Mailing::Server(server)) => {
                Outcome::Transient(format!("{}: not connected", server.address()))
            }
        }
    }
}
