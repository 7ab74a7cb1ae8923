//! What was answered is there, however the desk ends.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use store::NotificationFilter;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::harness::{Process, Setup, SmtpSink, TestDatabase, TestDesk, bug_with};

#[tokio::test]
async fn a_desk_killed_right_after_its_answer_has_the_ticket_when_it_is_back() {
    let (database, folder) = (TestDatabase::fresh().await, tempfile::tempdir().unwrap());
    let mut kept: Vec<Value> = Vec::new();
    for round in 0..3 {
        let desk = Process::start(&database, folder.path());
        let admin = desk.admin();
        let report = bug_with("Odd", json!({"external_ref": format!("round-{round}")}));
        kept.push(admin.file(&report).await);
        desk.kill();
    }

    let desk = Process::start(&database, folder.path());
    for ticket in &kept {
        let seen = desk.admin().see(ticket["key"].as_str().unwrap()).await;
        assert_eq!(seen["id"], ticket["id"]);
    }
    let listed = desk.admin().get("/v1/tickets?count=true").await.is(200);
    assert_eq!(listed.json["total"], 3);
}

#[tokio::test]
async fn a_desk_that_is_asked_to_stop_warns_of_nothing_and_leaves_one_file() {
    let (database, folder) = (TestDatabase::fresh().await, tempfile::tempdir().unwrap());
    for _ in 0..3 {
        let desk = Process::start(&database, folder.path());
        let admin = desk.admin();
        for _ in 0..5 {
            admin.file(&bug_with("Odd", json!({}))).await;
        }
        let said = desk.stop();
        let wrong = |line: &&String| line.contains("\"WARN\"") || line.contains("\"ERROR\"");
        let wrong: Vec<&String> = said.iter().filter(wrong).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        if let Some(file) = database.url().strip_prefix("sqlite://") {
            let log = std::path::PathBuf::from(format!("{file}-wal"));
            assert!(!log.exists(), "the log was not written back");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_killed_while_many_file_keeps_all_that_it_acknowledged() {
    let (database, folder) = (TestDatabase::fresh().await, tempfile::tempdir().unwrap());
    let desk = Process::start(&database, folder.path());
    let killed = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(Semaphore::new(0));
    let mut all = JoinSet::new();
    for task in 0..8 {
        let admin = desk.admin();
        let (killed, acknowledged) = (killed.clone(), acknowledged.clone());
        all.spawn(async move {
            let mut kept = Vec::new();
            for number in 0.. {
                let reference = json!({"external_ref": format!("{task}-{number}")});
                let report = bug_with("Odd", reference);
                let sent = admin.request(reqwest::Method::POST, "/v1/tickets");
                if let Ok(answer) = sent.json(&report).send().await
                    && answer.status() == 201
                    && let Ok(ticket) = answer.json::<Value>().await
                {
                    kept.push(ticket);
                    acknowledged.add_permits(1);
                } else if killed.load(Ordering::SeqCst) {
                    break;
                }
            }
            kept
        });
    }
    // In the midst of it: all eight are filing.
    acknowledged.acquire_many(40).await.unwrap().forget();
    killed.store(true, Ordering::SeqCst);
    desk.kill();
    let kept: Vec<Value> = all.join_all().await.into_iter().flatten().collect();
    assert!(kept.len() >= 40, "{}", kept.len());

    let desk = Process::start(&database, folder.path());
    for ticket in &kept {
        let seen = desk.admin().see(ticket["key"].as_str().unwrap()).await;
        assert_eq!(seen["id"], ticket["id"]);
        assert_eq!(seen["external_ref"], ticket["external_ref"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_stood_still_past_its_lease_changes_nothing_when_it_wakes() {
    let sink = SmtpSink::open().await;
    let (database, folder) = (
        Arc::new(TestDatabase::fresh().await),
        tempfile::tempdir().unwrap(),
    );
    let sleeper = Process::start_mailing(&sink.url(), &database, folder.path());
    let held = sink.hold();
    let fields = json!({"severity": "critical", "affected_users": 40});
    sleeper
        .admin()
        .file(&bug_with("Nothing works", fields))
        .await;
    sink.arrival().await;
    sleeper.signal("STOP");
    sink.hold_no_more();

    let other = TestDesk::with(Setup {
        env: vec![("DESK_SMTP_URL", sink.url())],
        database: Some(database),
        ..Setup::default()
    })
    .await;
    let row = async || {
        let all = NotificationFilter::default();
        let rows = other.store().list_notifications(&all, 10).await.unwrap();
        let [row] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        row.clone()
    };
    let due = row().await.due_at.unwrap() - other.clock.now();
    other.clock.advance(due + TimeDelta::seconds(1));
    assert_eq!(other.deliver().await.sent, 1);
    let settled = row().await;
    assert_eq!((settled.state.as_str(), settled.attempts), ("sent", 2));
    assert!(settled.maybe_delivered);

    held.add_permits(1);
    sleeper.signal("CONT");
    tokio::task::spawn_blocking(move || {
        sleeper.says("a lease had run out before its attempt ended");
        sleeper.kill();
    })
    .await
    .unwrap();
    assert_eq!(format!("{:?}", row().await), format!("{settled:?}"));
    let attempts = other.store().list_attempts(settled.id).await.unwrap();
    assert_eq!(attempts.len(), 1, "{attempts:?}");
    let ids: Vec<_> = sink
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID"))
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}
