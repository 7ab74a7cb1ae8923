//! What the desk is told from outside, read once and whole.
//!
//! Defaults, then `desk.toml` in the folder the desk is started in (or the file
//! that `DESK_CONFIG` names), then `DESK_…` variables. All that is wrong is
//! told at once, and a name that is no setting is wrong too: a mistyped one
//! must not silently do nothing. Only this module and `main` know where values
//! come from.

mod catalogue;
mod digest;
mod environment;
mod fault;
mod file;
mod layers;
mod named;
mod parse;
mod reader;
mod render;
mod secret_url;
mod sla;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use notify::QuietHours;
use secrecy::SecretString;
use ticketing::{IncidentRules, Pace, PolicySet};
use url::Url;

pub use self::{
    catalogue::reference,
    digest::Digests,
    fault::{Origin, SettingFault},
    named::Named,
    secret_url::SecretUrl,
};
use self::{
    layers::Layers,
    reader::{Effective, Reader},
};

/// Everything the desk is told from outside. `docs/operations.md` says what
/// each part is for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the desk listens.
    pub listen: SocketAddr,
    /// The address under which people reach it.
    pub public_url: Option<Url>,
    /// What it writes beside the database; absolute, may not exist yet.
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`.
    pub database_url: SecretUrl,
    /// Most connections of one process, at least 2.
    pub database_max_connections: u32,
    /// HTTP worker threads; none: one per core.
    pub workers: Option<usize>,
    /// The runbook to load at start; none: the embedded one.
    pub runbook: Option<PathBuf>,
    /// The admin key to create on the first start; none: a random one.
    pub admin_key: Option<SecretString>,
    /// The bearer token of `/metrics`; none: open.
    pub metrics_key: Option<SecretString>,
    /// A `tracing` filter.
    pub log: String,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// The mail server; none: mails become files.
    pub smtp_url: Option<SecretUrl>,
    /// Certificate authorities of the mail server, read from their file.
    pub smtp_authorities: Option<notify::Authorities>,
    /// Whom mails are from; none: `runbook-desk@` the host of `public_url`.
    pub mail_from: Option<String>,
    /// Whether reporters who left an address are mailed.
    pub mail_reporters: bool,
    /// Where their replies go; none: nobody reads them.
    pub reply_to: Option<String>,
    /// The zone in which messages write times; none: the calendars' own.
    pub time_zone: Option<chrono_tz::Tz>,
    /// The mail address of whom is told when nobody else can be reached.
    pub fallback_contact: Option<String>,
    /// Mail addresses by role.
    pub contacts: Named<String>,
    /// Mail addresses of assignees.
    pub people: Named<String>,
    /// Incoming webhooks by Slack channel.
    pub slack_webhooks: Named<SecretUrl>,
    /// Where pages go.
    pub pager_url: SecretUrl,
    /// The key of the on-call tool's service; none: nobody is paged.
    pub pager_routing_key: Option<SecretString>,
    /// Whether webhooks may lead inside, and go without TLS.
    pub webhook_private_targets: bool,
    /// When whom not to disturb, by address.
    pub quiet_hours: Named<QuietHours>,
    /// Ordinary mails per recipient and ten minutes; 0: any number.
    pub mails_per_recipient: u32,
    /// Who is mailed digests, and when.
    pub digests: Digests,
    /// First-response target; none: the runbook's.
    pub first_response_seconds: Option<i64>,
    /// Resolution target of what is not critical; none: the runbook's.
    pub resolution_seconds: Option<i64>,
    /// Resolution target of critical bugs.
    pub critical_resolution_seconds: i64,
    /// From resolved to closed.
    pub auto_close_seconds: i64,
    /// How long after closing a ticket can be reopened.
    pub reopen_window_seconds: i64,
    /// From when on many tickets are an incident.
    pub incidents: IncidentRules,
    /// The pace of what nobody acknowledges.
    pub pace: Pace,
    /// Pages of level 3 per tool and hour.
    pub level_3_pages_per_hour: u32,
    /// Pages of level 4 per tool and hour.
    pub level_4_pages_per_hour: u32,
    /// Requests one key may make per second; 0: no limit.
    pub rate_limit_per_second: u32,
    /// Requests one key may make at once, at least 1.
    pub rate_limit_burst: u32,
    /// Seconds that a request's body may take.
    pub body_timeout_seconds: u32,
    /// Policies and calendars, free of faults; the runbook's targets complete
    /// them.
    pub sla: PolicySet,
    effective: Vec<Effective>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// Reads the settings from `env` (all variables of the process; only
    /// `DESK_…` count) and the settings file; relative paths start at `cwd`.
    ///
    /// # Errors
    /// Every wrong setting, in the order of the sources.
    pub fn load(
        env: impl Iterator<Item = (String, String)>,
        cwd: &Path,
    ) -> Result<Self, Vec<SettingFault>> {
        let env: BTreeMap<String, String> = env.collect();
        let mut faults = Vec::new();
        let layers = Layers::new(&env, cwd, &mut faults);
        let mut reader = Reader {
            layers,
            faults,
            effective: Vec::new(),
        };
        match Self::read(&mut reader, cwd) {
            Some(settings) if reader.faults.is_empty() => Ok(settings),
            _ => Err(reader.faults),
        }
    }

    /// Answers `None` only after a fault was noted. Every setting is read
    /// before any is looked at, so that all faults are found.
    fn read(reader: &mut Reader, cwd: &Path) -> Option<Self> {
        let listen = reader.required("listen", parse::listen);
        let public_url = reader.optional("public_url", parse::public_url);
        let data_dir = reader.required("data_dir", |text| parse::folder(text, cwd));
        let database_url = reader.optional("database_url", parse::database);
        let database_max_connections = reader.required("database_max_connections", |text| {
            parse::number(text, 2..=1000)
        });
        let workers = reader.optional("workers", |text| parse::number(text, 1..=256));
        let runbook = reader.optional("runbook", |text| parse::file(text, cwd));
        let admin_key = reader.optional("admin_key", parse::admin_key);
        let metrics_key = reader.optional("metrics_key", parse::metrics_key);
        let log = reader.required("log", parse::log_filter);
        let log_format = reader.required("log_format", parse::log_format);
        let smtp_url = reader.optional("smtp_url", parse::smtp);
        let smtp_authorities =
            reader.optional("smtp_ca_file", |text| parse::authorities(text, cwd));
        let mail_from = reader.optional("mail_from", parse::email);
        let mail_reporters = reader.required("mail_reporters", parse::switch);
        let reply_to = reader.optional("reply_to", parse::email);
        let time_zone = reader.optional("time_zone", parse::time_zone);
        let fallback_contact = reader.optional("fallback_contact", parse::email);
        let contacts = reader.named("contacts", parse::email);
        let people = reader.named("people", parse::email);
        let slack_webhooks = reader.named("slack_webhooks", parse::webhook);
        let pager_url = reader.required("pager_url", parse::webhook);
        let pager_routing_key = reader.optional("pager_routing_key", parse::routing_key);
        let webhook_private_targets = reader.required("webhook_private_targets", parse::switch);
        let quiet_hours = reader.named("quiet_hours", parse::quiet_hours);
        let mails_per_recipient =
            reader.required("mails_per_recipient", |text| parse::number(text, 0..=1000));
        let digests = Digests::read(reader);
        let first_response_seconds = reader.optional("first_response_seconds", parse::seconds);
        let resolution_seconds = reader.optional("resolution_seconds", parse::seconds);
        let critical_resolution_seconds =
            reader.required("critical_resolution_seconds", parse::seconds);
        let auto_close_seconds = reader.required("auto_close_seconds", parse::seconds);
        let reopen_window_seconds = reader.required("reopen_window_seconds", parse::seconds);
        let incidents = incident_rules(reader);
        let repeat_seconds = reader.required("repeat_seconds", parse::seconds);
        let repeats = reader.required("repeats", |text| parse::number(text, 0..=100));
        let capped_seconds = reader.required("leadership_repeat_seconds", parse::seconds);
        let level_3_pages_per_hour = reader.required("level_3_pages_per_hour", |text| {
            parse::number(text, 1..=1_000_000)
        });
        let level_4_pages_per_hour = reader.required("level_4_pages_per_hour", |text| {
            parse::number(text, 1..=1_000_000)
        });
        let rate_limit_per_second = reader.required("rate_limit_per_second", |text| {
            parse::number(text, 0..=1_000_000)
        });
        let rate_limit_burst = reader.required("rate_limit_burst", |text| {
            parse::number(text, 1..=1_000_000)
        });
        let body_timeout_seconds =
            reader.required("body_timeout_seconds", |text| parse::number(text, 1..=3600));
        let sla = sla::read(reader, cwd);

        let data_dir = data_dir?;
        Some(Self {
            listen: listen?,
            public_url: public_url?,
            database_url: database_url?.unwrap_or_else(|| {
                let url = parse::sqlite(&data_dir.join("desk.db"));
                reader.derived("database_url", url.to_string());
                url
            }),
            data_dir,
            database_max_connections: database_max_connections?,
            workers: workers?.and_then(|count| usize::try_from(count).ok()),
            runbook: runbook?,
            admin_key: admin_key?,
            metrics_key: metrics_key?,
            log: log?,
            log_format: log_format?,
            smtp_url: smtp_url?,
            smtp_authorities: smtp_authorities?,
            mail_from: mail_from?,
            mail_reporters: mail_reporters?,
            reply_to: reply_to?,
            time_zone: time_zone?,
            fallback_contact: fallback_contact?,
            contacts: contacts?,
            people: people?,
            slack_webhooks: slack_webhooks?,
            pager_url: pager_url?,
            pager_routing_key: pager_routing_key?,
            webhook_private_targets: webhook_private_targets?,
            quiet_hours: quiet_hours?,
            mails_per_recipient: mails_per_recipient?,
            digests: digests?,
            first_response_seconds: first_response_seconds?,
            resolution_seconds: resolution_seconds?,
            critical_resolution_seconds: critical_resolution_seconds?,
            auto_close_seconds: auto_close_seconds?,
            reopen_window_seconds: reopen_window_seconds?,
            incidents: incidents?,
            pace: Pace {
                every_seconds: repeat_seconds?,
                repeats: repeats?,
                capped_seconds: capped_seconds?,
            },
            level_3_pages_per_hour: level_3_pages_per_hour?,
            level_4_pages_per_hour: level_4_pages_per_hour?,
            rate_limit_per_second: rate_limit_per_second?,
            rate_limit_burst: rate_limit_burst?,
            body_timeout_seconds: body_timeout_seconds?,
            sla,
            effective: std::mem::take(&mut reader.effective),
        })
    }

    /// The settings in effect and where each came from, secrets hidden.
    #[must_use]
    pub fn render(&self) -> String {
        render::render(&self.effective, &self.sla)
    }
}

/// Answers `None` only after a fault was noted.
fn incident_rules(reader: &mut Reader) -> Option<IncidentRules> {
    let reporters = reader.required("incident_reporters", |text| parse::number(text, 0..=1000));
    let window_seconds = reader.required("incident_window_seconds", parse::seconds);
    let cooldown_seconds = reader.required("incident_cooldown_seconds", parse::seconds);
    let quiet_seconds = reader.required("incident_quiet_seconds", parse::seconds);
    Some(IncidentRules {
        reporters: reporters?,
        window_seconds: window_seconds?,
        cooldown_seconds: cooldown_seconds?,
        quiet_seconds: quiet_seconds?,
    })
}
