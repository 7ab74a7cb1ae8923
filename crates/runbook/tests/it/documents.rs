//! The shipped runbook, and the first user's that it is made after.

mod same;

pub(crate) use same::without_lines;

use std::fs;

use runbook::{
    Channel, Contact, Entry, EntryKind, Level, Parsed, Reach, Runbook, Slug, Target, parse,
};

use crate::{beside_root, default_text, listed, today};

/// The first user's own file, when it lies beside the project.
fn original() -> Option<Parsed> {
    let path = beside_root("../shared/runbook/kb-stylish.md");
    match fs::read_to_string(&path) {
        Ok(text) => Some(parse(&text, today())),
        Err(_) => {
            println!("skipped: {} is not there", path.display());
            None
        }
    }
}

fn shipped() -> Parsed {
    parse(&default_text(), today())
}

/// What holds of both documents.
fn check(parsed: &Parsed) {
    let runbook = &parsed.runbook;
    assert!(!parsed.has_errors(), "{:?}", listed(parsed));
    let count = |kind| {
        runbook
            .entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .count()
    };
    assert_eq!(count(EntryKind::Issue), 5);
    assert_eq!(count(EntryKind::Guide), 3);
    assert_eq!(count(EntryKind::Faq), 10);
    assert_eq!(runbook.title, "CUSTOMER JOURNEY - OPERATIONAL RUNBOOK");
    assert_eq!(runbook.version.as_deref(), Some("1.0"));
    assert_eq!(
        runbook.audience.as_deref(),
        Some("Customer Support & Operations Team")
    );
    assert_eq!(
        runbook.last_updated,
        chrono::NaiveDate::from_ymd_opt(2025, 10, 18)
    );
    assert_eq!(
        runbook.next_review,
        chrono::NaiveDate::from_ymd_opt(2025, 11, 18)
    );

    let slugs: Vec<&str> = runbook
        .entries
        .iter()
        .map(|entry| entry.slug.as_str())
        .collect();
    assert_eq!(
        slugs,
        [
            "i-cant-login",
            "my-cart-is-empty",
            "order-not-found",
            "payment-failed",
            "product-shows-out-of-stock-but-available",
            "guide-authentication-issues",
            "guide-performance-issues",
            "guide-order-status-not-updating",
            "faq-how-do-i-create-an-account",
            "faq-how-do-i-reset-my-password",
            "faq-how-long-does-shipping-take",
            "faq-can-i-cancel-my-order",
            "faq-why-cant-i-add-item-to-cart",
            "faq-how-do-i-track-my-order",
            "faq-what-payment-methods-accepted",
            "faq-can-i-change-shipping-address",
            "faq-how-do-i-contact-vendor",
            "faq-my-order-shows-wrong-price",
        ]
    );
    assert_eq!(
        rules(runbook),
        [
            ("i-cant-login", 2, false),
            ("my-cart-is-empty", 3, false),
            ("order-not-found", 2, false),
            ("payment-failed", 3, true),
            ("product-shows-out-of-stock-but-available", 2, false),
        ]
    );
    assert_eq!(runbook.emergency_contacts.len(), 3);
    assert!(
        runbook
            .emergency_contacts
            .iter()
            .all(|one| one.contact.is_none())
    );
    assert_eq!(runbook.status_links.len(), 3);
    assert_eq!(runbook.checklists.len(), 3);
    assert!(runbook.checklists.iter().all(|list| list.items.len() == 4));
    assert_eq!(runbook.tracked.len(), 4);
    assert_eq!(runbook.access.iter().filter(|rule| rule.allowed).count(), 4);
    assert_eq!(
        runbook.access.iter().filter(|rule| !rule.allowed).count(),
        4
    );
    assert_eq!(runbook.access[0].note.as_deref(), Some("read-only"));
    assert!(runbook.elevated_access.is_some());
    levels(runbook);
    targets(runbook);
    templates(runbook);
}

fn rules(runbook: &Runbook) -> Vec<(&str, u8, bool)> {
    let rule = |entry: &'_ Entry| {
        let rule = entry.escalation.as_ref()?;
        Some((rule.level.number(), rule.immediate))
    };
    runbook
        .entries
        .iter()
        .filter_map(|entry| rule(entry).map(|(level, now)| (entry.slug.as_str(), level, now)))
        .collect()
}

fn levels(runbook: &Runbook) {
    let names: Vec<(u8, &str, usize, usize)> = runbook
        .levels
        .iter()
        .map(|spec| {
            let number = spec.level.number();
            (
                number,
                spec.name.as_str(),
                spec.handles.len(),
                spec.triggers.len(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            (1, "Customer Support", 3, 0),
            (2, "Technical Support", 0, 4),
            (3, "Engineering", 0, 4),
            (4, "Leadership", 0, 3),
        ]
    );
    let outage = runbook
        .level(Level::LEADERSHIP)
        .unwrap()
        .triggers
        .last()
        .unwrap();
    assert_eq!(outage.text, "Major outage > 1 hour");
    assert_eq!(outage.lasting_longer_than_seconds, Some(3_600));

    let contact = |channel, address: &str| Contact {
        channel,
        address: address.to_owned(),
    };
    let told = |level| {
        let reaches = &runbook.level(level).unwrap().contacts;
        reaches
            .iter()
            .map(|Reach { any_of, .. }| any_of.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(Level::TECHNICAL),
        [vec![
            contact(Channel::Email, "tech-support@kbstylish.com"),
            contact(Channel::Slack, "#tech-support"),
        ]]
    );
    assert_eq!(
        told(Level::ENGINEERING),
        [
            vec![contact(Channel::Page, "on-call engineer")],
            vec![contact(Channel::Email, "engineering@kbstylish.com")],
        ]
    );
    assert_eq!(
        told(Level::LEADERSHIP),
        [vec![
            contact(Channel::Role, "CTO"),
            contact(Channel::Role, "CEO")
        ]]
    );
    assert!(told(Level::SUPPORT).is_empty());
}

fn targets(runbook: &Runbook) {
    let bound = |target: &Option<Target>| {
        let target = target.clone().unwrap();
        (target.above, target.value, target.only)
    };
    let targets = &runbook.targets;
    assert_eq!(bound(&targets.first_response), (false, 7_200, None));
    assert_eq!(
        bound(&targets.resolution),
        (false, 86_400, Some("non-critical".to_owned()))
    );
    assert_eq!(bound(&targets.satisfaction), (true, 90, None));
    assert_eq!(bound(&targets.escalation_rate), (false, 10, None));
    assert_eq!(targets.critical_resolution, None);
}

fn templates(runbook: &Runbook) {
    let bug = runbook.templates.bug.as_ref().unwrap();
    let names: Vec<&str> = bug.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "title",
            "severity",
            "affected_users",
            "steps_to_reproduce",
            "expected",
            "actual",
            "browser_device",
            "screenshots",
        ]
    );
    assert_eq!(bug.fields[1].allowed, ["critical", "high", "medium", "low"]);
    assert!(bug.fields[3].list);
    let feature = runbook.templates.feature.as_ref().unwrap();
    let names: Vec<&str> = feature
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["title", "requested_by", "use_case", "priority", "details"]
    );
    assert_eq!(feature.fields[3].allowed, ["high", "medium", "low"]);
}

#[test]
fn the_shipped_runbook_loads_whole() {
    check(&shipped());
}

#[test]
fn the_shipped_runbook_has_only_the_gaps_that_its_facts_have() {
    assert_eq!(
        listed(&shipped()),
        [
            "12:25 warning placeholder",
            "13:23 warning placeholder",
            "14:21 warning placeholder",
            "18:19 note link_without_url",
            "19:17 note link_without_url",
            "192:1 warning write_query_without_access",
            "268:3 warning contradicting_rules",
            "281:1 note contact_without_address",
            "289:1 warning level_without_reachable_contact",
            "314:1 warning placeholder_answer",
            "399:3 note critical_resolution_missing",
            "411:1 note text_without_effect",
        ]
    );
}

#[test]
fn a_review_date_that_has_passed_is_found_on_its_day() {
    let due = chrono::NaiveDate::from_ymd_opt(2025, 11, 18).unwrap();
    let overdue = |today| {
        let found = listed(&parse(&default_text(), today));
        found.contains(&"413:50 warning review_overdue".to_owned())
    };
    assert!(!overdue(due));
    assert!(overdue(due.succ_opt().unwrap()));
}

#[test]
fn the_first_users_runbook_loads_exactly_as_it_is() {
    let Some(parsed) = original() else { return };
    check(&parsed);
    let entry = |slug: &str| {
        parsed
            .runbook
            .entry(&slug.parse::<Slug>().unwrap())
            .unwrap()
            .clone()
    };

    let login = entry("i-cant-login");
    assert_eq!(login.line, 25);
    assert_eq!(login.steps.len(), 5);
    assert_eq!(
        login.steps[1].steps[0].text,
        "Supabase Dashboard → Authentication → Users"
    );
    assert_eq!(login.steps[1].steps[0].line, 38);
    let rule = login.escalation.unwrap();
    assert_eq!(
        rule.condition,
        "user still can't login after password reset"
    );
    assert_eq!((rule.level, rule.line), (Level::TECHNICAL, 55));
    assert_eq!(
        entry("order-not-found").title_note.as_deref(),
        Some("Track Order")
    );
    let stock = entry("product-shows-out-of-stock-but-available");
    let writes: Vec<(u32, bool)> = stock
        .queries
        .iter()
        .map(|one| (one.line, one.writes))
        .collect();
    assert_eq!(writes, [(189, false), (202, true)]);
    assert_eq!(stock.fix.unwrap().text, "Activate variant if inactive");
    assert!(
        entry("faq-what-payment-methods-accepted")
            .answer
            .unwrap()
            .placeholder
    );
    assert_eq!(
        entry("guide-order-status-not-updating")
            .fix
            .unwrap()
            .steps
            .len(),
        3
    );

    let found = listed(&parsed);
    assert!(
        found.contains(&"9:4 note mojibake_repaired".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"278:3 warning contradicting_rules".to_owned()),
        "{found:?}"
    );
    let message = &parsed.diagnostics[0].message;
    assert!(message.starts_with("36 characters"), "{message}");
    let text = serde_json::to_string(&parsed.runbook).unwrap();
    assert!(!text.contains(['â', 'ğ', 'Ÿ']), "mojibake is left");
}
