//! The ways out of the desk, as a closed set.

use ticketing::{Letter, Medium, Recipient};

use crate::{
    folder::Folder,
    letter,
    look::Look,
    mail::compose,
    message::{Envelope, Message},
    notice::{self, Subject},
    outcome::Outcome,
    slack::Slack,
    smtp::{Smtp, SmtpSession},
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
    /// How messages look.
    pub look: Look,
}

/// A round of sending: mails share one connection.
pub struct Session<'a> {
    channels: &'a Channels,
    smtp: Option<SmtpSession>,
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
        }
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
            medium @ (Medium::Webhook | Medium::Page) => {
                Outcome::Permanent(format!("no {medium} is connected"))
            }
        }
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
