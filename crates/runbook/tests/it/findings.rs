//! What is missing, misplaced or contradictory, and that nothing vanishes.

use runbook::{parse, render};

use crate::{listed, problems, today};

#[test]
fn an_empty_document_cannot_be_run() {
    let parsed = parse("", today());
    assert!(parsed.has_errors());
    let found = listed(&parsed);
    for code in [
        "error no_entries",
        "error no_levels",
        "warning missing_part",
        "warning missing_target",
    ] {
        assert!(
            found.iter().any(|one| one.ends_with(code)),
            "{code} in {found:?}"
        );
    }
    assert!(found.iter().all(|one| one.starts_with("1:1 ")), "{found:?}");
}

#[test]
fn what_is_not_understood_is_reported_where_it_stands() {
    let check =
        |markdown: &str, expected: &[&str]| assert_eq!(problems(markdown), expected, "{markdown}");
    check(
        "# T\n\n## Recipes\n\nBake.\n",
        &["3:4 warning heading_not_understood"],
    );
    check("# T\n\nHello.\n", &["3:1 note text_without_effect"]);
    check(
        "## FAQ\n\nHello.\n\n### Q: A?\n**A**: B\n",
        &["3:1 note text_without_effect"],
    );
    check(
        "### Issue #1: \"A\"\n**Mood**: bad\n\n**Symptoms**: slow\n",
        &["2:1 warning label_not_understood"],
    );
    check(
        "### Issue #1: \"A\"\nHello,\nyou.\n",
        &["2:1 note text_without_effect"],
    );
    check("### Issue #1: \"?!\"\n", &["1:5 error title_without_words"]);
    check(
        "### Issue #1: \"A\"\n### Issue #1: \"a!\"\n",
        &["2:5 error duplicate_slug", "2:5 warning duplicate_number"],
    );
    check(
        "### Issue #1: \"A\"\n### Issue #2: \"B\"\n**Aliases**: a\n",
        &["2:5 error duplicate_slug"],
    );
    check(
        "## Operations\n### Issue #1: \"A\"\n",
        &["1:4 note heading_only_groups"],
    );
    check("### Issue: \"A\"\n", &["1:5 note issue_without_number"]);
    check(
        "### Issue #1: \"A\"\n**Aliases**: ???\n",
        &["2:1 warning alias_not_understood"],
    );
    check(
        "### Issue #1: \"A\"\n**Causes**: [Add causes]\n",
        &["2:1 warning placeholder"],
    );
    check(
        "### Issue #1: \"A\"\n**Steps**:\n1. Press [Enter]\n2. Call [number]\n3. TODO\n",
        &["4:1 warning placeholder", "5:1 warning placeholder"],
    );
}

#[test]
fn markdown_that_hides_text_is_reported() {
    let check =
        |markdown: &str, expected: &[&str]| assert_eq!(problems(markdown), expected, "{markdown}");
    check(
        "# T\n```\na\n",
        &["2:1 error unclosed_code", "2:1 note text_without_effect"],
    );
    check("# T\n\n<!-- a\n\n## FAQ\n", &["3:1 error unclosed_comment"]);
    check("# T\n\n<!-- a -->\n", &[]);
    check(
        "# T\n\n<div>\nhello\n</div>\n",
        &["3:1 warning html_not_read"],
    );
    check(
        "# T\n\n[Contact]: me\n",
        &["3:1 warning unused_link_definition"],
    );
    let deep = (0..40)
        .map(|depth| format!("{}- a\n", "  ".repeat(depth)))
        .collect::<String>();
    let found = problems(&format!("### Issue #1: \"A\"\n**Steps**:\n{deep}"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("warning nested_too_deep"), "{found:?}");
}

#[test]
fn a_break_right_under_a_label_does_not_make_it_a_heading() {
    let text = "### Issue #1: \"A\"\n**Symptoms**: slow\n---\n### Issue #2: \"B\"\n**Symptoms**: stuck\n---\n";
    assert_eq!(problems(text), Vec::<String>::new());
    assert_eq!(crate::runbook(text).entries[1].symptoms.len(), 1);
}

#[test]
fn rules_that_send_one_thing_to_two_levels_contradict() {
    let check = |low: &str, high: &str, contradict: bool| {
        let text = format!(
            "### Level 2: T\n**Escalate When**:\n- {low}\n\n**How**: a@x.org\n### Level 3: E\n**Escalate When**:\n- {high}\n\n**How**: a@x.org\n"
        );
        let expected: &[&str] = if contradict {
            &["8:3 warning contradicting_rules"]
        } else {
            &[]
        };
        assert_eq!(problems(&text), expected, "{low} / {high}");
    };
    check("Payment gateway problems", "Payment gateway errors", true);
    check("Database issues", "Broken databases", true);
    check("Login failing", "If the login fails", true);
    check("Data integrity issues", "Data loss", false);
    check(
        "Authentication bugs",
        "Critical bugs affecting multiple users",
        false,
    );
    check("Site down", "Site down > 1 hour", false);
    check("Problems", "Errors", false);
}

#[test]
fn a_rule_of_an_entry_may_contradict_a_trigger() {
    let text = "### Issue #1: \"A\"\n**Escalation**: Carts lost → E\n### Level 2: T\n**Escalate When**: Lost carts\n**How**: a@x.org\n### Level 3: E\n**How**: a@x.org\n";
    let parsed = parse(text, today());
    let found = parsed
        .diagnostics
        .iter()
        .find(|one| one.code == "contradicting_rules")
        .unwrap();
    assert_eq!(found.line, 4);
    assert_eq!(
        found.message,
        "“Lost carts” goes to level 2, but “Carts lost” on line 2 to level 3; the highest, 3, wins"
    );
}

#[test]
fn a_writing_query_is_reported_when_writing_is_denied() {
    let query = "### Issue #1: \"A\"\n```sql\nDELETE FROM a;\n```\n";
    assert_eq!(problems(query), Vec::<String>::new());
    let denied = format!("{query}## Access\n### Cannot access\n- Database write access\n");
    assert_eq!(
        problems(&denied),
        ["3:1 warning write_query_without_access"]
    );
}

#[test]
fn many_findings_of_one_kind_are_counted() {
    let text = "## Recipe\n".repeat(250);
    let parsed = parse(&text, today());
    let found: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter(|one| one.code == "heading_not_understood")
        .collect();
    assert_eq!(found.len(), 101);
    assert!(
        found[100].message.starts_with("150 more"),
        "{}",
        found[100].message
    );
}

#[test]
fn findings_are_shown_with_their_line() {
    let text = "# T\r\n\n## \tRe\u{1b}cipes\r\n";
    let parsed = parse(text, today());
    let only: Vec<_> = parsed
        .diagnostics
        .into_iter()
        .filter(|one| one.code == "heading_not_understood")
        .collect();
    assert_eq!(
        render(&only, text, "my.md"),
        "my.md:3:5: warning: the heading “Re cipes” names no part of a runbook [heading_not_understood]\n    ## \tRe\u{FFFD}cipes\n       \t^\n"
    );
}

#[test]
fn long_lines_are_shown_around_the_column() {
    let text = format!(
        "### Issue #1: \"A\"\n**Mood**: {}\n**Symptoms**: x, **Y**: z\n",
        "b".repeat(400)
    );
    let parsed = parse(&text, today());
    let shown = render(&parsed.diagnostics, &text, "my.md");
    assert!(
        shown.lines().all(|line| line.chars().count() < 200),
        "{shown}"
    );
    assert!(shown.contains("bbb…\n"), "{shown}");
}
