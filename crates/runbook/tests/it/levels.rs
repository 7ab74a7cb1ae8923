//! Levels, contacts and escalation rules.

use runbook::{Channel, Level, LevelSpec};

use crate::{problems, runbook};

const LEVELS: &str = "## Escalation procedures\n### Level 1: Helpdesk\n### Level 2: Technik & Betrieb\n### Level 3: Engineering Team\n";

/// A rule's condition, level and haste, and what was found.
fn rule(text: &str) -> (Option<(String, u8, bool)>, Vec<String>) {
    let markdown = format!("## Issues\n### Issue #1: \"A\"\n**Escalation**: {text}\n{LEVELS}");
    let entry = runbook(&markdown).entries.remove(0);
    let rule = entry
        .escalation
        .map(|rule| (rule.condition, rule.level.number(), rule.immediate));
    (rule, problems(&markdown))
}

#[test]
fn a_rule_names_its_level_by_the_headings_name_or_number() {
    let check = |text: &str, condition: &str, level, immediate| {
        let expected = Some((condition.to_owned(), level, immediate));
        assert_eq!(rule(text), (expected, Vec::new()), "{text}");
    };
    check("If it burns → Technik & Betrieb", "it burns", 2, false);
    check(
        "When it burns -> technik betrieb immediately",
        "it burns",
        2,
        true,
    );
    check(
        "It burns => Bug report to Engineering",
        "It burns",
        3,
        false,
    );
    check("A → B → the engineering team, at once", "A → B", 3, true);
    check("It burns → Level 3", "It burns", 3, false);
    check("It burns → L2 right away", "It burns", 2, true);
    let (repaired, found) = rule("It burns â†’ Helpdesk");
    assert_eq!(repaired, Some(("It burns".to_owned(), 1, false)));
    assert_eq!(found, ["3:26 note mojibake_repaired"]);
}

#[test]
fn a_rule_that_is_not_understood_is_reported() {
    let found = |text| rule(text).1;
    assert_eq!(found("It burns → Marketing"), ["3:1 error unknown_level"]);
    assert_eq!(
        found("It burns"),
        ["3:1 error unknown_level", "3:1 warning rule_without_arrow",]
    );
    assert_eq!(
        rule("It burns → Helpdesk or Engineering").0,
        Some(("It burns".to_owned(), 3, false))
    );
    assert_eq!(
        found("It burns → Helpdesk or Engineering"),
        ["3:1 warning several_levels"]
    );
    assert_eq!(
        found("It burns → Engineering after lunch"),
        ["3:1 warning rule_not_understood"]
    );
    let two = rule("\n- It burns → Helpdesk\n- It floods → Engineering");
    assert_eq!(two.0, Some(("It burns".to_owned(), 1, false)));
    assert_eq!(two.1, ["5:3 warning second_rule"]);
}

#[test]
fn three_levels_in_another_language_are_enough() {
    let text = "## Escalation\n### Stufe 2: Technik\n**Triggers**: Datenbank kaputt\n**How**: Email t@x.org\n### L3 – Leitung\n**When**:\n- Brand\n\n**Contact**: #chefs\n### Tier 1 Helpdesk\n**Handles**: alles\n";
    let names: Vec<(u8, String)> = runbook(text)
        .levels
        .into_iter()
        .map(|spec| (spec.level.number(), spec.name))
        .collect();
    let expected = [(1, "Helpdesk"), (2, "Technik"), (3, "Leitung")];
    assert_eq!(
        names,
        expected.map(|(level, name)| (level, name.to_owned()))
    );
    assert_eq!(problems(text), Vec::<String>::new());
}

#[test]
fn durations_of_triggers_are_read() {
    let check = |text: &str, seconds, found: &[&str]| {
        let markdown = format!("### Level 2: T\n**Escalate When**:\n- {text}\n");
        let spec = runbook(&markdown).levels.remove(0);
        assert_eq!(
            spec.triggers[0].lasting_longer_than_seconds, seconds,
            "{text}"
        );
        assert_eq!(spec.triggers[0].text, text);
        assert_eq!(problems(&markdown), found, "{text}");
    };
    check("Major outage > 1 hour", Some(3_600), &[]);
    check("Slow for more than 90 minutes", Some(5_400), &[]);
    check("Down longer than 1 hour 30 min", Some(5_400), &[]);
    check("Down over 1.5h", Some(5_400), &[]);
    check("Site down", None, &[]);
    check(
        "Error rate > 5%",
        None,
        &["3:3 warning duration_not_understood"],
    );
    check(
        "Outage > 99999999999999999999 hours",
        None,
        &["3:3 warning duration_not_understood"],
    );
}

/// The contacts of a "How" line: groups by `+`, alternatives by `|`.
fn told(how: &str) -> String {
    let spec: LevelSpec = runbook(&format!("### Level 2: T\n**How**: {how}\n"))
        .levels
        .remove(0);
    let group = |reach: &runbook::Reach| {
        let names: Vec<String> = reach
            .any_of
            .iter()
            .map(|contact| {
                let channel = match contact.channel {
                    Channel::Email => "email",
                    Channel::Slack => "slack",
                    Channel::Page => "page",
                    Channel::Role => "role",
                };
                format!("{channel} {}", contact.address)
            })
            .collect();
        names.join(" | ")
    };
    spec.contacts
        .iter()
        .map(group)
        .collect::<Vec<_>>()
        .join(" + ")
}

#[test]
fn or_means_the_first_reachable_one_and_plus_means_all() {
    assert_eq!(
        told("Email a@x.org or Slack #a"),
        "email a@x.org | slack #a"
    );
    assert_eq!(
        told("Page on-call engineer + Email a@x.org"),
        "page on-call engineer + email a@x.org"
    );
    assert_eq!(told("Contact CTO/CEO directly"), "role CTO | role CEO");
    assert_eq!(
        told("a@x.org, b@x.org and #c"),
        "email a@x.org + email b@x.org + slack #c"
    );
    assert_eq!(
        told("a@x.org, b@x.org, or #c"),
        "email a@x.org | email b@x.org | slack #c"
    );
    assert_eq!(
        told("Call +977-1-5551234 & the CTO"),
        "page +977-1-5551234 + role CTO"
    );
    assert_eq!(
        told("Email a+b@x.org; c@x.org"),
        "email a+b@x.org + email c@x.org"
    );
    assert_eq!(told("a@x.org b@x.org"), "email a@x.org + email b@x.org");
    assert_eq!(told("[Support](mailto:a@x.org)"), "email a@x.org");
    assert_eq!(told("<a@x.org> or **#a**"), "email a@x.org | slack #a");
    assert_eq!(
        told("\n- a@x.org\n- Page the lead or the CTO"),
        "email a@x.org + page lead | page CTO"
    );
}

#[test]
fn contacts_that_nobody_could_use_are_reported() {
    let found = |how: &str| problems(&format!("### Level 1: S\n### Level 2: T\n**How**: {how}\n"));
    assert_eq!(found("[email]"), ["3:10 warning placeholder"]);
    assert_eq!(
        found("Email or a@x.org"),
        ["3:10 warning contact_not_understood"]
    );
    assert_eq!(
        found("a@x or b@x.org"),
        ["3:10 warning contact_not_understood"]
    );
    assert_eq!(
        found("a@x.org within 10 minutes"),
        ["3:10 note contact_remark"]
    );
    assert_eq!(
        found("CTO"),
        ["3:1 warning level_without_reachable_contact"]
    );
    assert_eq!(
        found("CTO or a@x.org"),
        ["3:1 note contact_without_address"]
    );
}

#[test]
fn an_emergency_contact_makes_its_role_reachable() {
    let text = "### Level 1: S\n### Level 2: T\n**How**: Page on-call engineer\n## Quick reference\n### Emergency contacts\n- **On-Call Engineer**: +977 1 555\n";
    assert_eq!(problems(text), Vec::<String>::new());
    let contact = runbook(text).emergency_contacts.remove(0).contact;
    assert_eq!(contact.as_deref(), Some("+977 1 555"));
}

#[test]
fn levels_that_cannot_be_are_errors() {
    assert_eq!(
        problems("### Level 2: A\n### Level 2: B\n## Escalation\n### Level 5: C\n"),
        ["2:5 error duplicate_level", "4:5 error level_out_of_range"]
    );
    assert_eq!(
        runbook("### Level 2: A\n### Level 2: B\n")
            .level(Level::TECHNICAL)
            .unwrap()
            .name,
        "A"
    );
    assert_eq!(
        problems("### Level 2\n"),
        ["1:5 warning level_without_name"]
    );
}

#[test]
fn headings_may_be_counted() {
    let text = "## 4. Escalation\n### 4.2. Level 2: A\n### 1. Level 3: B\n";
    let levels = runbook(text).levels;
    let names: Vec<(u8, &str)> = levels
        .iter()
        .map(|spec| (spec.level.number(), spec.name.as_str()))
        .collect();
    assert_eq!(names, [(2, "A"), (3, "B")]);
}
