//! Bursts become one incident: linked, escalated once, joined while open.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Client, Setup, TestDesk, bug_with};

/// Files a ticket that the runbook's payment entry answers.
async fn cannot_pay(shop: &Client, reporter: &str) -> Value {
    let report = json!({
        "actual": "At checkout my card was declined and the payment failed",
        "reporter": {"email": reporter},
    });
    shop.file(&bug_with("Could not pay", report)).await
}

/// Files a ticket that no entry answers.
async fn black_try_on(shop: &Client, n: usize, words: (&str, &str)) -> Value {
    let report = json!({
        "actual": words.1,
        "reporter": {"email": format!("try{n}@example.com")},
    });
    let filed = shop.file(&bug_with(words.0, report)).await;
    assert_eq!(filed["classification"]["entry"], Value::Null, "{filed:#}");
    filed
}

const TRY_ON: [(&str, &str); 6] = [
    (
        "Virtual try-on is black",
        "The virtual try-on mirror shows only a black picture",
    ),
    (
        "try on mirror black screen",
        "when i open the virtual try on mirror it is all black",
    ),
    (
        "Mirror broken?",
        "I only see a black screen in the virtual try-on mirror",
    ),
    (
        "try on kaam gardaina",
        "virtual try on mirror kholda black screen matra aauchha",
    ),
    (
        "mirror feature",
        "The virtual try on mirror stays black on my phone",
    ),
    (
        "Try-on",
        "black mirror again when I start the virtual try-on",
    ),
];

async fn incidents(agent: &Client) -> Vec<Value> {
    let listed = agent.get("/v1/incidents").await.is(200).json;
    listed["items"].as_array().unwrap().clone()
}

async fn escalations(agent: &Client, ticket: &str) -> Vec<Value> {
    let path = format!("/v1/tickets/{ticket}/escalations");
    let listed = agent.get(path).await.is(200).json;
    listed["items"].as_array().unwrap().clone()
}

/// Looks until nothing more is found.
async fn look(desk: &TestDesk) {
    while {
        let found = desk.desk.detect_incidents().await.unwrap();
        found.opened + found.joined + found.ended > 0
    } {}
}

#[tokio::test]
async fn a_flood_joins_by_portions_so_that_nobody_else_waits_long() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    for n in 0..5 {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
    }
    look(&desk).await;
    for n in 5..45 {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
    }

    let first = desk.desk.detect_incidents().await.unwrap();
    assert_eq!((first.joined, first.more), (32, true));
    let second = desk.desk.detect_incidents().await.unwrap();
    assert_eq!((second.joined, second.more), (8, false));
    assert_eq!(incidents(&asha).await[0]["tickets"], 45);
}

#[tokio::test]
async fn five_reporters_of_one_entry_within_half_an_hour_are_one_incident() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let mut filed = Vec::new();
    for n in 0..4 {
        filed.push(cannot_pay(&shop, &format!("c{n}@example.com")).await);
        desk.clock.advance(TimeDelta::minutes(5));
    }
    // One reporter who writes again is still one.
    filed.push(cannot_pay(&shop, "c0@example.com").await);
    look(&desk).await;
    assert!(incidents(&asha).await.is_empty());

    filed.push(cannot_pay(&shop, "c4@example.com").await);
    look(&desk).await;

    let found = incidents(&asha).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    let incident = &found[0];
    assert_eq!(incident["status"], "open");
    assert_eq!(incident["entry"], "payment-failed");
    assert_eq!(incident["reporters"], 5);
    assert_eq!(incident["tickets"], 6);
    let id = incident["id"].as_str().unwrap();

    // Linked, with an event on each; escalated once, and not once per ticket.
    let listed = asha
        .get(format!("/v1/tickets?incident={id}&sort=created"))
        .await;
    let tickets = listed.is(200).json["items"].as_array().unwrap().clone();
    let keys = |of: &[Value]| -> Vec<String> {
        of.iter()
            .map(|ticket| ticket["key"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(keys(&tickets), keys(&filed));
    let levels: Vec<&Value> = tickets.iter().map(|ticket| &ticket["level"]).collect();
    assert_eq!(
        levels,
        [3, 1, 1, 1, 1, 1]
            .map(Value::from)
            .iter()
            .collect::<Vec<_>>()
    );
    for ticket in &tickets {
        assert_eq!(ticket["incident"], id);
        let path = format!("/v1/tickets/{}/timeline", ticket["key"].as_str().unwrap());
        let events = asha.get(path).await.is(200);
        assert!(events.text.contains("joined_incident"), "{}", events.text);
    }
    let told = escalations(&asha, &keys(&filed)[0]).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["trigger"], "incident");
    assert_eq!(told[0]["to_level"], 3);
    let all = desk::NotificationFilter::default();
    let outbox = desk.store().list_notifications(&all, 200).await.unwrap();
    // Receipts go to the reporters of all; the team is told of one.
    let tickets_told: BTreeSet<String> = outbox
        .iter()
        .filter(|row| row.kind == "escalated")
        .map(|row| row.ticket.unwrap().to_string())
        .collect();
    assert_eq!(tickets_told, BTreeSet::from([keys(&filed)[0].clone()]));

    // It can be read alone, by those who work on tickets.
    let detail = asha.get(format!("/v1/incidents/{id}")).await.is(200).json;
    assert_eq!(detail["tickets"].as_array().unwrap().len(), 6);
    assert_eq!(detail["incident"]["escalation"]["ticket"], filed[0]["key"]);
    shop.get(format!("/v1/incidents/{id}"))
        .await
        .refused(403, "forbidden");
    asha.get("/v1/incidents/0").await.refused(404, "not_found");
    asha.get("/v1/incidents?status=over")
        .await
        .refused(422, "invalid");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn tickets_join_while_it_is_open_and_it_cools_down_after_its_end() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    for n in 0..5 {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
    }
    look(&desk).await;
    let id = incidents(&asha).await[0]["id"].as_str().unwrap().to_owned();

    // Later ones join, whoever reports, and nobody is told again.
    desk.clock.advance(TimeDelta::minutes(50));
    cannot_pay(&shop, "c0@example.com").await;
    let later = cannot_pay(&shop, "c7@example.com").await;
    look(&desk).await;
    let found = incidents(&asha).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["tickets"], 7);
    let later = later["key"].as_str().unwrap();
    assert!(escalations(&asha, later).await.is_empty());

    // Acknowledging it acknowledges the escalation that tells of it.
    let path = format!("/v1/incidents/{id}");
    shop.post(format!("{path}/acknowledge"), &json!({}))
        .await
        .refused(403, "forbidden");
    let acknowledged = asha
        .post(format!("{path}/acknowledge"), &json!({}))
        .await
        .is(200)
        .json;
    assert_eq!(acknowledged["status"], "acknowledged");
    assert_eq!(acknowledged["acknowledged_by"], "asha");
    let lead = acknowledged["escalation"]["ticket"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        escalations(&asha, &lead).await[0]["acknowledged_by"],
        "asha"
    );
    asha.post(format!("{path}/acknowledge"), &json!({}))
        .await
        .refused(409, "conflict");

    let closed = asha
        .post(
            format!("{path}/close"),
            &json!({"reason": "the gateway is back"}),
        )
        .await
        .is(200)
        .json;
    assert_eq!(closed["status"], "closed");
    assert_eq!(closed["closed_reason"], "the gateway is back");
    asha.post(format!("{path}/close"), &json!({}))
        .await
        .refused(409, "conflict");

    // It does not reopen at once, also when the burst goes on.
    desk.clock.advance(TimeDelta::minutes(1));
    for n in 10..15 {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
    }
    look(&desk).await;
    assert_eq!(incidents(&asha).await.len(), 1, "it cools down");
    desk.clock.advance(TimeDelta::minutes(29));
    look(&desk).await;
    let found = incidents(&asha).await;
    assert_eq!(found.len(), 2, "the burst outlasted the cool-down");
    assert_eq!(
        found[0]["tickets"], 5,
        "old tickets stay with the old incident"
    );

    // One that gets no further ticket ends by itself.
    desk.clock.advance(TimeDelta::hours(2));
    look(&desk).await;
    let found = asha.get("/v1/incidents?status=closed").await.is(200).json;
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    assert_eq!(found["items"][0]["closed_by"], "runbook-desk");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn acknowledging_at_the_ticket_acknowledges_the_incident() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    for n in 0..5 {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
    }
    look(&desk).await;
    let lead = incidents(&asha).await[0]["escalation"]["ticket"].clone();
    let path = format!(
        "/v1/tickets/{}/escalations/1/acknowledge",
        lead.as_str().unwrap()
    );
    asha.post(path, &json!({})).await.is(200);
    desk.desk.detect_incidents().await.unwrap();
    let found = incidents(&asha).await;
    assert_eq!(found[0]["status"], "acknowledged");
    assert_eq!(found[0]["acknowledged_by"], "asha");
}

#[tokio::test]
async fn what_no_entry_answers_becomes_an_incident_by_its_words() {
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let other = ("Invoice", "I need a tax invoice with our PAN number");
    black_try_on(&shop, 90, other).await;
    black_try_on(&shop, 91, ("CV", "Are you hiring? My CV is attached")).await;
    for (n, words) in TRY_ON.into_iter().take(4).enumerate() {
        black_try_on(&shop, n, words).await;
    }
    look(&desk).await;
    assert!(incidents(&asha).await.is_empty());
    black_try_on(&shop, 4, TRY_ON[4]).await;
    look(&desk).await;

    let found = incidents(&asha).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["entry"], Value::Null);
    assert_eq!(found[0]["tickets"], 5);
    assert!(
        found[0]["title"].as_str().unwrap().contains("black"),
        "{found:#?}"
    );

    black_try_on(&shop, 5, TRY_ON[5]).await;
    black_try_on(
        &shop,
        92,
        ("Invoice", "the tax invoice has a wrong PAN number"),
    )
    .await;
    look(&desk).await;
    let found = incidents(&asha).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0]["tickets"], 6,
        "the sixth joined, the invoices did not"
    );
    desk.hold_ledger().await;
}

#[tokio::test]
async fn two_replicas_that_see_one_burst_open_one_incident() {
    let one = TestDesk::open().await;
    let two = TestDesk::with(Setup {
        database: Some(one.database.clone()),
        clock: Some(one.clock.clone()),
        ..Setup::default()
    })
    .await;
    let (shop, asha) = (one.tool("shop").await, one.agent("asha").await);
    for (n, words) in TRY_ON.into_iter().take(4).enumerate() {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
        cannot_pay(&shop.at(&two.url), &format!("d{n}@example.com")).await;
        black_try_on(&shop, n, words).await;
    }
    black_try_on(&shop.at(&two.url), 4, TRY_ON[4]).await;
    for _ in 0..8 {
        let (left, right) = tokio::join!(one.desk.detect_incidents(), two.desk.detect_incidents());
        left.unwrap();
        right.unwrap();
    }

    let found = incidents(&asha).await;
    assert_eq!(found.len(), 2, "{found:#?}");
    let tickets: u64 = found.iter().map(|i| i["tickets"].as_u64().unwrap()).sum();
    assert_eq!(tickets, 13, "every ticket is in one of them");
    let mut told = 0;
    for ticket in one.all_tickets().await {
        told += ticket.escalations.len();
    }
    assert_eq!(told, 2, "each was escalated once");
    one.hold_ledger().await;
}

#[tokio::test]
async fn incidents_can_be_switched_off_and_feature_requests_make_none() {
    let off = TestDesk::with(Setup {
        env: vec![("DESK_INCIDENT_REPORTERS", "0".to_owned())],
        ..Setup::default()
    })
    .await;
    let (shop, asha) = (off.tool("shop").await, off.agent("asha").await);
    for n in 0..6 {
        cannot_pay(&shop, &format!("c{n}@example.com")).await;
    }
    look(&off).await;
    assert!(incidents(&asha).await.is_empty());

    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    for n in 0..6 {
        let mut request = crate::harness::feature("Pay with Fonepay");
        request["reporter"] = json!({"email": format!("f{n}@example.com")});
        shop.file(&request).await;
    }
    // A tool that names no people and gives no references is one reporter.
    for _ in 0..6 {
        let said = json!({"actual": "At checkout my card was declined and the payment failed"});
        shop.file(&bug_with("Could not pay", said)).await;
    }
    look(&desk).await;
    assert!(incidents(&asha).await.is_empty());
}
