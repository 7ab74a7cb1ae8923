//! Whom a level tells.

use runbook::Level;
use ticketing::{
    Directory, Medium, Person, Unpaged, fold_name, recipients, unpaged_levels, unreachable_levels,
};

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

fn asha() -> Person {
    Person {
        name: "Asha".to_owned(),
        email: Some("asha@example.com".to_owned()),
        page: None,
    }
}

#[test]
fn a_page_goes_to_whoever_is_on_call_by_pager_and_by_mail() {
    let engineering = (Medium::Email, "engineering@kbstylish.com".to_owned());
    let mail = (Medium::Email, "asha@example.com".to_owned());
    let on_duty = |person| [(Level::ENGINEERING, Some(person))].into();

    let mailed = Directory {
        on_duty: on_duty(asha()),
        ..Directory::default()
    };
    assert_eq!(
        told(&mailed, Level::ENGINEERING),
        [mail.clone(), engineering.clone()]
    );
    // Another level's schedule pages nobody here.
    let elsewhere = Directory {
        on_duty: [(Level::LEADERSHIP, Some(asha()))].into(),
        ..Directory::default()
    };
    assert_eq!(
        told(&elsewhere, Level::ENGINEERING),
        std::slice::from_ref(&engineering)
    );

    let paged = Directory {
        pager: true,
        ..mailed.clone()
    };
    let by_name = (Medium::Page, "Asha".to_owned());
    assert_eq!(
        told(&paged, Level::ENGINEERING),
        [mail.clone(), engineering.clone(), by_name]
    );
    let known = Person {
        page: Some("asha-rai".to_owned()),
        ..asha()
    };
    let known = Directory {
        on_duty: on_duty(known),
        ..paged
    };
    assert!(told(&known, Level::ENGINEERING).contains(&(Medium::Page, "asha-rai".to_owned())));
}

#[test]
fn a_page_that_nobody_takes_goes_to_the_fallback_and_is_warned_of() {
    let level = Level::ENGINEERING;
    let engineering = (Medium::Email, "engineering@kbstylish.com".to_owned());
    let owner = (Medium::Email, "owner@example.com".to_owned());
    let nowhere = Person {
        email: None,
        ..asha()
    };
    for (person, why) in [
        (None, Unpaged::Nobody),
        (Some(nowhere), Unpaged::Unreachable("Asha".to_owned())),
    ] {
        let directory = Directory {
            fallback: Some("owner@example.com".to_owned()),
            on_duty: [(level, person)].into(),
            ..Directory::default()
        };
        assert_eq!(
            told(&directory, level),
            [engineering.clone(), owner.clone()]
        );
        assert_eq!(unpaged_levels(&runbook(), &directory), [(level, why)]);

        let roles = [(
            fold_name("on-call engineer"),
            "oncall@example.com".to_owned(),
        )]
        .into();
        let role = Directory { roles, ..directory };
        let oncall = (Medium::Email, "oncall@example.com".to_owned());
        assert_eq!(told(&role, level), [engineering.clone(), oncall]);
        assert!(unpaged_levels(&runbook(), &role).is_empty());
    }

    let unset = Directory::default();
    assert_eq!(
        unpaged_levels(&runbook(), &unset),
        [(level, Unpaged::NoSchedule)]
    );
}
