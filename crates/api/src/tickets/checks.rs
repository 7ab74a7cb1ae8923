//! What a value must be beyond its type; limits stand here once.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use validator::ValidationError;

pub(crate) const LINE_MAX: u64 = 200;
pub(crate) const TEXT_MAX: u64 = 20_000;
pub(crate) const STEPS_MAX: u64 = 100;
pub(crate) const STEP_MAX: u64 = 2_000;
pub(crate) const TAGS_MAX: u64 = 20;
pub(crate) const TAG_MAX: u64 = 50;
pub(crate) const METADATA_BYTES: usize = 8 * 1024;

fn fault(code: &'static str, message: impl Into<String>) -> ValidationError {
    let mut error = ValidationError::new(code);
    error.message = Some(message.into().into());
    error
}

fn length(text: &str, max: u64) -> Result<(), ValidationError> {
    let found = text.chars().count();
    if u64::try_from(found).is_ok_and(|found| found > max) {
        return Err(fault(
            "too_long",
            format!("must have at most {max} characters, has {found}"),
        ));
    }
    Ok(())
}

/// One line: not blank, no control characters.
pub(crate) fn line(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        return Err(fault("blank", "must not be blank"));
    }
    if text.chars().any(char::is_control) {
        return Err(fault(
            "control_character",
            "must be one line without control characters",
        ));
    }
    length(text, LINE_MAX)
}

/// A text of several lines: no control characters but line ends and tabs.
pub(crate) fn text(text: &str) -> Result<(), ValidationError> {
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        let message = "must not have control characters but line ends and tabs";
        return Err(fault("control_character", message));
    }
    length(text, TEXT_MAX)
}

/// As [`text`], and not blank.
pub(crate) fn filled_text(filled: &str) -> Result<(), ValidationError> {
    if filled.trim().is_empty() {
        return Err(fault("blank", "must not be blank"));
    }
    text(filled)
}

pub(crate) fn steps(steps: &[String]) -> Result<(), ValidationError> {
    if u64::try_from(steps.len()).is_ok_and(|count| count > STEPS_MAX) {
        return Err(fault(
            "too_many",
            format!("must have at most {STEPS_MAX} items"),
        ));
    }
    for (index, step) in steps.iter().enumerate() {
        let found = filled_text(step).and_then(|()| length(step, STEP_MAX));
        if let Err(mut error) = found {
            let message = error.message.take().unwrap_or_default();
            error.message = Some(format!("item {index}: {message}").into());
            return Err(error);
        }
    }
    Ok(())
}

pub(crate) fn links(links: &[String]) -> Result<(), ValidationError> {
    if links.len() > 20 {
        return Err(fault("too_many", "must have at most 20 items"));
    }
    for (index, link) in links.iter().enumerate() {
        let one_line = !link.chars().any(|c| c.is_control()) && link.chars().count() <= 2000;
        if !one_line || link.trim().is_empty() {
            let message = format!("item {index}: must be one line of at most 2000 characters");
            return Err(fault("invalid", message));
        }
    }
    Ok(())
}

pub(crate) fn tags(tags: &[String]) -> Result<(), ValidationError> {
    if u64::try_from(tags.len()).is_ok_and(|count| count > TAGS_MAX) {
        return Err(fault(
            "too_many",
            format!("must have at most {TAGS_MAX} items"),
        ));
    }
    for (index, tag) in tags.iter().enumerate() {
        let found = line(tag).and_then(|()| length(tag, TAG_MAX));
        if let Err(mut error) = found {
            let message = error.message.take().unwrap_or_default();
            error.message = Some(format!("item {index}: {message}").into());
            return Err(error);
        }
    }
    Ok(())
}

pub(crate) fn metadata(metadata: &Map<String, Value>) -> Result<(), ValidationError> {
    let json = serde_json::to_string(metadata).unwrap_or_default();
    if json.len() > METADATA_BYTES {
        let message = format!("must have at most {METADATA_BYTES} bytes as JSON");
        return Err(fault("too_long", message));
    }
    // PostgreSQL refuses NUL in text.
    if json.contains("\\u0000") {
        return Err(fault("control_character", "must not have NUL characters"));
    }
    Ok(())
}

pub(crate) fn extra(extra: &BTreeMap<String, String>) -> Result<(), ValidationError> {
    if extra.len() > 20 {
        return Err(fault("too_many", "must have at most 20 fields"));
    }
    for (name, value) in extra {
        line(name)?;
        text(value)?;
    }
    Ok(())
}

/// A mail address as WHATWG's HTML standard has it, which is stricter than
/// RFC 5322 and what people can type.
pub(crate) fn email(address: &str) -> Result<(), ValidationError> {
    let fits = address.len() <= 254 && validator::ValidateEmail::validate_email(&address);
    if fits {
        Ok(())
    } else {
        Err(fault(
            "email",
            "must be a mail address such as sita@example.com",
        ))
    }
}

pub(crate) fn short_line(text: &str) -> Result<(), ValidationError> {
    line(text).and_then(|()| length(text, LINE_MAX))
}
