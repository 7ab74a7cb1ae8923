//! Mail in: what becomes of a raw message.

mod bounces;
mod hostile;
mod letters;
mod pipe;
mod replies;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, TestDesk, bug_with};

const ASHA: &str = "asha@example.org";

/// A mail with these headers; lines end as mails' do.
fn mail(headers: &str, text: &str) -> String {
    format!("{}\n\n{text}\n", headers.trim_end()).replace('\n', "\r\n")
}

async fn post(gateway: &Client, raw: impl Into<reqwest::Body>) -> Answer {
    gateway
        .send_text(Method::POST, "/v1/inbound", "message/rfc822", raw)
        .await
}

/// Takes a mail in; what became of it.
async fn take(gateway: &Client, raw: &str) -> Value {
    post(gateway, raw.to_owned()).await.is(200).json
}

/// A ticket of Asha's at level 3, filed by the shop.
async fn filed(desk: &TestDesk) -> Value {
    let fields = json!({"severity": "critical", "affected_users": 40,
        "reporter": {"name": "Asha Rai", "email": ASHA}});
    desk.tool("shop")
        .await
        .file(&bug_with("Nothing works", fields))
        .await
}

/// The one notification of a ticket that tells the team of it.
async fn told(desk: &TestDesk, key: &str) -> Value {
    let path = format!("/v1/notifications?ticket={key}");
    let escalated = |row: &&Value| row["kind"] == "escalated";
    let rows = desk.admin().get(path).await.is(200).json;
    let rows = rows["items"].as_array().unwrap().iter();
    let rows: Vec<&Value> = rows.filter(escalated).collect();
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows[0].clone()
}

async fn comments(desk: &TestDesk, key: &str) -> Vec<Value> {
    let path = format!("/v1/tickets/{key}/comments");
    let page = desk.admin().get(path).await.is(200).json;
    page["items"].as_array().unwrap().clone()
}
