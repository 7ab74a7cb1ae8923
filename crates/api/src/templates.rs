//! `GET /templates/{kind}`: the runbook's ticket templates.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::ACCEPT,
    web::{Data, Path},
};
use desk::Desk;
use serde_json::{Value, json};
use ticketing::Kind;

use crate::http::{
    auth::Principal,
    body::document,
    problem::{ApiError, Problem, Problems},
};

/// Read a ticket template
///
/// As Markdown to fill in, or with `Accept: application/schema+json` as the
/// JSON Schema of the filing.
#[utoipa::path(
    tag = "templates",
    params(("kind" = String, Path, description = "`bug` or `feature`", example = "bug")),
    responses(
        (status = 200, description = "The form, or the schema",
         content((String = "text/markdown"), (Value = "application/schema+json"))),
        (status = 404, description = "No such template", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/templates/{kind}")]
pub(crate) async fn template(
    desk: Data<Desk>,
    _who: Principal,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let missing = || desk::DeskError::NotFound {
        what: "template",
        id: path.chars().take(64).collect(),
    };
    let rules = desk.rules();
    let (template, component) = match path.parse::<Kind>() {
        Ok(Kind::Bug) => (&rules.runbook.templates.bug, "BugReport"),
        Ok(Kind::Feature) => (&rules.runbook.templates.feature, "FeatureRequest"),
        Err(_) => return Err(missing().into()),
    };
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("json")) {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{component}"),
            "components": { "schemas": schemas(component) },
        });
        return Ok(HttpResponse::Ok()
            .content_type("application/schema+json")
            .json(schema));
    }
    let template = template.as_ref().ok_or_else(missing)?;
    Ok(HttpResponse::Ok()
        .content_type("text/markdown; charset=utf-8")
        .body(format!("{}\n", template.form.trim_end())))
}

/// A component with all that it refers to.
fn schemas(component: &str) -> Value {
    let all = document()
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let mut found = serde_json::Map::new();
    let mut wanted = vec![component.to_owned()];
    while let Some(name) = wanted.pop() {
        let Some(schema) = all.and_then(|all| all.get(&name)) else {
            continue;
        };
        if found.contains_key(&name) {
            continue;
        }
        references(schema, &mut wanted);
        found.insert(name, schema.clone());
    }
    Value::Object(found)
}

fn references(schema: &Value, wanted: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref")
                && let Some(name) = target.strip_prefix("#/components/schemas/")
            {
                wanted.push(name.to_owned());
            }
            members.values().for_each(|value| references(value, wanted));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, wanted)),
        _ => {}
    }
}
