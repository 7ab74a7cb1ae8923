//! What was answered is there, however the desk ends.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::harness::{Process, TestDatabase, bug_with};

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
