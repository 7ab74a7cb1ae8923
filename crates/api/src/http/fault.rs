//! Faults of the input: all of them at once, each with its place.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::{ValidationErrors, ValidationErrorsKind};

/// One fault of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// JSON pointer (RFC 6901) to the field; for a query or header its name.
    #[schema(example = "/severity")]
    pub pointer: String,
    /// The line of a Markdown body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// A stable word for programs.
    #[schema(example = "unknown_value")]
    pub code: String,
    /// What is wrong and what is allowed.
    #[schema(example = "must be one of: critical, high, medium, low")]
    pub message: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            line: None,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// A fault of a query parameter.
    pub fn query(name: &str, message: impl Into<String>) -> Self {
        Self::new(name, "invalid_parameter", message)
    }

    pub(crate) fn place(&self) -> String {
        match self.line {
            Some(line) => format!("line {line}, {}", self.pointer.trim_start_matches('/')),
            None if self.pointer.is_empty() => "the body".to_owned(),
            None => self.pointer.clone(),
        }
    }
}

/// A component of the OpenAPI document as a validator. Compiled once: a body of
/// a thousand faulty items needs it a thousand times.
pub(crate) fn validator_of(document: &Value, component: &str) -> Option<Arc<Validator>> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = compiled.get(component) {
        return Some(Arc::clone(validator));
    }
    let validator = Arc::new(compile(document, component)?);
    compiled.insert(component.to_owned(), Arc::clone(&validator));
    Some(validator)
}

fn compile(document: &Value, component: &str) -> Option<Validator> {
    let components = document.get("components")?;
    let schema = json!({
        "$ref": format!("#/components/schemas/{component}"),
        "components": components,
    });
    jsonschema::validator_for(&schema).ok()
}

/// Every fault of a value against its schema.
pub(crate) fn schema_faults(validator: &Validator, value: &Value) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for error in validator.iter_errors(value).take(50) {
        faults_of(&error, &mut faults);
    }
    faults.dedup();
    faults
}

fn faults_of(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    let at = error.instance_path().to_string();
    let list = |values: &Value| match values {
        Value::Array(values) => values
            .iter()
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    };
    let fault = match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            faults.extend(unexpected.iter().map(|name| {
                let name = name.replace('~', "~0").replace('/', "~1");
                Fault::new(
                    format!("{at}/{name}"),
                    "unknown_field",
                    "is not a field here",
                )
            }));
            return;
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Fault::new(format!("{at}/{name}"), "required", "is required")
        }
        Kind::Enum { options } => Fault::new(
            at,
            "unknown_value",
            format!("must be one of: {}", list(options)),
        ),
        Kind::MaxLength { limit } => Fault::new(
            at,
            "too_long",
            format!("must have at most {}", counted(*limit, "character")),
        ),
        Kind::MinLength { limit } => Fault::new(
            at,
            "too_short",
            format!("must have at least {}", counted(*limit, "character")),
        ),
        Kind::MaxItems { limit } => Fault::new(
            at,
            "too_many",
            format!("must have at most {}", counted(*limit, "item")),
        ),
        Kind::MinItems { limit } => Fault::new(
            at,
            "too_few",
            format!("must have at least {}", counted(*limit, "item")),
        ),
        // The union of several forms: the closest one says most.
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            let closest = context.iter().min_by_key(|errors| rank(errors));
            match closest.filter(|errors| !errors.is_empty()) {
                Some(errors) => errors.iter().for_each(|error| faults_of(error, faults)),
                None => faults.push(Fault::new(at, "invalid", "has none of the allowed forms")),
            }
            return;
        }
        // The message with the value left out: it may be a secret.
        _ => Fault::new(at, "invalid", error.masked_with("the value").to_string()),
    };
    faults.push(fault);
}

fn counted(count: u64, what: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {what}{end}")
}

/// How far a form is from what was sent: `null` is furthest.
fn rank(errors: &[ValidationError<'static>]) -> usize {
    let is_null = errors.iter().any(|error| {
        matches!(error.kind(), Kind::Type { .. }) && error.to_string().ends_with("type \"null\"")
    });
    errors.len() + if is_null { 1000 } else { 0 }
}

/// The faults that `validator` found, with their pointers.
pub(crate) fn value_faults(errors: &ValidationErrors, base: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (field, kind) in errors.errors() {
        let at = format!("{base}/{field}");
        match kind {
            ValidationErrorsKind::Field(found) => faults.extend(found.iter().map(|error| {
                let message = error.message.clone().unwrap_or_else(|| error.code.clone());
                Fault::new(at.clone(), &error.code, message)
            })),
            ValidationErrorsKind::Struct(inner) => faults.extend(value_faults(inner, &at)),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    faults.extend(value_faults(inner, &format!("{at}/{index}")));
                }
            }
        }
    }
    faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    faults
}
