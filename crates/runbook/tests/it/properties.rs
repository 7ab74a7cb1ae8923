//! What holds of any text at all.

use proptest::prelude::*;
use runbook::{Severity, parse, render};

use crate::{default_text, documents::without_lines, today};

/// Parses, and checks what holds of every answer.
fn check(text: &str) -> Result<(), TestCaseError> {
    let parsed = parse(text, today());
    let plain = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = plain.trim_start_matches('\u{FEFF}').split('\n').collect();
    let count = u32::try_from(lines.len()).unwrap();
    for one in &parsed.diagnostics {
        prop_assert!((1..=count).contains(&one.line), "{one:?}");
        let width = lines[usize::try_from(one.line).unwrap() - 1]
            .chars()
            .count();
        let column = usize::try_from(one.column).unwrap();
        prop_assert!((1..=width + 1).contains(&column), "{one:?} of {width}");
        prop_assert!(
            !one.message.is_empty() && !one.message.contains('\n'),
            "{one:?}"
        );
    }
    let order: Vec<(u32, u32)> = parsed
        .diagnostics
        .iter()
        .map(|one| (one.line, one.column))
        .collect();
    prop_assert!(order.is_sorted());
    for entry in &parsed.runbook.entries {
        prop_assert!((1..=count).contains(&entry.line));
        prop_assert!(parsed.runbook.entry(&entry.slug).is_some());
    }
    let errors = parsed
        .diagnostics
        .iter()
        .any(|one| one.severity == Severity::Error);
    prop_assert_eq!(parsed.has_errors(), errors);
    if !errors {
        prop_assert!(!parsed.runbook.entries.is_empty() && !parsed.runbook.levels.is_empty());
    }

    let shown = render(&parsed.diagnostics, text, "a.md");
    let heads = shown
        .lines()
        .filter(|line| line.starts_with("a.md:"))
        .count();
    prop_assert_eq!(heads, parsed.diagnostics.len());
    prop_assert_eq!(parse(text, today()), parsed, "not deterministic");
    Ok(())
}

/// Pieces that mean something to the reader, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\n\n"),
        Just("\t"),
        Just("  "),
        Just("#"),
        Just("### "),
        Just("Issue #1: "),
        Just("\"A\""),
        Just("Q: "),
        Just("Level 2: "),
        Just("## Escalation\n"),
        Just("## FAQ\n"),
        Just("## KPIs\n"),
        Just("## Templates\n"),
        Just("## Access\n"),
        Just("## Quick reference\n"),
        Just("**Escalation**: "),
        Just("**How**: "),
        Just("**Symptoms**: "),
        Just("**"),
        Just("*"),
        Just(":"),
        Just("- "),
        Just("1. "),
        Just("> "),
        Just("```\n"),
        Just("```sql\n"),
        Just("→"),
        Just("â†’"),
        Just("ğŸ“"),
        Just("â"),
        Just("a@x.org"),
        Just("#a"),
        Just("/"),
        Just(" or "),
        Just("[Contact]"),
        Just("[a]: b"),
        Just("<!--"),
        Just("-->"),
        Just("< 2 hours"),
        Just("> 90%"),
        Just("2025-10-18"),
        Just("Next review"),
        Just("---\n"),
        Just("é"),
        Just("İ"),
        Just("\u{FEFF}"),
        Just("\0"),
        Just("🎯"),
        Just("é\u{A0}»"),
        Just("**Aliases**: "),
        Just("select 1;"),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The shipped runbook with lines removed, doubled, exchanged, cut or garbled.
fn mutated() -> impl Strategy<Value = String> {
    let text = default_text();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let count = lines.len();
    let change = (0..count, 0..count, 0_u8..6, ".{0,12}");
    prop::collection::vec(change, 1..12).prop_map(move |changes| {
        let mut lines = lines.clone();
        for (at, other, how, garbage) in changes {
            let (at, other) = (at % lines.len(), other % lines.len());
            match how {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[other].clone()),
                2 => lines.swap(at, other),
                3 => lines[at] = lines[at].chars().take(garbage.chars().count()).collect(),
                4 => lines[at].push_str(&garbage),
                _ => lines[at] = garbage,
            }
        }
        lines.join("\n")
    })
}

/// What was understood and found, without lines: moving text changes neither.
fn meaning(text: &str) -> (serde_json::Value, Vec<(String, String)>) {
    let parsed = parse(text, today());
    let words = |message: &str| message.replace(|c: char| c.is_ascii_digit(), "");
    let mut found: Vec<(String, String)> = parsed
        .diagnostics
        .iter()
        .map(|one| (one.code.to_owned(), words(&one.message)))
        .collect();
    found.sort();
    (without_lines(&parsed.runbook), found)
}

/// A line of text in one of the forms that Markdown has for it.
fn added_line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "zorx",
        "zorx: zorx",
        "**zorx**: zorx",
        "**zorx**",
        "- zorx",
        "  - zorx",
        "    - zorx",
        "* **zorx**: zorx",
        "1. zorx",
        "> zorx",
        "> - zorx",
        "# zorx",
        "## zorx",
        "### zorx",
        "#### zorx",
        "`zorx`",
        "| zorx | zorx |",
        "[zorx]: zorx",
        "[zorx](zorx)",
        "<zorx>",
        "\n    zorx\n",
        "\nzorx\n",
        "\n- zorx\n",
        "\n  - zorx\n",
        "\n```\nzorx\n```\n",
        "\n**zorx**: zorx\n",
        "\nzorx\n---\n",
        "**Fix**: zorx",
        "**How**: zorx",
        "**A**: zorx",
        "**Escalation**: zorx",
        "**Escalation**: zorx → Engineering",
        "**Handle**: zorx",
        "Version: zorx",
        "**Aliases**: zorx",
        "**Workaround**: zorx",
        "**Problem**: zorx",
        "**Next Review**: zorx",
        "**Symptoms**:\n- zorx",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_parses(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_pieces_of_runbooks_parse(text in pieces()) {
        check(&text)?;
    }

    #[test]
    fn any_change_to_the_shipped_runbook_parses(text in mutated()) {
        check(&text)?;
    }

    #[test]
    fn no_line_added_to_the_shipped_runbook_vanishes(at in any::<prop::sample::Index>(), line in added_line()) {
        let text = default_text();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(at.index(lines.len() + 1), line);
        let changed = lines.join("\n");
        prop_assert_ne!(meaning(&changed), meaning(&text));
    }
}
