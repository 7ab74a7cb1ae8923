//! The real binary as a script uses it: a desk is served, tickets are worked on
//! over HTTP, and their clocks are verified.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};
use store::{Options, Store, TicketWrite, Write};
use tempfile::TempDir;
use ticketing::TicketRef;

const KEY: &str = "rd_0123456789abcdef0123456789abcdef0123456789abcdef";

/// A served desk with its folder; ended when it is dropped.
struct Served {
    folder: TempDir,
    listen: String,
    child: Child,
}

impl Served {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        // Whoever takes the port in between makes the start fail, loudly.
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = port.local_addr().unwrap().to_string();
        drop(port);
        let child = desk(folder.path(), &listen, &["serve"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut served = Self {
            folder,
            listen,
            child,
        };
        while !served.run(&["healthcheck"]).status.success() {
            assert!(served.child.try_wait().unwrap().is_none(), "the desk ended");
        }
        served
    }

    fn command(&self, arguments: &[&str]) -> Command {
        desk(self.folder.path(), &self.listen, arguments)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed with one JSON object.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", told(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn code(&self, arguments: &[&str]) -> Option<i32> {
        self.run(arguments).status.code()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn desk(folder: &Path, listen: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runbook-desk"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("DESK_LISTEN", listen)
        .env("DESK_LOG", "warn")
        .env("DESK_ADMIN_KEY", KEY)
        .env("DESK_URL", format!("http://{listen}"))
        .env("DESK_KEY", KEY);
    command
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn bug(title: &str) -> String {
    json!({"kind": "bug", "title": title, "severity": "high", "actual": "the page is slow"})
        .to_string()
}

#[test]
fn a_ticket_is_filed_worked_on_and_resolved_from_a_script() {
    let served = Served::start();
    let template = "Title: Cannot pay\nSeverity: High\nActual: the gateway returns 502\n";
    let template = served.file("bug.md", template);

    let filed = served.json(&["ticket", "file", "--template", &template, "--json"]);
    let key = filed["key"].as_str().unwrap();
    assert_eq!(filed["status"], "new");
    assert_eq!(filed["level"], 3);
    let bug = served.file("bug.json", &bug("Slow"));
    let once = ["ticket", "file", "--json", &bug, "--idempotency-key", "a"];
    assert_eq!(served.json(&once)["id"], served.json(&once)["id"]);

    served.json(&["ticket", "comment", key, "We are on it", "--json"]);
    let assigned = served.json(&["ticket", "assign", key, "asha", "--json"]);
    let version = assigned["version"].to_string();
    let resolved = served.json(&[
        "ticket",
        "resolve",
        key,
        "--entry",
        "payment-failed",
        "--step",
        "1",
        "--note",
        "up again",
        "--if-version",
        &version,
        "--json",
    ]);
    let helped = json!({"entry": "payment-failed", "step": 1, "note": "up again"});
    assert_eq!(resolved["resolution"], helped);

    let shown = served.json(&["ticket", "show", key, "--json"]);
    assert_eq!(shown["comments"][0]["text"], "We are on it");
    let human = served.run(&["ticket", "show", key]).stdout;
    let human = String::from_utf8(human).unwrap();
    assert!(
        human.contains("We are on it") && human.contains("up again"),
        "{human}"
    );
    let open = served.json(&["ticket", "list", "--status", "new,open", "--all", "--json"]);
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
    let first = served.json(&["ticket", "list", "--limit", "1", "--json"]);
    assert!(first["next_cursor"].is_string());
}

#[test]
fn refusals_name_every_fault_and_exit_codes_tell_kinds_apart() {
    let served = Served::start();
    let template = served.file("bad.md", "Title:\nSeverity: Huge\n");

    let refused = served.run(&["ticket", "file", "--template", &template]);
    assert_eq!(refused.status.code(), Some(1));
    let lines = told(&refused);
    for part in [
        "422",
        "line 1, /title",
        "line 2, /severity",
        "/actual",
        "request ",
    ] {
        assert!(lines.contains(part), "{part} is not in {lines}");
    }

    assert_eq!(served.code(&["ticket", "show", "T-999999"]), Some(1));
    assert_eq!(served.code(&["ticket", "file"]), Some(2));
    let mut no_key = served.command(&["ticket", "list"]);
    let no_key = no_key.env("DESK_KEY", "").output().unwrap();
    assert_eq!(no_key.status.code(), Some(2));
    assert!(told(&no_key).contains("DESK_KEY"));
    // A port that nothing listens on.
    let mut away = served.command(&["ticket", "list"]);
    let away = away.env("DESK_URL", "http://127.0.0.1:1").output().unwrap();
    assert_eq!(away.status.code(), Some(3));
    assert!(told(&away).contains("cannot reach"), "{}", told(&away));
}

#[tokio::test]
async fn clocks_that_differ_from_their_events_are_reported() {
    let served = Served::start();
    let bug = served.file("bug.json", &bug("Slow"));
    let filed = served.json(&["ticket", "file", "--json", &bug]);
    let key = filed["key"].as_str().unwrap();
    let commented = served.json(&["ticket", "comment", key, "We are on it", "--json"]);
    assert_eq!(commented["ticket"]["sla"]["first_response"]["state"], "met");
    let good = served.json(&["sla", "verify", "--json"]);
    assert_eq!(good, json!({"tickets": 1, "differences": []}));

    let url = format!(
        "sqlite://{}",
        served.folder.path().join("data/desk.db").display()
    );
    let store = Store::open(&Options {
        url,
        max_connections: 2,
    })
    .await
    .unwrap();
    let by: TicketRef = key.parse().unwrap();
    let mut ticket = store.find_ticket(by).await.unwrap().unwrap();
    let seen = ticket.version;
    let due = &mut ticket.clocks.resolution.as_mut().unwrap().due_at;
    *due = due.map(|due| due + chrono::TimeDelta::seconds(1));
    let write = Write {
        tickets: vec![TicketWrite {
            seen,
            ticket,
            events: Vec::new(),
        }],
        ..Write::default()
    };
    store.write(write).await.unwrap();
    store.close().await.unwrap();

    let bad = served.run(&["sla", "verify", "--json"]);
    assert_eq!(bad.status.code(), Some(1));
    let bad: Value = serde_json::from_slice(&bad.stdout).unwrap();
    let found = bad["differences"].as_array().unwrap().iter();
    let figures: Vec<_> = found.map(|found| &found["figure"]).collect();
    assert_eq!(figures, ["resolution", "next_due_at column"]);
}

#[test]
fn triage_is_measured_and_explained_without_a_desk() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, lines: &[Value]| {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        let path = folder.path().join(name);
        fs::write(&path, lines.join("\n\n")).unwrap();
        path.display().to_string()
    };
    let run = |arguments: &[&str]| {
        // Settings that are wrong must not matter.
        let output = desk(folder.path(), "wrong", arguments).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };

    let tickets = file(
        "tickets.jsonl",
        &[json!({
            "id": "a", "kind": "bug", "title": "Payment fails", "body": "the gateway returns 502",
            "expected": {"entry": "payment-failed", "level": 3}, "style": "plain",
        })],
    );
    let measured = run(&[
        "triage",
        "evaluate",
        "--tickets",
        &tickets,
        "--train",
        &tickets,
        "--json",
    ]);
    let figures = "n top1 top3 mrr all none_precision none_recall ece p90_precision p90_share \
        level_accuracy l3_recall l3_precision l4_recall us_per_ticket";
    for figure in figures.split_whitespace() {
        assert!(measured.get(figure).is_some(), "{figure} is missing");
    }
    assert_eq!(measured["n"], 1);
    assert_eq!(measured["top1"], 1.0);

    let texts = file(
        "texts.jsonl",
        &[
            json!({"text": "where is my card", "label": "card"}),
            json!({"text": "what is the rate", "label": "rate"}),
        ],
    );
    let measured = run(&[
        "triage",
        "evaluate",
        "--tickets",
        &texts,
        "--train",
        &texts,
        "--json",
    ]);
    assert_eq!(measured["n"], 2);
    assert_eq!(measured["accuracy"], 1.0);
    assert!(measured["train_seconds"].is_number() && measured["us_per_text"].is_number());

    let explained = run(&[
        "triage",
        "explain",
        "Payment fails\nthe gateway returns 502",
        "--json",
    ]);
    assert_eq!(explained["entry"], "payment-failed");
    assert_eq!(explained["level"], 3);
}

#[test]
fn a_wrong_line_is_named_and_is_wrong_usage() {
    let folder = TempDir::new().unwrap();
    let tickets = folder.path().join("tickets.jsonl");
    fs::write(&tickets, "{\"id\": 1}\n").unwrap();
    let arguments = ["triage", "evaluate", "--tickets", tickets.to_str().unwrap()];
    let output = desk(folder.path(), "wrong", &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("tickets.jsonl:1"),
        "{}",
        told(&output)
    );
}
