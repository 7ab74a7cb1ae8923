//! Bodies: bounded in size and time, never compressed, every fault named.

use std::{future::Future, pin::Pin, sync::OnceLock, time::Duration};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
    web::Data,
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    fault::{Fault, schema_faults, validator_of, value_faults},
    problem::ApiError,
};

/// Bytes of a body where an operation does not say otherwise.
pub(crate) const BODY_MAX: usize = 1 << 20;

/// How long a body may take: a dribbled one is never timed out by the server
/// itself.
#[derive(Clone, Copy, Debug)]
pub struct BodyDeadline(Duration);

impl BodyDeadline {
    /// So many seconds.
    #[must_use]
    pub fn seconds(seconds: u32) -> Self {
        Self(Duration::from_secs(seconds.into()))
    }

    pub(crate) fn of(request: &HttpRequest) -> Duration {
        let set = request.app_data::<Data<Self>>();
        set.map_or(Duration::from_secs(30), |deadline| deadline.0)
    }
}

/// A body as it came, with its media type.
#[derive(Debug)]
pub(crate) struct RawBody<const MAX: usize = BODY_MAX> {
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: String,
}

impl<const MAX: usize> FromRequest for RawBody<MAX> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if request.headers().contains_key(CONTENT_ENCODING) {
                return Err(ApiError::UnsupportedMediaType(
                    "compressed bodies are not taken; send it plain".to_owned(),
                ));
            }
            let media_type = media_type(&request);
            let deadline = BodyDeadline::of(&request);
            let read = tokio::time::timeout(deadline, read(payload, MAX));
            let bytes = read.await.unwrap_or(Err(ApiError::TooSlow))?;
            Ok(Self { bytes, media_type })
        })
    }
}

/// The media type without parameters, in lower case.
pub(crate) fn media_type(request: &HttpRequest) -> String {
    let header = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = header
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

async fn read(mut payload: Payload, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::Malformed(error.to_string()))?;
        if bytes.len() + chunk.len() > limit {
            return Err(ApiError::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A body that is no JSON, as the document has it. Marked as binary, since
/// generators of clients would else send it as a JSON string or not at all.
#[derive(ToSchema)]
#[schema(as = RawText, value_type = String, format = Binary)]
pub(crate) struct RawTextSchema(#[expect(dead_code, reason = "only its schema is used")] String);

/// A JSON body of a known shape with values that are right.
#[derive(Debug)]
pub(crate) struct Valid<T, const MAX: usize = BODY_MAX>(pub(crate) T, pub(crate) Vec<u8>);

impl<T, const MAX: usize> FromRequest for Valid<T, MAX>
where
    T: DeserializeOwned + Validate + ToSchema + 'static,
{
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = RawBody::<MAX>::from_request(request, payload);
        Box::pin(async move {
            let raw = raw.await?;
            let accepted = ["application/json", "application/merge-patch+json"];
            if !accepted.contains(&raw.media_type.as_str()) {
                return Err(ApiError::UnsupportedMediaType(
                    "send application/json".to_owned(),
                ));
            }
            Ok(Self(parse(&raw.bytes)?, raw.bytes))
        })
    }
}

/// Parses JSON into a valid value, or names every fault.
pub(crate) fn parse<T: DeserializeOwned + Validate + ToSchema>(
    bytes: &[u8],
) -> Result<T, ApiError> {
    parse_as(bytes, || T::name().into_owned())
}

/// As [`parse`], faults told by the schema of the component that `component`
/// names.
pub(crate) fn parse_as<T: DeserializeOwned + Validate>(
    bytes: &[u8],
    component: impl FnOnce() -> String,
) -> Result<T, ApiError> {
    // Serde takes an array for a struct, field by field; every body here is an object.
    let parsed = match bytes.trim_ascii_start().first() {
        Some(b'[') => Err(serde::de::Error::custom("must be an object")),
        _ => serde_json::from_slice::<T>(bytes),
    };
    match parsed {
        Ok(value) => {
            check(&value)?;
            Ok(value)
        }
        Err(error) => Err(why_not(bytes, &error, &component())),
    }
}

/// Checks what the type alone does not.
pub(crate) fn check(value: &impl Validate) -> Result<(), ApiError> {
    value
        .validate()
        .map_err(|errors| ApiError::Invalid(value_faults(&errors, "")))
}

/// As [`parse_as`] for a value that was parsed before.
pub(crate) fn from_value<T: DeserializeOwned + Validate>(
    value: Value,
    component: &str,
) -> Result<T, ApiError> {
    match serde_json::from_value::<T>(value.clone()) {
        Ok(typed) => {
            check(&typed)?;
            Ok(typed)
        }
        Err(error) => Err(ApiError::Invalid(shape_faults(&value, &error, component))),
    }
}

fn why_not(bytes: &[u8], error: &serde_json::Error, component: &str) -> ApiError {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => ApiError::Invalid(shape_faults(&value, error, component)),
        // Line and column, never the text around them.
        Err(syntax) => ApiError::Malformed(format!(
            "the body is not JSON: {:?} error at line {} column {}",
            syntax.classify(),
            syntax.line(),
            syntax.column()
        )),
    }
}

pub(crate) fn shape_faults(
    value: &Value,
    error: &serde_json::Error,
    component: &str,
) -> Vec<Fault> {
    let faults = match validator_of(document(), component) {
        Some(validator) => schema_faults(&validator, value),
        None => Vec::new(),
    };
    if faults.is_empty() {
        // What the schema cannot say, such as a date that does not exist.
        let text = error.to_string();
        let message = text
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        vec![Fault::new("", "invalid", message)]
    } else {
        faults
    }
}

/// The OpenAPI document as JSON, made once.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(crate::openapi()).unwrap_or_default())
}
