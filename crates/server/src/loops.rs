//! The desk's loops: thin, since *work once* is the desk's.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use desk::{Desk, Lane, Wakes};
use notify::Channels;
use tokio::{sync::watch, time::sleep};
use tracing::error;

use crate::metrics;

/// How often a loop looks, whatever it knows: another replica may have written
/// a timer that is due soon.
const LOOK: Duration = Duration::from_secs(2);
/// Of how many parts of the time one may be spent on looking for incidents.
const LOOKING_SHARE: u32 = 20;
/// How much longer than their round ordinary messages wait while many tickets
/// are written.
const GIVEN_WAY: u32 = 3;
/// How many tickets a second are many.
const MANY_A_SECOND: u32 = 100;
/// How often changes are looked for while somebody follows them.
const TELL: Duration = Duration::from_secs(1);
/// For how long writes are gathered before a loop looks.
const MOMENT: Duration = Duration::from_millis(50);
/// How often what is kept for a while only is forgotten.
const TIDY: Duration = Duration::from_secs(60);

/// Acts on due times until `stop` says so.
pub(crate) async fn sweep(desk: Desk, mut stop: watch::Receiver<bool>) {
    loop {
        let begun = Instant::now();
        let swept = desk.sweep().await;
        metrics::swept(begun.elapsed());
        let more = match swept {
            Ok(swept) => swept.more && swept.fired + swept.closed > 0,
            Err(error) => {
                metrics::round_failed("sweep");
                error!(%error, "a sweep failed; what is due stays due");
                false
            }
        };
        if more {
            continue;
        }
        tokio::select! {
            _ = stop.changed() => return,
            // A new timer may be due before the one that is waited for: the wait
            // is short, and the next look finds it in time.
            () = wait_for(&desk, desk.next_timer_at().await.ok().flatten()) => {}
        }
    }
}

/// Delivers one lane of the outbox until `stop` says so. The lanes run side by
/// side, so that levels 3 and 4 never wait for the others.
pub(crate) async fn deliver(
    desk: Desk,
    channels: Arc<Channels>,
    lane: Lane,
    mut stop: watch::Receiver<bool>,
) {
    let mut wakes = desk.wakes();
    loop {
        let (begun, before) = (Instant::now(), desk.tickets_written());
        let more = match desk.deliver_lane(&channels, lane, &stop).await {
            Ok(delivered) => delivered.more && !*stop.borrow(),
            Err(error) => {
                metrics::round_failed("deliver");
                error!(%error, "a round of messages failed; they are sent again when their lease ends");
                false
            }
        };
        if lane == Lane::Ordinary {
            tokio::select! {
                _ = stop.changed() => return,
                () = give_way(&desk, begun, before) => {}
            }
        }
        if more {
            continue;
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = wait_for(&desk, desk.next_delivery_at(lane).await.ok().flatten()) => {}
            () = heard(&mut wakes) => {}
        }
    }
}

/// While many tickets are written, ordinary messages take a quarter of the time
/// and no more: receipts can wait, whoever files cannot.
async fn give_way(desk: &Desk, begun: Instant, mut before: u64) {
    let wait = (begun.elapsed() * GIVEN_WAY).min(LOOK);
    let (until, mut since) = (Instant::now() + wait, begun);
    loop {
        let written = desk.tickets_written();
        // For how long that many would be too many.
        let busy = Duration::from_secs(written - before) / MANY_A_SECOND;
        let idle = since.elapsed() > busy;
        if idle || Instant::now() >= until {
            return;
        }
        (since, before) = (Instant::now(), written);
        sleep(MOMENT).await;
    }
}

/// Waits for a write, and a moment more: under load many come at once.
async fn heard(wakes: &mut Wakes) {
    wakes.next().await;
    sleep(MOMENT).await;
}

/// Waits for an instant, but no longer than until it is time to look again.
async fn wait_for(desk: &Desk, next: Option<DateTime<Utc>>) {
    let wait = next.map(|at| {
        (at - desk.now())
            .to_std()
            .unwrap_or(Duration::from_millis(200))
    });
    sleep(wait.map_or(LOOK, |wait| wait.min(LOOK))).await;
}

/// Follows other replicas' rules and forgets what is old, until `stop` says so.
pub(crate) async fn follow(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut since_tidy = TIDY;
    loop {
        metrics::upkeep();
        if let Err(error) = desk.refresh_rules().await {
            metrics::round_failed("follow");
            error!(%error, "the active runbook could not be looked at");
        }
        if let Err(error) = desk.refresh_webhooks().await {
            error!(%error, "the webhooks could not be looked at");
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

/// Looks for incidents until `stop` says so.
pub(crate) async fn watch_incidents(desk: Desk, mut stop: watch::Receiver<bool>) {
    loop {
        let begun = Instant::now();
        let least = match desk.detect_incidents().await {
            Ok(detected) if detected.more => MOMENT,
            Ok(_) => LOOK,
            Err(error) => {
                error!(%error, "incidents could not be looked for; the next look finds them");
                LOOK
            }
        };
        // A flood makes looks long; they must not take the time of those who file.
        let pause = least.max(begun.elapsed() * LOOKING_SHARE);
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(pause) => {}
        }
    }
}

/// Tells those who follow what changed, on any replica, until `stop` says so.
pub(crate) async fn tell(desk: Desk, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = desk.publish_events().await {
            metrics::round_failed("tell");
            error!(%error, "changes could not be looked for; the next look finds them");
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(TELL) => {}
        }
    }
}

/// Mails leads their digests until `stop` says so.
pub(crate) async fn send_digests(desk: Desk, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = desk.send_digests().await {
            metrics::round_failed("digests");
            error!(%error, "a digest could not be made; the next look makes it");
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(LOOK) => {}
        }
    }
}
