//! Serving: the HTTP server and the loops, until a signal.

use std::{net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpServer,
    dev::{Server, ServerHandle},
    middleware::from_fn,
    web::{Data, get},
};
use api::{BodyDeadline, Limits, RateLimit};
use desk::{Desk, Lane};
use secrecy::SecretString;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tracing::{info, warn};

use crate::{
    clock::system_clock,
    loops, metrics,
    open::{OpenError, open},
    settings::Settings,
};

/// What a server is started with.
#[derive(Debug)]
pub struct Serving {
    /// The desk.
    pub desk: Desk,
    /// Where it listens.
    pub listener: TcpListener,
    /// Worker threads; none: one per core.
    pub workers: Option<usize>,
    /// What each key may ask for.
    pub rate_limit: RateLimit,
    /// What a scraper must send as its bearer token; none: nothing.
    pub metrics_key: Option<SecretString>,
    /// How long a request's body may take.
    pub body_deadline: BodyDeadline,
    /// Seconds that requests under way have at shutdown.
    pub shutdown_seconds: u64,
}

/// The HTTP server; it serves once it is awaited.
///
/// # Errors
/// When it cannot listen.
pub fn http_server(serving: Serving) -> std::io::Result<Server> {
    let desk = Data::new(serving.desk);
    let limits = Data::new(Limits::new(serving.rate_limit));
    let metrics_key = Data::new(metrics::ScrapeKey(serving.metrics_key));
    // Counting begins with the server, not with the first scrape.
    let _handle = metrics::install();
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(desk.clone())
            .app_data(limits.clone())
            .app_data(Data::new(serving.body_deadline))
            .app_data(metrics_key.clone())
            .wrap(from_fn(api::head))
            .wrap(from_fn(metrics::observe))
            .wrap(from_fn(api::trace))
            .route("/metrics", get().to(metrics::scrape))
            .configure(api::mount)
    })
    .shutdown_timeout(serving.shutdown_seconds)
    // `serve` waits for them: open event streams must end first.
    .disable_signals();
    if let Some(workers) = serving.workers {
        server = server.workers(workers);
    }
    Ok(server.listen(serving.listener)?.run())
}

/// Opens the desk and serves until SIGTERM or SIGINT; requests under way are
/// answered first.
///
/// # Errors
/// [`OpenError`] when it cannot start.
pub async fn serve(settings: &Settings) -> Result<(), OpenError> {
    let listener = TcpListener::bind(settings.listen).map_err(|error| OpenError::File {
        path: settings.listen.to_string(),
        error,
    })?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    // Triage learns beside the database's opening; who needs it sooner waits.
    std::thread::spawn(triage::prepare);
    let opened = open(settings, system_clock()).await?;
    if let Some(path) = &opened.admin_key_file {
        info!(path = %path.display(), "the first admin key was made; it is shown nowhere else");
    }
    let desk = opened.desk;
    for warning in desk.readiness().await.warnings {
        warn!("{warning}");
    }
    let (stop, stopping) = watch::channel(false);
    let sweeping = tokio::spawn(loops::sweep(desk.clone(), stopping.clone()));
    let following = tokio::spawn(loops::follow(desk.clone(), stopping.clone()));
    let watching = tokio::spawn(loops::watch_incidents(desk.clone(), stopping.clone()));
    let telling = tokio::spawn(loops::tell(desk.clone(), stopping.clone()));
    let digesting = tokio::spawn(loops::send_digests(desk.clone(), stopping.clone()));
    let channels = Arc::new(opened.channels);
    let delivering = |lane| {
        let deliver = loops::deliver(desk.clone(), channels.clone(), lane, stopping.clone());
        tokio::spawn(deliver)
    };
    let (urgent, ordinary) = (delivering(Lane::Urgent), delivering(Lane::Ordinary));
    let tools = delivering(Lane::Tools);

    let server = http_server(Serving {
        desk: desk.clone(),
        listener,
        workers: settings.workers,
        rate_limit: RateLimit {
            per_second: settings.rate_limit_per_second,
            burst: settings.rate_limit_burst,
        },
        metrics_key: settings.metrics_key.clone(),
        body_deadline: BodyDeadline::seconds(settings.body_timeout_seconds),
        shutdown_seconds: 30,
    });
    let server = server.map_err(|error| OpenError::File {
        path: address.to_string(),
        error,
    })?;
    info!(%address, revision = desk.rules().revision.revision, "the desk is open");
    let stopping = tokio::spawn(stop_on_signal(server.handle(), desk.clone()));
    let served = server.await;
    stopping.abort();

    stop.send_replace(true);
    // A loop that panicked was logged by its panic; there is nothing to wait for.
    let _ = tokio::join!(
        sweeping, following, watching, telling, digesting, urgent, ordinary, tools
    );
    desk.close().await?;
    info!("the desk is closed");
    served.map_err(|error| OpenError::File {
        path: address.to_string(),
        error,
    })
}

/// Ends event streams, which never end by themselves, and lets the requests
/// under way finish.
async fn stop_on_signal(server: ServerHandle, desk: Desk) {
    let asked = async {
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    };
    if let Err(error) = asked.await {
        warn!(%error, "signals cannot be waited for; only a kill stops the desk");
        return;
    }
    desk.close_feed();
    server.stop(true).await;
}
