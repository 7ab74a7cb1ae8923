//! `runbook-desk key create|list|revoke`: on the database itself, for whoever
//! runs the desk.

use chrono::{DateTime, Utc};
use clap::Subcommand;
use ticketing::{Actor, Role};
use uuid::Uuid;

use crate::{clock::system_clock, open::open, settings::Settings};

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make a key and print it: the only time it is shown.
    Create {
        /// The actor's name in every event; unique.
        name: String,
        /// tool, agent, lead or admin.
        #[arg(long, default_value = "tool")]
        role: Role,
        /// Until when it is good, RFC 3339.
        #[arg(long)]
        expires_at: Option<DateTime<Utc>>,
    },
    /// List keys, never the keys themselves.
    List,
    /// Revoke a key.
    Revoke {
        /// The key's id, from `key list`.
        id: Uuid,
    },
}

pub(super) async fn run(settings: &Settings, command: Key) -> Result<(), String> {
    let opened = open(settings, system_clock())
        .await
        .map_err(|error| error.to_string())?;
    let desk = opened.desk;
    let operator = Actor {
        name: "operator".to_owned(),
        role: Role::Admin,
    };
    let done = match command {
        Key::Create {
            name,
            role,
            expires_at,
        } => {
            let made = desk
                .create_access_key(&operator, &name, role, expires_at)
                .await;
            made.map(|made| println!("{}", made.secret))
        }
        Key::List => desk.list_access_keys(&operator).await.map(|keys| {
            for key in keys {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, Some(at)) => format!("until {at}"),
                    (None, None) => "good".to_owned(),
                };
                println!(
                    "{}  {:<6}  {}  {state}",
                    key.id,
                    key.role.as_str(),
                    key.name
                );
            }
        }),
        Key::Revoke { id } => desk.revoke_access_key(&operator, id).await,
    };
    let closed = desk.close().await;
    done.and(closed).map_err(|error| error.to_string())
}
