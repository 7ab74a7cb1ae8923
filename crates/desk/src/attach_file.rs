//! Attaching files, and reading them.

use sha2::{Digest, Sha256};
use store::Attachment;
use ticketing::{Actor, EventId, NewAttachment, TicketRef};
use uuid::Uuid;

use crate::{
    Desk,
    change_ticket::{Act, Changed},
    error::DeskError,
    idempotent::Answer,
    masking::mask_text,
    media_type::{TAKEN, media_type},
};

/// Bytes of a file: 10 MiB.
pub const FILE_MAX: usize = 10 << 20;
/// Characters of a file's name that are kept.
const NAME_MAX: usize = 200;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name as sent.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

impl Desk {
    /// Attaches a file to a ticket that the actor may see. Its media type is
    /// what its content says.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for an empty file or content of a type that is
    /// not taken, [`DeskError::Refused`], [`DeskError::Stale`].
    pub async fn attach_file(
        &self,
        act: Act<'_>,
        file: NewFile,
        render: impl Fn(&Changed, &Attachment) -> store::StoredAnswer,
    ) -> Result<Answer, DeskError> {
        if let Some(request) = act.request
            && let Some(replayed) = self.replay(&act.actor.name, request).await?
        {
            return Ok(replayed);
        }
        let now = self.clock.now();
        let new = new_attachment(EventId::new(now, self.entropy()).0, &file)?;
        // What is refused anyway need not be stored first.
        let ticket = self.ticket(act.actor, act.ticket).await?;
        let rules = self.rules();
        let _allowed = self.in_scene(act.actor, now, &rules.book, |scene| {
            ticketing::attach(&ticket, new.clone(), scene)
        })?;

        self.store.insert_content(new.id, &file.content).await?;
        let done = self
            .change(
                act,
                |ticket, scene| ticketing::attach(ticket, new.clone(), scene),
                |changed| render(changed, &attachment(&new, changed, act.actor)),
            )
            .await;
        // After any other failure the row may be there, or come: the sweep
        // looks for it.
        let unused = matches!(
            done,
            Ok(Answer::Replayed(_)) | Err(DeskError::Refused(_) | DeskError::Stale { .. })
        );
        if unused && let Err(error) = self.store.delete_content(new.id).await {
            tracing::warn!(%error, "content without attachment is left to be swept");
        }
        done
    }

    /// The attachments of a ticket, oldest first.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn attachments(
        &self,
        actor: &Actor,
        by: TicketRef,
    ) -> Result<Vec<Attachment>, DeskError> {
        let ticket = self.ticket(actor, by).await?;
        Ok(self.store.list_attachments(ticket.number).await?)
    }

    /// One attachment of a ticket.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn attachment(
        &self,
        actor: &Actor,
        by: TicketRef,
        id: Uuid,
    ) -> Result<Attachment, DeskError> {
        let ticket = self.ticket(actor, by).await?;
        let found = self.store.find_attachment(ticket.number, id).await?;
        found.ok_or_else(|| DeskError::NotFound {
            what: "attachment",
            id: id.to_string(),
        })
    }

    /// The `n`th chunk of an attachment's content, from 0; none beyond the
    /// last. Whose attachment it is was asked by [`Desk::attachment`].
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn attachment_chunk(
        &self,
        attachment: &Attachment,
        n: i32,
    ) -> Result<Option<Vec<u8>>, DeskError> {
        Ok(self.store.find_chunk(attachment.id, n).await?)
    }
}

pub(crate) fn new_attachment(id: Uuid, file: &NewFile) -> Result<NewAttachment, DeskError> {
    let invalid = |message: String| DeskError::Invalid {
        pointer: "/file",
        message,
    };
    if file.content.is_empty() {
        return Err(invalid("the file is empty".to_owned()));
    }
    let media_type = media_type(&file.content).ok_or_else(|| {
        invalid(format!(
            "the content is of no type that is taken: UTF-8 text, {}",
            TAKEN.join(", ")
        ))
    })?;
    let mut name = plain_name(&file.name);
    let mut masked = Vec::new();
    mask_text(&mut name, &mut masked);
    let hash = Sha256::digest(&file.content);
    Ok(NewAttachment {
        id,
        name,
        size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
        media_type: media_type.to_owned(),
        sha256: format!("{hash:x}"),
        masked,
    })
}

/// A name without path, control characters and those that turn the direction
/// of writing, so that it shows the ending it has.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .take(NAME_MAX)
        .collect();
    let plain = plain.trim().trim_start_matches('.').trim();
    if plain.is_empty() { "file" } else { plain }.to_owned()
}

fn attachment(new: &NewAttachment, changed: &Changed, actor: &Actor) -> Attachment {
    Attachment {
        id: new.id,
        name: new.name.clone(),
        media_type: new.media_type.clone(),
        size: new.size,
        sha256: new.sha256.clone(),
        at: changed.ticket.updated_at,
        by: actor.name.clone(),
    }
}

#[cfg(test)]
mod tests;
