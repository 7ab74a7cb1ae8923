//! What holds on every route: who is asked first, what a refusal says, which
//! bodies are taken, and that nothing a client can send makes the desk fail.

mod bodies;
mod hostile;

use std::{collections::BTreeSet, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Answer, Client, Setup, TestDesk, bug, document};

/// The key of a new ticket.
async fn filed(client: &Client) -> String {
    let filed = client.file(&bug("Odd colours")).await;
    filed["key"].as_str().unwrap().to_owned()
}

/// One problem of each kind.
async fn problems(desk: &TestDesk, limited: &TestDesk) -> Vec<Answer> {
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let key = filed(&shop).await;
    let ticket = format!("/v1/tickets/{key}");
    let probe = |client: &Client, n: u16| client.with("x-request-id", &format!("probe-{n}"));
    let json = "application/json";
    let large = vec![b' '; (1 << 20) + 1];
    let post = Method::POST;
    let mut all = vec![
        probe(&shop, 400)
            .send_text(post.clone(), "/v1/tickets", json, "{\"kind\": ")
            .await,
        probe(&desk.stranger(), 401).get("/v1/tickets").await,
        probe(&shop, 403).get("/v1/access-keys").await,
        probe(&shop, 404).get("/v1/tickets/T-99999").await,
        probe(&shop, 405).delete("/v1/tickets").await,
        probe(&asha, 409)
            .post(format!("{ticket}/reopen"), &json!({}))
            .await,
        probe(&asha.with("if-match", "\"9\""), 412)
            .patch(&ticket, &json!({"title": "x"}))
            .await,
        probe(&shop, 413)
            .send_text(post.clone(), "/v1/tickets", json, large)
            .await,
        probe(&shop, 415)
            .send_text(post, "/v1/tickets", "text/html", "<p>")
            .await,
        probe(&shop, 422)
            .post("/v1/tickets", &json!({"kind": "bug"}))
            .await,
        probe(&asha, 428)
            .patch(&ticket, &json!({"title": "x"}))
            .await,
    ];
    let hasty = limited.tool("hasty").await;
    for _ in 0..20 {
        let answer = probe(&hasty, 429).get("/v1/templates/bug").await;
        if answer.status == 429 {
            all.push(answer);
            break;
        }
    }
    all
}

#[tokio::test]
async fn every_kind_of_problem_names_its_request() {
    let desk = TestDesk::open().await;
    let limited = TestDesk::with(Setup {
        env: vec![
            ("DESK_RATE_LIMIT_PER_SECOND", "1".to_owned()),
            ("DESK_RATE_LIMIT_BURST", "2".to_owned()),
        ],
        ..Setup::default()
    })
    .await;
    let mut seen = BTreeSet::new();
    for answer in problems(&desk, &limited).await {
        let name = format!("probe-{}", answer.status);
        assert_eq!(answer.header("x-request-id"), name, "{answer:?}");
        assert_eq!(answer.json["request_id"], name, "{answer:?}");
        assert_eq!(answer.json["status"], answer.status, "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        for member in ["type", "title", "code", "detail"] {
            let said = answer.json[member].as_str().unwrap();
            assert_ne!(said, "", "{member}: {answer:?}");
        }
        seen.insert(answer.status);
        match answer.status {
            401 => assert_eq!(
                answer.header("www-authenticate"),
                "Bearer realm=\"runbook-desk\""
            ),
            405 => assert_eq!(answer.header("allow"), "GET, HEAD, POST"),
            412 => assert_eq!(answer.header("etag"), "\"1\""),
            429 => {
                assert_ne!(answer.header("retry-after").parse::<u32>().unwrap(), 0);
                assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=2;w=2");
                assert!(answer.header("ratelimit").starts_with("\"key\";r=0"));
            }
            _ => {}
        }
    }
    let kinds = [
        400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429_u16,
    ];
    assert_eq!(seen, kinds.into());
}

/// What the desk says to raw bytes; empty when it says nothing in five seconds.
async fn say(desk: &TestDesk, bytes: &[u8]) -> String {
    let mut stream = dial(desk).await;
    // The desk may have answered and closed before all is written.
    stream.write_all(bytes).await.ok();
    hear(&mut stream).await
}

async fn dial(desk: &TestDesk) -> TcpStream {
    let address = desk.url.trim_start_matches("http://");
    TcpStream::connect(address).await.unwrap()
}

/// Reads up to the end of the answer's head, and what came with it.
async fn hear(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let read = async {
        let mut buffer = [0; 4096];
        while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(count) => heard.extend_from_slice(&buffer[..count]),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), read)
        .await
        .ok();
    String::from_utf8_lossy(&heard).into_owned()
}

fn head(key: Option<&str>, rest: &str) -> String {
    let key = key.map(|key| format!("Authorization: Bearer {key}\r\n"));
    let key = key.unwrap_or_default();
    format!(
        "POST /v1/tickets HTTP/1.1\r\nHost: desk\r\n{key}Content-Type: application/json\r\n{rest}\r\n\r\n"
    )
}

#[tokio::test]
async fn who_has_no_key_is_turned_away_before_the_body_is_looked_at() {
    let desk = TestDesk::open().await;
    // Announced and never sent: waiting for it would be looking.
    let told = say(&desk, head(None, "Content-Length: 100000").as_bytes()).await;
    assert!(told.starts_with("HTTP/1.1 401"), "{told}");
    let wrong = head(Some("rd_wrong"), "Content-Length: 100000");
    let told = say(&desk, wrong.as_bytes()).await;
    assert!(told.starts_with("HTTP/1.1 401"), "{told}");
    let stranger = desk.stranger();
    for (media_type, body) in [("application/json", "{"), ("text/html", "x"), ("", "")] {
        stranger
            .send_text(Method::POST, "/v1/tickets", media_type, body)
            .await
            .refused(401, "unauthorized");
    }
    stranger
        .get("/v1/nothing")
        .await
        .refused(401, "unauthorized");
}

#[tokio::test]
async fn a_body_that_dribbles_is_cut_off() {
    let desk = TestDesk::with(Setup {
        env: vec![("DESK_BODY_TIMEOUT_SECONDS", "1".to_owned())],
        ..Setup::default()
    })
    .await;
    let shop = desk.tool("shop").await;
    let mut stream = dial(&desk).await;
    let head = head(Some(shop.key()), "Content-Length: 1000");
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let dribble = async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if writing.write_all(b" ").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut told = [0; 4096];
    let count = tokio::select! {
        () = dribble => 0,
        read = tokio::time::timeout(Duration::from_secs(10), reading.read(&mut told)) => read.unwrap().unwrap(),
    };
    let told = String::from_utf8_lossy(&told[..count]);
    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    assert!(told.contains("request_timeout"), "{told}");
}

#[tokio::test]
async fn head_is_get_without_a_body_and_options_say_what_is_allowed() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;
    let ticket = format!("/v1/tickets/{key}");
    for path in [
        "/healthz",
        "/readyz",
        "/openapi.json",
        &ticket,
        "/v1/events",
    ] {
        let head = shop.request(Method::HEAD, path).send().await.unwrap();
        let get = shop.request(Method::GET, path).send().await.unwrap();
        assert_eq!(head.status(), get.status(), "{path}");
        for header in ["content-type", "content-length", "etag"] {
            let (head, get) = (head.headers().get(header), get.headers().get(header));
            assert_eq!(head, get, "{path} {header}");
        }
        assert_eq!(head.text().await.unwrap(), "", "{path}");
    }
    let posts = shop.request(Method::HEAD, "/v1/triage");
    let posts = posts.send().await.unwrap();
    assert_eq!(
        (posts.status().as_u16(), &posts.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );

    let options = shop.send(Method::OPTIONS, &ticket, |request| request).await;
    assert_eq!(options.header("allow"), "GET, HEAD, PATCH");
    options.refused(405, "method_not_allowed");
    let stranger = desk.stranger();
    let options = stranger.send(Method::OPTIONS, &ticket, |request| request);
    options.await.refused(401, "unauthorized");
}

#[tokio::test]
async fn what_is_known_costs_304_and_no_body() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let key = filed(&shop).await;
    let path = format!("/v1/tickets/{key}");
    let tag = shop.get(&path).await.is(200).header("etag").to_owned();
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let same = shop.with("if-none-match", &known).get(&path).await.is(304);
        assert_eq!(
            (same.header("etag"), same.text.as_str()),
            (tag.as_str(), "")
        );
    }
    for other in ["\"2\"", "1", "\"\"", "nonsense"] {
        shop.with("if-none-match", other).get(&path).await.is(200);
    }
}

/// Each operation of the document with its method, path and JSON schema.
fn json_operations() -> Vec<(Method, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            let forms = ["application/json", "application/merge-patch+json"];
            let schema = forms.iter().map(|form| &content[form]["schema"]);
            if let Some(schema) = schema.into_iter().find(|schema| schema.is_object()) {
                let method = method.to_uppercase().parse().unwrap();
                all.push((method, path.clone(), schema.clone()));
            }
        }
    }
    all
}
