//! A database per test: a copy of one that was migrated once.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use store::{Options, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

/// How databases of this suite are named on a shared server: with the id of
/// the process, so that what a killed run left can be told from a running one.
const PREFIX: &str = "desk_story";

/// A migrated database that is gone when it is dropped.
pub(crate) enum TestDatabase {
    Sqlite(TempDir),
    Postgres { server: Url, name: String },
}

impl TestDatabase {
    /// A migrated, empty database: on PostgreSQL where `TEST_DATABASE_URL`
    /// names a server, else on SQLite.
    pub(crate) async fn fresh() -> Self {
        match server() {
            Some(server) => Self::postgres(server).await,
            None => Self::sqlite().await,
        }
    }

    /// Whether this run is the one on SQLite.
    pub(crate) fn is_sqlite() -> bool {
        server().is_none()
    }

    /// A new database without a schema, on that PostgreSQL.
    pub(crate) async fn empty_at(server: Url) -> Self {
        let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
        let name = format!("{PREFIX}_{}_own", std::process::id());
        run(&mut connection, format!("CREATE DATABASE {name}")).await;
        Self::Postgres { server, name }
    }

    /// What the settings call it by.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => sqlite_url(folder.path()),
            Self::Postgres { server, name } => with_name(server, name).into(),
        }
    }

    /// The folder of SQLite's files.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(folder) => Some(folder.path()),
            Self::Postgres { .. } => None,
        }
    }

    pub(crate) async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            migrate(&sqlite_url(folder.path())).await;
            fs::read(folder.path().join("desk.db")).unwrap()
        });
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("desk.db"), template.await).unwrap();
        Self::Sqlite(folder)
    }

    async fn postgres(server: Url) -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let template = TEMPLATE
            .get_or_init(|| async {
                let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
                forget_old(&mut connection).await;
                let name = format!("{PREFIX}_{}_template", std::process::id());
                run(&mut connection, format!("CREATE DATABASE {name}")).await;
                migrate(with_name(&server, &name).as_str()).await;
                name
            })
            .await;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}_{}_{count}", std::process::id());
        let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        run(&mut connection, create).await;
        Self::Postgres { server, name }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Self::Postgres { server, name } = self else {
            return;
        };
        let (server, name) = (server.clone(), name.clone());
        // The test's own runtime is closing: another one does this.
        let drop = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                run(&mut connection, drop).await;
            });
        });
        drop.join().ok();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stories' one setting: where PostgreSQL is"
)]
fn server() -> Option<Url> {
    let url = std::env::var("TEST_DATABASE_URL").ok()?;
    Some(url.parse().unwrap())
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}/desk.db", folder.display())
}

fn with_name(server: &Url, name: &str) -> Url {
    let mut url = server.clone();
    url.set_path(name);
    url
}

async fn migrate(url: &str) {
    let options = Options {
        url: url.to_owned(),
        max_connections: 2,
    };
    Store::migrate(&options).await.unwrap();
}

/// Drops what runs left behind that were killed.
async fn forget_old(connection: &mut PgConnection) {
    let named = format!("SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%'");
    let rows = sqlx::query(AssertSqlSafe(named));
    for row in rows.fetch_all(&mut *connection).await.unwrap() {
        let name: String = row.get(0);
        let process = name.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            run(
                connection,
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            )
            .await;
        }
    }
}

async fn run(connection: &mut PgConnection, sql: String) {
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
}
