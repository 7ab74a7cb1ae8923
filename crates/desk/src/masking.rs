//! Masking at the edge: every text that enters is masked before anything is
//! decided, stored, logged or sent (`domain.md` section 3).

use serde_json::Value;
use ticketing::{Details, Draft};

use crate::verdict::word;

/// Masks a text in place and remembers the kinds of what was masked.
pub fn mask_text(text: &mut String, kinds: &mut Vec<String>) {
    let masked = triage::mask(text);
    if masked.kinds.is_empty() {
        return;
    }
    kinds.extend(masked.kinds.iter().map(word));
    *text = masked.text.into_owned();
}

/// Masks every text of a draft.
pub(crate) fn mask_draft(draft: &mut Draft) {
    let mut kinds = std::mem::take(&mut draft.masked);
    let mut mask = |text: &mut String| mask_text(text, &mut kinds);
    mask(&mut draft.title);
    match &mut draft.details {
        Details::Bug(bug) => {
            bug.steps_to_reproduce.iter_mut().for_each(&mut mask);
            bug.expected.iter_mut().for_each(&mut mask);
            mask(&mut bug.actual);
            bug.browser_device.iter_mut().for_each(&mut mask);
            bug.screenshots.iter_mut().for_each(&mut mask);
        }
        Details::Feature(feature) => {
            mask(&mut feature.use_case);
            feature.details.iter_mut().for_each(&mut mask);
            if let Some(by) = &mut feature.requested_by {
                by.name.iter_mut().for_each(&mut mask);
            }
        }
    }
    draft.extra.values_mut().for_each(&mut mask);
    draft.tags.iter_mut().for_each(&mut mask);
    draft.reporter.name.iter_mut().for_each(&mut mask);
    draft.external_ref.iter_mut().for_each(&mut mask);
    mask_members(&mut draft.metadata, &mut kinds);
    kinds.sort();
    kinds.dedup();
    draft.masked = kinds;
}

/// Masks the texts of a JSON object, its members' names included.
pub(crate) fn mask_members(object: &mut serde_json::Map<String, Value>, kinds: &mut Vec<String>) {
    let members = std::mem::take(object);
    for (mut name, mut value) in members {
        mask_text(&mut name, kinds);
        mask_value(&name, &mut value, kinds);
        object.insert(name, value);
    }
}

fn mask_value(name: &str, value: &mut Value, kinds: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            // `{"password": "…"}` says in its name what a text says before a colon.
            let labelled = triage::mask(&format!("{name}: {text}")).kinds.len();
            let plain = triage::mask(text).kinds.len();
            if labelled > plain {
                let mut whole = format!("{name}: {text}");
                mask_text(&mut whole, kinds);
                *text = whole
                    .split_once(": ")
                    .map(|(_, rest)| rest.to_owned())
                    .unwrap_or(whole);
            } else {
                mask_text(text, kinds);
            }
        }
        Value::Number(number) => {
            // A card number may come as a number.
            let mut text = number.to_string();
            let before = kinds.len();
            mask_text(&mut text, kinds);
            if kinds.len() > before {
                *value = Value::String(text);
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| mask_value(name, item, kinds)),
        Value::Object(object) => mask_members(object, kinds),
        Value::Null | Value::Bool(_) => {}
    }
}
