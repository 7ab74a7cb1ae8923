//! Opening the database: pools, SQLite's pragmas, migrations.

use std::{sync::Arc, time::Duration};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection,
    sqlx::{
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::{
    error::StoreError,
    number::Numbers,
    upkeep,
    writer::{self, Handle},
};

/// How to open the database.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    pub max_connections: u32,
}

/// The database, open. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
    /// For the upkeep beside the writer.
    beside: DatabaseConnection,
    pub(crate) writer: Handle,
    pub(crate) numbers: Arc<Numbers>,
}

/// One key for all desks on a PostgreSQL server's database ("desk" in ASCII):
/// replicas that start together migrate one after the other.
const MIGRATION_LOCK: i64 = 0x6465_736b;

impl Store {
    /// Opens the database and starts its writer. The schema must be current,
    /// see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Unusable`] for a URL that is neither SQLite nor
    /// PostgreSQL; [`StoreError::Database`] when it cannot be reached.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let (read, write, beside) = if options.url.starts_with("sqlite:") {
            let write = Database::connect(sqlite(options, Access::Write)).await?;
            let read = Database::connect(sqlite(options, Access::Read)).await?;
            let beside = Database::connect(sqlite(options, Access::Write)).await?;
            (read, write, beside)
        } else if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://")
        {
            let pool = Database::connect(postgres(options, "2s")).await?;
            (pool.clone(), pool.clone(), pool)
        } else {
            return Err(StoreError::Unusable(
                "the database URL must begin with sqlite: or postgres:".to_owned(),
            ));
        };
        let writer = writer::start(write.clone(), upkeep::start(beside.clone()));
        Ok(Self {
            read,
            write,
            beside,
            writer,
            numbers: Arc::default(),
        })
    }

    /// Brings the schema up to date. Replicas that start together wait for
    /// each other.
    ///
    /// # Errors
    /// [`StoreError::Database`] when a migration fails; it leaves nothing half done.
    pub async fn migrate(options: &Options) -> Result<(), StoreError> {
        if options.url.starts_with("sqlite:") {
            let db = Database::connect(sqlite(options, Access::Write)).await?;
            Migrator::up(&db, None).await?;
            return Ok(db.close().await?);
        }
        // Waiting for another replica's migration may take longer than a write
        // may wait for a lock.
        let mut one = postgres(options, "0");
        one.max_connections(1);
        let lock = Database::connect(one.clone()).await?;
        lock.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
            .await?;
        let db = Database::connect(one).await?;
        let migrated = Migrator::up(&db, None).await;
        // Closing the session gives the lock back, also after a failure.
        lock.close().await?;
        db.close().await?;
        Ok(migrated?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }

    /// "sqlite" or "postgresql".
    #[must_use]
    pub fn backend(&self) -> &'static str {
        match self.read.get_database_backend() {
            DatabaseBackend::Sqlite => "sqlite",
            _ => "postgresql",
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.read.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Waits for writes under way, then closes all connections.
    ///
    /// # Errors
    /// [`StoreError::Database`] when closing fails.
    pub async fn close(self) -> Result<(), StoreError> {
        self.writer.stop().await;
        self.beside.clone().close().await?;
        self.read.clone().close().await?;
        Ok(self.write.clone().close().await?)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// One writer connection, one for the upkeep beside it, and a separate read-only
/// pool: SQLite has one writer at a time, and a second one would only wait inside
/// `busy_timeout`.
fn sqlite(options: &Options, access: Access) -> ConnectOptions {
    // KiB, below 0 by SQLite's convention. Readers have little of their own: the
    // system's page cache serves them all, and there may be many.
    let cache = match access {
        Access::Write => "-16384",
        Access::Read => "-4096",
    };
    let mut connect = ConnectOptions::new(&options.url);
    connect
        .max_connections(if access == Access::Write {
            1
        } else {
            options.max_connections
        })
        .min_connections(1)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite: SqliteConnectOptions| {
            sqlite
                .create_if_missing(access == Access::Write)
                .read_only(access == Access::Read)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .statement_cache_capacity(512)
                .pragma("cache_size", cache)
                .pragma("wal_autocheckpoint", upkeep::LONGEST)
                // What a statement would undo, were it to fail, needs no file.
                .pragma("temp_store", "memory")
            // No `PRAGMA optimize`: what it learns of a table with one row makes
            // SQLite scan the table when it has grown. The queries are written so
            // that a planner without statistics goes the right way.
        });
    connect
}

fn postgres(options: &Options, lock_timeout: &'static str) -> ConnectOptions {
    let mut connect = ConnectOptions::new(&options.url);
    connect
        .max_connections(options.max_connections.max(2))
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_postgres_opts(move |postgres: PgConnectOptions| {
            postgres.statement_cache_capacity(512).options([
                ("lock_timeout", lock_timeout),
                ("idle_in_transaction_session_timeout", "10s"),
                ("synchronous_commit", "on"),
                ("timezone", "UTC"),
            ])
        });
    connect
}
