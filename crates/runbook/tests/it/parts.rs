//! Templates, targets, checklists, access rules, quick reference and dates.

use chrono::NaiveDate;
use runbook::{ChecklistPeriod, Target};

use crate::{problems, runbook};

fn target(line: &str) -> (Option<Target>, Vec<String>) {
    let markdown = format!("## Success metrics\n{line}\n");
    let targets = runbook(&markdown).targets;
    let all = [
        targets.first_response,
        targets.resolution,
        targets.critical_resolution,
        targets.satisfaction,
        targets.escalation_rate,
    ];
    (all.into_iter().flatten().next(), problems(&markdown))
}

#[test]
fn targets_are_read_in_seconds_and_percent() {
    let check = |line: &str, above, value, only: Option<&str>| {
        let (target, found) = target(line);
        let target = target.unwrap_or_else(|| panic!("{line}: {found:?}"));
        let read = (target.above, target.value, target.only.as_deref());
        assert_eq!(read, (above, value, only), "{line}");
        let notes = ["critical_resolution_missing"];
        let odd: Vec<_> = found
            .iter()
            .filter(|one| !notes.iter().any(|note| one.ends_with(note)))
            .collect();
        assert!(odd.is_empty(), "{line}: {odd:?}");
    };
    check("- **First Response Time**: < 2 hours", false, 7_200, None);
    check("- First response: less than 90 min", false, 5_400, None);
    check(
        "**Response Time** – under 1 hour 30 minutes",
        false,
        5_400,
        None,
    );
    check(
        "- **Resolution Time**: < 24 hours (non-critical)",
        false,
        86_400,
        Some("non-critical"),
    );
    check(
        "- **Resolution Time**: < 4h for critical tickets",
        false,
        14_400,
        Some("critical"),
    );
    check(
        "- **Resolution (critical)**: within 4 h",
        false,
        14_400,
        Some("critical"),
    );
    check("- **Customer Satisfaction**: > 90%", true, 90, None);
    check("- **CSAT**: above 90 percent", true, 90, None);
    check("- **Escalation Rate**: < 10 %", false, 10, None);
}

#[test]
fn critical_resolution_has_a_target_of_its_own() {
    let text = "## KPIs\n- **Resolution Time**: < 24 hours (non-critical)\n- **Resolution Time**: < 4 hours (critical)\n";
    let targets = runbook(text).targets;
    assert_eq!(targets.resolution.unwrap().value, 86_400);
    assert_eq!(targets.critical_resolution.unwrap().value, 14_400);
    assert_eq!(problems(text), Vec::<String>::new());
}

#[test]
fn targets_that_say_nothing_are_reported() {
    let found = |line: &str| target(line).1;
    let not_understood = ["2:15 warning target_not_understood"];
    assert_eq!(
        found("- **Response**: soon"),
        not_understood.map(|one| one.replace("15", "17"))
    );
    assert_eq!(
        found("**Response**:  > 2 hours"),
        ["2:16 warning target_not_understood"]
    );
    assert_eq!(found("**Response**: < 0 hours"), not_understood);
    assert_eq!(found("**Response**: < 2 business hours"), not_understood);
    assert_eq!(found("**Response**: < 2"), not_understood);
    assert_eq!(
        found("**Satisfaction**: > 101%"),
        ["2:19 warning target_not_understood"]
    );
    assert_eq!(
        found("**Satisfaction**: > 99.5%"),
        ["2:19 warning target_not_understood"]
    );
    assert_eq!(found("**Response**: [time]"), ["2:15 warning placeholder"]);
    assert_eq!(
        found("**Response**: 2 hours"),
        ["2:15 note target_taken_strictly"]
    );
    assert_eq!(
        found("**Response**: ≤ 2 hours"),
        ["2:15 note target_taken_strictly"]
    );
    assert_eq!(
        found("**Resolution**: < 1 day (critical: < 4 hours)"),
        ["2:17 warning condition_not_understood",]
    );
    assert_eq!(
        found("**Response**: < 2 hours (VIP)"),
        ["2:15 warning condition_not_understood"]
    );
    assert_eq!(
        found("**Revenue**: > 2%"),
        ["2:1 warning label_not_understood"]
    );
    assert_eq!(
        found("- Revenue > 2%"),
        ["2:3 warning metric_not_understood"]
    );
    assert_eq!(
        found("- **Response**: < 2 hours\n- **Response**: < 3 hours"),
        ["3:17 warning duplicate_target"]
    );
}

#[test]
fn templates_give_fields_values_and_hints() {
    let text = "## Ticket templates\n### Bug report\n```\nTitle: [Brief]\n**Severity**: Critical | High\nSteps:\n1.\n2.\nActual: what\n```\n";
    let form = runbook(text).templates.bug.unwrap();
    assert_eq!(form.line, 4);
    let fields: Vec<_> = form
        .fields
        .iter()
        .map(|field| {
            (
                field.name.as_str(),
                field.allowed.join(","),
                field.hint.as_deref(),
                field.list,
                field.line,
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("title", String::new(), Some("Brief"), false, 4),
            ("severity", "critical,high".to_owned(), None, false, 5),
            ("steps", String::new(), None, true, 6),
            ("actual", String::new(), Some("what"), false, 9),
        ]
    );
    assert_eq!(problems(text), Vec::<String>::new());
    assert_eq!(form.form.lines().count(), 6);
}

#[test]
fn a_template_may_be_a_list() {
    let text = "## Templates\n### Feature request\n- Title: [short]\n- **Steps**:\n  1. first\n  2. second\n- Priority: High / Low\n- Use case:\n";
    let form = runbook(text).templates.feature.unwrap();
    assert_eq!(
        form.form,
        "Title: [short]\nSteps:\n1. first\n1. second\nPriority: High / Low\nUse case:"
    );
    let lists: Vec<bool> = form.fields.iter().map(|field| field.list).collect();
    assert_eq!(lists, [false, true, false, false]);
    assert_eq!(problems(text), Vec::<String>::new());
}

#[test]
fn templates_that_cannot_be_filled_in_are_reported() {
    let found = |form: &str| problems(&format!("## Bug report template\n```\n{form}\n```\n"));
    assert_eq!(
        found("Title:\nSeverity: Bad / Worse"),
        [
            "3:1 warning form_without_field",
            "4:1 warning value_not_understood"
        ]
    );
    assert_eq!(
        found("Title:\nTitle:\nhello\nSeverity:\nActual:"),
        [
            "4:1 warning duplicate_field",
            "5:1 warning form_not_understood"
        ]
    );
    assert_eq!(
        problems("## Templates\n### Bug report\n### Survey\n```\nA:\n```\n"),
        [
            "2:5 warning template_without_form",
            "3:5 warning heading_not_understood"
        ]
    );
}

#[test]
fn checklists_are_read_by_heading_or_label() {
    let text = "## Monitoring\n### Daily Checks:\n- [ ] logs\n- [x] tickets\n\n### Every week\n* backups\n\n**Monthly**:\n- audit\n\n### Quarterly\n- plan\n";
    let lists: Vec<_> = runbook(text)
        .checklists
        .into_iter()
        .map(|list| {
            (
                list.period,
                list.items
                    .into_iter()
                    .map(|item| item.text)
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(
        lists,
        [
            (
                ChecklistPeriod::Daily,
                vec!["logs".to_owned(), "tickets".to_owned()]
            ),
            (ChecklistPeriod::Weekly, vec!["backups".to_owned()]),
            (ChecklistPeriod::Monthly, vec!["audit".to_owned()]),
        ]
    );
    assert_eq!(
        problems(text),
        [
            "12:5 warning heading_not_understood",
            "13:3 note text_without_effect"
        ]
    );
}

#[test]
fn access_is_told_by_heading_or_sign() {
    let text = "## Access\n### The team can see\n- Orders (read-only)\n- ❌ Cards\n### The team can’t see\n- Passwords\n- ✅ Names\n\n**If you need elevated access**: ask\n### Else\n- What?\n";
    let rules: Vec<_> = runbook(text)
        .access
        .into_iter()
        .map(|rule| (rule.text, rule.allowed, rule.note))
        .collect();
    assert_eq!(
        rules,
        [
            ("Orders".to_owned(), true, Some("read-only".to_owned())),
            ("Cards".to_owned(), false, None),
            ("Passwords".to_owned(), false, None),
            ("Names".to_owned(), true, None),
        ]
    );
    assert_eq!(runbook(text).elevated_access.unwrap().text, "ask");
    assert_eq!(
        problems(text),
        [
            "10:5 warning heading_not_understood",
            "11:3 warning access_not_understood",
        ]
    );
    let text = "## Access\n### Elevated access\nAsk the lead.\n\nIn writing.\n";
    let elevated = runbook(text).elevated_access.unwrap().text;
    assert_eq!(elevated, "Ask the lead.\nIn writing.");
}

#[test]
fn links_are_urls_or_the_names_of_dashboards() {
    let text = "## System status\n- **Status**: [page](https://a.example/x)\n- Monitoring: https://b.example and https://c.example\n- **Database**: Dashboard\n- **Other**: [URL]\n- https://d.example\n";
    let links: Vec<_> = runbook(text)
        .status_links
        .into_iter()
        .map(|link| (link.name, link.target))
        .collect();
    let expected = [
        ("Status", "https://a.example/x"),
        ("Monitoring", "https://b.example"),
        ("Monitoring", "https://c.example"),
        ("Database", "Dashboard"),
    ];
    assert_eq!(
        links,
        expected.map(|(name, target)| (name.to_owned(), target.to_owned()))
    );
    assert_eq!(
        problems(text),
        [
            "4:17 note link_without_url",
            "5:14 warning placeholder",
            "6:3 note text_without_effect",
        ]
    );
}

#[test]
fn what_stands_beside_an_address_is_reported() {
    let found = |target: &str| problems(&format!("## System status\n- **Page**: {target}\n"));
    assert_eq!(found("https://a.example"), Vec::<String>::new());
    assert_eq!(
        found("<https://a.example> and https://b.example"),
        Vec::<String>::new()
    );
    assert_eq!(
        found("https://a.example (ask Ram first)"),
        ["2:13 note link_remark"]
    );
    assert_eq!(
        found("internal, https://a.example"),
        ["2:13 note link_remark"]
    );
}

#[test]
fn dates_are_read_as_people_write_them() {
    let day = NaiveDate::from_ymd_opt(2025, 10, 18);
    for text in [
        "October 18, 2025",
        "Oct 18, 2025",
        "18 Oct. 2025",
        "18th October 2025",
        "2025-10-18",
    ] {
        assert_eq!(
            runbook(&format!("**Last Updated**: {text}\n")).last_updated,
            day,
            "{text}"
        );
    }
    for text in ["soon", "February 30, 2025", "2025-13-01", "18/10/25"] {
        let found = problems(&format!("**Last Updated**: {text}\n"));
        assert_eq!(found, ["1:1 warning date_not_understood"], "{text}");
    }
}

#[test]
fn what_stands_below_the_documents_own_labels_is_reported() {
    let text = "**Version**: 1\nsecond\n\n**Last Updated**:\n\nVersion: 2\n---\n";
    assert_eq!(
        problems(text),
        [
            "2:1 note text_without_effect",
            "4:1 warning label_without_text",
            "6:1 warning stated_twice",
        ]
    );
}

#[test]
fn what_the_document_says_of_itself_is_understood_anywhere() {
    let text = "# T\n**Version**: 2\n\n## FAQ\n### Q: A?\n**A**: B\n\n---\n\n**Version Control**: Last updated Oct 1, 2025 | Next review: 2025-12-01 | Version 2\n";
    let parsed = runbook(text);
    assert_eq!(parsed.version.as_deref(), Some("2"));
    assert_eq!(parsed.next_review, NaiveDate::from_ymd_opt(2025, 12, 1));
    assert_eq!(parsed.last_updated, NaiveDate::from_ymd_opt(2025, 10, 1));
    assert_eq!(
        problems(
            "**Version**: 1\n\n**Version**: 2\n\n**Next Review**: 2025-10-19\n\n**Updated**: 2025-10-21\n"
        ),
        [
            "3:1 warning stated_twice",
            "5:1 warning review_overdue",
            "7:1 note updated_in_future"
        ]
    );
}
