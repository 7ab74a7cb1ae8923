//! When it is mailed, to whom, and never twice.

use chrono::TimeDelta;

use super::{LEAD, open, posted, replica, send, text, weekly, wind};
use crate::harness::{SmtpSink, bug};

#[tokio::test]
async fn a_weekly_digest_goes_out_once_at_its_instant_in_the_leads_zone() {
    let sink = SmtpSink::open().await;
    let desk = open(weekly(&sink)).await;
    let shop = desk.tool("shop").await;
    // The desk was first opened on a Sunday at 15:45: this morning's is nobody's.
    assert_eq!(send(&desk).await, 0);
    shop.file(&bug("Late parcel")).await;

    wind(&desk, "2026-11-29T02:14:59Z");
    assert_eq!(send(&desk).await, 0);
    wind(&desk, "2026-11-29T02:15:00Z");
    assert_eq!(send(&desk).await, 1);
    assert_eq!(send(&desk).await, 0);
    let other = replica(&desk, weekly(&sink)).await;
    assert_eq!(
        send(&other).await,
        0,
        "a restart or replica mails none again"
    );
    assert_eq!(desk.deliver().await.sent, 1);

    let mails = sink.received();
    let [mail] = mails.as_slice() else {
        panic!("{mails:?}")
    };
    assert_eq!(mail.to, LEAD);
    let subject = mail.header("Subject").unwrap();
    assert!(
        subject.starts_with("Weekly digest, 2026-11-22 to 2026-11-28: 1 filed, "),
        "{subject}"
    );
    assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
    let raw = text(mail);
    for part in [
        "From Sun 22 Nov 2026 to the end of Sat 28 Nov 2026, by the clock of Asia/Kathmandu.",
        "Sun 29 Nov 2026 08:00 +0545",
        "[x] Go through the common issues",
        "https://desk.example/v1/reports/sla?from=2026-11-21T18:15:00Z&to=2026-11-28T18:15:00Z&tz=Asia/Kathmandu",
    ] {
        assert!(raw.contains(part), "{part} is not in {raw}");
    }

    desk.clock.advance(TimeDelta::days(7));
    assert_eq!(send(&other).await + send(&desk).await, 1);
    assert_eq!(posted(&desk).await, 2);
}

#[tokio::test]
async fn a_desk_that_was_down_posts_the_latest_one_once() {
    let sink = SmtpSink::open().await;
    let mut env = weekly(&sink);
    env.push(("DESK_DIGEST_DAILY", "0 8 * * *".to_owned()));
    let first = open(env.clone()).await;
    first.tool("shop").await.file(&bug("Late parcel")).await;
    wind(&first, "2026-12-23T12:00:00Z");

    // Two replicas come up at once, and both find it missing.
    let (one, two) = (
        replica(&first, env.clone()).await,
        replica(&first, env).await,
    );
    let (a, b) = tokio::join!(one.desk.send_digests(), two.desk.send_digests());
    assert!(a.unwrap() + b.unwrap() >= 2);
    assert_eq!(
        posted(&one).await,
        2,
        "one daily and one weekly, none of the older"
    );
    assert_eq!(one.deliver().await.sent, 2);
    let mails = sink.received();
    let subjects: Vec<String> = mails
        .iter()
        .map(|mail| mail.header("Subject").unwrap())
        .collect();
    for wanted in [
        "Daily digest, 2026-12-22:",
        "Weekly digest, 2026-12-13 to 2026-12-19:",
    ] {
        let found = subjects.iter().any(|subject| subject.starts_with(wanted));
        assert!(found, "{wanted} is not in {subjects:?}");
    }
}

#[tokio::test]
async fn each_lead_gets_it_and_a_new_one_the_latest() {
    let sink = SmtpSink::open().await;
    let to = |to: &str| {
        let mut env = weekly(&sink);
        env.retain(|(name, _)| *name != "DESK_DIGEST_TO");
        env.push(("DESK_DIGEST_TO", to.to_owned()));
        env
    };
    let desk = open(to("lila@example.com, hari@example.com, lila@example.com")).await;
    wind(&desk, "2026-11-30T12:00:00Z");
    assert_eq!(send(&desk).await, 2);
    let later = replica(&desk, to("lila@example.com,maya@example.com")).await;
    assert_eq!(send(&later).await, 1);
    assert_eq!(desk.deliver().await.sent, 3);
    let mut to: Vec<String> = sink.received().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(
        to,
        ["hari@example.com", "lila@example.com", "maya@example.com"]
    );
}

#[tokio::test]
async fn the_support_lead_is_mailed_where_nobody_else_is_named() {
    let sink = SmtpSink::open().await;
    let mut env = weekly(&sink);
    env.retain(|(name, _)| *name != "DESK_DIGEST_TO");
    let nobody = open(env.clone()).await;
    wind(&nobody, "2026-11-30T12:00:00Z");
    assert_eq!(send(&nobody).await, 0);
    env.push(("DESK_CONTACTS__SUPPORT_LEAD", LEAD.to_owned()));
    let lead = replica(&nobody, env).await;
    assert_eq!(send(&lead).await, 1);
}

#[tokio::test]
async fn the_local_hour_stays_when_the_clock_changes() {
    let sink = SmtpSink::open().await;
    let mut env = weekly(&sink);
    env.push(("DESK_DIGEST_TIME_ZONE", "America/New_York".to_owned()));
    let desk = open(env).await;
    // Clocks go forward on 14 March 2027 at two.
    for (before, at) in [
        ("2027-03-07T12:59:59Z", "2027-03-07T13:00:00Z"),
        ("2027-03-14T11:59:59Z", "2027-03-14T12:00:00Z"),
        ("2027-03-21T11:59:59Z", "2027-03-21T12:00:00Z"),
    ] {
        wind(&desk, before);
        send(&desk).await;
        let so_far = posted(&desk).await;
        wind(&desk, at);
        assert_eq!(send(&desk).await, 1, "{at}");
        assert_eq!(posted(&desk).await, so_far + 1);
    }
}
