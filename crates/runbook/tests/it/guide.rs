//! The authors' guide is true: its findings are those of the parser, and its
//! example is a whole runbook.

use std::{collections::BTreeMap, fs};

use runbook::{Severity, parse};

use crate::{beside_root, listed, today};

fn guide() -> String {
    fs::read_to_string(beside_root("docs/runbook-authoring.md")).unwrap()
}

/// The guide's findings with their severities.
fn documented() -> BTreeMap<String, String> {
    let guide = guide();
    let table = guide.split_once("## Findings").unwrap().1;
    table
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let code = cells.next()?.trim_end_matches('`');
            Some((code.to_owned(), cells.next()?.to_owned()))
        })
        .collect()
}

/// A text that causes each finding.
fn causes() -> Vec<(&'static str, String)> {
    let level = "### Level 1: S\n### Level 2: T\n";
    let issue = "### Issue #1: \"A\"\n";
    let rule = |text: &str| format!("{level}### Level 3: E\n{issue}**Escalation**: {text}\n");
    let form = |text: &str| format!("## Bug report template\n```\n{text}\n```\n");
    let target = |text: &str| format!("## KPIs\n{text}\n");
    let deep: String = (0..40)
        .map(|depth| format!("{}- a\n", "  ".repeat(depth)))
        .collect();
    vec![
        ("access_not_understood", "## Access\n- Orders\n".into()),
        ("alias_not_understood", format!("{issue}**Aliases**: ?\n")),
        (
            "condition_not_understood",
            target("- Response: < 2 hours (VIP)"),
        ),
        (
            "contact_not_understood",
            format!("{level}**How**: a@x or b@x.org\n"),
        ),
        ("contact_remark", format!("{level}**How**: b@x.org soon\n")),
        (
            "contact_without_address",
            format!("{level}**How**: b@x.org or CTO\n"),
        ),
        (
            "contradicting_rules",
            format!("{level}**When**: Oven off\n### Level 3: E\n**When**: Oven off\n"),
        ),
        (
            "critical_resolution_missing",
            target("- Resolution: < 2 hours (non-critical)"),
        ),
        ("date_not_understood", "**Last Updated**: soon\n".into()),
        ("duplicate_field", form("Title:\nTitle:")),
        ("duplicate_level", format!("{level}### Level 2: U\n")),
        ("duplicate_number", format!("{issue}### Issue #1: \"B\"\n")),
        ("duplicate_slug", format!("{issue}{issue}")),
        (
            "duplicate_target",
            target("- Response: < 2 hours\n- Response: < 3 hours"),
        ),
        (
            "duplicate_template",
            format!("{}{}", form("Title:"), form("Title:")),
        ),
        (
            "duration_not_understood",
            format!("{level}**When**: Load > 5\n"),
        ),
        ("empty_checklist", "## Monitoring\n### Daily\n".into()),
        ("form_not_understood", form("hello")),
        ("form_without_field", form("Title:")),
        ("heading_not_understood", "# T\n## Recipes\n".into()),
        ("heading_only_groups", "# T\n## Recipes\n### FAQ\n".into()),
        ("html_not_read", "<div>\n".into()),
        ("incomplete_entry", issue.into()),
        ("issue_without_number", "## Issues\n### A\n".into()),
        ("label_not_understood", format!("{issue}**Mood**: bad\n")),
        ("label_without_text", "**Version**:\n".into()),
        (
            "level_name_too_long",
            format!("### Level 2: {}\n", "x".repeat(101)),
        ),
        ("level_out_of_range", "### Level 5: X\n".into()),
        ("level_without_contact", level.into()),
        ("level_without_name", "### Level 2\n".into()),
        (
            "level_without_reachable_contact",
            format!("{level}**How**: CTO\n"),
        ),
        ("level_without_trigger", level.into()),
        (
            "link_remark",
            "## System status\n- **A**: https://a.example x\n".into(),
        ),
        ("link_without_url", "## System status\n- **A**: b\n".into()),
        ("metric_not_understood", target("- Revenue > 2%")),
        ("missing_part", String::new()),
        ("missing_target", String::new()),
        ("mojibake_repaired", "a â†’ b\n".into()),
        ("nested_too_deep", format!("{issue}**Steps**:\n{deep}")),
        ("no_entries", String::new()),
        ("no_levels", String::new()),
        ("no_review_date", String::new()),
        ("no_title", String::new()),
        ("no_update_date", String::new()),
        ("placeholder", format!("{issue}**Causes**: TBD\n")),
        ("placeholder_answer", "### Q: A?\n**A**: [answer]\n".into()),
        ("review_overdue", "**Next Review**: 2020-01-01\n".into()),
        ("rule_not_understood", rule("x → E after lunch")),
        ("rule_without_arrow", rule("call E")),
        (
            "rules_not_compared",
            format!("{level}**When**:\n{}", "- a\n".repeat(401)),
        ),
        ("second_rule", rule("x → E\n**Escalation**: y → E")),
        ("several_levels", rule("x → E or T")),
        ("stated_twice", "**Version**: 1\n\n**Version**: 2\n".into()),
        ("target_not_understood", target("- Response: soon")),
        ("target_taken_strictly", target("- Response: 2 hours")),
        ("template_without_form", "## Bug report template\n".into()),
        ("text_not_understood", "**Version Control**: hello\n".into()),
        ("text_without_effect", "hello\n".into()),
        ("title_without_words", "### Issue #1: \"?\"\n".into()),
        ("unclosed_code", "```\n".into()),
        ("unclosed_comment", "<!--\n".into()),
        ("unknown_level", rule("x → Nobody")),
        ("unused_link_definition", "[a]: b\n".into()),
        ("updated_in_future", "**Last Updated**: 2100-01-01\n".into()),
        ("value_not_understood", form("Severity: Bad / Worse")),
        (
            "write_query_without_access",
            format!("{issue}```sql\nDROP a;\n```\n## Access\n### Cannot\n- Write data\n"),
        ),
    ]
}

#[test]
fn every_finding_of_the_guide_can_be_caused_and_has_its_severity() {
    let documented = documented();
    let causes = causes();
    let mut codes: Vec<&str> = causes.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    assert_eq!(
        documented.keys().map(String::as_str).collect::<Vec<_>>(),
        codes
    );
    for (code, text) in causes {
        let found = parse(&text, today()).diagnostics;
        let severity = found
            .iter()
            .find(|one| one.code == code)
            .map(|one| match one.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            });
        assert_eq!(
            severity,
            Some(documented[code].as_str()),
            "{code} by {text}: {found:?}"
        );
        for one in found {
            assert!(
                documented.contains_key(one.code),
                "{} is not in the guide",
                one.code
            );
        }
    }
}

#[test]
fn the_guides_example_is_a_whole_runbook() {
    let guide = guide();
    let example = guide.split_once("```markdown\n").unwrap().1;
    let example = example.split_once("\n```").unwrap().0;
    let parsed = parse(example, today());
    assert_eq!(listed(&parsed), Vec::<String>::new());
    assert_eq!(parsed.runbook.entries.len(), 2);
    assert_eq!(parsed.runbook.entries[0].steps[1].steps.len(), 2);
    assert!(
        parsed.runbook.entries[0]
            .escalation
            .as_ref()
            .unwrap()
            .immediate
    );
}
