//! Texts that databases, terminals and mails choke on, in every text field of
//! every route: refused or taken, never a failure.

use serde_json::{Map, Value, json};

use super::{filed, json_operations, say};
use crate::harness::{TestDesk, document};

/// NUL (PostgreSQL refuses it), other control characters, line separators that
/// end a header, text that runs backwards, unpaired halves of a character.
const TEXTS: [&str; 6] = [
    "a\u{0}b",
    "a\u{1b}[31mb\u{7f}",
    "a\r\nBcc: x@example.com",
    "a\u{2028}\u{85}b",
    "\u{202e}\u{feff}\u{fffe}\u{10ffff}",
    "'; DROP TABLE tickets; --",
];

/// A body with every field of its schema: its example where it has one, made up
/// where it has none.
fn full(schema: &Value, depth: u32) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return full(&document()["components"]["schemas"][name], depth + 1);
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(choices) = choices {
        let filled = choices.iter().find(|choice| choice["type"] != "null");
        return full(filled.unwrap(), depth);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut all = Map::new();
        for part in parts {
            all.extend(full(part, depth).as_object().cloned().unwrap_or_default());
        }
        return Value::Object(all);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    let example = &schema["example"];
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind.unwrap_or_default() {
        "object" if depth < 12 => {
            let mut members = example.as_object().cloned().unwrap_or_default();
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                if !members.contains_key(name) {
                    members.insert(name.clone(), full(schema, depth + 1));
                }
            }
            if members.is_empty() {
                members.insert("any".to_owned(), json!("x"));
            }
            Value::Object(members)
        }
        "array" if depth < 12 => json!([full(&schema["items"], depth + 1)]),
        _ if !example.is_null() => example.clone(),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        "string" => match schema["format"].as_str() {
            Some("date-time") => json!("2026-11-22T10:00:00Z"),
            Some("date") => json!("2026-11-22"),
            Some("uuid") => json!("00000000-0000-7000-8000-000000000000"),
            _ => json!("x"),
        },
        _ => Value::Null,
    }
}

/// The pointers of all texts in a body.
fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                texts(item, &format!("{at}/{n}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                texts(member, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_text_in_any_field_makes_the_desk_fail() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let client = admin.with("if-match", "*");
    let (mut tried, mut taken) = (0, 0);
    for (method, path, schema) in json_operations() {
        let body = full(&schema, 0);
        let mut fields = Vec::new();
        texts(&body, "", &mut fields);
        let key = filed(&admin).await;
        let at = path
            .replace("{ticket}", &key)
            .replace("{n}", "1")
            .replace("{id}", "00000000-0000-7000-8000-000000000000");
        for field in fields {
            for text in TEXTS {
                let mut hostile = body.clone();
                *hostile.pointer_mut(&field).unwrap() = json!(text);
                let send =
                    client.send_text(method.clone(), &at, "application/json", hostile.to_string());
                let answer = send.await;
                assert!(answer.status < 500, "{field} = {text:?}: {answer:?}");
                tried += 1;
                taken += u32::from(answer.status < 300);
            }
        }
    }
    assert!(tried > 500 && taken > 50, "{tried} tried, {taken} taken");
    desk.hold_ledger().await;
}

#[tokio::test]
async fn no_path_query_or_header_makes_the_desk_fail() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let hostile = [
        "%00",
        "%0a",
        "%ff",
        "%c0%ae",
        "..%2f..%2fetc",
        "T-99999999999999999999",
        "T--1",
        "%F0%9F%92%A9",
        "%25",
        "'",
        "0",
        "%20",
    ];
    for (path, item) in document()["paths"].as_object().unwrap() {
        let operation = &item["get"];
        if !path.starts_with("/v1") || operation.is_null() || path == "/v1/events" {
            continue;
        }
        for value in hostile {
            let filled = path
                .split('/')
                .map(|part| if part.starts_with('{') { value } else { part })
                .collect::<Vec<_>>()
                .join("/");
            if filled != *path {
                let answer = admin.get(&filled).await;
                assert!(answer.status < 500, "{answer:?}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let answer = match parameter["in"].as_str().unwrap() {
                    "query" => admin.get(format!("{filled}?{name}={value}")).await,
                    "header" => admin.with(name, value).get(&filled).await,
                    _ => continue,
                };
                assert!(answer.status < 500, "{name}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn requests_that_are_no_http_are_turned_away_and_the_desk_goes_on() {
    let desk = TestDesk::open().await;
    let key = desk.admin().key().to_owned();
    let ask = |rest: &str| {
        format!(
            "GET /v1/templates/bug HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {key}\r\n{rest}\r\n\r\n"
        )
    };
    let many: String = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect();
    for (what, request) in [
        (
            "a huge header",
            ask(&format!("X-Huge: {}", "x".repeat(1 << 20))),
        ),
        ("many headers", ask(many.trim_end())),
        (
            "a huge path",
            ask("A: b").replace("bug", &"b".repeat(1 << 18)),
        ),
        ("no HTTP", "hello\r\n\r\n".to_owned()),
        ("two lengths", ask("Content-Length: 1\r\nContent-Length: 2")),
        ("a negative length", ask("Content-Length: -1")),
        (
            "a length and chunks",
            ask("Content-Length: 1\r\nTransfer-Encoding: chunked"),
        ),
        ("a header with a NUL", ask("X-Nul: a\0b")),
    ] {
        let told = say(&desk, request.as_bytes()).await;
        let refused = told.is_empty() || told.starts_with("HTTP/1.1 4");
        assert!(refused, "{what}: {told}");
    }
    let chunks = format!(
        "POST /v1/tickets HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n{{"
    );
    say(&desk, chunks.as_bytes()).await;
    desk.admin().get("/healthz").await.is(200);
}
