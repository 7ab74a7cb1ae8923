//! The one writer of the process: takes what is waiting into one transaction
//! and answers after COMMIT (group commit).
//!
//! It is a task of its own, so no client's reset can cancel a transaction. An
//! error rolls the batch back and replays its writes one by one; inserts are
//! idempotent by id, so replaying after an unknown COMMIT is safe.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{error, warn};

use crate::{
    apply::{apply, is_written},
    error::{StoreError, is_transient},
    measure,
    upkeep::Upkeep,
    write::{Outcome, Write},
    write_rows::WriteRows,
};

/// How many writes may wait; more are refused with [`StoreError::Busy`].
const QUEUE: usize = 2048;
/// How many writes share a transaction: on SQLite a batch is everyone else's
/// latency.
const BATCH: usize = 64;
/// How often a write is tried when the database asks for it.
const TRIES: u32 = 5;

struct Job {
    write: Write,
    rows: WriteRows,
    answer: oneshot::Sender<Result<Outcome, StoreError>>,
}

type Answered = oneshot::Receiver<Result<Outcome, StoreError>>;

/// The way to the writer.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    jobs: mpsc::Sender<Job>,
    stop: mpsc::Sender<()>,
    stopped: watch::Receiver<bool>,
    tickets: Arc<AtomicU64>,
}

pub(crate) fn start(db: DatabaseConnection, upkeep: Upkeep) -> Handle {
    let (jobs, queue) = mpsc::channel(QUEUE);
    let (stop, stopping) = mpsc::channel(1);
    let (done, stopped) = watch::channel(false);
    let tickets = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&tickets);
    tokio::spawn(async move {
        run(db, &upkeep, queue, stopping, &counted).await;
        done.send_replace(true);
    });
    Handle {
        jobs,
        stop,
        stopped,
        tickets,
    }
}

impl crate::connect::Store {
    /// Writes all or nothing, and answers once it is durable.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too much is waiting, [`StoreError::Stopped`]
    /// at shutdown, [`StoreError::Database`] when nothing was written.
    pub async fn write(&self, write: Write) -> Result<Outcome, StoreError> {
        let (job, answered) = Job::of(write)?;
        self.writer
            .jobs
            .try_send(job)
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Stopped,
            })?;
        answered.await.unwrap_or(Err(StoreError::Stopped))
    }

    /// How many tickets were filed or changed since the start: who can wait
    /// gives way while it grows fast.
    #[must_use]
    pub fn tickets_written(&self) -> u64 {
        self.writer.tickets.load(Ordering::Relaxed)
    }

    /// As [`Store::write`](crate::Store::write), but waits for its turn
    /// however much is waiting already.
    pub(crate) async fn write_patiently(&self, write: Write) -> Result<Outcome, StoreError> {
        let (job, answered) = Job::of(write)?;
        let queued = self.writer.jobs.send(job).await;
        queued.map_err(|_writer_gone| StoreError::Stopped)?;
        answered.await.unwrap_or(Err(StoreError::Stopped))
    }
}

impl Job {
    fn of(write: Write) -> Result<(Self, Answered), StoreError> {
        let (answer, answered) = oneshot::channel();
        let rows = WriteRows::of(&write)?;
        let job = Self {
            write,
            rows,
            answer,
        };
        Ok((job, answered))
    }
}

impl Handle {
    /// Lets the writer finish what is waiting, and waits for it.
    pub(crate) async fn stop(&self) {
        // An error means that it has stopped already.
        let _ = self.stop.try_send(());
        let mut stopped = self.stopped.clone();
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }
}

async fn run(
    db: DatabaseConnection,
    upkeep: &Upkeep,
    mut queue: mpsc::Receiver<Job>,
    mut stop: mpsc::Receiver<()>,
    counted: &AtomicU64,
) {
    let mut waiting: Vec<Job> = Vec::with_capacity(BATCH);
    loop {
        if waiting.is_empty() {
            tokio::select! {
                biased;
                received = queue.recv_many(&mut waiting, BATCH) => if received == 0 { return },
                _ = stop.recv() => queue.close(),
            }
        }
        while waiting.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => waiting.push(job),
                Err(_empty_or_closed) => break,
            }
        }
        let (batch, rest) = split(waiting);
        waiting = rest;
        if !batch.is_empty() {
            let tickets: usize = batch.iter().map(|job| job.write.tickets.len()).sum();
            counted.fetch_add(tickets as u64, Ordering::Relaxed);
            commit(&db, batch).await;
            upkeep.committed(&db).await;
        }
    }
}

/// Takes what may share a transaction; the rest stays in its order.
fn split(waiting: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let mut batch: Vec<Job> = Vec::with_capacity(waiting.len());
    let mut rest: Vec<Job> = Vec::new();
    for job in waiting {
        let first = batch.is_empty();
        let alone = job.write.is_alone() || batch.iter().any(|other| other.write.is_alone());
        let collides = |others: &[Job]| others.iter().any(|o| o.write.collides_with(&job.write));
        // What collides with something that waits must not overtake it.
        if first || (!alone && !collides(&batch) && !collides(&rest)) {
            batch.push(job);
        } else {
            rest.push(job);
        }
    }
    (batch, rest)
}

async fn commit(db: &DatabaseConnection, mut batch: Vec<Job>) {
    let rows = batch.iter_mut().map(|job| std::mem::take(&mut job.rows));
    let rows = rows.collect();
    let writes: Vec<&Write> = batch.iter().map(|job| &job.write).collect();
    match attempt(db, &writes, rows).await {
        Ok(outcomes) => {
            for (job, outcome) in batch.into_iter().zip(outcomes) {
                // Nobody may be waiting any more: the client went away.
                let _ = job.answer.send(Ok(outcome));
            }
        }
        Err(error) => {
            warn!(writes = batch.len(), %error, "a batch was rolled back; replaying one by one");
            for job in batch {
                let outcome = replay(db, &job.write).await;
                let _ = job.answer.send(outcome);
            }
        }
    }
}

async fn attempt(
    db: &DatabaseConnection,
    writes: &[&Write],
    rows: Vec<WriteRows>,
) -> Result<Vec<Outcome>, DbErr> {
    let transaction = begin(db).await?;
    match apply(&transaction, writes, rows).await {
        Ok(outcomes) => {
            // A write of several tickets is all or nothing.
            let undone = writes
                .iter()
                .zip(&outcomes)
                .any(|(write, outcome)| write.is_alone() && *outcome != Outcome::Written);
            if undone {
                transaction.rollback().await?;
            } else {
                #[cfg(feature = "crash-points")]
                crash_point(writes, "before-commit");
                transaction.commit().await?;
                measure::written(writes, &outcomes);
                #[cfg(feature = "crash-points")]
                crash_point(writes, "after-commit");
            }
            Ok(outcomes)
        }
        Err(error) => {
            if let Err(rollback) = transaction.rollback().await {
                error!(%rollback, "rolling back failed; the connection is dropped");
            }
            Err(error)
        }
    }
}

/// A crash around the commit of settlements is one after the 250, which has its
/// own point.
#[cfg(feature = "crash-points")]
fn crash_point(writes: &[&Write], name: &str) {
    if writes.iter().all(|write| write.settlements.is_empty()) {
        crash_points::point(name);
    }
}

async fn replay(db: &DatabaseConnection, write: &Write) -> Result<Outcome, StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let rows = WriteRows::of(write)?;
        match once(db, write, rows).await {
            Ok(outcome) => return Ok(outcome),
            Err(error) if tries < TRIES && is_transient(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// One write after a batch failed: its COMMIT may have gone through unseen.
async fn once(db: &DatabaseConnection, write: &Write, rows: WriteRows) -> Result<Outcome, DbErr> {
    if is_written(db, write).await? {
        return Ok(Outcome::Written);
    }
    let outcomes = attempt(db, &[write], vec![rows]).await?;
    Ok(outcomes.first().copied().unwrap_or(Outcome::Written))
}

pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        // A deferred transaction fails at once when it turns from reading to
        // writing, whatever the busy timeout.
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    })
    .await
}
