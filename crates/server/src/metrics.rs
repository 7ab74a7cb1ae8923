//! `/metrics` in Prometheus' text form: what this process counts, and what the
//! database holds when it is asked. No label holds an id, a name or a text of
//! anybody, and every label has few values.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
    },
    middleware::Next,
    web::Data,
};
use desk::{Desk, Gauges};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use secrecy::{ExposeSecret, SecretString};
use tracing::error;

/// Seconds; finer where the promises are.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Writes of one transaction.
const WRITES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// Begins to count, once for the process.
pub(crate) fn install() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let handle = builder()?.install_recorder().ok()?;
            describe();
            Some(handle)
        })
        .clone()
}

fn builder() -> Option<PrometheusBuilder> {
    let suffix = |name: &str| Matcher::Suffix(name.to_owned());
    PrometheusBuilder::new()
        .set_buckets_for_metric(suffix("_seconds"), &SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(suffix("_writes"), &WRITES))
        .ok()
}

fn describe() {
    describe_histogram!(
        "runbook_desk_http_request_seconds",
        "How long requests took, by route and status"
    );
    describe_histogram!("runbook_desk_sweep_seconds", "How long sweeps took");
    describe_histogram!(
        "runbook_desk_writer_batch_writes",
        "How many writes shared a transaction"
    );
    describe_counter!(
        "runbook_desk_events_total",
        "Events of tickets that this process wrote, by kind"
    );
    describe_counter!(
        "runbook_desk_deliveries_total",
        "Attempts to deliver a message, by channel and outcome"
    );
    describe_counter!(
        "runbook_desk_rounds_failed_total",
        "Rounds of a loop that failed and are tried again"
    );
}

/// Counts a request and its time. Routes are told by their patterns.
pub(crate) async fn observe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let method = known(request.method());
    let response = next.call(request).await?;
    let route = response.request().match_pattern();
    histogram!(
        "runbook_desk_http_request_seconds",
        "method" => method,
        "route" => route.unwrap_or_else(|| "none".to_owned()),
        "status" => response.status().as_str().to_owned(),
    )
    .record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// Anybody may invent a method; a label must not grow by that.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}

/// The bearer token of a scraper, where one is set.
pub(crate) struct ScrapeKey(pub(crate) Option<SecretString>);

impl ScrapeKey {
    fn lets_in(&self, request: &HttpRequest) -> bool {
        let Some(key) = &self.0 else {
            return true;
        };
        let given = request.headers().get(AUTHORIZATION);
        let given = given.and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.strip_prefix("Bearer "));
        let (given, key) = (given.unwrap_or_default(), key.expose_secret());
        // The time tells nothing of the key but its length.
        let pairs = given.bytes().zip(key.bytes());
        given.len() == key.len() && pairs.fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
}

/// Answers a scrape.
pub(crate) async fn scrape(
    request: HttpRequest,
    key: Data<ScrapeKey>,
    desk: Data<Desk>,
) -> HttpResponse {
    if !key.lets_in(&request) {
        let challenge = (WWW_AUTHENTICATE, "Bearer");
        return HttpResponse::Unauthorized()
            .insert_header(challenge)
            .finish();
    }
    let counted = install().map(|handle| handle.render()).unwrap_or_default();
    let gauges = desk.gauges().await;
    if let Err(error) = &gauges {
        error!(%error, "a scrape found the database out of reach");
    }
    let standing = standing(&desk, gauges.ok().as_ref());
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(counted + &standing)
}

/// Gauges are made anew for every scrape: what is no more leaves no trace, and
/// desks in one process do not mix.
fn standing(desk: &Desk, gauges: Option<&Gauges>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        describe_standing();
        gauge!(
            "runbook_desk_build_info",
            "version" => env!("CARGO_PKG_VERSION"),
            "database" => desk.backend(),
        )
        .set(1.0);
        gauge!("runbook_desk_database_up").set(f64::from(u8::from(gauges.is_some())));
        gauge!("runbook_desk_runbook_revision").set(desk.rules().revision.revision as f64);
        if let Some(gauges) = gauges {
            open_tickets(gauges);
            outbox(gauges);
            gauge!("runbook_desk_timers_overdue").set(gauges.timers_overdue as f64);
            gauge!("runbook_desk_tickets_without_timer").set(gauges.without_timer.len() as f64);
        }
    });
    handle.render()
}

fn describe_standing() {
    for (name, what) in [
        ("runbook_desk_build_info", "Which desk this is; always 1"),
        (
            "runbook_desk_database_up",
            "Whether the database answered this scrape",
        ),
        (
            "runbook_desk_runbook_revision",
            "The runbook revision in force",
        ),
        (
            "runbook_desk_open_tickets",
            "Tickets that are new, open or pending, by level",
        ),
        (
            "runbook_desk_open_tickets_breached",
            "Open tickets with a missed target, by level",
        ),
        (
            "runbook_desk_open_tickets_at_risk",
            "Open tickets with 80 % of a target used, by level",
        ),
        (
            "runbook_desk_outbox_messages",
            "Messages that wait to be delivered, by lane and channel",
        ),
        (
            "runbook_desk_outbox_age_seconds",
            "For how long the oldest of them has waited",
        ),
        (
            "runbook_desk_outbox_overdue",
            "Messages that were due five minutes ago and still wait: 0 when all is well",
        ),
        (
            "runbook_desk_outbox_dead",
            "Messages that were given up in the last 24 h",
        ),
        (
            "runbook_desk_timers_overdue",
            "Tickets whose timer should have fired a minute ago: 0 when all is well",
        ),
        (
            "runbook_desk_tickets_without_timer",
            "Open tickets with a running target and no timer: 0 when all is well",
        ),
    ] {
        describe_gauge!(name, what);
    }
}

fn open_tickets(gauges: &Gauges) {
    for level in 1..=4_i16 {
        // A level without open tickets is 0, not absent: alerts need the figure.
        let found = gauges.open.iter().find(|open| open.level == level);
        let figure = |of: fn(&desk::OpenTickets) -> i64| found.map_or(0, of) as f64;
        let label = level.to_string();
        gauge!("runbook_desk_open_tickets", "level" => label.clone())
            .set(figure(|open| open.tickets));
        gauge!("runbook_desk_open_tickets_breached", "level" => label.clone())
            .set(figure(|open| open.breached));
        gauge!("runbook_desk_open_tickets_at_risk", "level" => label)
            .set(figure(|open| open.at_risk));
    }
}

fn outbox(gauges: &Gauges) {
    for lane in ["urgent", "ordinary"] {
        for medium in ticketing::Medium::ALL {
            let of = gauges.waiting.iter().find(|waiting| {
                waiting.urgent == (lane == "urgent") && waiting.medium == medium.as_str()
            });
            let age = of.map_or(0, |of| (gauges.at - of.since).num_seconds().max(0));
            let labels = [("lane", lane), ("medium", medium.as_str())];
            gauge!("runbook_desk_outbox_messages", &labels)
                .set(of.map_or(0, |of| of.messages) as f64);
            gauge!("runbook_desk_outbox_age_seconds", &labels).set(age as f64);
        }
    }
    gauge!("runbook_desk_outbox_overdue").set(gauges.outbox.overdue as f64);
    gauge!("runbook_desk_outbox_dead").set(gauges.outbox.dead as f64);
}

/// Counts a round of a loop that failed.
pub(crate) fn round_failed(what: &'static str) {
    counter!("runbook_desk_rounds_failed_total", "loop" => what).increment(1);
}

/// Counts a sweep and its time.
pub(crate) fn swept(took: Duration) {
    histogram!("runbook_desk_sweep_seconds").record(took.as_secs_f64());
}

/// Sums up what was recorded: without it, a desk that nobody scrapes would keep
/// every single time it took.
pub(crate) fn upkeep() {
    if let Some(handle) = install() {
        handle.run_upkeep();
    }
}
