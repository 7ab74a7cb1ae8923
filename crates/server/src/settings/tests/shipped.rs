//! The files of the repository that speak of settings say what the code does.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::settings::{Settings, reference};

#[test]
fn the_operations_manual_has_the_table_of_settings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let manual = fs::read_to_string(path).unwrap();
    let table = reference();
    assert!(
        manual.contains(&table),
        "docs/operations.md must contain:\n\n{table}"
    );
}

#[test]
fn the_compose_file_and_the_image_set_what_the_desk_takes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let compose = fs::read_to_string(root.join("docker-compose.yml")).unwrap();
    let image = fs::read_to_string(root.join("Dockerfile")).unwrap();

    // "DESK_X: before${NAME:-default}after", as it is without any variable.
    let mut env: Vec<(String, String)> = compose
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(name, _)| name.starts_with("DESK_"))
        .map(|(name, text)| {
            let mut text = text.to_owned();
            while let Some((before, rest)) = text.split_once("${") {
                let (_, rest) = rest.split_once(":-").unwrap();
                let (default, after) = rest.split_once('}').unwrap();
                text = format!("{before}{default}{after}");
            }
            (name.to_owned(), text)
        })
        .collect();
    assert!(env.len() > 4, "{env:?}");
    env.extend(
        image
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .filter(|(name, _)| name.starts_with("DESK_"))
            .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );

    let folder = TempDir::new().unwrap();
    let settings = Settings::load(env.into_iter(), folder.path()).unwrap();
    assert_eq!(settings.listen.to_string(), "0.0.0.0:8080");
    assert!(
        settings
            .database_url
            .expose()
            .starts_with("postgres://desk:")
    );
    assert!(settings.admin_key.is_some() && settings.smtp_url.is_some());
}

#[test]
fn the_example_in_the_operations_manual_is_a_settings_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let manual = fs::read_to_string(path).unwrap();
    let (_, example) = manual.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();

    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("desk.toml"), example).unwrap();
    let settings = Settings::load(std::iter::empty(), folder.path()).unwrap();
    assert_eq!(settings.sla.policies.len(), 2);
    assert!(settings.contacts.get("cto").is_some());
}
