//! The outbox and its dispatcher, against a mail server over TCP.

mod faults;
mod letters;
mod pager;
mod reporters;

use chrono::TimeDelta;
use serde_json::{Value, json};
use store::Lane;

use crate::harness::{At, Fault, Setup, SmtpSink, TestDesk, bug_with};

const ENGINEERING: &str = "engineering@kbstylish.com";
const FALLBACK: &str = "duty@example.com";

/// A desk that mails to the sink, the team alone.
async fn mailing(sink: &SmtpSink) -> TestDesk {
    TestDesk::with(Setup {
        env: vec![
            ("DESK_SMTP_URL", sink.url()),
            ("DESK_FALLBACK_CONTACT", FALLBACK.to_owned()),
            ("DESK_MAIL_REPORTERS", "off".to_owned()),
            ("DESK_PUBLIC_URL", "https://desk.example".to_owned()),
            ("DESK_TIME_ZONE", "Asia/Kathmandu".to_owned()),
            // These stories are about the outbox, not about the budget of pages.
            ("DESK_LEVEL_3_PAGES_PER_HOUR", "100000".to_owned()),
        ],
        ..Setup::default()
    })
    .await
}

/// Level 3 by its fields alone.
fn outage() -> Value {
    let fields = json!({"severity": "critical", "affected_users": 40,
        "actual": "Card 4111 1111 1111 1111 was charged twice <b>now</b>",
        "reporter": {"name": "Asha Rai", "email": "asha@example.org"}});
    bug_with("Nothing works", fields)
}

async fn rows(desk: &TestDesk, filter: &str) -> Vec<Value> {
    let lead = desk.admin();
    let path = format!("/v1/notifications?{filter}");
    let answer = lead.get(path).await.is(200).json;
    answer["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn filing_at_level_3_mails_engineering_once() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    let shop = desk.tool("shop").await;
    let filed = shop.file(&outage()).await;
    assert_eq!(filed["level"], 3, "{filed:#}");
    let key = filed["key"].as_str().unwrap();

    assert_eq!(desk.deliver().await.sent, 1);
    desk.pass(TimeDelta::minutes(5)).await;
    assert_eq!(desk.deliver().await.sent, 0, "one cause, one mail");

    let mails = sink.received();
    let [mail] = mails.as_slice() else {
        panic!("{mails:?}")
    };
    assert_eq!(mail.to, ENGINEERING);
    assert_eq!(mail.from, "runbook-desk@desk.example");
    let subject = mail.header("Subject").unwrap();
    assert_eq!(
        subject,
        format!("[{key}] escalated to level 3: Nothing works")
    );
    assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
    assert_eq!(mail.header("X-Auto-Response-Suppress").unwrap(), "All");
    assert_eq!(mail.header("In-Reply-To"), mail.header("References"));
    let raw = mail.raw.replace("=\r\n", "");
    assert!(
        raw.contains("text/plain") && raw.contains("text/html"),
        "{raw}"
    );
    assert!(!raw.contains("4111 1111"), "card numbers are masked: {raw}");
    assert!(
        !raw.contains("asha@example.org") && !raw.contains("Asha Rai"),
        "{raw}"
    );
    let (_, html) = raw.split_once("text/html").unwrap();
    assert!(html.contains("now") && !html.contains("<b>"), "{html}");
    assert!(
        raw.contains(&format!("https://desk.example/v1/tickets/{key}")),
        "{raw}"
    );
    // Due at 14:00 UTC, as the reader's clock shows it.
    assert!(raw.contains("19:45 +0545"), "{raw}");

    let told = rows(&desk, &format!("ticket={key}")).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["state"], "sent");
    assert_eq!(told[0]["attempts"], 1);
    assert_eq!(told[0]["last_reply"], "250 2.0.0 queued");
}

#[tokio::test]
async fn without_a_mail_server_mails_are_files() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let mut outage = outage();
    outage["reporter"] = json!({});
    let filed = shop.file(&outage).await;
    assert_eq!(desk.deliver().await.sent, 1);

    let folder = std::fs::read_dir(desk.data_dir().join("mail")).unwrap();
    let names: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let ending = rows(&desk, "").await[0]["id"].as_str().unwrap().to_owned();
    let key = filed["key"].as_str().unwrap();
    assert_eq!(names[0], format!("20261122T100000Z-{key}-{ending}.eml"));
    let text = std::fs::read_to_string(desk.data_dir().join("mail").join(&names[0])).unwrap();
    assert!(text.contains(&format!("To: {ENGINEERING}\r\n")), "{text}");
}

#[tokio::test]
async fn a_transient_refusal_is_tried_again_and_delivered_once() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    sink.fail(At::Recipient, Fault::Say("451 4.3.0 come back later"));
    let key = desk.tool("shop").await.file(&outage()).await["key"].clone();

    assert_eq!(desk.deliver().await.again, 1);
    assert_eq!(desk.deliver().await.sent, 0, "not before its time");
    desk.clock.advance(TimeDelta::seconds(16));
    assert_eq!(desk.deliver().await.sent, 1);

    assert_eq!(sink.received().len(), 1);
    let row = &rows(&desk, &format!("ticket={}", key.as_str().unwrap())).await[0];
    assert_eq!(
        (&row["state"], &row["attempts"]),
        (&json!("sent"), &json!(2))
    );
    assert_eq!(row["maybe_delivered"], false);
    let path = format!("/v1/notifications/{}", row["id"].as_str().unwrap());
    let shown = desk.agent("asha").await.get(path).await.is(200).json;
    let outcomes: Vec<_> = shown["attempts"].as_array().unwrap().iter().collect();
    assert_eq!(outcomes[0]["outcome"], "transient");
    assert!(
        outcomes[0]["reply"]
            .as_str()
            .unwrap()
            .contains("come back later")
    );
    assert_eq!(outcomes[1]["outcome"], "sent");
}

#[tokio::test]
async fn a_server_that_hangs_up_after_the_dot_gets_the_same_mail_again() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    sink.fail(At::Dot, Fault::HangUp);
    desk.tool("shop").await.file(&outage()).await;

    assert_eq!(desk.deliver().await.again, 1);
    let row = &rows(&desk, "state=pending").await[0];
    assert_eq!(row["maybe_delivered"], true);
    desk.clock.advance(TimeDelta::seconds(16));
    assert_eq!(desk.deliver().await.sent, 1);

    let mails = sink.received();
    assert_eq!(mails.len(), 2, "the first one did arrive");
    let id = mails[0].header("Message-ID").unwrap();
    let row = &rows(&desk, "state=sent").await[0];
    assert!(
        id.starts_with(&format!("<{}@", row["id"].as_str().unwrap())),
        "{id}"
    );
    assert_eq!(mails[0].raw, mails[1].raw, "byte for byte");
}

#[tokio::test]
async fn what_engineering_cannot_be_told_the_fallback_is() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    sink.fail(At::Recipient, Fault::Say("550 5.1.1 no such mailbox"));
    desk.tool("shop").await.file(&outage()).await;

    let done = desk.deliver().await;
    assert_eq!((done.dead, done.sent), (1, 1));
    let mails = sink.received();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, FALLBACK);
    let text = mails[0].raw.replace("=\r\n", "");
    assert!(
        text.contains(&format!("{ENGINEERING} could not be told by email")),
        "{text}"
    );

    let dead = rows(&desk, "state=dead").await;
    assert_eq!(dead.len(), 1);
    let ready = desk.stranger().get("/readyz").await.is(200).text;
    assert!(ready.contains("1 notifications were given up"), "{ready}");

    let path = format!(
        "/v1/notifications/{}/retry",
        dead[0]["id"].as_str().unwrap()
    );
    let agent = desk.agent("asha").await;
    agent
        .post(&path, &json!({}))
        .await
        .refused(403, "forbidden");
    let lead = desk.lead("maya").await;
    let again = lead.post(&path, &json!({})).await.is(200).json;
    assert_eq!(again["state"], "pending");
    assert_eq!(desk.deliver().await.sent, 1);
    assert_eq!(sink.received()[1].to, ENGINEERING);
}

#[tokio::test]
async fn what_no_longer_matters_is_not_sent() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    let shop = desk.tool("shop").await;
    let agent = desk.agent("asha").await;
    let acknowledged = shop.file(&outage()).await["key"].clone();
    let resolved = shop.file(&outage()).await["key"].clone();
    let path = format!(
        "/v1/tickets/{}/escalations/1/acknowledge",
        acknowledged.as_str().unwrap()
    );
    agent.post(path, &json!({})).await.is(200);
    let path = format!("/v1/tickets/{}/resolve", resolved.as_str().unwrap());
    let how = json!({"note": "Restarted it"});
    agent.post(path, &how).await.is(200);

    assert_eq!(desk.deliver().await.superseded, 2);
    assert!(sink.received().is_empty());
    assert_eq!(sink.connections(), 0);
    assert_eq!(rows(&desk, "state=superseded").await.len(), 2);
}

#[tokio::test]
async fn two_dispatchers_never_hold_one_row_and_a_stale_lease_settles_nothing() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    let shop = desk.tool("shop").await;
    for _ in 0..20 {
        shop.file(&outage()).await;
    }
    let (store, now) = (desk.store(), desk.clock.now());
    let hour = TimeDelta::hours(1);
    let lease = uuid::Uuid::from_u128;
    let claim = |n, at| store.claim_notifications(Lane::Urgent, lease(n), at, hour, 15);

    let (one, two) = tokio::join!(claim(1, now), claim(2, now));
    let (one, two) = (one.unwrap().rows, two.unwrap().rows);
    let mut ids: Vec<_> = one.iter().chain(&two).map(|row| row.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((one.len() + two.len(), ids.len()), (20, 20));
    assert!(claim(3, now).await.unwrap().rows.is_empty());

    // The first dispatcher stalls past its lease; another one takes over.
    let later = now + hour;
    let taken = claim(4, later).await.unwrap().rows;
    assert!(
        taken
            .iter()
            .all(|row| row.maybe_delivered && row.attempt == 2)
    );
    let settle = |row: &store::Claimed, lease| store::Settlement {
        id: row.id,
        lease,
        attempt: row.attempt,
        at: later,
        outcome: "sent",
        reply: "250 ok".to_owned(),
        next: store::Next::Sent,
        instead: None,
    };
    let row = &taken[0];
    let held = one
        .iter()
        .chain(&two)
        .find(|held| held.id == row.id)
        .unwrap();
    let state = async || {
        store
            .find_notification(row.id)
            .await
            .unwrap()
            .unwrap()
            .state
    };
    let stale = store
        .settle_notifications(vec![settle(row, held.lease)])
        .await;
    assert!(stale.is_ok());
    assert_eq!(state().await, "pending");
    let live = store
        .settle_notifications(vec![settle(row, row.lease)])
        .await;
    assert!(live.is_ok());
    assert_eq!(state().await, "sent");
}

#[tokio::test]
async fn after_a_day_of_transient_faults_a_notification_is_given_up() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    desk.tool("shop").await.file(&outage()).await;
    let mut attempts = 0;
    // The fallback's own row is tried for a day of its own after that.
    while rows(&desk, "state=dead").await.is_empty() {
        sink.fail(At::Mail, Fault::Say("452 4.3.1 full"));
        attempts += desk.deliver().await.again;
        desk.clock.advance(TimeDelta::minutes(61));
        assert!(attempts < 30, "never given up");
    }
    assert!(attempts >= 23, "{attempts}");
}

#[tokio::test]
async fn the_list_goes_on_where_its_page_ended_and_tools_do_not_see_it() {
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    let shop = desk.tool("shop").await;
    for _ in 0..3 {
        shop.file(&outage()).await;
        desk.clock.advance(TimeDelta::seconds(1));
    }
    let agent = desk.agent("asha").await;
    let first = agent.get("/v1/notifications?limit=2").await.is(200).json;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next_cursor"].as_str().unwrap();
    let path = format!("/v1/notifications?limit=2&cursor={next}");
    let second = agent.get(path).await.is(200).json;
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert!(second["next_cursor"].is_null());

    shop.get("/v1/notifications")
        .await
        .refused(403, "forbidden");
    let wrong = "/v1/notifications?state=lost&ticket=7&cursor=x&limit=0";
    let answer = agent.get(wrong).await.refused(422, "invalid");
    assert_eq!(answer.json["errors"].as_array().unwrap().len(), 4);
    let none = "/v1/notifications/00000000-0000-0000-0000-000000000000";
    agent.get(none).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_that_waited_for_a_server_that_was_down_arrive_once() {
    const COUNT: usize = 2000;
    let sink = SmtpSink::open().await;
    let desk = mailing(&sink).await;
    sink.set_down(true);
    let shop = desk.tool("shop").await;
    for _ in 0..COUNT / 1000 {
        let batch = Value::Array(vec![outage(); 1000]);
        shop.post("/v1/tickets/batch", &batch).await.is(200);
    }
    // Two hours of a dead server: nobody gives up, and a round knocks once.
    for _ in 0..2 {
        let tried = desk.deliver().await;
        assert_eq!((tried.sent, tried.dead), (0, 0));
        assert_eq!(tried.again, COUNT);
        desk.clock.advance(TimeDelta::hours(1));
    }
    assert!(
        sink.connections() <= 2 * (COUNT / 50 + 1),
        "{}",
        sink.connections()
    );

    sink.set_down(false);
    let done = desk.deliver().await;
    assert_eq!((done.sent, done.again, done.dead), (COUNT, 0, 0));
    let ids: std::collections::BTreeSet<String> = sink
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID").unwrap())
        .collect();
    assert_eq!((ids.len(), sink.received().len()), (COUNT, COUNT));
    assert_eq!(rows(&desk, "state=pending").await.len(), 0);
}
