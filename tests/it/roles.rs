//! Who may do what: every route of the document, each role, own and other's
//! tickets (`domain.md` section 10). A route without a row fails.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::harness::{Client, TestDesk, bug, document};

/// The least that one must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    /// Nobody in particular.
    Anyone,
    /// Any key; for a ticket's routes a tool that filed it.
    Tool,
    Agent,
    Lead,
    Admin,
}

use Least::{Admin, Agent, Anyone, Lead, Tool};

const JSON: &str = "application/json";
const MARKDOWN: &str = "text/markdown";
const NDJSON: &str = "application/x-ndjson";
const FORM: &str = "multipart/form-data; boundary=b0";

/// No such row: what is asked for by those who may is not there.
const UNKNOWN: &str = "00000000-0000-7000-8000-000000000000";

/// Route, the least role, the status of those who may, media type and body.
/// `{other}` in a body is another ticket; `{ticket}` in a path is the one.
type Row = (&'static str, Least, u16, &'static str, &'static str);

const ROWS: &[Row] = &[
    ("GET /healthz", Anyone, 200, "", ""),
    ("GET /readyz", Anyone, 200, "", ""),
    ("GET /v1/access-keys", Admin, 200, "", ""),
    (
        "POST /v1/access-keys",
        Admin,
        201,
        JSON,
        r#"{"name": "new-{n}", "role": "tool"}"#,
    ),
    ("DELETE /v1/access-keys/{id}", Admin, 404, "", ""),
    ("GET /v1/events", Tool, 200, "", ""),
    ("GET /v1/incidents", Agent, 200, "", ""),
    ("GET /v1/incidents/{id}", Agent, 404, "", ""),
    (
        "POST /v1/incidents/{id}/acknowledge",
        Agent,
        404,
        JSON,
        "{}",
    ),
    ("POST /v1/incidents/{id}/close", Agent, 404, JSON, "{}"),
    ("GET /v1/feedback/{token}", Anyone, 404, "", ""),
    (
        "POST /v1/feedback/{token}",
        Anyone,
        404,
        JSON,
        r#"{"score": 5}"#,
    ),
    (
        "POST /v1/inbound",
        Tool,
        200,
        "message/rfc822",
        "From: a@example.com\nSubject: {n}\n\nHelp",
    ),
    ("GET /v1/notifications", Agent, 200, "", ""),
    ("GET /v1/notifications/{id}", Agent, 404, "", ""),
    ("POST /v1/notifications/{id}/retry", Lead, 404, JSON, ""),
    ("GET /v1/reports/digest", Lead, 200, "", ""),
    ("GET /v1/reports/{report}", Lead, 200, "", ""),
    ("GET /v1/on-call", Agent, 200, "", ""),
    (
        "PUT /v1/on-call",
        Lead,
        200,
        JSON,
        r#"{"people": [], "schedules": []}"#,
    ),
    ("GET /v1/on-call/now", Agent, 200, "", ""),
    ("GET /v1/on-call.ics", Agent, 200, "", ""),
    ("GET /v1/runbook", Tool, 200, "", ""),
    ("PUT /v1/runbook", Admin, 422, MARKDOWN, "no runbook"),
    (
        "PUT /v1/runbook?dry_run=true",
        Lead,
        422,
        MARKDOWN,
        "no runbook",
    ),
    ("GET /v1/runbook/entries", Tool, 200, "", ""),
    ("GET /v1/runbook/entries/{slug}", Tool, 200, "", ""),
    ("GET /v1/runbook/gaps", Lead, 200, "", ""),
    ("GET /v1/runbook/revisions", Agent, 200, "", ""),
    ("GET /v1/runbook/source", Lead, 200, "", ""),
    ("POST /v1/sla/preview", Tool, 422, JSON, "{}"),
    (
        "POST /v1/sla/replay",
        Lead,
        200,
        JSON,
        r#"{"from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z", "policies": [{"name": "all", "calendar": "24x7", "first_response_seconds": 7200, "resolution_seconds": 86400}]}"#,
    ),
    ("GET /v1/webhooks", Tool, 200, "", ""),
    (
        "POST /v1/webhooks",
        Tool,
        201,
        JSON,
        r#"{"url": "https://example.com/desk"}"#,
    ),
    ("GET /v1/webhooks/{id}", Tool, 404, "", ""),
    ("DELETE /v1/webhooks/{id}", Tool, 404, "", ""),
    ("POST /v1/webhooks/{id}/test", Tool, 404, JSON, ""),
    ("GET /v1/templates/{kind}", Tool, 200, "", ""),
    ("GET /v1/tickets", Tool, 200, "", ""),
    (
        "POST /v1/tickets",
        Tool,
        201,
        JSON,
        r#"{"kind": "bug", "title": "x", "severity": "low", "actual": "y"}"#,
    ),
    (
        "POST /v1/tickets/batch",
        Tool,
        200,
        JSON,
        r#"[{"kind": "bug", "title": "x", "severity": "low", "actual": "y"}]"#,
    ),
    ("GET /v1/tickets/{ticket}", Tool, 200, "", ""),
    (
        "PATCH /v1/tickets/{ticket}",
        Agent,
        200,
        JSON,
        r#"{"title": "y"}"#,
    ),
    (
        "POST /v1/tickets/{ticket}/assign",
        Agent,
        200,
        JSON,
        r#"{"assignee": "asha"}"#,
    ),
    ("GET /v1/tickets/{ticket}/attachments", Tool, 200, "", ""),
    (
        "POST /v1/tickets/{ticket}/attachments",
        Tool,
        201,
        FORM,
        "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nx\r\n--b0--\r\n",
    ),
    (
        "GET /v1/tickets/{ticket}/attachments/{attachment}",
        Tool,
        404,
        "",
        "",
    ),
    ("GET /v1/tickets/{ticket}/classification", Tool, 200, "", ""),
    (
        "PUT /v1/tickets/{ticket}/classification",
        Agent,
        200,
        JSON,
        r#"{"entry": null}"#,
    ),
    ("POST /v1/tickets/{ticket}/close", Agent, 200, JSON, "{}"),
    ("GET /v1/tickets/{ticket}/comments", Tool, 200, "", ""),
    (
        "POST /v1/tickets/{ticket}/comments",
        Tool,
        201,
        JSON,
        r#"{"author": "reporter", "visibility": "public", "text": "x"}"#,
    ),
    (
        "POST /v1/tickets/{ticket}/deescalate",
        Agent,
        409,
        JSON,
        r#"{"to_level": 1, "reason": "x"}"#,
    ),
    ("GET /v1/tickets/{ticket}/escalations", Tool, 200, "", ""),
    (
        "POST /v1/tickets/{ticket}/escalations",
        Agent,
        200,
        JSON,
        r#"{"to_level": 2, "reason": "x"}"#,
    ),
    (
        "POST /v1/tickets/{ticket}/escalations/{n}/acknowledge",
        Agent,
        404,
        JSON,
        "{}",
    ),
    (
        "POST /v1/tickets/{ticket}/links",
        Agent,
        200,
        JSON,
        r#"{"to": "{other}", "relation": "related"}"#,
    ),
    (
        "POST /v1/tickets/{ticket}/merge",
        Agent,
        200,
        JSON,
        r#"{"into": "{other}"}"#,
    ),
    ("POST /v1/tickets/{ticket}/reopen", Agent, 409, JSON, "{}"),
    ("POST /v1/tickets/{ticket}/resolve", Agent, 200, JSON, "{}"),
    ("GET /v1/tickets/{ticket}/sla", Tool, 200, "", ""),
    ("GET /v1/tickets/{ticket}/timeline", Tool, 200, "", ""),
    (
        "POST /v1/triage",
        Tool,
        200,
        JSON,
        r#"{"texts": [{"title": "x"}]}"#,
    ),
    ("GET /v1/triage/examples", Lead, 200, "", ""),
    (
        "POST /v1/triage/examples",
        Lead,
        200,
        NDJSON,
        r#"{"title": "Cannot pay", "body": "declined", "entry": "payment-failed"}"#,
    ),
    ("DELETE /v1/triage/examples/{id}", Lead, 404, "", ""),
    ("GET /v1/triage/quality", Agent, 200, "", ""),
];

#[test]
fn every_route_of_the_document_has_a_row() {
    let rows: BTreeSet<String> = ROWS
        .iter()
        .map(|row| row.0.split('?').next().unwrap().to_owned())
        .collect();
    let mut routes = BTreeSet::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item[method].is_object() {
                routes.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    assert_eq!(rows, routes);
}

#[tokio::test]
async fn each_role_may_do_what_the_table_says_and_no_more() {
    let desk = TestDesk::open().await;
    let shop = desk.tool("shop").await;
    let actors = [
        ("stranger", None, desk.stranger()),
        ("tool, own ticket", Some(Tool), shop.clone()),
        ("tool, other's ticket", Some(Tool), desk.tool("app").await),
        ("agent", Some(Agent), desk.agent("asha").await),
        ("lead", Some(Lead), desk.lead("lila").await),
        ("admin", Some(Admin), desk.admin()),
    ];
    let other = filed(&shop).await;
    let mut wrong = Vec::new();
    let mut n = 0;
    for row @ (route, least, allowed, ..) in ROWS {
        for (who, role, client) in &actors {
            let ticket = filed(&shop).await;
            n += 1;
            let got = ask(client, row, &ticket, &other, n).await;
            let hidden = route.contains("{ticket}") && who.contains("other's");
            let expected = match role {
                _ if *least == Anyone => *allowed,
                None => 401,
                Some(role) if role < least => 403,
                Some(_) if hidden => 404,
                Some(_) => *allowed,
            };
            if got != expected {
                wrong.push(format!("{route} by {who}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn filed(shop: &Client) -> String {
    let filed = shop.file(&bug("Odd colours")).await;
    filed["key"].as_str().unwrap().to_owned()
}

async fn ask(client: &Client, row: &Row, ticket: &str, other: &str, n: u32) -> u16 {
    let (route, _, _, media_type, body) = row;
    let (method, path) = route.split_once(' ').unwrap();
    let path = path
        .replace("{ticket}", ticket)
        .replace("{slug}", "payment-failed")
        .replace("{kind}", "bug")
        .replace("{report}", "sla")
        .replace("{n}", "1")
        .replace("{token}", "nobodys")
        .replace("{id}", UNKNOWN)
        .replace("{attachment}", UNKNOWN);
    let method: Method = method.parse().unwrap();
    let mut request = client.request(method.clone(), &path);
    if method == Method::PATCH {
        request = request.header("if-match", "\"1\"");
    }
    if method == Method::PUT {
        request = request.header("if-match", "*");
    }
    if !media_type.is_empty() {
        let body = body
            .replace("{other}", other)
            .replace("{n}", &n.to_string());
        request = request.header("content-type", *media_type).body(body);
    }
    // The body is not read: that of a stream has no end.
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn queries_that_write_are_shown_to_leads_and_admins_alone() {
    let runbook = include_str!("../../runbook/customer-support.md");
    let writes = "UPDATE product_variants";
    let desk = TestDesk::open().await;
    let (shop, asha) = (desk.tool("shop").await, desk.agent("asha").await);
    let (lila, admin) = (desk.lead("lila").await, desk.admin());
    assert!(runbook.contains(writes), "the built-in runbook has one");

    let mut seen = Vec::new();
    for (who, client) in [
        ("shop", &shop),
        ("asha", &asha),
        ("lila", &lila),
        ("admin", &admin),
    ] {
        let listed = client.get("/v1/runbook/entries").await.is(200);
        for entry in listed.json["items"].as_array().unwrap() {
            let slug = entry["slug"].as_str().unwrap();
            let entry = client
                .get(format!("/v1/runbook/entries/{slug}"))
                .await
                .is(200);
            if entry.text.contains(writes) {
                seen.push(format!("{who} {slug}"));
            }
        }
    }
    assert!(!seen.is_empty(), "nobody sees a query that writes");
    assert!(
        seen.iter()
            .all(|one| one.starts_with("lila") || one.starts_with("admin")),
        "{seen:?}"
    );
    asha.get("/v1/runbook/source").await.is(403);
    assert!(
        lila.get("/v1/runbook/source")
            .await
            .is(200)
            .text
            .contains(writes)
    );
}
