//! One story per trigger, with a clock that is wound by hand and a mail server
//! of which every mail must be expected.

mod acknowledge;
mod at_risk;
mod budget;
mod deescalate;
mod entry_rule;
mod fallback;
mod level_trigger;
mod manual;
mod outage;
mod replicas;
mod sla_breach;
mod unacknowledged;

use serde_json::{Value, json};

use crate::harness::{Client, Mailbox, Setup, TestDesk, bug_with};

const TECHNICAL: &str = "tech-support@kbstylish.com";
const ENGINEERING: &str = "engineering@kbstylish.com";
const CTO: &str = "cto@example.com";
const CEO: &str = "ceo@example.com";
const LEAD: &str = "maya@example.com";
const ASHA: &str = "asha@example.com";
const DUTY: &str = "duty@example.com";

/// A desk that reaches every level, and whose every mail must be expected.
async fn staffed() -> (TestDesk, Mailbox) {
    let mail = Mailbox::open().await;
    let desk = TestDesk::with(with_mail(&mail)).await;
    (desk, mail)
}

fn with_mail(mail: &Mailbox) -> Setup {
    let one = |name, value: &str| (name, value.to_owned());
    Setup {
        env: vec![
            ("DESK_SMTP_URL", mail.sink.url()),
            one("DESK_FALLBACK_CONTACT", DUTY),
            one("DESK_CONTACTS__CTO", CTO),
            one("DESK_CONTACTS__CEO", CEO),
            one("DESK_CONTACTS__SUPPORT_LEAD", LEAD),
            one("DESK_PEOPLE__ASHA", ASHA),
            one("DESK_PUBLIC_URL", "https://desk.example"),
        ],
        ..Setup::default()
    }
}

/// Files it and answers its key.
async fn file(client: &Client, body: &Value) -> String {
    client.file(body).await["key"].as_str().unwrap().to_owned()
}

fn said(severity: &str, actual: &str) -> Value {
    bug_with("Help", json!({"severity": severity, "actual": actual}))
}

/// Nobody can open the site: level 3 by the runbook's trigger.
fn site_down() -> Value {
    said("high", "The site is down for everybody")
}

/// A trigger of level 2.
fn data_trouble() -> Value {
    said("low", "There is a database error on the page")
}

async fn escalations(client: &Client, key: &str) -> Vec<Value> {
    let path = format!("/v1/tickets/{key}/escalations");
    let listed = client.get(path).await.is(200).json;
    listed["items"].as_array().unwrap().clone()
}

async fn acknowledge(client: &Client, key: &str, n: usize) {
    let path = format!("/v1/tickets/{key}/escalations/{n}/acknowledge");
    client.post(path, &Value::Null).await.is(200);
}

/// The clause, its line and its revision: what every escalation says of itself.
fn cited(escalation: &Value) -> (&str, u64, i64) {
    (
        escalation["clause"].as_str().unwrap(),
        escalation["line"].as_u64().unwrap(),
        escalation["runbook_revision"].as_i64().unwrap(),
    )
}

/// The line of the built-in runbook that begins with that.
fn line_of(beginning: &str) -> u64 {
    let runbook = include_str!("../../../runbook/customer-support.md");
    let mut lines = runbook.lines();
    let place = lines.position(|line| line.starts_with(beginning));
    u64::try_from(place.unwrap() + 1).unwrap()
}
