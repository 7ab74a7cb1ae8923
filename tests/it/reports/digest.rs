//! The leads' digest: once per period and recipient, with the reports' figures.

mod contents;
mod schedule;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::harness::{Client, Received, Setup, SmtpSink, TestDesk};

const LEAD: &str = "lila@example.com";

/// Mails weekly digests on Sundays in Kathmandu.
fn weekly(sink: &SmtpSink) -> Vec<(&'static str, String)> {
    vec![
        ("DESK_SMTP_URL", sink.url()),
        ("DESK_PUBLIC_URL", "https://desk.example".to_owned()),
        ("DESK_MAIL_REPORTERS", "off".to_owned()),
        ("DESK_DIGEST_TO", LEAD.to_owned()),
        ("DESK_DIGEST_DAILY", "off".to_owned()),
        ("DESK_DIGEST_WEEKLY", "0 8 * * 0".to_owned()),
        ("DESK_DIGEST_MONTHLY", "off".to_owned()),
        ("DESK_DIGEST_TIME_ZONE", "Asia/Kathmandu".to_owned()),
    ]
}

async fn open(env: Vec<(&'static str, String)>) -> TestDesk {
    TestDesk::with(Setup {
        env,
        ..Setup::default()
    })
    .await
}

/// Another desk on the same database, by the same clock.
async fn replica(of: &TestDesk, env: Vec<(&'static str, String)>) -> TestDesk {
    TestDesk::with(Setup {
        env,
        database: Some(of.database.clone()),
        clock: Some(of.clock.clone()),
        ..Setup::default()
    })
    .await
}

fn wind(desk: &TestDesk, to: &str) {
    let to: DateTime<Utc> = to.parse().unwrap();
    desk.clock.advance(to - desk.clock.now());
}

async fn send(desk: &TestDesk) -> usize {
    desk.desk.send_digests().await.unwrap()
}

async fn posted(desk: &TestDesk) -> usize {
    let rows = desk.admin().get("/v1/notifications?limit=200").await;
    let rows = rows.is(200).json["items"].as_array().unwrap().clone();
    rows.iter().filter(|row| row["kind"] == "digest").count()
}

async fn preview(lead: &Client, query: &str) -> Value {
    let path = format!("/v1/reports/digest?{query}");
    lead.get(path).await.is(200).json
}

fn text(mail: &Received) -> String {
    mail.raw.replace("=\r\n", "").replace("=3D", "=")
}
