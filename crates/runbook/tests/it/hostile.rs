//! Large documents made to be slow or deep.
//!
//! Each is read at two sizes. A reader whose time grows with the square would
//! need sixteen times as long for the four times larger one.

use std::time::{Duration, Instant};

use runbook::{parse, render};

use crate::today;

const SMALL: usize = 50_000;
const LARGE: usize = 4 * SMALL;

fn time(text: &str) -> Duration {
    let start = Instant::now();
    let parsed = parse(text, today());
    let _ = render(&parsed.diagnostics, text, "a.md");
    start.elapsed()
}

fn check(name: &str, head: &str, unit: &str) {
    let text = |size: usize| format!("{head}{}", unit.repeat(size / unit.len()));
    let (small, large) = (text(SMALL), text(LARGE));
    // What else runs on the machine may fall on one measurement, while a square
    // shows in every attempt. Below a floor the clock and the allocator decide.
    let linear = (0..5).any(|_| {
        let floor = time(&small).max(Duration::from_millis(5));
        time(&large) < floor * 8
    });
    assert!(
        linear,
        "{name}: {:?}, then {:?}",
        time(&small),
        time(&large)
    );
}

#[test]
fn time_grows_with_the_size_alone() {
    let level = "### Level 2: T\n**Escalate When**:\n";
    let entry = "### Issue #1: \"A\"\n";
    check("quotes", "", "> ");
    check("lists", "", "- ");
    check("quoted headings", "", "> # a\n");
    check("brackets", "", "[");
    check("links", "", "[a](");
    check("stars", "", "*a **b ");
    check("backticks", "", "`a``");
    check("headings", "", "## a\n");
    check("entries", "", "### Issue #1: \"A\"\n**Aliases**: b\n");
    check("triggers", level, "- payment gateway problem\n");
    check("contacts", "### Level 2: T\n**How**: ", "a or ");
    check("symptoms", entry, "**Symptoms**: a, b\n");
    check("commas", &format!("{entry}**Symptoms**: "), "a,");
    check("placeholders", &format!("{entry}**Workaround**: "), "[a ");
    check("steps", &format!("{entry}**Steps**:\n```\n"), "- a\n - a\n");
    check("mojibake", "", "ğŸ“ â†’ ");
    check("comments", "", "<!--\n");
    check("fences", "", "```\n");
    check("definitions", "", "[a]: b\n");
    check("labels", "", "**a**: b\n");
    check("amounts", "## KPIs\n**Response**: < ", "1 h ");
    check("one long word", entry, "a");
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let nested: String = (0..1_400)
        .map(|depth| format!("{}- a\n", " ".repeat(2 * depth)))
        .collect();
    for text in [
        &"> ".repeat(500_000),
        &("- ".repeat(500_000) + "a"),
        &nested,
    ] {
        let entry = format!("### Issue #1: \"A\"\n**Steps**:\n{text}");
        let parsed = parse(&entry, today());
        assert_eq!(parsed.runbook.entries.len(), 1);
        assert!(
            parsed
                .diagnostics
                .iter()
                .any(|one| one.code == "nested_too_deep")
        );
    }
}
