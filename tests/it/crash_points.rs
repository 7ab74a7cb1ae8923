//! kill -9 between any two steps of a ticket's way to its reader: one oracle
//! holds the same promises after each.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use store::{Notification, NotificationFilter};
use tokio::task::JoinSet;

use crate::harness::{
    Client, Process, Received, Setup, SmtpSink, TestDatabase, TestDesk, binary, bug_with,
};

/// How many tickets are filed around each crash.
const TICKETS: usize = 50;
/// How many clients file them.
const CLIENTS: usize = 5;

/// Whether a mail can arrive twice: only where the server had the whole mail,
/// and nobody knows that it took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubles {
    Never,
    OfWhatWasInFlight,
}

use Doubles::{Never, OfWhatWasInFlight};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_commit() {
    crash_at("before-commit:4", Never).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_commit() {
    crash_at("after-commit:4", Never).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_claim() {
    crash_at("after-claim:2", Never).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_connect() {
    crash_at("after-connect:2", Never).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_data() {
    // Of the first mail: those before may wait to be settled.
    crash_at("after-data:1", Never).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_dot_before_the_250() {
    crash_at("after-dot-before-250:7", OfWhatWasInFlight).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_250_before_the_settle() {
    crash_at("after-250-before-settle:7", OfWhatWasInFlight).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_settle() {
    crash_at("after-settle:2", Never).await;
}

#[test]
fn what_is_shipped_has_no_such_points() {
    let holds = |name: &str| {
        let program = std::fs::read(binary(name)).unwrap();
        let point = b"after-dot-before-250";
        program.windows(point.len()).any(|part| part == point)
    };
    assert!(holds("desk-with-crash-points"));
    assert!(!holds("runbook-desk"));
}

async fn crash_at(point: &str, doubles: Doubles) {
    let sink = SmtpSink::open().await;
    let database = std::sync::Arc::new(TestDatabase::fresh().await);
    let folder = tempfile::tempdir().unwrap();
    // What ends the desk while it files must not strike a mail in flight.
    sink.set_down(point.contains("-commit"));
    let process = Process::start_to_crash(point, &sink.url(), &database, folder.path());
    let all: Vec<usize> = (0..TICKETS).collect();
    let acknowledged = file(&process.admin(), &all).await;
    process.crashed().await;
    sink.set_down(false);

    let desk = TestDesk::with(Setup {
        env: vec![
            ("DESK_SMTP_URL", sink.url()),
            ("DESK_MAILS_PER_RECIPIENT", "0".to_owned()),
            ("DESK_LEVEL_3_PAGES_PER_HOUR", "100000".to_owned()),
        ],
        database: Some(database),
        ..Setup::default()
    })
    .await;
    // Leases of the desk that is gone run out.
    let due = rows(&desk)
        .await
        .into_iter()
        .filter_map(|row| row.due_at)
        .max();
    if let Some(due) = due {
        let wait = due - desk.clock.now() + TimeDelta::seconds(1);
        desk.clock.advance(wait.max(TimeDelta::zero()));
    }
    // Who got no answer files again, under the same reference.
    let unanswered: Vec<usize> = all
        .into_iter()
        .filter(|number| !acknowledged.contains_key(number))
        .collect();
    let again = file(&desk.admin(), &unanswered).await;
    assert_eq!(acknowledged.len() + again.len(), TICKETS);
    desk.deliver().await;

    for (number, key) in acknowledged.iter().chain(&again) {
        let seen = desk.admin().see(key).await;
        assert_eq!(seen["external_ref"], json!(format!("crash-{number}")));
    }
    assert_eq!(desk.all_tickets().await.len(), TICKETS, "none twice");
    hold_promises(&rows(&desk).await, &sink.received(), TICKETS, doubles);
    desk.hold_ledger().await;
}

/// Files the tickets of these numbers side by side; the keys of those that were
/// acknowledged.
async fn file(client: &Client, numbers: &[usize]) -> BTreeMap<usize, String> {
    let mut all = JoinSet::new();
    for mine in numbers.chunks(TICKETS / CLIENTS) {
        let (client, mine) = (client.clone(), mine.to_vec());
        all.spawn(async move {
            let mut keys = Vec::new();
            for number in mine {
                let fields = json!({"severity": "critical", "affected_users": 40,
                    "external_ref": format!("crash-{number}")});
                let request = client.request(reqwest::Method::POST, "/v1/tickets");
                let sent = request
                    .json(&bug_with("Nothing works", fields))
                    .send()
                    .await;
                if let Ok(answer) = sent
                    && answer.status().is_success()
                    && let Ok(ticket) = answer.json::<Value>().await
                {
                    keys.push((number, ticket["key"].as_str().unwrap().to_owned()));
                }
            }
            keys
        });
    }
    all.join_all().await.into_iter().flatten().collect()
}

async fn rows(desk: &TestDesk) -> Vec<Notification> {
    let all = NotificationFilter::default();
    desk.store().list_notifications(&all, 1000).await.unwrap()
}

/// Promises 2 and 3: one row per ticket and recipient, all sent; each mail
/// arrived, twice only where that cannot be avoided, and then under one id.
fn hold_promises(rows: &[Notification], mails: &[Received], tickets: usize, doubles: Doubles) {
    let mut per_recipient: BTreeMap<_, usize> = BTreeMap::new();
    for row in rows {
        let to = (row.ticket, row.medium.clone(), row.recipient.clone());
        *per_recipient.entry(to).or_default() += 1;
        assert_eq!(row.state, "sent", "{row:?}");
    }
    assert!(
        per_recipient.values().all(|&count| count == 1),
        "{per_recipient:?}"
    );
    assert_eq!(
        rows.len(),
        tickets,
        "every ticket is at level 3 and tells one"
    );

    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mails {
        let id = mail.header("Message-ID").unwrap();
        let (id, _) = id.trim_start_matches('<').split_once('@').unwrap();
        *arrived.entry(id.to_owned()).or_default() += 1;
    }
    let mut twice = 0;
    for row in rows {
        let count = arrived.remove(&row.id.to_string()).unwrap_or(0);
        assert!(count >= 1, "never arrived: {row:?}");
        if count > 1 {
            assert_eq!((count, doubles), (2, OfWhatWasInFlight), "{row:?}");
            assert!(row.maybe_delivered, "{row:?}");
            twice += 1;
        }
    }
    assert!(
        arrived.is_empty(),
        "mails that no row tells of: {arrived:?}"
    );
    // The urgent lane, one connection: a mail is settled while the next one is sent.
    assert!(twice <= 2, "{twice}");
}
