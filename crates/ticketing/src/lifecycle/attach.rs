//! Attachments: what a ticket takes.

use uuid::Uuid;

use crate::{
    event::EventKind,
    refusal::Refusal,
    settle::{Changing, Decided, Scene},
    ticket::Ticket,
    words::Status,
};

/// How many files a ticket takes.
pub const ATTACHED_MAX: u32 = 20;
/// How many bytes the files of a ticket may have together: 50 MiB.
pub const ATTACHED_BYTES_MAX: i64 = 50 << 20;

/// A file to be attached; its name is masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// Its identity.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// Media type by content.
    pub media_type: String,
    /// SHA-256 of the content in hex.
    pub sha256: String,
    /// Kinds of sensitive data that were masked in the name.
    pub masked: Vec<String>,
}

/// Attaches a file.
///
/// # Errors
/// [`Refusal::IllegalMove`] for a closed ticket, [`Refusal::TooManyAttachments`],
/// [`Refusal::AttachmentsTooLarge`].
pub fn attach(ticket: &Ticket, new: NewAttachment, scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let mut changing = Changing::of(ticket, scene)?;
    if ticket.status == Status::Closed {
        return Err(changing.illegal("attached to"));
    }
    if ticket.attached.count >= ATTACHED_MAX {
        return Err(Refusal::TooManyAttachments { max: ATTACHED_MAX });
    }
    if ticket.attached.bytes.saturating_add(new.size) > ATTACHED_BYTES_MAX {
        return Err(Refusal::AttachmentsTooLarge {
            used: ticket.attached.bytes,
            size: new.size,
            max: ATTACHED_BYTES_MAX,
        });
    }
    changing.record(EventKind::Attached {
        attachment: new.id,
        name: new.name,
        size: new.size,
        media_type: new.media_type,
        sha256: new.sha256,
        masked: new.masked,
    });
    Ok(changing.settle())
}
