//! Bodies: every fault at once, and none that the desk fails on.

use std::io::Write;

use reqwest::Method;
use serde_json::{Value, json};

use super::{filed, json_operations};
use crate::harness::{TestDesk, bug, bug_with};

const JSON: &str = "application/json";

#[tokio::test]
async fn every_fault_is_listed_at_once_and_unknown_fields_by_name() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let wrong = json!({
        "kind": "bug", "severity": "huge", "actual": 7, "colour": "blue", "a/b~c": 1,
        "reporter": {"email": "sita@example.com", "age": 30},
    });
    let refused = shop.post("/v1/tickets", &wrong).await;
    assert_eq!(
        refused.faults(),
        [
            "/actual",
            "/a~1b~0c",
            "/colour",
            "/reporter/age",
            "/severity",
            "/title"
        ]
    );
    refused.refused(422, "invalid");

    let empty = bug_with("", json!({"colour": "blue"}));
    let refused = shop.post("/v1/tickets", &empty).await.is(422);
    let errors = refused.json["errors"].as_array().unwrap();
    let title = errors.iter().find(|fault| fault["pointer"] == "/title");
    assert_eq!(title.unwrap()["message"], "must have at least 1 character");

    let values = bug_with(
        "x",
        json!({"title": " ", "tags": [""], "reporter": {"email": "no"}}),
    );
    let refused = shop.post("/v1/tickets", &values).await;
    assert_eq!(refused.faults(), ["/reporter/email", "/tags", "/title"]);
    refused.refused(422, "invalid");
}

#[tokio::test]
async fn every_route_names_an_unknown_field() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let key = filed(&admin).await;
    let mut wrong = Vec::new();
    for (method, path, _) in json_operations() {
        let at = path
            .replace("{ticket}", &key)
            .replace("{n}", "1")
            .replace("{id}", "00000000-0000-7000-8000-000000000000");
        let unknown = json!({"zzz": 1}).to_string();
        let client = admin.with("if-match", "*");
        let answer = client.send_text(method.clone(), &at, JSON, unknown).await;
        let named = answer.faults().iter().any(|fault| fault.ends_with("/zzz"));
        // A list has no fields of its own, and a sample's labels are ignored.
        let open = path.ends_with("/batch") || path.ends_with("/sla/preview");
        if !named && !open {
            wrong.push(format!("{method} {path}: {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn compressed_bodies_are_not_taken() {
    let desk = TestDesk::open().await;
    let admin = desk.admin();
    let key = filed(&admin).await;
    let ticket = format!("/v1/tickets/{key}");
    let attach = format!("{ticket}/attachments");
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip"] {
        let client = admin
            .with("content-encoding", encoding)
            .with("if-match", "*");
        for (method, path, media_type) in [
            (Method::POST, "/v1/tickets", JSON),
            (Method::POST, "/v1/tickets/batch", JSON),
            (Method::PATCH, ticket.as_str(), JSON),
            (Method::PUT, "/v1/runbook", "text/markdown"),
            (Method::POST, "/v1/triage/examples", "text/csv"),
            (
                Method::POST,
                attach.as_str(),
                "multipart/form-data; boundary=b",
            ),
        ] {
            let answer = client.send_text(method, path, media_type, "\u{1f}").await;
            answer.refused(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn what_is_not_json_is_malformed_whatever_it_calls_itself() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"kind\": \"bug\", \"metadata\": {{\"a\": {open}{close}}}}}")
    };
    let utf16: Vec<u8> = bug("Odd")
        .to_string()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin1 = b"{\"kind\": \"bug\", \"title\": \"caf\xe9\"}".to_vec();
    let mut bom = vec![0xef, 0xbb, 0xbf];
    write!(bom, "{}", bug("Odd")).unwrap();
    for (media_type, body) in [
        (JSON, b"".to_vec()),
        (JSON, b"{".to_vec()),
        (JSON, b"nothing".to_vec()),
        (JSON, b"{\"kind\": \"bug\",}".to_vec()),
        (JSON, b"{'kind': 'bug'}".to_vec()),
        (JSON, b"{\"kind\": NaN}".to_vec()),
        (JSON, b"{\"kind\": \"bug\"} {}".to_vec()),
        (JSON, b"{\"kind\": \"\\ud800\"}".to_vec()),
        (JSON, nested(200).into_bytes()),
        (JSON, nested(100_000).into_bytes()),
        (JSON, bom),
        (JSON, latin1.clone()),
        ("application/json; charset=iso-8859-1", latin1),
        ("application/json; charset=utf-16", utf16),
    ] {
        let shown = String::from_utf8_lossy(&body)
            .chars()
            .take(60)
            .collect::<String>();
        let answer = shop
            .send_text(Method::POST, "/v1/tickets", media_type, body)
            .await;
        assert_eq!(
            (answer.status, &answer.json["code"]),
            (400, &json!("malformed")),
            "{shown}"
        );
    }
    for (body, status) in [
        ("[]", 422),
        ("null", 422),
        ("\"bug\"", 422),
        ("7", 422),
        // One of two values would be lost in silence.
        (
            "{\"kind\": \"bug\", \"title\": \"a\", \"title\": \"b\", \"severity\": \"low\", \"actual\": \"c\"}",
            422,
        ),
    ] {
        let answer = shop
            .send_text(Method::POST, "/v1/tickets", JSON, body)
            .await;
        assert_eq!(answer.status, status, "{body}: {answer:?}");
    }
    for good in ["application/json;charset=UTF-8", "APPLICATION/JSON"] {
        let answer = shop.send_text(Method::POST, "/v1/tickets", good, bug("Odd").to_string());
        answer.await.is(201);
    }
    for none in [
        "",
        "text/plain",
        "application/jsonp",
        "application/xml",
        "json",
    ] {
        let answer = shop.send_text(Method::POST, "/v1/tickets", none, bug("Odd").to_string());
        answer.await.refused(415, "unsupported_media_type");
    }
}

#[tokio::test]
async fn numbers_beyond_all_bounds_are_refused() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    for number in [
        "0",
        "-1",
        "1.5",
        "1e400",
        "99999999999999999999999",
        "4294967296",
    ] {
        let body = format!(
            "{{\"kind\": \"bug\", \"title\": \"a\", \"severity\": \"low\", \"actual\": \"b\", \"affected_users\": {number}}}"
        );
        let answer = shop
            .send_text(Method::POST, "/v1/tickets", JSON, body)
            .await;
        assert!([400, 422].contains(&answer.status), "{number}: {answer:?}");
    }
    let kept = bug_with(
        "Odd",
        json!({"metadata": {"n": 1e300, "m": -9_007_199_254_740_993_i64}}),
    );
    let filed = shop.file(&kept).await;
    assert_eq!(filed["metadata"], kept["metadata"]);
    assert_ne!(filed["metadata"], Value::Null);
}
