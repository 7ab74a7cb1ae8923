//! `docs/api-guide.md` is true: its blocks are run in order, and each answer has
//! what the guide shows of it.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tokio::process::Command;

use crate::harness::TestDesk;

const GUIDE: &str = include_str!("../../docs/api-guide.md");

#[tokio::test]
async fn every_request_of_the_guide_does_what_it_says() {
    let blocks = blocks(GUIDE);
    assert!(blocks.len() >= 12, "the guide lost its blocks");
    let desk = TestDesk::open().await;
    let folder = tempfile::tempdir().unwrap();

    // One shell for all, as for a reader: later blocks use what earlier ones set.
    let mut script = String::from("set -euo pipefail\n");
    for (n, block) in blocks.iter().enumerate() {
        script += &format!(
            "echo 'at line {}' >reached\n{{\n{}}} >out.{n}\n",
            block.line, block.code
        );
    }
    let run = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("DESK_URL", &desk.url)
        .env("DESK_KEY", desk.admin().key())
        .env("no_proxy", "*")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let read = |name: &str| read(folder.path(), name);
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}: {told}", read("reached"));

    for (n, block) in blocks.iter().enumerate() {
        let Some(shown) = &block.shown else { continue };
        let out = read(&format!("out.{n}"));
        // Where several requests print, the last one is shown.
        let answers: Vec<Value> = serde_json::Deserializer::from_str(&out)
            .into_iter()
            .map(|answer| {
                answer.unwrap_or_else(|error| panic!("line {}: {error}: {out}", block.line))
            })
            .collect();
        let shown: Value = serde_json::from_str(shown).unwrap();
        let fits = answers.iter().any(|answer| contains(answer, &shown));
        assert!(fits, "line {}: {shown} is not in {out}", block.line);
    }
}

/// A block of shell with what the guide shows of its answer.
struct Block {
    line: usize,
    code: String,
    shown: Option<String>,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut lines = guide.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let body = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```");
        let text: String = body.map(|line| format!("{line}\n")).collect();
        match language {
            "sh" => blocks.push(Block {
                line: at + 1,
                code: text,
                shown: None,
            }),
            "json" => blocks.last_mut().unwrap().shown = Some(text),
            other => panic!("line {}: what is a block of {other:?}?", at + 1),
        }
    }
    blocks
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

/// Whether the answer has all that is shown: objects may have more members,
/// lists have the shown items in order, `…` stands for any text.
fn contains(answer: &Value, shown: &Value) -> bool {
    match (answer, shown) {
        (Value::String(_), Value::String(any)) if any == "…" => true,
        (Value::Object(answer), Value::Object(shown)) => shown.iter().all(|(name, shown)| {
            answer
                .get(name)
                .is_some_and(|answer| contains(answer, shown))
        }),
        (Value::Array(answer), Value::Array(shown)) => {
            let mut answer = answer.iter();
            shown
                .iter()
                .all(|shown| answer.by_ref().any(|answer| contains(answer, shown)))
                && (!shown.is_empty() || answer.next().is_none())
        }
        (answer, shown) => answer == shown,
    }
}
