//! Two desks on one database, and people who acknowledge while timers fire.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::data_trouble;
use crate::harness::{Setup, TestDesk};

/// How many timers are due at once; SQLite serves one desk, and so gets fewer.
fn timers() -> usize {
    if server_named() { 10_000 } else { 1_000 }
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether this run is on PostgreSQL"
)]
fn server_named() -> bool {
    std::env::var("TEST_DATABASE_URL").is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_timer_makes_one_transition_and_an_acknowledgement_beats_it_or_not() {
    let one = TestDesk::open().await;
    let two = TestDesk::with(Setup {
        database: Some(one.database.clone()),
        clock: Some(one.clock.clone()),
        ..Setup::default()
    })
    .await;
    let shop = one.tool("shop").await;
    let tickets = timers();
    let mut keys = Vec::new();
    for _ in 0..tickets / 1000 {
        let batch: Vec<Value> = vec![data_trouble(); 1000];
        let filed = shop.post("/v1/tickets/batch", &json!(batch)).await;
        let filed = filed.is(200).json;
        let items = filed["results"].as_array().unwrap();
        keys.extend(
            items
                .iter()
                .map(|item| item["ticket"]["key"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(keys.len(), tickets);
    // The first reminder of all of them is due.
    one.clock.advance(TimeDelta::minutes(15));

    let mut people = JoinSet::new();
    let asha = one.agent("asha").await;
    for chunk in keys
        .iter()
        .step_by(20)
        .cloned()
        .collect::<Vec<_>>()
        .chunks(tickets / 80)
    {
        let (asha, url, chunk) = (asha.clone(), two.url.clone(), chunk.to_vec());
        people.spawn(async move {
            let mut done = 0;
            for key in chunk {
                let path = format!("/v1/tickets/{key}/escalations/1/acknowledge");
                let answer = asha.at(&url).post(path, &Value::Null).await;
                done += usize::from(answer.status == 200);
            }
            done
        });
    }
    let (first, second) = tokio::join!(one.sweep(), two.sweep());
    let acknowledged: usize = people.join_all().await.into_iter().sum();
    let rest = one.sweep().await;

    assert_eq!(acknowledged, tickets / 20, "nobody is refused");
    let mut repeated = 0;
    for ticket in one.all_tickets().await {
        let events = one.events_of(&ticket).await;
        let count = |name: &str| events.iter().filter(|one| one.kind.name() == name).count();
        assert!(count("escalation_repeated") <= 1, "{}", ticket.number);
        assert!(count("acknowledged") <= 1, "{}", ticket.number);
        let quiet = count("acknowledged") == 1;
        assert!(
            quiet || count("escalation_repeated") == 1,
            "{}",
            ticket.number
        );
        assert_eq!(quiet, ticket.waiting.is_none());
        repeated += count("escalation_repeated");
    }
    assert_eq!(first + second + rest, repeated, "each by one desk");
    one.hold_clocks().await;
}
