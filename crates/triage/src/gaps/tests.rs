use runbook::{Runbook, Slug};

use super::{Said, missing_phrases};

const RUNBOOK: &str = include_str!("../../../../runbook/customer-support.md");

fn runbook() -> Runbook {
    let today = chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    runbook::parse(RUNBOOK, today).runbook
}

#[test]
fn phrases_of_missed_texts_that_other_entries_do_not_share_are_proposed() {
    let payment: Slug = "payment-failed".parse().unwrap();
    let cart: Slug = "my-cart-is-empty".parse().unwrap();
    let said = |title, body, entry, missed| Said {
        title,
        body,
        entry,
        missed,
    };
    let texts = [
        said(
            "Frozen purse",
            "the app says purse frozen when I buy",
            Some(&payment),
            true,
        ),
        said(
            "help",
            "purse frozen again, and my order stopped",
            Some(&payment),
            true,
        ),
        said(
            "Why",
            "It told me purse frozen after the pin",
            Some(&payment),
            false,
        ),
        said(
            "my basket",
            "the app lost the socks when I buy",
            Some(&cart),
            true,
        ),
        said("thanks", "lovely socks", None, false),
    ];
    let found = missing_phrases(&runbook(), &texts);
    assert_eq!(found.len(), 1, "{found:?}");
    let (entry, phrases) = &found[0];
    assert_eq!(*entry, payment);
    assert_eq!(phrases[0].words, "purse frozen");
    assert_eq!(phrases[0].texts, [0, 1], "only what was missed counts");
}

#[test]
fn nothing_said_proposes_nothing() {
    assert!(missing_phrases(&runbook(), &[]).is_empty());
}
