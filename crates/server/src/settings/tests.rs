mod shipped;
mod sla;

use std::fs;

use tempfile::TempDir;

use super::{LogFormat, Settings};

#[test]
fn without_file_and_variables_the_defaults_hold() {
    let folder = TempDir::new().unwrap();
    let settings = load(&folder, "", &[]).unwrap();

    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data_dir, folder.path().join("data"));
    assert_eq!(
        settings.database_url.expose(),
        format!("sqlite://{}/data/desk.db", folder.path().display())
    );
    assert_eq!(settings.log_format, LogFormat::Human);
    assert_eq!(settings.critical_resolution_seconds, 4 * 3600);
    assert_eq!(settings.auto_close_seconds, 72 * 3600);
    assert_eq!(settings.reopen_window_seconds, 7 * 24 * 3600);
    assert!(settings.smtp_url.is_none() && settings.runbook.is_none());
    assert!(settings.sla.policies.is_empty());
}

#[test]
fn a_variable_goes_over_the_file_and_the_file_over_the_default() {
    let folder = TempDir::new().unwrap();
    let file = "listen = \"127.0.0.1:1\"\nworkers = 3\nlog = \"warn\"\n";
    let env = [
        ("DESK_LISTEN", "0.0.0.0:2"),
        ("DESK_LOG", ""),
        ("LISTEN", "?"),
    ];
    let settings = load(&folder, file, &env).unwrap();

    assert_eq!(settings.listen.to_string(), "0.0.0.0:2");
    assert_eq!(settings.workers, Some(3));
    assert_eq!(settings.log, "warn", "an empty variable is not set");
    let printed = settings.render();
    for line in [
        "listen = \"0.0.0.0:2\" # DESK_LISTEN".to_owned(),
        format!(
            "workers = 3 # {}",
            folder.path().join("desk.toml").display()
        ),
        "database_max_connections = 10 # default".to_owned(),
        "# smtp_url # not set".to_owned(),
    ] {
        assert!(
            words(&printed).contains(&line),
            "{line} is not in\n{printed}"
        );
    }
}

#[test]
fn desk_config_names_another_file() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("other.toml"), "workers = 7").unwrap();

    let settings = load(&folder, "workers = 3", &[("DESK_CONFIG", "other.toml")]).unwrap();
    assert_eq!(settings.workers, Some(7));

    let faults = faults("workers = 3", &[("DESK_CONFIG", "missing.toml")]);
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("missing.toml: cannot be read:"),
        "{faults:?}"
    );
}

#[test]
fn every_wrong_setting_is_told_at_once() {
    let file = "listen = 8080\nworkrs = 4\ncontacts = 5\n[slack_webhooks]\nops = \"http://example.com/x\"\n";
    let env = [
        ("DESK_WORKERS", "0"),
        ("DESK_LISTN", "127.0.0.1:1"),
        ("DESK_ZZZ", "1"),
        ("DESK_SLA", "1"),
        ("DESK_CONTACTS__CTO", "nobody"),
    ];
    assert_eq!(
        faults(file, &env),
        [
            "desk.toml: contacts: must be a table: [contacts]",
            "desk.toml: workrs: no such setting; did you mean `workers`?",
            "DESK_LISTN: no such setting; did you mean `DESK_LISTEN`?",
            "DESK_SLA: can only be set in the settings file",
            "DESK_ZZZ: no such setting",
            "desk.toml: listen: \"8080\" is not an IP address with a port, such as 0.0.0.0:8080",
            "DESK_WORKERS: \"0\" is not a number from 1 to 256",
            "DESK_CONTACTS__CTO: \"nobody\" is not a mail address",
            "desk.toml: slack_webhooks.ops: its value is not an https:// webhook",
        ]
    );
}

#[test]
fn what_is_no_toml_is_told_by_line_without_quoting_it() {
    let told = faults("workers = 1\nsmtp_url = \"smtp://u:hunter2@h\" x\n", &[]);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("desk.toml: line 2:"), "{told:?}");
    assert!(!told[0].contains("hunter2"));
}

#[test]
fn values_outside_of_what_is_allowed_are_refused() {
    let refused = [
        ("DESK_LISTEN", "localhost"),
        ("DESK_PUBLIC_URL", "desk.example"),
        ("DESK_PUBLIC_URL", "https://desk.example/?x=1"),
        ("DESK_DATABASE_URL", "mysql://localhost/desk"),
        ("DESK_DATABASE_URL", "sqlite::memory:"),
        ("DESK_DATABASE_URL", "sqlite://desk.db?mode=memory"),
        ("DESK_DATABASE_URL", "sqlite://"),
        ("DESK_DATABASE_URL", "postgres://localhost"),
        ("DESK_DATABASE_MAX_CONNECTIONS", "1"),
        ("DESK_WORKERS", "-1"),
        ("DESK_WORKERS", "four"),
        ("DESK_RUNBOOK", "missing.md"),
        ("DESK_ADMIN_KEY", "rd_short"),
        ("DESK_ADMIN_KEY", "0123456789012345678901234567890123456789"),
        ("DESK_LOG", "desk=loud"),
        ("DESK_LOG_FORMAT", "xml"),
        ("DESK_SMTP_URL", "mail.example:25"),
        ("DESK_SMTP_URL", "smtp://mail.example?tls=maybe"),
        ("DESK_SMTP_URL", "imap://mail.example"),
        ("DESK_FALLBACK_CONTACT", "someone"),
        ("DESK_CONTACTS__CEO", "a@b@c"),
        ("DESK_CONTACTS__CEO", "a b@c.example"),
        ("DESK_CONTACTS__CEO", "ceo@.example"),
        ("DESK_CONTACTS__CEO", "#channel"),
        ("DESK_SLACK_WEBHOOKS__OPS", "http://10.0.0.7/hook"),
        ("DESK_SLACK_WEBHOOKS__OPS", "#ops"),
        ("DESK_AUTO_CLOSE_SECONDS", "0"),
        ("DESK_AUTO_CLOSE_SECONDS", "72h"),
        ("DESK_REOPEN_WINDOW_SECONDS", "99999999999"),
        ("DESK_RATE_LIMIT_BURST", "0"),
        ("DESK_DIGEST_TO", "lila@example.com;hari@example.com"),
        ("DESK_DIGEST_TO", "lila@example.com,"),
        ("DESK_DIGEST_DAILY", "every day"),
        ("DESK_DIGEST_DAILY", "0 8,20 * * *"),
        ("DESK_DIGEST_WEEKLY", "0 25 * * 1"),
        ("DESK_DIGEST_WEEKLY", "on"),
        ("DESK_DIGEST_MONTHLY", "0 8 30 2 *"),
        ("DESK_DIGEST_TIME_ZONE", "Nepal/Pokhara"),
    ];
    for (variable, text) in refused {
        let told = faults("", &[(variable, text)]);
        assert_eq!(told.len(), 1, "{variable}={text}: {told:?}");
        assert!(told[0].starts_with(variable), "{told:?}");
    }
}

#[test]
fn values_inside_of_what_is_allowed_are_taken() {
    let taken = [
        ("DESK_LISTEN", "[::1]:0"),
        ("DESK_PUBLIC_URL", "https://desk.example/support"),
        ("DESK_DATABASE_URL", "sqlite://var/desk.db?mode=rwc"),
        (
            "DESK_DATABASE_URL",
            "postgresql:///desk?host=/run/postgresql",
        ),
        ("DESK_ADMIN_KEY", "rd_0123456789abcdefABCDEF0123456789-_"),
        ("DESK_LOG", "warn,desk=debug"),
        ("DESK_LOG_FORMAT", "json"),
        ("DESK_SMTP_URL", "smtp://mail.example:2525"),
        (
            "DESK_SMTP_URL",
            "smtps://u:p%40ss@mail.example?tls=required",
        ),
        ("DESK_FALLBACK_CONTACT", "duty+night@example.com"),
        ("DESK_SLACK_WEBHOOKS__OPS", "http://127.0.0.1:9/hook"),
        (
            "DESK_SLACK_WEBHOOKS__OPS",
            "https://hooks.example/T0/B0/secret",
        ),
        ("DESK_RATE_LIMIT_PER_SECOND", "0"),
        ("DESK_DIGEST_TO", "lila@example.com, hari@example.com"),
        ("DESK_DIGEST_DAILY", "30 7 * * SUN-FRI"),
        ("DESK_DIGEST_WEEKLY", "0 8 * * 0"),
        ("DESK_DIGEST_MONTHLY", "off"),
        ("DESK_SERVICE_HOST", "10.0.0.7"),
        ("DESK_PORT", "tcp://10.0.0.7:8080"),
        ("DESK_PORT_8080_TCP_ADDR", "10.0.0.7"),
    ];
    for (variable, text) in taken {
        assert_eq!(
            faults("", &[(variable, text)]),
            [""; 0],
            "{variable}={text}"
        );
    }
}

#[test]
fn no_secret_is_ever_printed() {
    let secrets = [
        (
            "DESK_DATABASE_URL",
            "postgres://desk:hunter2@db/desk?sslpassword=hunter2",
        ),
        ("DESK_SMTP_URL", "smtp://desk:hunter2@mail.example"),
        ("DESK_ADMIN_KEY", "rd_hunter2hunter2hunter2hunter2hunter2"),
        ("DESK_SLACK_WEBHOOKS__OPS", "https://hooks.example/hunter2"),
    ];
    let folder = TempDir::new().unwrap();
    let settings = load(&folder, "", &secrets).unwrap();
    for text in [settings.render(), format!("{settings:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert!(
        settings
            .render()
            .contains("postgres://desk:***@db/desk?sslpassword=***")
    );
    assert!(settings.database_url.expose().contains("hunter2"));

    for (variable, text) in secrets {
        // The same values, spoilt: a fault must not tell them either.
        let spoilt = format!(" {}", text.replace("://", ":/"));
        let told = faults("", &[(variable, &spoilt)]).join("\n");
        assert!(!told.is_empty() && !told.contains("hunter2"), "{told}");
    }
}

#[test]
fn names_are_compared_by_their_words() {
    let file = "[contacts]\n\"On-Call Engineer\" = \"file@example.com\"\nCTO = \"cto@example.com\"\n\
                [slack_webhooks]\nops = \"https://hooks.example/1\"\n";
    let env = [("DESK_CONTACTS__ON_CALL_ENGINEER", "env@example.com")];
    let settings = load(&TempDir::new().unwrap(), file, &env).unwrap();

    let address = |role| settings.contacts.get(role).map(String::as_str);
    assert_eq!(address("on-call engineer"), Some("env@example.com"));
    assert_eq!(address("cto"), Some("cto@example.com"));
    assert_eq!(address("CEO"), None);
    assert!(settings.slack_webhooks.get("#ops").is_some());
    assert_eq!(
        faults("[contacts]\ncto = \"a@b\"\nCTO = \"c@d\"", &[]),
        ["desk.toml: contacts.\"cto\": stands here twice"]
    );
}

#[test]
fn a_folder_with_odd_characters_makes_a_database_url_that_means_it() {
    let settings = load(
        &TempDir::new().unwrap(),
        "",
        &[("DESK_DATA_DIR", "/x/50% #1?")],
    )
    .unwrap();
    assert_eq!(
        settings.database_url.expose(),
        "sqlite:///x/50%25 %231%3F/desk.db"
    );
}

/// Loads with `file` as `desk.toml`, when it says anything.
fn load(
    folder: &TempDir,
    file: &str,
    env: &[(&str, &str)],
) -> Result<Settings, Vec<super::SettingFault>> {
    if !file.is_empty() {
        fs::write(folder.path().join("desk.toml"), file).unwrap();
    }
    let env = env
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Settings::load(env, folder.path())
}

/// The faults as they are told, the folder's path cut.
fn faults(file: &str, env: &[(&str, &str)]) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let prefix = format!("{}/", folder.path().display());
    match load(&folder, file, env) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .iter()
            .map(|fault| fault.to_string().replace(&prefix, ""))
            .collect(),
    }
}

/// The lines with runs of spaces made one.
fn words(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn a_wrong_schedule_is_told_with_what_one_looks_like() {
    let told = faults("digest_weekly = \"0 25 * * 1\"", &[]);
    let wanted = "desk.toml: digest_weekly: \"0 25 * * 1\" is not a cron expression \
        MINUTE HOUR DAY MONTH WEEKDAY with one time of day, or `off`";
    assert_eq!(told, [wanted]);
}
