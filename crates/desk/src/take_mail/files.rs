//! What comes with a mail, by the rules of attachments: content by content,
//! within the ticket's quotas.

use notify::{ReceivedFile, ReceivedMail};
use ticketing::{ATTACHED_MAX, EventId, NewAttachment};

use super::{MailTaken, TEXT_MAX};
use crate::{
    Desk,
    attach_file::{FILE_MAX, NewFile, new_attachment},
    error::DeskError,
    masking::mask_text,
};

/// The files of a mail.
pub(super) struct Files {
    /// Stored, to be attached.
    pub(super) fit: Vec<NewAttachment>,
    /// Not taken: name and why.
    pub(super) unfit: Vec<(String, String)>,
}

impl Desk {
    /// Stores the content of what can be attached.
    pub(super) async fn mail_files(&self, mail: &ReceivedMail) -> Result<Files, DeskError> {
        let mut files = Files {
            fit: Vec::new(),
            unfit: Vec::new(),
        };
        let whole = whole_text(mail);
        for file in whole.iter().chain(&mail.files) {
            match self.fitting(file, files.fit.len()) {
                Ok((new, file)) => {
                    self.store.insert_content(new.id, &file.content).await?;
                    files.fit.push(new);
                }
                Err(why) => {
                    let mut name = file.name.clone();
                    mask_text(&mut name, &mut Vec::new());
                    files.unfit.push((name, why));
                }
            }
        }
        Ok(files)
    }

    fn fitting(
        &self,
        file: &ReceivedFile,
        taken: usize,
    ) -> Result<(NewAttachment, NewFile), String> {
        if u32::try_from(taken).map_or(true, |taken| taken >= ATTACHED_MAX) {
            return Err(format!("a ticket takes {ATTACHED_MAX} files"));
        }
        if file.content.len() > FILE_MAX {
            return Err(format!("larger than {} MiB", FILE_MAX >> 20));
        }
        let file = NewFile {
            name: file.name.clone(),
            content: file.content.clone(),
        };
        let id = EventId::new(self.clock.now(), self.entropy()).0;
        match new_attachment(id, &file) {
            Ok(new) => Ok((new, file)),
            Err(DeskError::Invalid { message, .. }) => Err(message),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Forgets the content that was not attached after all. After a failure the
    /// rows may be there, or come: then the sweep looks for them.
    pub(super) async fn forget_unused(&self, files: &Files, taken: &Result<MailTaken, DeskError>) {
        let Ok(MailTaken {
            ticket: Some(ticket),
            ..
        }) = taken
        else {
            return;
        };
        for file in &files.fit {
            let attached = self.store.find_attachment(*ticket, file.id).await;
            if matches!(attached, Ok(None))
                && let Err(error) = self.store.delete_content(file.id).await
            {
                tracing::warn!(%error, "content without attachment is left to be swept");
            }
        }
    }
}

/// A text that is too long for a comment, as a file.
fn whole_text(mail: &ReceivedMail) -> Option<ReceivedFile> {
    if mail.text.chars().count() <= TEXT_MAX {
        return None;
    }
    let mut text = mail.text.clone();
    mask_text(&mut text, &mut Vec::new());
    Some(ReceivedFile {
        name: "mail.txt".to_owned(),
        content: text.into_bytes(),
    })
}
