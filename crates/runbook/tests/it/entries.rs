//! Issues, guides and questions in the many ways authors write them.

use runbook::{Entry, Step};

use crate::{problems, runbook};

/// The only entry of a text.
fn entry(markdown: &str) -> Entry {
    let mut entries = runbook(markdown).entries;
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.remove(0)
}

/// Steps as an indented outline.
fn outline(steps: &[Step]) -> String {
    fn write(steps: &[Step], depth: usize, text: &mut String) {
        for step in steps {
            text.push_str(&format!("{}{}\n", "  ".repeat(depth), step.text));
            write(&step.steps, depth + 1, text);
        }
    }
    let mut text = String::new();
    write(steps, 0, &mut text);
    text
}

#[test]
fn headings_give_number_title_note_and_slug() {
    let check = |heading: &str, number, title: &str, note, slug: &str| {
        let entry = entry(&format!("## Issues\n### {heading}\n"));
        let found = (
            entry.number,
            entry.title.as_str(),
            entry.title_note.as_deref(),
        );
        assert_eq!(found, (number, title, note), "{heading}");
        assert_eq!(entry.slug.as_str(), slug, "{heading}");
    };
    check(
        "Issue #1: \"I Can't Login\"",
        Some(1),
        "I Can't Login",
        None,
        "i-cant-login",
    );
    check(
        "Issue #3: \"Lost\" (Track Order)",
        Some(3),
        "Lost",
        Some("Track Order"),
        "lost",
    );
    check(
        "Issue 12 - Payment failed",
        Some(12),
        "Payment failed",
        None,
        "payment-failed",
    );
    check(
        "issue: “Cart’s gone”",
        None,
        "Cart’s gone",
        None,
        "carts-gone",
    );
    check(
        "🛒 Issue #2: Empty cart",
        Some(2),
        "Empty cart",
        None,
        "empty-cart",
    );
    check(
        "3. Card declined",
        Some(3),
        "Card declined",
        None,
        "card-declined",
    );
    check("7) Issue #4: Slow", Some(4), "Slow", None, "slow");
    check(
        "Issue tracker is down",
        None,
        "Issue tracker is down",
        None,
        "issue-tracker-is-down",
    );
    check(
        "Refund -- never came!",
        None,
        "Refund -- never came!",
        None,
        "refund-never-came",
    );
    check(
        "भुक्तानी असफल",
        None,
        "भुक्तानी असफल",
        None,
        "भुक\u{94d}तानी-असफल".replace('\u{94d}', "-").as_str(),
    );
}

#[test]
fn steps_in_code_blocks_nest_by_indentation() {
    let text = "### Issue #1: \"A\"\n**Resolution Steps**:\n```\n1. One:\n   - inner\n     goes on\n      * deepest\n2) Two\n\n\t- by tab\n10. Ten\n```\n";
    assert_eq!(
        outline(&entry(text).steps),
        "One:\n  inner goes on\n    deepest\nTwo\n  by tab\nTen\n"
    );
    assert_eq!(entry(text).steps[2].line, 11);
}

#[test]
fn steps_in_lists_nest_as_the_lists_do() {
    let text = "### Issue #1: \"A\"\n**Resolution Steps**:\n1) One:\n   - inner\n     goes on\n   - other\n2) Two\n";
    assert_eq!(
        outline(&entry(text).steps),
        "One:\n  inner goes on\n  other\nTwo\n"
    );
}

#[test]
fn plain_lines_and_the_labels_own_line_are_steps_too() {
    let text = "### Issue #1: \"A\"\n**Steps**: Ask first\n\n```\nThen look\nThen act\n```\n";
    assert_eq!(
        outline(&entry(text).steps),
        "Ask first\nThen look\nThen act\n"
    );
}

#[test]
fn labels_may_stand_right_below_a_list_or_alone() {
    let text = "## Issues\n### Issue #1: \"A\"\n**Causes**:\n1. one\n2. two\n   - inner\n**Workaround**: wait\nSymptoms\n- slow\n- stuck\n";
    let entry = entry(text);
    let texts = |clauses: &[runbook::Clause]| {
        clauses
            .iter()
            .map(|one| one.text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&entry.causes), ["one", "two", "inner"]);
    assert_eq!(entry.workaround.unwrap().text, "wait");
    assert_eq!(texts(&entry.symptoms), ["slow", "stuck"]);
}

#[test]
fn labels_may_be_bold_plain_headings_or_bullets() {
    let bold =
        "## Issues\n### Issue #1: \"A\"\n**Symptoms**: slow, stuck\n\n**Workaround:** wait\n";
    let plain = "## Issues\n### Issue #1: \"A\"\nSymptoms: slow, stuck\nWorkaround: wait\n";
    let headings =
        "## Issues\n### Issue #1: \"A\"\n#### Symptoms\n- slow\n- stuck\n#### Workaround\nwait\n";
    let bullets = "## Issues\n### Issue #1: \"A\"\n- **Symptoms**:\n  - slow\n  - stuck\n- **Workaround** – wait\n";
    let alone =
        "## Issues\n### Issue #1: \"A\"\n**Symptoms**\n\n* slow\n* stuck\n\n*Workaround*\n\nwait\n";
    for text in [bold, plain, headings, bullets, alone] {
        let entry = entry(text);
        let symptoms: Vec<&str> = entry.symptoms.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(symptoms, ["slow", "stuck"], "{text}");
        assert_eq!(entry.workaround.unwrap().text, "wait", "{text}");
        assert_eq!(problems(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn commas_part_symptoms_but_not_inside_quotes_brackets_and_numbers() {
    let text =
        "### Issue #1: \"A\"\n**Symptoms**: says \"no, sorry\", costs 1,000 (or 2, 3), slow\n";
    let symptoms = entry(text).symptoms;
    let texts: Vec<&str> = symptoms.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(
        texts,
        ["says \"no, sorry\"", "costs 1,000 (or 2, 3)", "slow"]
    );
}

#[test]
fn sql_is_a_query_wherever_it_stands() {
    let text = "### Issue #1: \"A\"\n**Database Query**:\n```\nselect 1;\n```\n**Fix**: Set it:\n```sql\nUPDATE a SET b = 1;\n```\n**Steps**:\n1. Look:\n   ```sql\n   SELECT 2;\n   ```\n**Workaround**: none\n```\nSELECT 3;\n```\n";
    let entry = entry(text);
    let queries: Vec<(&str, u32, bool)> = entry
        .queries
        .iter()
        .map(|query| (query.sql.as_str(), query.line, query.writes))
        .collect();
    assert_eq!(
        queries,
        [
            ("select 1;", 4, false),
            ("UPDATE a SET b = 1;", 8, true),
            ("SELECT 2;", 13, false),
            ("SELECT 3;", 17, false),
        ]
    );
    assert_eq!(entry.fix.unwrap().text, "Set it");
}

#[test]
fn a_second_fix_stands_among_the_first_ones_steps() {
    let text = "## Guides\n### Slow\n**Fix**: Restart\n**Quick Win**: Clear the cache\n";
    let fix = entry(text).fix.unwrap();
    assert_eq!(
        (fix.text.as_str(), outline(&fix.steps).as_str()),
        ("Restart", "Clear the cache\n")
    );
}

#[test]
fn aliases_and_other_words_are_kept() {
    let text = "## Guides\n### Slow\n**Customers Also Say**:\n- it crawls, really\n- hangs\n**Aliases**: guide-sluggish, \"Very Slow\"\n**Check**: logs\n";
    let parsed = runbook(text);
    let entry = &parsed.entries[0];
    let said: Vec<&str> = entry.also_say.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(said, ["it crawls, really", "hangs"]);
    for alias in ["guide-slow", "guide-sluggish", "guide-very-slow"] {
        assert_eq!(
            parsed.entry(&alias.parse().unwrap()),
            Some(entry),
            "{alias}"
        );
    }
    assert_eq!(parsed.entry(&"guide-fast".parse().unwrap()), None);
}

#[test]
fn questions_need_no_heading_and_answers_may_have_several_lines() {
    let text = "## FAQ\n\n**Q**: Where?\n**A**: Here.\n\n**Q:** When?\n\nSoon:\n\n- today\n- tomorrow\n\n### Why?\nBecause\nof this.\n";
    let found: Vec<(String, String)> = runbook(text)
        .entries
        .into_iter()
        .map(|entry| (entry.slug.to_string(), entry.answer.unwrap().text))
        .collect();
    let expected = [
        ("faq-where", "Here."),
        ("faq-when", "Soon:\n- today\n- tomorrow"),
        ("faq-why", "Because of this."),
    ];
    assert_eq!(
        found,
        expected.map(|(slug, text)| (slug.to_owned(), text.to_owned()))
    );
    assert_eq!(problems(text), Vec::<String>::new());
}

#[test]
fn a_heading_may_group_questions() {
    let text =
        "## FAQ\n### Shipping\n#### Q: How long?\n**A**: Long.\n### Q: Where?\n**A**: Here.\n";
    let slugs: Vec<String> = runbook(text)
        .entries
        .iter()
        .map(|one| one.slug.to_string())
        .collect();
    assert_eq!(slugs, ["faq-how-long", "faq-where"]);
    assert_eq!(problems(text), ["2:5 note heading_only_groups"]);
}

#[test]
fn line_ends_byte_order_mark_and_mojibake_do_not_move_lines_and_columns() {
    let text = "## FAQ\n### Q: A â†’ B â†’ [Contact]\n**A**: â†’ [Contact]\n";
    let plain = problems(text);
    assert_eq!(
        plain,
        [
            "2:10 note mojibake_repaired",
            "3:1 warning placeholder_answer"
        ]
    );
    assert_eq!(problems(&format!("\u{FEFF}{text}")), plain);
    assert_eq!(problems(&text.replace('\n', "\r\n")), plain);
    assert_eq!(problems(&text.replace('\n', "\r")), plain);

    let text = "## Quick reference\n### System status\n- **Seite** â†’ **x**\n- â†’ **b**: [Contact]\n- **â†’ c**: [Contact]\n";
    assert_eq!(
        problems(text),
        [
            "3:3 note text_without_effect",
            "3:13 note mojibake_repaired",
            "4:14 warning placeholder",
            "5:14 warning placeholder",
        ]
    );
}

#[test]
fn what_follows_a_break_is_no_answer() {
    let text = "## FAQ\n### Q: Where?\n**A**: Here.\n\n---\n\n**The end!**\n";
    assert_eq!(entry(text).answer.unwrap().text, "Here.");
    assert_eq!(problems(text), ["7:1 note text_without_effect"]);
}
