//! Whom a level tells.

use runbook::Level;
use ticketing::{Directory, Medium, fold_name, recipients, unreachable_levels};

fn runbook() -> runbook::Runbook {
    let source = include_str!("../../../../runbook/customer-support.md");
    runbook::parse(source, "2026-11-22".parse().unwrap()).runbook
}

fn told(directory: &Directory, level: Level) -> Vec<(Medium, String)> {
    let found = recipients(&runbook(), directory, level);
    found
        .into_iter()
        .map(|recipient| (recipient.medium, recipient.address))
        .collect()
}

#[test]
fn or_means_the_first_reachable_one_and_level_3_means_all() {
    let mail = (Medium::Email, "tech-support@kbstylish.com".to_owned());
    assert_eq!(
        told(&Directory::default(), Level::TECHNICAL),
        std::slice::from_ref(&mail)
    );
    let slack = Directory {
        slack: [fold_name("#tech-support")].into(),
        ..Directory::default()
    };
    assert_eq!(told(&slack, Level::TECHNICAL), [mail]);

    let paged = Directory {
        pager: true,
        ..Directory::default()
    };
    let media: Vec<Medium> = told(&paged, Level::ENGINEERING)
        .into_iter()
        .map(|(m, _)| m)
        .collect();
    assert_eq!(media, [Medium::Email, Medium::Page]);
}

#[test]
fn a_level_that_nobody_can_be_told_at_tells_the_fallback() {
    let alone = Directory::default();
    assert_eq!(unreachable_levels(&runbook(), &alone), [Level::LEADERSHIP]);
    assert!(told(&alone, Level::LEADERSHIP).is_empty());

    let fallback = Directory {
        fallback: Some("owner@example.com".to_owned()),
        ..alone.clone()
    };
    assert_eq!(
        told(&fallback, Level::LEADERSHIP),
        [(Medium::Email, "owner@example.com".to_owned())]
    );

    let roles = [(fold_name("CTO"), "cto@example.com".to_owned())].into();
    let cto = Directory { roles, ..fallback };
    assert!(unreachable_levels(&runbook(), &cto).is_empty());
    assert_eq!(
        told(&cto, Level::LEADERSHIP),
        [(Medium::Email, "cto@example.com".to_owned())]
    );
}
