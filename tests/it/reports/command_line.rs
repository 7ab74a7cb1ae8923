//! `runbook-desk report`, as a script uses it.

use std::process::Output;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Client, TestDesk, binary, bug};

async fn run(desk: &TestDesk, as_whom: &Client, arguments: &[&str]) -> Output {
    let run = tokio::process::Command::new(binary("runbook-desk"))
        .arg("report")
        .args(arguments)
        .env_clear()
        .env("DESK_URL", &desk.url)
        .env("DESK_KEY", as_whom.key())
        .output();
    run.await.unwrap()
}

async fn said(desk: &TestDesk, as_whom: &Client, arguments: &[&str]) -> String {
    let output = run(desk, as_whom, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn reports_are_printed_as_tables_csv_and_json() {
    let desk = TestDesk::open().await;
    let (shop, asha, lila) = (
        desk.tool("shop").await,
        desk.agent("asha").await,
        desk.lead("lila").await,
    );
    let filed = shop.file(&bug("Late parcel")).await;
    desk.pass(TimeDelta::minutes(90)).await;
    let key = filed["key"].as_str().unwrap();
    asha.act(key, "resolve", &json!({})).await;
    shop.file(&bug("Another")).await;

    let asked = [
        "sla",
        "--from",
        "2026-11-22",
        "--to",
        "2026-11-23",
        "--tz",
        "Asia/Kathmandu",
        "--group-by",
        "kind",
        "--format",
    ];
    let form = |form| [asked.as_slice(), &[form]].concat();
    let path = "/v1/reports/sla?from=2026-11-22&to=2026-11-23&tz=Asia/Kathmandu&group_by=kind";
    let json: Value = serde_json::from_str(&said(&desk, &lila, &form("json")).await).unwrap();
    assert_eq!(json, lila.get(path).await.is(200).json);
    assert_eq!(json["total"]["n"], 2);
    let csv = lila.with("accept", "text/csv").get(path).await.is(200).text;
    assert_eq!(
        said(&desk, &lila, &form("csv")).await.trim_end(),
        csv.trim_end()
    );

    let table = said(&desk, &lila, &form("table")).await;
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].starts_with("sla: tickets filed in the period"),
        "{table}"
    );
    assert!(lines[1].contains("Asia/Kathmandu"), "{table}");
    let row = |name: &str| {
        let mut lines = lines.iter().filter(|line| line.starts_with(name));
        let words = lines.next().unwrap_or_else(|| panic!("{table}"));
        words
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        row("bug")[1..4],
        ["2", "1", "1"],
        "tickets, open, resolved: {table}"
    );
    assert_eq!(row("bug")[1..], row("total")[1..]);
    assert!(
        table.contains("1.5 h") && table.contains("100.0 %"),
        "{table}"
    );

    let kpis = said(&desk, &lila, &["kpis"]).await;
    let words: Vec<&str> = kpis.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("first_response < 2.0 h 1.5 h met n 1"),
        "{kpis}"
    );
}

#[tokio::test]
async fn a_digest_is_printed_as_its_letter() {
    let desk = TestDesk::open().await;
    let (shop, lila) = (desk.tool("shop").await, desk.lead("lila").await);
    shop.file(&bug("Late parcel")).await;
    desk.pass(TimeDelta::days(8)).await;
    let asked = ["digest", "--period", "weekly"];
    let letter = said(&desk, &lila, &asked).await;
    let answer = lila
        .get("/v1/reports/digest?period=weekly")
        .await
        .is(200)
        .json;
    assert_eq!(
        letter.trim_end(),
        answer["text"].as_str().unwrap().trim_end()
    );
    assert!(
        letter.starts_with("Weekly digest, 2026-11-23 to 2026-11-29: 0 filed"),
        "{letter}"
    );
    let earlier = [asked.as_slice(), &["--at", "2026-11-23T12:00:00Z"]].concat();
    let earlier = said(&desk, &lila, &earlier).await;
    assert!(
        earlier.starts_with("Weekly digest, 2026-11-16 to 2026-11-22: 1 filed"),
        "{earlier}"
    );
    let json = said(
        &desk,
        &lila,
        &[asked.as_slice(), &["--format", "json"]].concat(),
    )
    .await;
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), answer);
}

#[tokio::test]
async fn what_cannot_be_answered_is_told_by_exit_code() {
    let desk = TestDesk::open().await;
    let (asha, lila) = (desk.agent("asha").await, desk.lead("lila").await);
    let code = async |as_whom: &Client, arguments: &[&str]| {
        run(&desk, as_whom, arguments).await.status.code()
    };
    assert_eq!(code(&asha, &["sla"]).await, Some(1), "not for agents");
    assert_eq!(code(&lila, &["sla", "--tz", "Mars"]).await, Some(1));
    assert_eq!(
        code(&lila, &["digest", "--from", "2026-11-01"]).await,
        Some(1)
    );
    assert_eq!(code(&lila, &["digest", "--format", "csv"]).await, Some(2));
    assert_eq!(code(&lila, &["weather"]).await, Some(2));
}
