//! The OpenAPI document as a contract: every answer of every story must be
//! declared, and have the form that the document says.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Answer;

/// The document, as the code makes it.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(api::openapi()).unwrap());
    &DOCUMENT
}

/// Fails when the answer is not one that the document has.
#[track_caller]
pub(super) fn hold(method: &Method, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    assert_ne!(answer.header("x-request-id"), "", "{answer:?}");
    let Some(template) = template_of(path) else {
        // Who has no key is told only that.
        assert!([401, 404].contains(&answer.status), "{answer:?}");
        return hold_problem(answer);
    };
    let operation = &document()["paths"][template][method.as_str().to_lowercase()];
    if operation.is_null() {
        assert!([401, 405].contains(&answer.status), "{answer:?}");
        return hold_problem(answer);
    }
    let response = &operation["responses"][answer.status.to_string()];
    assert!(
        response.is_object(),
        "{method} {template} does not declare {}: {answer:?}",
        answer.status
    );
    let Some(content) = response["content"].as_object() else {
        assert_eq!(answer.text, "", "{method} {template} declares no body");
        return;
    };
    let media_type = answer.header("content-type");
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let declared = content.get(media_type).unwrap_or_else(|| {
        panic!(
            "{method} {template} does not declare {media_type} for {}",
            answer.status
        )
    });
    if media_type.ends_with("json") {
        let place = format!("{method} {template} {} {media_type}", answer.status);
        hold_form(&place, &declared["schema"], answer);
    }
}

fn hold_problem(answer: &Answer) {
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    assert_eq!(answer.header("content-type"), "application/problem+json");
    hold_form("a problem", &schema, answer);
}

fn hold_form(place: &str, schema: &Value, answer: &Answer) {
    let validator = validator(place, schema);
    let faults: Vec<String> = validator
        .iter_errors(&answer.json)
        .map(|fault| {
            let (at, by) = (fault.instance_path(), fault.schema_path());
            let told = fault.masked().to_string();
            format!("{at}: {told} ({by})")
        })
        .collect();
    assert!(faults.is_empty(), "{place}: {faults:#?}\n{answer:?}");
}

fn validator(place: &str, schema: &Value) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(|broken| broken.into_inner());
    let validator = made.entry(place.to_owned()).or_insert_with(|| {
        let mut schema = schema.clone();
        schema["components"] = document()["components"].clone();
        Arc::new(jsonschema::validator_for(&schema).unwrap())
    });
    Arc::clone(validator)
}

/// The declared path that a request's path fits: the one with the fewest
/// parameters, as the server routes.
fn template_of(path: &str) -> Option<&'static str> {
    let paths = document()["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template
                .zip(path)
                .all(|(want, have)| want.starts_with('{') && !have.is_empty() || want == have)
    };
    paths
        .keys()
        .map(String::as_str)
        .filter(|template| fits(template))
        .min_by_key(|template| template.matches('{').count())
}
