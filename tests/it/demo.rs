//! The made-up history: right in every figure, and of no harm.

use chrono::TimeDelta;
use desk::{DemoError, DemoRequest, NotificationFilter};
use ticketing::{Actor, Role, TicketNumber};

use crate::harness::{TestDesk, bug};

const HISTORY: DemoRequest = DemoRequest {
    tickets: 700,
    days: 40,
    seed: 7,
    add: false,
    threads: 2,
};

#[tokio::test]
async fn a_made_up_history_holds_together_and_tells_nobody() {
    let desk = TestDesk::open().await;
    let mut told = Vec::new();
    let filled = desk.desk.fill_demo(HISTORY, |written| told.push(written));
    assert_eq!(filled.await.unwrap(), 700);
    assert_eq!(told.last(), Some(&700));
    assert_right(&desk, 700).await;

    // Lists, search and numbers go on from it.
    let admin = desk.admin();
    let open = admin
        .get("/v1/tickets?status=new,open,pending&limit=100")
        .await;
    assert!(!open.is(200).json["items"].as_array().unwrap().is_empty());
    let cart = admin.get("/v1/tickets?q=cart&limit=5").await.is(200);
    assert_eq!(cart.json["items"].as_array().unwrap().len(), 5);

    // What becomes due later is acted on, and nobody hears of it.
    for _ in 0..10 {
        desk.pass(TimeDelta::hours(13)).await;
    }
    assert_right(&desk, 700).await;
    let lead = Actor {
        name: "lead".to_owned(),
        role: Role::Lead,
    };
    let filter = NotificationFilter::default();
    let notices = desk.desk.list_notifications(&lead, &filter, 10).await;
    assert!(notices.unwrap().items.is_empty());

    let filed = admin.file(&bug("Later than the history")).await;
    assert_eq!(filed["key"], "T-1701");
}

#[tokio::test]
async fn only_an_empty_database_is_filled() {
    let desk = TestDesk::open().await;
    let small = DemoRequest {
        tickets: 20,
        days: 3,
        ..HISTORY
    };
    desk.desk.fill_demo(small, |_| {}).await.unwrap();
    let again = desk.desk.fill_demo(small, |_| {}).await;
    assert!(matches!(again, Err(DemoError::FilledBefore)), "{again:?}");
    let more = DemoRequest { add: true, ..small };
    assert_eq!(desk.desk.fill_demo(more, |_| {}).await.unwrap(), 20);
    assert_right(&desk, 40).await;

    desk.admin().file(&bug("A real one")).await;
    let real = desk.desk.fill_demo(more, |_| {}).await;
    assert!(matches!(real, Err(DemoError::RealTickets)), "{real:?}");
}

/// Every ticket's clocks, columns and version follow from its events.
async fn assert_right(desk: &TestDesk, tickets: usize) {
    let verified = desk.desk.verify_sla(TicketNumber(0), 10_000).await.unwrap();
    assert_eq!(verified.tickets, tickets);
    assert!(
        verified.differences.is_empty(),
        "{:?}",
        verified.differences
    );
}
