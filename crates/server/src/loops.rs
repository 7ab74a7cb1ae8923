//! The desk's loops: thin, since *work once* is the desk's.

use std::time::Duration;

use desk::Desk;
use tokio::{sync::watch, time::sleep};
use tracing::error;

/// How often a loop looks, whatever it knows: another replica may have written
/// a timer that is due soon.
const LOOK: Duration = Duration::from_secs(2);
/// How often changes are looked for while somebody follows them.
const TELL: Duration = Duration::from_secs(1);
/// How often what is kept for a while only is forgotten.
const TIDY: Duration = Duration::from_secs(60);

/// Acts on due times until `stop` says so.
pub(crate) async fn sweep(desk: Desk, mut stop: watch::Receiver<bool>) {
    loop {
        let more = match desk.sweep().await {
            Ok(swept) => swept.more && swept.fired + swept.closed > 0,
            Err(error) => {
                error!(%error, "a sweep failed; what is due stays due");
                false
            }
        };
        if more {
            continue;
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(until_next(&desk).await) => {}
        }
    }
}

async fn until_next(desk: &Desk) -> Duration {
    let next = desk.next_timer_at().await.ok().flatten();
    let wait = next.map(|at| {
        (at - desk.now())
            .to_std()
            .unwrap_or(Duration::from_millis(200))
    });
    wait.map_or(LOOK, |wait| wait.min(LOOK))
}

/// Follows other replicas' rules and forgets what is old, until `stop` says so.
pub(crate) async fn follow(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut since_tidy = TIDY;
    loop {
        if let Err(error) = desk.refresh_rules().await {
            error!(%error, "the active runbook could not be looked at");
        }
        if let Err(error) = desk.learn().await {
            error!(%error, "the classifier could not be rebuilt; the old one stays");
        }
        if since_tidy >= TIDY {
            if let Err(error) = desk.refresh_duplicates().await {
                error!(%error, "the newest tickets could not be read");
            }
            since_tidy = Duration::ZERO;
            if let Err(error) = desk.tidy().await {
                error!(%error, "old idempotency keys could not be forgotten");
            }
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(LOOK) => since_tidy += LOOK,
        }
    }
}

/// Tells those who follow what changed, on any replica, until `stop` says so.
pub(crate) async fn tell(desk: Desk, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = desk.publish_events().await {
            error!(%error, "changes could not be looked for; the next look finds them");
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(TELL) => {}
        }
    }
}
