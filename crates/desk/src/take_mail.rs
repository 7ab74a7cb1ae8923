//! Mail in: a reply becomes a comment, a new mail a ticket, a bounce marks its
//! notification, and what no person wrote is let be. A mail is taken in once:
//! its message id is written with what it caused.

mod bounce;
mod files;
mod place;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use notify::{Correspondent, ReceivedMail};
use sha2::{Digest, Sha256};
use store::{InboundMail, Outcome, TicketWrite, Write};
use ticketing::{
    Actor, Decided, Draft, MailReply, Relation, Reporter, Role, TicketNumber, Writer, mail_draft,
    pasted_form, take_files, take_reply,
};

use crate::{
    Desk, change_ticket::TRIES, duplicates::Sketch, error::DeskError, masking::mask_text,
    rules::Rules,
};
use files::Files;
use place::Place;

/// Characters of a comment or of a ticket's text; the whole of a longer mail is
/// attached to it.
const TEXT_MAX: usize = 20_000;
/// Characters of a mail address (RFC 5321).
const ADDRESS_MAX: usize = 254;

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailTaken {
    /// "ticket", "comment", "ignored" or "bounce".
    pub outcome: String,
    /// The ticket that it made or went to.
    pub ticket: Option<TicketNumber>,
    /// Why it was not taken as its writer may have meant it.
    pub reason: Option<String>,
}

/// A mail that a person wrote, with what the desk needs to know of it.
struct Letter {
    id: String,
    from: Correspondent,
    mail: ReceivedMail,
    files: Files,
}

impl Desk {
    /// Takes a raw message in. `form` reads a filled-in template, if the text is
    /// one. The desk acts as the tool that brought the mail, whatever more its
    /// key may do: mails come from anywhere.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for what is no mail, or one without a sender;
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn take_mail(
        &self,
        actor: &Actor,
        raw: Vec<u8>,
        form: impl Fn(&str) -> Option<Draft>,
    ) -> Result<MailTaken, DeskError> {
        let actor = Actor {
            name: actor.name.clone(),
            role: Role::Tool,
        };
        let (digest, mail) = read(raw).await?;
        let id = mail.message_id.clone().unwrap_or(digest);
        if let Some(known) = self.store.find_inbound(&id).await? {
            return Ok(known.into());
        }
        if let Some(report) = &mail.report {
            return self.take_report(&actor, &id, report, &mail).await;
        }
        if self.is_ours(&id).await? {
            return Ok(MailTaken::ignored("it is a mail of this desk".to_owned()));
        }
        if let Some(why) = mail.automatic {
            return Ok(MailTaken::ignored(format!("it is automatic: {why}")));
        }
        let Some(from) = mail.from.clone() else {
            return Err(invalid("the message names no sender"));
        };
        let files = self.mail_files(&mail).await?;
        let letter = Letter {
            id,
            from,
            mail,
            files,
        };
        let taken = self.take_letter(&actor, &letter, form).await;
        self.forget_unused(&letter.files, &taken).await;
        taken
    }

    async fn take_letter(
        &self,
        actor: &Actor,
        letter: &Letter,
        form: impl Fn(&str) -> Option<Draft>,
    ) -> Result<MailTaken, DeskError> {
        for _ in 0..TRIES {
            let rules = self.rules();
            let now = self.clock.now();
            let place = self.place_of(letter, actor, now, &rules).await?;
            let (write, taken) = match &place {
                Place::Ticket(ticket, writer) => {
                    self.reply(actor, letter, ticket, *writer, now, &rules)?
                }
                Place::New { instead_of } => {
                    self.new_ticket(actor, letter, *instead_of, &form, &rules)
                        .await?
                }
            };
            let sketches: Vec<Sketch> = match place {
                Place::New { .. } => write
                    .tickets
                    .iter()
                    .map(|t| Sketch::of(&t.ticket))
                    .collect(),
                Place::Ticket(..) => Vec::new(),
            };
            let written = write.tickets.first().map(|written| written.ticket.clone());
            match self.write(write).await? {
                Outcome::Written => {
                    sketches
                        .into_iter()
                        .for_each(|one| self.recent.remember(one));
                    if let Some(ticket) = &written {
                        self.recent.follow(ticket);
                    }
                    self.wake.ring();
                    return Ok(taken);
                }
                Outcome::Replayed => return self.taken_before(&letter.id).await,
                // Somebody changed the ticket meanwhile: where the mail goes
                // is looked up anew.
                Outcome::Stale { .. } | Outcome::Taken { .. } => {}
            }
        }
        Err(store::StoreError::Busy.into())
    }

    /// The answer that the mail got when it came first, on any replica.
    async fn taken_before(&self, id: &str) -> Result<MailTaken, DeskError> {
        let known = self.store.find_inbound(id).await?;
        known
            .map(MailTaken::from)
            .ok_or_else(|| store::StoreError::Busy.into())
    }

    fn reply(
        &self,
        actor: &Actor,
        letter: &Letter,
        ticket: &ticketing::Ticket,
        writer: Writer,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Result<(Write, MailTaken), DeskError> {
        let mut masked = Vec::new();
        let mut text = letter.mail.reply.clone();
        mask_text(&mut text, &mut masked);
        let mut text = short(&text);
        if text.is_empty() {
            "(the mail has no text)".clone_into(&mut text);
        }
        if let Some(lines) = ticketing::not_kept(&letter.files.unfit) {
            text = format!("{text}\n\n{lines}");
        }
        if writer == Writer::Stranger {
            let mut who = letter.from.address.clone();
            if let Some(name) = &letter.from.name {
                who = format!("{name} <{who}>");
            }
            mask_text(&mut who, &mut masked);
            text = format!("By mail from {who}, who is not the reporter:\n\n{text}");
        }
        let reply = MailReply {
            writer,
            text,
            masked,
            files: letter.files.fit.clone(),
        };
        let taken = self.in_scene(actor, now, &rules.book, |scene| {
            take_reply(ticket, &reply, self.reopen_window, scene)
        })?;
        let reason = match writer {
            Writer::Reporter => None,
            Writer::MergedReporter => Some("its ticket was merged into this one"),
            Writer::Stranger => {
                Some("the sender is not the ticket's reporter: only the team sees it")
            }
        };
        let number = ticket.number;
        let mut write = self.write_of(taken.decided, rules, now);
        let taken = MailTaken {
            outcome: "comment".to_owned(),
            ticket: Some(number),
            reason: reason.map(str::to_owned),
        };
        write.inbound = Some(taken.row(&letter.id, actor, now));
        Ok((write, taken))
    }

    async fn new_ticket(
        &self,
        actor: &Actor,
        letter: &Letter,
        instead_of: Option<TicketNumber>,
        form: impl Fn(&str) -> Option<Draft>,
        rules: &Arc<Rules>,
    ) -> Result<(Write, MailTaken), DeskError> {
        let text = &letter.mail.text;
        let reporter = reporter(&letter.from);
        let pasted = pasted_form(text).and_then(|pasted| form(&pasted));
        let draft = match pasted {
            Some(draft) => Draft { reporter, ..draft },
            None => {
                // Masked whole: a secret must not be cut in two and stay.
                let mut whole = text.clone();
                let mut masked = Vec::new();
                mask_text(&mut whole, &mut masked);
                let draft = mail_draft(&letter.mail.subject, &short(&whole), reporter);
                Draft { masked, ..draft }
            }
        };
        let (write, filed) = self.prepare(actor, vec![draft], rules).await?;
        let (Some((filed, _)), Some(new)) = (filed.into_iter().next(), write.tickets.first())
        else {
            return Err(store::StoreError::Stopped.into());
        };
        let now = filed.ticket.created_at;
        let decided = Decided {
            ticket: new.ticket.clone(),
            seen: new.seen,
            events: new.events.clone(),
            notices: Vec::new(),
        };
        let decided = self.in_scene(actor, now, &rules.book, |scene| {
            let decided = match instead_of {
                Some(old) => {
                    let linked = ticketing::link(&decided.ticket, Relation::Related, old, scene)?;
                    decided.then(linked)
                }
                None => decided,
            };
            let unfit = letter.files.unfit.clone();
            take_files(decided, &letter.files.fit, unfit, scene)
        })?;
        let taken = MailTaken {
            outcome: "ticket".to_owned(),
            ticket: Some(decided.ticket.number),
            reason: instead_of.map(|old| format!("{old} is closed: it goes on in a new ticket")),
        };
        let mut more = self.write_of(decided, rules, now);
        more.notifications.extend(write.notifications);
        more.pages.extend(write.pages);
        more.inbound = Some(taken.row(&letter.id, actor, now));
        Ok((more, taken))
    }

    fn write_of(&self, decided: Decided, rules: &Rules, now: DateTime<Utc>) -> Write {
        let told = self.told(rules, &decided.ticket, decided.notices, now);
        Write {
            notifications: told.notifications,
            pages: told.pages,
            tickets: vec![TicketWrite {
                seen: decided.seen,
                ticket: decided.ticket,
                events: decided.events,
            }],
            ..Write::default()
        }
    }
}

impl MailTaken {
    fn ignored(reason: String) -> Self {
        Self {
            outcome: "ignored".to_owned(),
            ticket: None,
            reason: Some(reason),
        }
    }

    fn row(&self, id: &str, actor: &Actor, now: DateTime<Utc>) -> InboundMail {
        InboundMail {
            message_id: id.to_owned(),
            outcome: self.outcome.clone(),
            ticket: self.ticket,
            reason: self.reason.clone(),
            by: actor.name.clone(),
            at: now,
        }
    }
}

impl From<InboundMail> for MailTaken {
    fn from(row: InboundMail) -> Self {
        Self {
            outcome: row.outcome,
            ticket: row.ticket,
            reason: row.reason,
        }
    }
}

/// Reads on a thread of its own: a large mail delays nobody, and one that
/// would make the code panic ends nothing but itself.
async fn read(raw: Vec<u8>) -> Result<(String, ReceivedMail), DeskError> {
    let reading = tokio::task::spawn_blocking(move || {
        let hash = Sha256::digest(&raw);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        (format!("sha256:{hash}"), ReceivedMail::read(&raw))
    });
    match reading.await {
        Ok((digest, Ok(mail))) => Ok((digest, mail)),
        Ok((_, Err(fault))) => Err(invalid(&fault.to_string())),
        Err(panicked) => {
            tracing::error!(%panicked, "a mail could not be read");
            Err(invalid("the message cannot be read"))
        }
    }
}

fn invalid(message: &str) -> DeskError {
    DeskError::Invalid {
        pointer: "",
        message: message.to_owned(),
    }
}

fn reporter(from: &Correspondent) -> Reporter {
    let address = from.address.trim();
    Reporter {
        name: from.name.clone(),
        email: (address.chars().count() <= ADDRESS_MAX).then(|| address.to_owned()),
        ..Reporter::default()
    }
}

/// A text as far as a comment takes it.
fn short(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(TEXT_MAX - 60).collect();
    kept.push_str("\n\n[The mail is longer: see mail.txt]");
    kept
}
