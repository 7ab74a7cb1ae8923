//! The list of all settings: their names, defaults and what they allow.
//!
//! The one place that reading, printing, "did you mean" and the table in
//! `docs/operations.md` (a test compares it) take them from.

use ticketing::digest::{DAILY, MONTHLY, WEEKLY};

/// How a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One value.
    One,
    /// A table from names to values; a variable names one as `DESK_KEY__NAME`.
    Named,
    /// Tables that only the settings file can hold.
    Tables,
}

/// How much of a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// All of it.
    Open,
    /// A URL without its password and secret parameters.
    UrlPassword,
    /// A URL of which only scheme and host may be shown.
    UrlPath,
    /// Nothing.
    Whole,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) form: Form,
    pub(super) secrecy: Secrecy,
    /// As it would be written; none when there is none or when it is derived
    /// from other settings (`meaning` says how).
    pub(super) default: Option<&'static str>,
    /// Completes "… is not".
    pub(super) allowed: &'static str,
    pub(super) meaning: &'static str,
}

impl Setting {
    /// The environment variable that sets it.
    pub(super) fn variable(&self) -> String {
        format!("DESK_{}", self.key.to_ascii_uppercase())
    }

    const fn secret(mut self, secrecy: Secrecy) -> Self {
        self.secrecy = secrecy;
        self
    }

    const fn form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }
}

const fn one(
    key: &'static str,
    default: Option<&'static str>,
    allowed: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting {
        key,
        form: Form::One,
        secrecy: Secrecy::Open,
        default,
        allowed,
        meaning,
    }
}

const TURNS: &str =
    "a cron expression MINUTE HOUR DAY MONTH WEEKDAY with one time of day, or `off`";
const SECONDS: &str = "a number of seconds from 1 to 3155760000";

/// All settings, in the order in which they are printed.
#[rustfmt::skip]
pub(super) const SETTINGS: &[Setting] = &[
    one("listen", Some("127.0.0.1:8080"), "an IP address with a port, such as 0.0.0.0:8080",
        "where the desk listens"),
    one("public_url", None, "an http:// or https:// address without query or fragment",
        "the address under which people reach the desk, for links in messages"),
    one("data_dir", Some("./data"), "a folder",
        "what the desk writes beside the database: the first admin key, mails kept as files; relative to the folder it is started in"),
    one("database_url", None, "a sqlite:// file or a postgres:// server with a database name",
        "the database; without it a SQLite file `desk.db` in `data_dir`").secret(Secrecy::UrlPassword),
    one("database_max_connections", Some("10"), "a number from 2 to 1000",
        "most database connections one process opens"),
    one("workers", None, "a number from 1 to 256",
        "HTTP worker threads; without it one per core"),
    one("runbook", None, "a readable Markdown file",
        "the runbook to load at start; without it the one that is built in"),
    one("admin_key", None, "`rd_` followed by 32 to 252 letters, digits, dashes or underscores",
        "the admin key to create on the first start; without it one is made at random").secret(Secrecy::Whole),
    one("metrics_key", None, "16 to 256 printable ASCII characters without spaces",
        "what a scraper of `/metrics` must send as its bearer token; without it anybody may scrape").secret(Secrecy::Whole),
    one("log", Some("info"), "a log filter, such as `info` or `warn,desk=debug`",
        "which log lines are written"),
    one("log_format", Some("human"), "`human` or `json`",
        "how log lines are written"),
    one("smtp_url", None, "smtp://[user:password@]host[:port][?tls=required|opportunistic], or smtps://",
        "the mail server; without it mails are kept as files in `data_dir`").secret(Secrecy::UrlPassword),
    one("smtp_ca_file", None, "a readable file of PEM certificates",
        "certificate authorities of your own that the mail server's certificate may be from, beside those that browsers trust"),
    one("mail_from", None, "a mail address",
        "whom mails are from; without it `runbook-desk@` the host of `public_url`, or `runbook-desk@localhost`"),
    one("mail_reporters", Some("on"), "`on` or `off`",
        "whether reporters who left an address are mailed: a receipt, answers, the resolution"),
    one("reply_to", None, "a mail address",
        "where replies of reporters go, so that they reach `POST /v1/inbound`; without it nobody reads them"),
    one("time_zone", None, "an IANA time zone, such as Asia/Kathmandu",
        "the zone in which messages write times; without it the zone of the calendars where they have one in common, else UTC"),
    one("fallback_contact", None, "a mail address",
        "who is told when nobody else can be reached"),
    one("contacts", None, "a mail address",
        "addresses for the roles that the runbook names without one, such as `on-call engineer`, `CTO`, `CEO`, `technical lead`, `support lead`")
        .form(Form::Named),
    one("people", None, "a mail address",
        "addresses of those whom tickets are assigned to, by the name of their access key or as assigned: they are told when a target is at risk")
        .form(Form::Named),
    one("slack_webhooks", None, "an https:// webhook",
        "the incoming webhook of each Slack channel, by the channel's name without `#`")
        .form(Form::Named).secret(Secrecy::UrlPath),
    one("pager_url", Some("https://events.pagerduty.com/v2/enqueue"), "an https:// address",
        "where pages go, in the form of PagerDuty's Events API v2").secret(Secrecy::UrlPath),
    one("pager_routing_key", None, "a key without blanks",
        "the key of the on-call tool's service; without it \"page\" contacts are mailed by `contacts`").secret(Secrecy::Whole),
    one("webhook_private_targets", Some("off"), "`on` or `off`",
        "whether webhooks of tools may lead to private addresses, and go without TLS"),
    one("quiet_hours", None, "HH:MM-HH:MM, with a time zone if it is another",
        "when a contact is not told of levels 1 and 2, by mail address or channel")
        .form(Form::Named),
    one("mails_per_recipient", Some("20"), "a number from 0 to 1000",
        "mails of levels 1 and 2 that one recipient is sent in ten minutes, before they are bundled; 0 for no limit"),
    one("digest_to", None, "mail addresses, separated by commas",
        "the leads who are mailed digests and checklists; without it the `support lead` of `contacts`, and without that nobody"),
    one("digest_daily", Some(DAILY), TURNS,
        "when the daily digest is mailed"),
    one("digest_weekly", Some(WEEKLY), TURNS,
        "when the weekly digest is mailed"),
    one("digest_monthly", Some(MONTHLY), TURNS,
        "when the monthly digest is mailed"),
    one("digest_time_zone", None, "an IANA time zone, such as Asia/Kathmandu",
        "the leads' zone, whose clock and days count for digests; without it that of messages, see `time_zone`"),
    one("first_response_seconds", None, SECONDS,
        "first-response target; without it the runbook's"),
    one("resolution_seconds", None, SECONDS,
        "resolution target of tickets that are not critical; without it the runbook's"),
    one("critical_resolution_seconds", Some("14400"), SECONDS,
        "resolution target of critical bugs, about which runbooks are often silent"),
    one("auto_close_seconds", Some("259200"), SECONDS,
        "how long after its resolution a ticket closes by itself"),
    one("reopen_window_seconds", Some("604800"), SECONDS,
        "how long after its closing a ticket can be reopened"),
    one("incident_reporters", Some("5"), "a number from 0 to 1000",
        "how many distinct reporters make an incident; 0 switches incidents off"),
    one("incident_window_seconds", Some("1800"), SECONDS,
        "within which time they report"),
    one("incident_cooldown_seconds", Some("1800"), SECONDS,
        "for how long after an incident no other one of the same entry opens"),
    one("incident_quiet_seconds", Some("7200"), SECONDS,
        "after which time without a further ticket an incident ends by itself"),
    one("repeat_seconds", Some("900"), SECONDS,
        "how long after an escalation or its last reminder it is repeated while nobody acknowledges; at level 2 in the policy's calendar"),
    one("repeats", Some("3"), "a number from 0 to 100",
        "how often an escalation is repeated before it rises from level 2, ends at level 3, or slows down at level 4"),
    one("leadership_repeat_seconds", Some("3600"), SECONDS,
        "how often level 4 is reminded after that, until somebody acknowledges"),
    one("level_3_pages_per_hour", Some("10"), "a number from 1 to 1000000",
        "how many pages of level 3 the tickets of one tool may cause in an hour; the rest is listed in one notice"),
    one("level_4_pages_per_hour", Some("10"), "a number from 1 to 1000000",
        "the same of level 4"),
    one("rate_limit_per_second", Some("100"), "a number from 0 to 1000000",
        "requests that one access key may make per second in the long run; 0 for no limit"),
    one("rate_limit_burst", Some("200"), "a number from 1 to 1000000",
        "requests that one access key may make at once"),
    one("body_timeout_seconds", Some("30"), "a number from 1 to 3600",
        "how long a request's body may take to arrive; an attachment may take twice as long"),
    one("sla", None, "tables of policies and calendars",
        "`[[sla.policies]]` and `[sla.calendars.NAME]`, see below").form(Form::Tables),
];

/// Finds a setting by its key.
pub(super) fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// All settings as a Markdown table: the one in `docs/operations.md`.
#[must_use]
pub fn reference() -> String {
    let head =
        "| variable | in `desk.toml` | default | allowed | what it sets |\n|---|---|---|---|---|\n";
    let rows = SETTINGS.iter().map(|setting| {
        let variable = match setting.form {
            Form::One => format!("`{}`", setting.variable()),
            Form::Named => format!("`{}__NAME`", setting.variable()),
            Form::Tables => "–".to_owned(),
        };
        let default = setting.default.map(|text| format!("`{text}`"));
        format!(
            "| {variable} | `{}` | {} | {} | {} |\n",
            setting.key,
            default.unwrap_or_default(),
            setting.allowed.replace('|', "\\|"),
            setting.meaning,
        )
    });
    [head.to_owned()].into_iter().chain(rows).collect()
}
