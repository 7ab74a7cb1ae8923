//! `openapi/openapi.json` is what the code says, and says it well.

use std::{fs, path::Path};

use crate::harness::document;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whether to rewrite the file is said from outside"
)]
fn the_checked_in_document_is_the_codes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let made = serde_json::to_string_pretty(document()).unwrap() + "\n";
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if made == kept {
        return;
    }
    let set = |name| std::env::var(name).is_ok_and(|value| !value.is_empty());
    if set("UPDATE_OPENAPI") && !set("CI") {
        fs::write(&path, made).unwrap();
        return;
    }
    let (line, (want, have)) = made
        .lines()
        .chain(std::iter::repeat(""))
        .zip(kept.lines().chain(std::iter::repeat("")))
        .enumerate()
        .find(|(_, (want, have))| want != have)
        .unwrap();
    panic!(
        "openapi/openapi.json is old from line {}:\n- {have}\n+ {want}\n\
         rewrite it: UPDATE_OPENAPI=1 cargo test --package tests openapi",
        line + 1
    );
}

#[test]
fn every_operation_is_well_described() {
    let mut operations = 0;
    let mut ids = Vec::new();
    let tags: Vec<&str> = names(&document()["tags"], "name");
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            operations += 1;
            assert_ne!(
                operation["summary"].as_str().unwrap_or_default(),
                "",
                "{place}"
            );
            let tag = operation["tags"].as_array().unwrap();
            assert_eq!(tag.len(), 1, "{place} has not one tag");
            assert!(tags.contains(&tag[0].as_str().unwrap()), "{place}: {tag:?}");
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty() && !ids.contains(&id), "{place}: {id:?}");
            ids.push(id);
            for (status, response) in operation["responses"].as_object().unwrap() {
                let said = response["description"].as_str().unwrap_or_default();
                assert_ne!(said.trim(), "", "{place} {status} has no description");
            }
        }
    }
    assert!(operations > 20, "{operations}");
}

fn names<'a>(list: &'a serde_json::Value, member: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one[member].as_str().unwrap()).collect()
}
