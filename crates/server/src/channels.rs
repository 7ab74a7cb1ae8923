//! From settings to the channels that messages leave by.

use chrono_tz::Tz;
use notify::{Channels, Folder, Look, Mailing, Pager, Reach, Slack, Smtp};
use secrecy::ExposeSecret;
use ticketing::fold_name;

use crate::settings::Settings;

/// The channels that the settings name. Without a mail server mails become
/// files in `mail` under the data folder.
#[must_use]
pub fn channels(settings: &Settings) -> Channels {
    // The settings refuse what is no mail server's URL.
    let server = settings
        .smtp_url
        .as_ref()
        .and_then(|url| Smtp::from_url(url.expose()).ok());
    let mailing = match (server, &settings.smtp_authorities) {
        (Some(server), Some(own)) => Mailing::Server(Box::new(server.trusting(own.clone()))),
        (Some(server), None) => Mailing::Server(Box::new(server)),
        (None, _) => Mailing::Folder(Folder(settings.data_dir.join("mail"))),
    };
    let webhooks = settings.slack_webhooks.iter();
    let webhooks = webhooks.map(|(channel, url)| (fold_name(channel), url.expose().to_owned()));
    let look = look(settings);
    let quiet = settings.quiet_hours.iter();
    let quiet = quiet.map(|(name, hours)| (name.to_owned(), hours.or_in(look.zone)));
    let key = settings.pager_routing_key.as_ref();
    let key = key.map(|key| key.expose_secret().to_owned());
    Channels {
        mailing,
        slack: Slack::new(webhooks.collect()),
        pager: Pager::new(settings.pager_url.expose().to_owned(), key),
        reach: reach(settings),
        quiet: quiet.collect(),
        look,
    }
}

/// How all messages look.
pub(crate) fn look(settings: &Settings) -> Look {
    Look {
        from: sender(settings),
        reply_to: settings.reply_to.clone(),
        zone: settings.time_zone.unwrap_or_else(|| common_zone(settings)),
        public_url: settings.public_url.as_ref().map(ToString::to_string),
    }
}

/// Where webhooks of tools may lead.
pub(crate) const fn reach(settings: &Settings) -> Reach {
    if settings.webhook_private_targets {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// Whom mails are from.
pub(crate) fn sender(settings: &Settings) -> String {
    let host = settings.public_url.as_ref().and_then(|url| url.host_str());
    // An IPv6 address in brackets is no domain.
    let host = host
        .filter(|host| !host.starts_with('['))
        .unwrap_or("localhost");
    let derived = || format!("runbook-desk@{host}");
    settings.mail_from.clone().unwrap_or_else(derived)
}

fn common_zone(settings: &Settings) -> Tz {
    let mut zones = settings
        .sla
        .calendars
        .values()
        .map(|spec| spec.time_zone.as_str());
    let first = zones.next();
    match first {
        Some(zone) if zones.all(|other| other == zone) => zone.parse().unwrap_or(Tz::UTC),
        _ => Tz::UTC,
    }
}
