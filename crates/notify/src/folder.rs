//! Mails as files, for a desk without a mail server.

use std::{fs, io, path::PathBuf};

use crate::{mail::Mail, message::Message, outcome::Outcome};

/// A folder of `.eml` files, one a mail.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// Writes a mail, whole or not at all. A repeated attempt replaces its file.
    pub(crate) async fn write(&self, message: &Message, mail: Mail) -> Outcome {
        let name = format!(
            "{}-{}-{}.eml",
            message.at.format("%Y%m%dT%H%M%SZ"),
            message.about,
            message.id
        );
        let folder = self.0.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &mail.raw));
        match written.await {
            Ok(Ok(path)) => Outcome::Sent(format!("written to {}", path.display())),
            Ok(Err(error)) => Outcome::Misconfigured(format!("{}: {error}", self.0.display())),
            Err(stopped) => Outcome::Transient(stopped.to_string()),
        }
    }
}

fn write(folder: &PathBuf, name: &str, raw: &[u8]) -> io::Result<PathBuf> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;

    let path = folder.join(name);
    let unfinished = folder.join(format!(".{name}.part"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    io::Write::write_all(&mut file, raw)?;
    file.sync_all()?;
    fs::rename(&unfinished, &path)?;
    // The name itself is durable once its folder is.
    fs::File::open(folder)?.sync_all()?;
    Ok(path)
}
