//! A real desk: HTTP server, database, clock.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use api::{BodyDeadline, RateLimit};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{Clock, Delivered, Desk};
use server::{Serving, http_server, open, settings::Settings};
use store::{Options, Store};
use tempfile::TempDir;
use ticketing::{Actor, Role};

use super::{client::Client, database::TestDatabase};

/// The key that the admin of every desk here has.
pub(crate) const ADMIN_KEY: &str = "rd_0123456789012345678901234567890123456789";

/// When every story begins.
const BEGIN: &str = "2026-11-22T10:00:00Z";

/// A clock that stands still until it is wound.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    fn new() -> Self {
        let begin: DateTime<Utc> = BEGIN.parse().unwrap();
        Self(Arc::new(AtomicI64::new(begin.timestamp_micros())))
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().unwrap();
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    fn as_clock(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || clock.now())
    }
}

/// What a desk is opened with; the default is what `cargo run` would have.
#[derive(Default)]
pub(crate) struct Setup {
    /// Another runbook than the embedded one.
    pub(crate) runbook: Option<String>,
    /// `DESK_…` variables.
    pub(crate) env: Vec<(&'static str, String)>,
    /// The text of `desk.toml`.
    pub(crate) file: String,
    /// A database that another desk uses or used; none: a fresh one.
    pub(crate) database: Option<Arc<TestDatabase>>,
    /// The clock of another desk.
    pub(crate) clock: Option<TestClock>,
}

/// An open desk behind its HTTP server.
pub(crate) struct TestDesk {
    pub(crate) desk: Desk,
    pub(crate) channels: notify::Channels,
    pub(crate) clock: TestClock,
    pub(crate) database: Arc<TestDatabase>,
    pub(crate) url: String,
    store: Store,
    folder: TempDir,
}

impl TestDesk {
    /// A desk as it comes, on a fresh database.
    pub(crate) async fn open() -> Self {
        Self::with(Setup::default()).await
    }

    /// A desk on another runbook.
    pub(crate) async fn on_runbook(markdown: &str) -> Self {
        Self::with(Setup {
            runbook: Some(markdown.to_owned()),
            ..Setup::default()
        })
        .await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match setup.database {
            Some(database) => database,
            None => Arc::new(TestDatabase::fresh().await),
        };
        let clock = setup.clock.unwrap_or_else(TestClock::new);
        let settings = settings(&folder, &database, setup.runbook, setup.env, &setup.file);

        let opened = open(&settings, clock.as_clock()).await.unwrap();
        let desk = opened.desk;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = http_server(Serving {
            desk: desk.clone(),
            listener,
            workers: Some(1),
            rate_limit: RateLimit {
                per_second: settings.rate_limit_per_second,
                burst: settings.rate_limit_burst,
            },
            metrics_key: settings.metrics_key.clone(),
            body_deadline: BodyDeadline::seconds(settings.body_timeout_seconds),
            shutdown_seconds: 1,
        });
        tokio::spawn(server.unwrap());
        let options = Options {
            url: database.url(),
            max_connections: 2,
        };
        let store = Store::open(&options).await.unwrap();
        Self {
            desk,
            channels: opened.channels,
            clock,
            database,
            url,
            store,
            folder,
        }
    }

    /// Winds the clock and lets the desk act on all that is due by then.
    pub(crate) async fn pass(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.sweep().await;
    }

    /// Lets the desk act on all that is due; answers how many tickets it wrote.
    pub(crate) async fn sweep(&self) -> usize {
        let mut written = 0;
        loop {
            let swept = self.desk.sweep().await.unwrap();
            if swept.fired + swept.closed == 0 {
                return written;
            }
            written += swept.fired + swept.closed;
            assert!(written < 100_000, "the sweep never comes to rest");
        }
    }

    /// Delivers what is due, as far as it can be delivered now.
    pub(crate) async fn deliver(&self) -> Delivered {
        let mut all = Delivered::default();
        loop {
            let round = self.desk.deliver_pending(&self.channels).await.unwrap();
            all.sent += round.sent;
            all.again += round.again;
            all.dead += round.dead;
            all.superseded += round.superseded;
            if round.sent + round.again + round.dead + round.superseded == 0 {
                return all;
            }
        }
    }

    /// Someone without a key.
    pub(crate) fn stranger(&self) -> Client {
        Client::new(&self.url, None)
    }

    pub(crate) fn admin(&self) -> Client {
        Client::new(&self.url, Some(ADMIN_KEY))
    }

    pub(crate) async fn tool(&self, name: &str) -> Client {
        self.actor(name, Role::Tool).await
    }

    pub(crate) async fn agent(&self, name: &str) -> Client {
        self.actor(name, Role::Agent).await
    }

    pub(crate) async fn lead(&self, name: &str) -> Client {
        self.actor(name, Role::Lead).await
    }

    /// A client with a new key of that name and role.
    pub(crate) async fn actor(&self, name: &str, role: Role) -> Client {
        let operator = Actor {
            name: "operator".to_owned(),
            role: Role::Admin,
        };
        let made = self.desk.create_access_key(&operator, name, role, None);
        Client::new(&self.url, Some(&made.await.unwrap().secret))
    }

    /// The database as the desk's own crate reads it.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Where the desk writes beside its database.
    #[allow(dead_code, reason = "for stories about mails and files")]
    pub(crate) fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }
}

fn settings(
    folder: &TempDir,
    database: &TestDatabase,
    runbook: Option<String>,
    env: Vec<(&'static str, String)>,
    file: &str,
) -> Settings {
    let mut all = vec![
        ("DESK_DATABASE_URL", database.url()),
        ("DESK_DATABASE_MAX_CONNECTIONS", "4".to_owned()),
        (
            "DESK_DATA_DIR",
            folder.path().join("data").display().to_string(),
        ),
        ("DESK_ADMIN_KEY", ADMIN_KEY.to_owned()),
        ("DESK_RATE_LIMIT_PER_SECOND", "0".to_owned()),
        ("DESK_MAILS_PER_RECIPIENT", "0".to_owned()),
    ];
    if let Some(markdown) = runbook {
        let path = folder.path().join("runbook.md");
        std::fs::write(&path, markdown).unwrap();
        all.push(("DESK_RUNBOOK", path.display().to_string()));
    }
    all.extend(env);
    if !file.is_empty() {
        std::fs::write(folder.path().join("desk.toml"), file).unwrap();
    }
    let all = all.into_iter().map(|(name, text)| (name.to_owned(), text));
    Settings::load(all, folder.path()).unwrap_or_else(|faults| panic!("{faults:?}"))
}
