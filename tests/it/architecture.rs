//! The invariants of ARCHITECTURE.md, read off the members' manifests and
//! files: what must never be there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// The arrows: which members a member may depend on. `server`, `tests` and
/// `benches` may depend on all.
const ARROWS: &[(&str, &[&str])] = &[
    ("runbook", &[]),
    ("sla", &[]),
    ("triage", &["runbook"]),
    ("ticketing", &["runbook", "sla"]),
    ("notify", &["ticketing", "runbook", "crash-points"]),
    ("crash-points", &[]),
    ("migrations", &[]),
    (
        "store",
        &["ticketing", "migrations", "runbook", "sla", "crash-points"],
    ),
    (
        "desk",
        &[
            "runbook",
            "triage",
            "sla",
            "ticketing",
            "notify",
            "store",
            "crash-points",
        ],
    ),
    ("api", &["desk", "runbook", "triage", "sla", "ticketing"]),
    (
        "console",
        &["desk", "runbook", "triage", "sla", "ticketing"],
    ),
];

const WIRING: &[&str] = &["server", "tests", "benches"];

/// Members that decide and never act.
const PURE: &[&str] = &["runbook", "triage", "sla", "ticketing"];

/// What no pure member may reach, however indirectly.
const EFFECTS: &[&str] = &[
    "actix-rt",
    "actix-web",
    "async-std",
    "clap",
    "figment",
    "futures-executor",
    "hyper",
    "lettre",
    "mio",
    "reqwest",
    "sea-orm",
    "sea-query",
    "smol",
    "socket2",
    "sqlx",
    "sqlx-core",
    "tokio",
];

/// Libraries that only some members may name. `tests` may look at everything
/// from outside, but drives the desk over HTTP.
const ONLY: &[(&str, &[&str])] = &[
    ("actix-web", &["api", "benches", "console", "server"]),
    ("actix-multipart", &["api"]),
    ("clap", &["server", "benches"]),
    ("figment", &["server"]),
    ("lettre", &["notify"]),
    ("reqwest", &["notify", "server", "tests", "benches"]),
    ("sea-orm", &["benches", "store", "migrations"]),
    ("sea-orm-migration", &["store", "migrations", "tests"]),
    ("sqlx", &["store", "tests"]),
    ("utoipa", &["api", "server"]),
];

/// Names that say nothing about what a module answers for.
const EMPTY_NAMES: &[&str] = &[
    "common", "core", "helper", "helpers", "manager", "misc", "service", "types", "util", "utils",
];

/// The most lines a source file may have.
const LONGEST: usize = 400;

/// Data tables in source form, which may be longer.
const TABLES: &[&str] = &[];

#[test]
fn every_member_depends_only_along_the_arrows() {
    let members = members();
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    for member in members
        .iter()
        .filter(|member| !WIRING.contains(&member.name.as_str()))
    {
        let arrows = ARROWS.iter().find(|(name, _)| *name == member.name);
        let (_, allowed) = arrows.unwrap_or_else(|| panic!("{} has no arrows yet", member.name));
        for dependency in member.dependencies() {
            assert!(
                !names.contains(dependency.as_str()) || allowed.contains(&dependency.as_str()),
                "{} must not depend on {dependency}",
                member.name
            );
        }
    }
}

#[test]
fn pure_members_reach_no_effects() {
    let packages = locked_packages();
    for member in members()
        .iter()
        .filter(|member| PURE.contains(&member.name.as_str()))
    {
        let mut reached = BTreeSet::new();
        let mut next: Vec<String> = member.dependencies().into_iter().collect();
        while let Some(name) = next.pop() {
            assert!(
                !EFFECTS.contains(&name.as_str()),
                "{} reaches {name}",
                member.name
            );
            // Other members are judged by themselves, without what only their
            // tests need.
            if !PURE.contains(&name.as_str()) && reached.insert(name.clone()) {
                next.extend(packages.get(&name).into_iter().flatten().cloned());
            }
        }
    }
}

#[test]
fn only_their_own_members_name_the_database_mail_and_http() {
    for member in members() {
        let mut named = member.dependencies();
        // `tests` has nothing but tests, so what it names for them counts.
        named.extend(member.of_kind("dev-dependencies"));
        for (library, owners) in ONLY {
            assert!(
                !named.contains(*library) || owners.contains(&member.name.as_str()),
                "{} must not name {library}",
                member.name
            );
        }
    }
}

#[test]
fn every_member_takes_the_workspace_lints() {
    for member in members() {
        let lints = member
            .manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        assert_eq!(
            lints.and_then(Value::as_bool),
            Some(true),
            "{}",
            member.name
        );
    }
}

#[test]
fn only_the_server_may_read_clock_and_environment() {
    for (path, text) in sources() {
        if !text.contains("clippy::disallowed_methods") {
            continue;
        }
        let home = ["crates/server/", "tests/", "benches/"];
        assert!(
            home.iter().any(|home| path.starts_with(home)),
            "{path} lifts a ban"
        );
    }
}

#[test]
fn no_allowance_goes_without_a_reason() {
    let starts = ["#[allow(", "#![allow(", "#[expect(", "#![expect("];
    for (path, text) in sources() {
        let mut rest = text.as_str();
        while let Some((line, after)) = rest.split_once('\n') {
            if starts
                .iter()
                .any(|start| line.trim_start().starts_with(start))
            {
                let attribute = rest.split(")]").next().unwrap_or_default();
                assert!(attribute.contains("reason ="), "{path}: {attribute})]");
            }
            rest = after;
        }
    }
}

#[test]
fn no_public_item_of_the_store_shows_the_database_library() {
    let shown = [
        "sea_orm",
        "DatabaseConnection",
        "DatabaseTransaction",
        "DbErr",
        "ActiveModel",
    ];
    for (path, text) in sources() {
        if !path.starts_with("crates/store/src/") {
            continue;
        }
        let public = text
            .lines()
            .filter(|line| line.trim_start().starts_with("pub "));
        for line in public {
            assert!(
                !shown.iter().any(|name| line.contains(name)),
                "{path}: {line}"
            );
        }
    }
}

#[test]
fn files_are_short_and_named_by_what_they_hold() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= LONGEST || TABLES.contains(&path.as_str()),
            "{path} has {lines} lines; split it by its nouns"
        );
        let empty = path
            .split(['/', '.'])
            .find(|part| EMPTY_NAMES.contains(part));
        assert_eq!(empty, None, "{path}: name it by what it holds");
    }
}

struct Member {
    name: String,
    folder: String,
    manifest: Table,
}

impl Member {
    /// What the member itself needs: all but its tests' dependencies.
    fn dependencies(&self) -> BTreeSet<String> {
        let mut names = self.of_kind("dependencies");
        names.extend(self.of_kind("build-dependencies"));
        names
    }

    /// Package names in the tables of one kind, also those for one platform.
    fn of_kind(&self, kind: &str) -> BTreeSet<String> {
        let platforms = self.manifest.get("target").and_then(Value::as_table);
        let tables = platforms.into_iter().flat_map(|targets| targets.values());
        tables
            .filter_map(|target| target.get(kind))
            .chain(self.manifest.get(kind))
            .filter_map(Value::as_table)
            .flatten()
            .map(|(name, spec)| {
                let package = spec.get("package").and_then(Value::as_str);
                package.unwrap_or(name).to_owned()
            })
            .collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn table(path: &Path) -> Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn members() -> Vec<Member> {
    let workspace = table(&root().join("Cargo.toml"));
    let folders = workspace["workspace"]["members"].as_array().unwrap();
    let members: Vec<Member> = folders
        .iter()
        .map(|folder| {
            let folder = folder.as_str().unwrap().to_owned();
            let manifest = table(&root().join(&folder).join("Cargo.toml"));
            let name = manifest["package"]["name"].as_str().unwrap().to_owned();
            Member {
                name,
                folder,
                manifest,
            }
        })
        .collect();
    assert!(members.len() > PURE.len());
    members
}

/// What each locked package depends on; versions of one name are taken
/// together.
fn locked_packages() -> BTreeMap<String, BTreeSet<String>> {
    let lock = table(&root().join("Cargo.lock"));
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap().to_owned();
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        let names = dependencies.into_iter().flatten().filter_map(|dependency| {
            // "name", or "name version" where there are several.
            dependency.as_str()?.split(' ').next().map(str::to_owned)
        });
        packages.entry(name).or_default().extend(names);
    }
    packages
}

/// All source files of the members: path from the root, and text.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let mut next: Vec<PathBuf> = members()
        .iter()
        .map(|member| root.join(&member.folder))
        .collect();
    while let Some(folder) = next.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                next.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}
