//! From settings to an open desk.

use std::{collections::BTreeSet, fs, io::Write, path::PathBuf, sync::Arc};

use desk::{
    Clock, Desk, DeskError, DeskSettings, DigestSettings, Fill, PageBudget, RuleSettings,
    RulesError,
};
use notify::Channels;
use secrecy::ExposeSecret;
use store::{Options, Store, StoreError};
use thiserror::Error;
use ticketing::{Directory, TargetSettings};

use crate::{
    DEFAULT_RUNBOOK,
    channels::{channels, look, reach, sender},
    settings::Settings,
};

/// An open desk, and what its first start left to tell.
#[derive(Debug)]
pub struct Opened {
    /// The desk.
    pub desk: Desk,
    /// The channels that its messages leave by.
    pub channels: Channels,
    /// Where the first admin key was written.
    pub admin_key_file: Option<PathBuf>,
}

/// Why the desk cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A file or folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// What is wrong.
        error: std::io::Error,
    },
    /// The runbook has errors, rendered with their lines.
    #[error("the runbook is refused:\n{0}")]
    Runbook(String),
    /// The rules.
    #[error(transparent)]
    Rules(RulesError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The desk.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// Opens database and rules, and makes the first admin key.
///
/// # Errors
/// [`OpenError`] says what to mend.
pub async fn open(settings: &Settings, clock: Clock) -> Result<Opened, OpenError> {
    create_data_dir(settings)?;
    let options = store_options(settings);
    Store::migrate(&options).await?;
    let store = Store::open(&options).await?;
    let (name, runbook) = match &settings.runbook {
        Some(path) => (path.display().to_string(), read(path)?),
        None => (
            "runbook/customer-support.md".to_owned(),
            DEFAULT_RUNBOOK.to_owned(),
        ),
    };
    let desk = Desk::open(store, clock, random(), desk_settings(settings), &runbook);
    let desk = desk.await.map_err(|error| match error {
        RulesError::Runbook(diagnostics) => {
            OpenError::Runbook(runbook::render(&diagnostics, &runbook, &name))
        }
        other => OpenError::Rules(other),
    })?;
    desk.backfill_facts().await?;
    desk.refresh_duplicates().await?;
    let wanted = settings.admin_key.as_ref().map(ExposeSecret::expose_secret);
    let made = desk.first_admin_key(wanted).await?;
    let admin_key_file = match made {
        Some(key) if wanted.is_none() => Some(write_key(settings, &key.secret)?),
        _ => None,
    };
    Ok(Opened {
        desk,
        channels: channels(settings),
        admin_key_file,
    })
}

/// How the settings say to open the database.
#[must_use]
pub(crate) fn store_options(settings: &Settings) -> Options {
    Options {
        url: settings.database_url.expose().to_owned(),
        max_connections: settings.database_max_connections,
    }
}

/// Random bytes from the operating system.
#[must_use]
pub fn random() -> Fill {
    Arc::new(|buffer| {
        // The operating system's source fails only where there is none at all;
        // ids without randomness would collide, so nothing may go on.
        if getrandom::fill(buffer).is_err() {
            std::process::abort();
        }
    })
}

fn desk_settings(settings: &Settings) -> DeskSettings {
    let contacts = settings.contacts.iter();
    DeskSettings {
        rules: RuleSettings {
            policies: settings.sla.clone(),
            targets: TargetSettings {
                first_response_seconds: settings.first_response_seconds,
                resolution_seconds: settings.resolution_seconds,
                critical_resolution_seconds: settings.critical_resolution_seconds,
            },
            directory: Directory {
                roles: contacts
                    .map(|(role, to)| (role.to_owned(), to.clone()))
                    .collect(),
                people: settings
                    .people
                    .iter()
                    .map(|(name, to)| (name.to_owned(), to.clone()))
                    .collect(),
                slack: settings
                    .slack_webhooks
                    .iter()
                    .map(|(channel, _)| channel.to_owned())
                    .collect(),
                pager: settings.pager_routing_key.is_some(),
                fallback: settings.fallback_contact.clone(),
                mail_reporters: settings.mail_reporters,
                own: own_addresses(settings),
                // The schedules are in the database.
                on_duty: std::collections::BTreeMap::new(),
            },
            pace: settings.pace,
            budget: PageBudget {
                engineering_per_hour: settings.level_3_pages_per_hour,
                leadership_per_hour: settings.level_4_pages_per_hour,
            },
        },
        auto_close_seconds: settings.auto_close_seconds,
        reopen_window_seconds: settings.reopen_window_seconds,
        webhook_reach: reach(settings),
        mails_per_recipient: usize::try_from(settings.mails_per_recipient).unwrap_or(0),
        incidents: settings.incidents,
        digest: digest_settings(settings),
    }
}

/// Digests go to the support lead where nobody else is named.
fn digest_settings(settings: &Settings) -> DigestSettings {
    let look = look(settings);
    let lead = settings.contacts.get("support lead").cloned();
    let to = settings.digests.to.clone();
    DigestSettings {
        to: to.unwrap_or_else(|| lead.into_iter().collect()),
        plan: settings.digests.plan(look.zone),
        look,
    }
}

/// Where a mail to a reporter would come back to the desk.
fn own_addresses(settings: &Settings) -> BTreeSet<String> {
    let own = [Some(sender(settings)), settings.reply_to.clone()];
    let own = own.into_iter().flatten();
    own.map(|address| address.to_lowercase()).collect()
}

pub(crate) fn create_data_dir(settings: &Settings) -> Result<(), OpenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let path = &settings.data_dir;
    builder.create(path).map_err(|error| OpenError::File {
        path: path.display().to_string(),
        error,
    })
}

fn read(path: &std::path::Path) -> Result<String, OpenError> {
    let file = |error| OpenError::File {
        path: path.display().to_string(),
        error,
    };
    let bytes = fs::read(path).map_err(file)?;
    // A runbook with a broken character is still a runbook; the check tells.
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

fn write_key(settings: &Settings, secret: &str) -> Result<PathBuf, OpenError> {
    let path = settings.data_dir.join("admin.key");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&path)
        .and_then(|mut file| writeln!(file, "{secret}"));
    written.map_err(|error| OpenError::File {
        path: path.display().to_string(),
        error,
    })?;
    Ok(path)
}
